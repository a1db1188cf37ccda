"""The table of a fuzzer's run: a person sees what was tried, and whether something was found."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fuzz  # noqa: E402

RUN = """
#2      INITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 40Mb
#65536  pulse  cov: 1234 ft: 2345 corp: 67/8901b lim: 4096 exec/s: 3276 rss: 80Mb
stat::number_of_executed_units: 70001
stat::average_exec_per_sec:     3500
"""
# One that found something tells no figures at its end.
BROKEN = """
#4096   pulse  cov: 99 ft: 100 corp: 5/50b lim: 64 exec/s: 2048 rss: 50Mb
==1== ERROR: libFuzzer: deadly signal
"""


class TheTable(unittest.TestCase):
    def test_what_a_run_tried_is_counted(self):
        self.assertEqual(fuzz.row("event", RUN, 70, 0), ("event", 70001, 3500, 1234, 70, 0))

    def test_a_run_that_found_something_shows_it(self):
        name, executions, _, edges, _, findings = fuzz.row("event", BROKEN, 5, 1)
        self.assertEqual((name, executions, edges, findings), ("event", 4096, 99, 1))

    def test_every_target_is_in_the_document(self):
        told = fuzz.DOCUMENT.read_text(encoding="utf-8")
        for target in fuzz.targets():
            self.assertIn(f"| `{target}` |", told)


if __name__ == "__main__":
    unittest.main()
