"""Which function an event goes to, and what is said to whoever has no container engine."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

TOOLS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOOLS))

import container_engine  # noqa: E402
import local_invoke  # noqa: E402
from progress import Failed  # noqa: E402

EVENTS = TOOLS.parent / "events"


class ChoiceTest(unittest.TestCase):
    def test_every_shipped_event_finds_a_function_of_the_template(self):
        for path in EVENTS.glob("*.json"):
            with self.subTest(event=path.name):
                _, function = local_invoke.chosen(str(path))
                crate = "decompose" if path.name == "unknown.json" else path.name.split("-")[0]
                self.assertEqual(function.lower(), f"{crate}function")

    def test_a_worker_can_be_chosen(self):
        self.assertEqual(local_invoke.chosen(EVENTS / "generate-sqs.json", "GenerateWorker")[1], "GenerateWorker")

    def test_a_wrong_name_is_answered_with_the_right_ones(self):
        for event, function, said in (
            ("", None, r"EVENT=events/decompose-rest\.json"),
            ("events/nothing.json", None, r"no file events/nothing\.json\. events/ has .*decompose-rest\.json"),
            (TOOLS / "demo.py", None, r"FUNCTION=\.\.\., of .*DecomposeFunction"),
            (EVENTS / "decompose-rest.json", "Decompose", r"FUNCTION=\.\.\., of .*DecomposeFunction"),
        ):
            with self.subTest(event=event, function=function), self.assertRaisesRegex(Failed, said):
                local_invoke.chosen(event, function)

    def test_only_events_of_what_is_kept_wait_for_a_local_cloud(self):
        need = {path.stem for path in EVENTS.glob("*.json") if local_invoke.needs_table(*local_invoke.chosen(path))}
        self.assertEqual(need, {
            "deliver-sqs", "generate-eventbridge-operation", "generate-poison", "generate-sqs", "operations-cancel-rest",
            "operations-complete-rest", "operations-events-rest", "operations-list-rest", "operations-report-rest", "operations-rest",
            "operations-sqs", "operations-sweep", "operations-task-rest", "patch-sqs", "library-create-rest", "library-list-rest",
            "library-sweep", "library-transfer",
        })


class EngineTest(unittest.TestCase):
    def test_without_an_engine_a_way_out_is_named_before_anything_is_built(self):
        done = subprocess.run(
            [sys.executable, TOOLS / "local_invoke.py", "check"], cwd=TOOLS.parent, capture_output=True, text=True, check=False,
            env={"PATH": "", "DOCKER_HOST": "unix:///nowhere.sock", "EVENT": "events/decompose-rest.json"},
        )
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"\Aerror: There is no container engine")
        self.assertIn("apt install podman", done.stderr)
        self.assertIn("cargo lambda invoke", done.stderr)

    def test_podman_as_root_gets_lambdas_limits_for_its_own_may_be_more_than_the_machine_allows(self):
        with tempfile.TemporaryDirectory() as folder:
            with mock.patch.object(os, "geteuid", return_value=0):
                settings = container_engine.podman_settings(Path(folder))["CONTAINERS_CONF"]
            self.assertIn('"nofile=1024:1024"', Path(settings).read_text(encoding="utf-8"))
            with mock.patch.object(os, "geteuid", return_value=1000):
                self.assertEqual(container_engine.podman_settings(Path(folder)), {}, "a person's own settings stay")

    def test_the_stand_in_has_a_shell_and_what_it_is_linked_with_and_is_the_same_each_time(self):
        content = container_engine.stand_in_archive("/bin/ls")
        self.assertEqual(content, container_engine.stand_in_archive("/bin/ls"))
        with container_engine.tarfile.open(fileobj=container_engine.io.BytesIO(content)) as archive:
            names = archive.getnames()
        for part in ("bin/sh", "bin/mv", "var/task"):
            self.assertIn(part, names)
        self.assertTrue(any("libc.so" in name for name in names), names)


if __name__ == "__main__":
    unittest.main()
