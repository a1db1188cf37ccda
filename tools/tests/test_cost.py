"""What `make bench` leaves behind: figures that can be trusted, or those of before."""

import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cost  # noqa: E402


class TheDocuments(unittest.TestCase):
    def measured(self, is_well):
        with tempfile.TemporaryDirectory() as folder:
            document, chart, drawn = (Path(folder) / name for name in ("COST.md", "cost.svg", "drawn.svg"))
            for path in (document, chart):
                path.write_text("before", encoding="utf-8")
            drawn.write_text("after", encoding="utf-8")
            with mock.patch.multiple(cost, DOCUMENT=document, CHART=chart, DRAWN=drawn, pack_peer=mock.DEFAULT,
                                     run=lambda *_: ("## The figures\n", is_well)):
                self.assertEqual(cost.measure(), is_well)
            return document.read_text(encoding="utf-8"), chart.read_text(encoding="utf-8")

    def test_a_run_that_broke_a_promise_does_not_become_the_documents(self):
        self.assertEqual(self.measured(is_well=False), ("before", "before"))

    def test_a_good_run_tells_the_machine_with_its_figures(self):
        document, chart = self.measured(is_well=True)
        self.assertIn(f"{os.cpu_count()} cores", document)
        self.assertIn("## The figures", document)
        self.assertEqual(chart, "after")


class ThePeer(unittest.TestCase):
    def test_a_peer_is_packed_anew_when_it_changed_and_only_then(self):
        with tempfile.TemporaryDirectory() as folder:
            peer, packed, installs = Path(folder) / "peer", Path(folder) / "packed", []
            peer.mkdir()
            (peer / "requirements.txt").write_text("httpx==1", encoding="utf-8")
            (peer / "generate.py").write_text("", encoding="utf-8")

            def run_logged(command, *_):
                packed.mkdir(exist_ok=True)
                installs.append("pip" in command)

            with mock.patch.multiple(cost, PEER=peer, PACKED_PEER=packed, run_logged=run_logged):
                cost.pack_peer()
                cost.pack_peer()
                self.assertEqual(installs.count(True), 1)
                (peer / "requirements.txt").write_text("httpx==2", encoding="utf-8")
                cost.pack_peer()
            self.assertEqual(installs.count(True), 2)


class TheGuard(unittest.TestCase):
    def test_figures_are_stored_on_purpose_alone(self):
        for said, arguments in (("", ["guard"]), ("1", ["guard", "--store"])):
            with self.subTest(STORE=said), mock.patch.dict(os.environ, STORE=said), \
                    mock.patch.object(cost, "run", return_value=("", True)) as run:
                cost.guard()
                run.assert_called_once_with(arguments)


if __name__ == "__main__":
    unittest.main()
