"""What `make bench` leaves behind: figures that can be trusted, or those of before."""

import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cost  # noqa: E402


ROWS = ("`decompose`, built-in generator", "`generate`, built-in generator", "`patch`, built-in generator",
        "`generate`, remote generator", "Python peer")
PRINTED = """## A small request

About it.

|  | start, ms | first invocation, ms | processor time, ms |
|---|---:|---:|---:|
""" + "\n".join(f"| {row} | 2.0 (1.9 – 2.1) | 4.0 (3.9 – 4.1) | 0.400 (0.3 – 0.5) |" for row in ROWS) + """

## Limits

| what | measured | at most |  |
|---|---:|---:|---:|
| it | 1.000 | 2.000 | PASS |
"""
PLACES = "".join(f"<!-- table {name} -->\nbefore\n<!-- end {name} -->\n" for name in ("machine", "measured", "bill", "memory"))


class ThePage(unittest.TestCase):
    def measured(self, printed, is_well):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "COST.md"
            page.write_text(PLACES, encoding="utf-8")
            with mock.patch.multiple(cost, DOCUMENT=page, pack_peer=mock.DEFAULT, run=lambda *_: (printed, is_well)):
                self.assertEqual(cost.measure(), is_well)
            return page.read_text(encoding="utf-8")

    def test_a_run_that_ended_early_leaves_the_page_as_it_was(self):
        self.assertEqual(self.measured("## A small request\n", is_well=False), PLACES)

    def test_a_limit_that_is_exceeded_is_shown_and_not_hidden(self):
        self.assertIn("| it | 1.000 | 2.000 | FAIL |", self.measured(PRINTED.replace("PASS", "FAIL"), is_well=False))

    def test_a_good_run_tells_the_machine_with_its_figures(self):
        page = self.measured(PRINTED, is_well=True)
        self.assertIn(f"{os.cpu_count()} cores", page)
        self.assertIn(PRINTED.strip(), page)
        # 0.4 ms of a whole processor, on the share that comes with 256 MB.
        self.assertIn("| `decompose`, built-in generator | 0.40 | 3 |", page)
        self.assertIn("| **256** | 41 |", page)
        self.assertNotIn("before", page)

    def test_the_page_has_a_place_for_everything_that_is_measured(self):
        cost.filled(cost.DOCUMENT.read_text(encoding="utf-8"), cost.tables_of_page(PRINTED, ""))


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
