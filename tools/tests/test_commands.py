"""What the commands say to a person when something is missing or goes wrong."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

TOOLS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOOLS))

import debug_build  # noqa: E402
import demo  # noqa: E402
import kept  # noqa: E402
import ports  # noqa: E402
import preflight  # noqa: E402
import start  # noqa: E402
import with_local_cloud  # noqa: E402
from progress import Failed, Step, exit_code, report, run_logged  # noqa: E402
from workspace import environment  # noqa: E402


class PreflightTest(unittest.TestCase):
    def test_each_missing_thing_is_named_with_its_cure(self):
        for found, cure in (
            (preflight.rust_problems(which=lambda _: None), "rustup.rs"),
            (preflight.rust_problems(which=lambda name: "cargo" if name == "cargo" else None), "apt install gcc"),
            (preflight.valgrind_problems(which=lambda _: None), "apt install valgrind"),
            (preflight.python_problems((3, 9)), "3.10"),
            (preflight.python_problems((3, 12), has=lambda _: False), "python3-venv"),
            (preflight.system_problems("Darwin"), "Linux"),
            (preflight.disk_problems(".", free=1 << 20), "1 MiB are free"),
        ):
            with self.subTest(cure=cure):
                self.assertEqual(len(found), 1)
                self.assertIn(cure, found[0])
                self.assertNotIn("\n", found[0])

    def test_a_machine_that_has_everything_is_not_bothered(self):
        self.assertEqual(preflight.rust_problems(which=lambda name: name), [])
        self.assertEqual(preflight.python_problems((3, 10), has=lambda _: True), [])
        self.assertEqual(preflight.system_problems("Linux"), [])

    def test_make_run_without_rust_ends_with_one_line(self):
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run([sys.executable, TOOLS / "preflight.py", "run"], env={"PATH": empty},
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=TOOLS.parent)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\Aerror: Rust is needed: .*\n\Z")


class PortTest(unittest.TestCase):
    def test_a_taken_port_that_was_asked_for_is_refused_with_a_way_out(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with self.assertRaisesRegex(Failed, "is taken: choose another with GATEWAY_PORT="):
                ports.choose_port(taken.getsockname()[1])

    def test_a_taken_usual_port_does_not_stop_anybody(self):
        with mock.patch.object(ports, "is_free", return_value=False):
            self.assertNotEqual(ports.choose_port(), ports.USUAL_PORT)

    def test_a_port_that_is_none_is_refused(self):
        for value in ("http", "-1", "4566.0"):
            with self.subTest(value=value), mock.patch.dict(os.environ, GATEWAY_PORT=value):
                with self.assertRaisesRegex(Failed, "is not a port"):
                    ports.port_from_environment()
        with self.assertRaisesRegex(Failed, "is not a port"):
            ports.choose_port(70_000)

    def test_the_persons_own_aws_account_is_never_used(self):
        with mock.patch.dict(os.environ, AWS_PROFILE="production", AWS_SESSION_TOKEN="real", AWS_ACCESS_KEY_ID="real"):
            given = environment()
        self.assertNotIn("AWS_PROFILE", given)
        self.assertNotIn("real", given.values())


class LocalCloudCommandTest(unittest.TestCase):
    def test_a_command_finds_the_local_cloud_and_its_failure_is_not_swallowed(self):
        look = "import os, sys, urllib.request as r; r.urlopen(os.environ['LOCAL_CLOUD_ENDPOINT'] + '/_ministack/health'); sys.exit(3)"
        with mock.patch.dict(os.environ, no_proxy="127.0.0.1"), \
                mock.patch("sys.stdout", io.StringIO()), mock.patch("sys.stderr", io.StringIO()):
            self.assertEqual(with_local_cloud.main([sys.executable, "-c", look]), 3)
            self.assertEqual(with_local_cloud.main(["./no-such-program"]), 127)


class ProgressTest(unittest.TestCase):
    def test_a_failure_shows_the_end_of_its_log_and_where_the_rest_is(self):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "build.log"
            with self.assertRaises(Failed) as caught:
                run_logged([sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], log, "It did not build")
            out = io.StringIO()
            report(caught.exception, out)
        self.assertIn("error: It did not build.", out.getvalue())
        self.assertIn("build.log", out.getvalue())
        self.assertIn("the reason", out.getvalue())

    def test_every_way_to_end_has_its_exit_code_and_shows_no_traceback(self):
        def failing(error):
            raise error

        self.addCleanup(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
        with mock.patch("sys.stderr", io.StringIO()) as shown:
            self.assertEqual(exit_code(lambda: None), 0)
            self.assertEqual(exit_code(int, "3"), 3)
            self.assertEqual(exit_code(failing, Failed("the disk is full")), 1)
            self.assertEqual(exit_code(failing, KeyboardInterrupt()), 130)
            with self.assertRaisesRegex(SystemExit, "143"):
                exit_code(signal.raise_signal, signal.SIGTERM)
        self.assertEqual(shown.getvalue(), "error: the disk is full\n")

    def test_a_program_that_is_not_there_is_a_failure_and_no_traceback(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(Failed, "does not start"):
            run_logged([Path(folder) / "sam"], Path(folder) / "log", "It did not build")

    def test_a_log_file_gets_plain_lines(self):
        out = io.StringIO()
        with Step("Building", out):
            pass
        self.assertRegex(out.getvalue(), r"\ABuilding \.\.\.\nBuilding: done in [0-9.]+ s\n\Z")

    def test_a_log_file_is_told_how_far_it_is(self):
        told = threading.Event()
        out = mock.Mock(isatty=lambda: False, write=lambda text: told.set() if "45 of 210 crates after" in text else None)
        with Step("Building", out, plain_seconds=0.001) as step:
            step.detail = "45 of 210 crates"
            self.assertTrue(told.wait(10), "a build of minutes without a sign of life")

    def test_a_line_is_heard_when_it_comes_and_a_terminals_progress_stays_out_of_the_log(self):
        heard = []
        write = "print('  [=>] 1/2\\r  [==] 2/2\\rdone', flush=True)"
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            run_logged([sys.executable, "-c", write], log, "It failed", heard=lambda line: heard.append(line) or "[" in line)
            self.assertEqual(log.read_text(encoding="utf-8"), "done\n")
        self.assertEqual(heard, ["  [=>] 1/2", "  [==] 2/2", "done"])

    def test_a_command_does_not_outlive_who_listens_to_it(self):
        def stop(_):
            raise Failed("The other half failed")

        wait = "print('here', flush=True); import signal; signal.pause()"
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(Failed, "The other half failed"):
            run_logged([sys.executable, "-c", wait], Path(folder) / "log", "It failed", heard=stop)


class StartTest(unittest.TestCase):
    def test_cargos_progress_is_understood(self):
        found = debug_build.PROGRESS.match("    Building [=====>                ] 45/210: syn, serde")
        self.assertEqual(found.groups(), ("45", "210"))

    def test_a_program_is_taken_from_what_cargo_says_of_it(self):
        found = {}
        for executable in (None, "/target/debug/patch"):
            message = {"reason": "compiler-artifact", "target": {"name": "patch"}, "executable": executable}
            debug_build.remember_program(json.dumps(message), found)
        debug_build.remember_program('{"reason": "build-finished", "success": true}', found)
        self.assertEqual(found, {"patch": "/target/debug/patch"})

    def test_tools_that_cannot_be_installed_end_the_build_at_once(self):
        with start.Installation(["too", "few"]) as installation:
            installation._process.wait()
            with self.assertRaisesRegex(Failed, "The tools were not installed") as caught:
                installation.check()
        self.assertIn("Usage: install.py", caught.exception.tail())

    def test_a_build_that_fails_ends_the_installation(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(start, "TOOLS", Path(folder)):
            (Path(folder) / "install.py").write_text("import signal; signal.pause()", encoding="utf-8")
            with start.Installation([folder]) as installation:
                pass
        self.assertEqual(installation._process.returncode, -signal.SIGTERM)


NEEDS = {
    "credentials": [{"provider": "slack", "blocks": ["SendSlackMessageBlock"]}],
    "inputs": [{"name": "Page", "description": "Its address", "type": "string", "required": True}],
    "schedule": "0 8 * * *", "timezone": "Europe/Berlin", "trigger": None,
}
LEFT_OUT = {"left_out": [{"text": "fax it", "reason": "no_block", "message": "No block sends a fax."}]}
BEGUN = {"type": "operation_started", "operation_id": "7"}
TOLD = LEFT_OUT | {"requirements": NEEDS, "explanation": "Asks the person."}


def saved(version):
    """How an agent is told that was saved."""
    return {"saved": True, "agent_id": "a", "version": version, "etag": f'"{version}-x"', "error_type": None}


class DemonstrationTest(unittest.TestCase):
    def shown(self, *answers, goal="A goal", streams=()):
        """What a person sees when the API gives these answers, and the operations these events."""
        left = list(answers)
        api = SimpleNamespace(call=lambda *_: SimpleNamespace(json=lambda: left.pop(0), headers={"ETag": '"1"'}))
        out = io.StringIO()
        with mock.patch.object(demo, "events", side_effect=[iter(events) for events in streams]):
            demo.Demonstration(api, out).run(goal, "Rename it")
        self.assertEqual(left, [], "an answer that nobody asked for")
        return out.getvalue()

    def test_a_vague_goal_is_answered_with_a_line_to_paste(self):
        said = self.shown({"type": "vague_goal", "message": "Too vague.", "suggested_goal": "Summarise today's news"})
        self.assertIn("Too vague.", said)
        self.assertIn("make run GOAL='Summarise today'\"'\"'s news'", said)

    def test_questions_are_shown_with_their_examples(self):
        question = {"question": "Which page?", "keyword": "url", "example": "https://example.com"}
        said = self.shown({"type": "clarifying_questions", "message": "Tell me more:", "questions": [question]})
        self.assertIn("- Which page? (for example: https://example.com)", said)

    def test_an_error_is_told_by_its_message_and_type(self):
        with self.assertRaisesRegex(Failed, r"Failed to analyze\. \(POST /decompose: http_error\)"):
            self.shown({"type": "error", "message": "Failed to analyze.", "error_type": "http_error"})

    def test_an_agent_is_shown_before_and_after_the_change(self):
        renamed = {"op": "changed", "what": "agent", "id": None, "name": "Yours", "path": "name", "before": "Mine", "after": "Yours"}
        agent = {"name": "Mine", "nodes": [{"id": "1", "block_id": "b"}], "links": []}
        given = {"agent_name": "Yours", "graph_id": "a", "graph_version": 2}
        runs = {"id": "r", "block_id": kept.AGENT_EXECUTOR, "input_default": given}
        said = self.shown(
            {"type": "instructions", "message": "One step.", "steps": [{"description": "Ask", "block_name": "AskBlock"}, "Tell"]} | LEFT_OUT,
            {"type": "blocks", "blocks": [{"id": "b", "name": "AskBlock"}]},
            {"type": "agent_preview", "message": "Made.", "agent_json": agent} | TOLD | saved(1),
            BEGUN, BEGUN, {"type": "error", "error_type": "already_ended"}, BEGUN, {"status": "cancelled"},
            {"type": "agent_preview", "message": "Changed.", "agent_json": agent | {"name": "Yours"}, "agent_name": "Yours",
             "summary": "Renamed it.", "changes": [renamed]} | saved(2),
            {"versions": [{"version": 2, "origin": "patched", "summary": "Renamed it."}, {"version": 1, "origin": "generated", "wish": "A goal"}]},
            {"type": "agent_preview", "message": "Made.", "agent_json": {"nodes": [runs]}, "explanation": "Runs another."}, {"version": 3},
            streams=[[{"type": "accepted"}, {"type": "step", "name": "planning", "detail": "1 step"},
                      {"type": "block_added", "node": "1", "block": "AskBlock", "name": "Ask"}, {"type": "unheard_of"},
                      {"type": "completed", "node_count": 1, "link_count": 0}], [{"type": "cancelled"}]],
        )
        for part in (
            "1. Ask [AskBlock]", "2. Tell", "Made.", "~ name = Yours (was Mine)", "Changed.", "Renamed it.",
            'Left out: "fax it" (No block sends a fax.)', "Connect slack (for SendSlackMessageBlock)",
            "Supply Page: Its address", "Schedule it: 0 8 * * * (Europe/Berlin)", "Asks the person.",
        ):
            self.assertIn(part, said)
        self.assertEqual(said.count("| AskBlock"), 2, "drawn once before and once after the change")
        self.assertRegex(said, r" s  accepted\n.* s  planning: 1 step\n.* s  \+ Ask \[AskBlock\]\n.* s  completed: 1 blocks, 0 links\n")
        self.assertRegex(said, r"/operations/7/cancel: cancelled\n.* s  cancelled\n")
        for part in (
            "Saved: /agents/a, version 1", "Saved: version 2", "version 2, patched: Renamed it.", "version 1, generated: A goal",
            'run my agent "Yours"', "Runs another.", "runs Yours, a, version 2", "/agents/a/versions/1/restore: version 3",
        ):
            self.assertIn(part, said)

    def test_an_agent_that_is_not_saved_ends_the_demonstration(self):
        lost = {"saved": False, "agent_id": None, "version": None, "etag": None, "error_type": "service_unavailable"}
        with self.assertRaisesRegex(Failed, r"POST /generate did not save the agent: service_unavailable"):
            self.shown(
                {"type": "instructions", "message": "One step.", "steps": ["Ask"]} | LEFT_OUT, {"type": "blocks", "blocks": []},
                {"type": "agent_preview", "message": "Made.", "agent_json": {"nodes": [], "links": []}} | TOLD | lost,
            )

    def test_work_in_the_background_that_failed_is_told_by_its_message_and_type(self):
        failed = {"type": "failed", "message": "It took too long.", "error_type": "timeout"}
        agent = {"name": "Mine", "nodes": [], "links": []}
        with self.assertRaisesRegex(Failed, r"It took too long\. \(POST /generate: timeout\)"):
            self.shown(
                {"type": "instructions", "message": "One step.", "steps": ["Ask"]} | LEFT_OUT, {"type": "blocks", "blocks": []},
                {"type": "agent_preview", "message": "Made.", "agent_json": agent} | TOLD | saved(1), BEGUN, streams=[[failed]],
            )

    def test_a_person_is_told_where_the_page_is_and_gets_it_opened_where_there_is_a_desktop(self):
        deployed = SimpleNamespace(url="http://127.0.0.1:1/v1", key="k")
        for variables, opened in (({}, []), ({"DISPLAY": ":0"}, [mock.call("http://127.0.0.1:1/v1/")])):
            with mock.patch.dict(os.environ, variables), mock.patch.object(demo.webbrowser, "open") as browser, \
                    mock.patch("sys.stdout", io.StringIO()) as said:
                for name in {"DISPLAY", "WAYLAND_DISPLAY"} - set(variables):
                    os.environ.pop(name, None)
                demo.tell_page(deployed)
            self.assertEqual(browser.mock_calls, opened)
            self.assertIn("The page: http://127.0.0.1:1/v1/\nIts key:  k\n", said.getvalue())

    def test_the_lines_to_paste_survive_any_goal(self):
        deployed = SimpleNamespace(url="http://127.0.0.1:1/v1", key="k")
        said = demo.how_to_call(deployed, "It's $HOME; \"rm\" `x`\nand more")
        done = subprocess.run(
            ["bash", "-c", "curl() { printf '%s\\n' \"$@\"; }\n" + next(l for l in said.splitlines() if "/decompose" in l)],
            stdout=subprocess.PIPE, text=True, check=True,
        )
        sent = next(line for line in done.stdout.splitlines() if line.startswith("{"))
        self.assertEqual(json.loads(sent), {"description": "It's $HOME; \"rm\" `x`\nand more"})


if __name__ == "__main__":
    unittest.main()
