"""What docs/SCALE.md shows: that it is of this stack, of these prices, and the same at every run."""

import re
import sys
import unittest
import xml.etree.ElementTree
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from model import Simulation  # noqa: E402
from page import NoPlace, filled  # noqa: E402
from parameters import DEFAULT, RATES, SCENARIOS, SEED, Scenario  # noqa: E402
from prices import Usage  # noqa: E402
from report import drawing, number, price_table, scenario_table, share_of  # noqa: E402
from simulate import PAGE, PICTURE, tables  # noqa: E402

PARAMETERS = {
    "StageRateLimit": "stage_rate",
    "StageBurstLimit": "stage_burst",
    "WorkerConcurrency": "worker_concurrency",
    "WorkerTimeout": "worker_timeout",
    "AgentGeneratorTimeout": "call_timeout",
    "OperationTimeout": "operation_timeout",
    "JobAttempts": "attempts",
    "JobRetryDelay": "retry_delay",
}


def runs(seed=SEED, seconds=60):
    """Short runs of every scenario at every rate."""
    return {(s.name, rate): Simulation(s, rate, seed, seconds).run() for s in SCENARIOS for rate in RATES}


class ParametersTest(unittest.TestCase):
    def test_the_simulated_stack_is_the_one_that_is_deployed(self):
        template = (ROOT / "template.yaml").read_text(encoding="utf-8")
        for parameter, name in PARAMETERS.items():
            with self.subTest(parameter=parameter):
                found = re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\S+)$", template, re.MULTILINE)
                self.assertEqual(float(found[1]), getattr(DEFAULT, name))
        self.assertIn("    MemorySize: 256\n", template)
        self.assertEqual(DEFAULT.memory_mb, 256)
        self.assertEqual(float(re.search(r"^    Timeout: (\d+)$", template, re.MULTILINE)[1]) - 0.5, DEFAULT.request_time)


class RunTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(self):
        first, second = runs(), runs()
        self.assertEqual(tables(first), tables(second))
        self.assertEqual(drawing(first), drawing(second))
        self.assertNotEqual(tables(first), tables(runs(seed=1)))

    def test_the_page_shows_a_run_that_anybody_can_repeat(self):
        # One of the tables, of the runs that take the least time: all of them take a minute.
        scenario = next(scenario for scenario in SCENARIOS if scenario.name == "sync-matched")
        shown = scenario_table(scenario, {(scenario.name, rate): Simulation(scenario, rate).run() for rate in RATES})
        self.assertTrue(shown in PAGE.read_text(encoding="utf-8"), "docs/SCALE.md is of another simulation: make scale")

    def test_the_page_has_the_prices_that_were_reckoned_with(self):
        self.assertTrue(price_table() in PAGE.read_text(encoding="utf-8"), "docs/SCALE.md has other prices: make scale")

    def test_the_picture_is_one(self):
        for text in (drawing(runs()), PICTURE.read_text(encoding="utf-8")):
            root = xml.etree.ElementTree.fromstring(text)
            curves = root.findall(".//{http://www.w3.org/2000/svg}polyline")
            self.assertEqual(len(curves), 2 * len(SCENARIOS))


class PageTest(unittest.TestCase):
    def test_only_the_tables_of_a_page_are_written(self):
        page = "Before\n<!-- table a -->\nold\n<!-- end a -->\nafter\n"
        self.assertEqual(filled(page, {"a": "new"}), page.replace("old", "new"))

    def test_a_table_without_a_place_is_an_error_and_so_is_a_place_without_a_table(self):
        for page, contents in (("", {"a": "x"}), ("<!-- table a --><!-- end a -->", {}), ("<!-- table a -->", {"a": "x"})):
            with self.subTest(page=page), self.assertRaises(NoPlace):
                filled(page, contents)

    def test_figures_are_cut_where_they_say_nothing_and_never_to_a_lie(self):
        self.assertEqual([share_of(0, 9), share_of(1, 9_999), share_of(9_999, 10_000), share_of(3, 7)],
                         ["0 %", "< 0.1 %", "> 99.9 %", "43 %"])
        self.assertEqual([number(0), number(1.234), number(12.34), number(12_345.6)], ["0", "1.23", "12.3", "12,346"])


class CostTest(unittest.TestCase):
    def test_a_request_that_waits_pays_for_its_seconds(self):
        usage = Usage()
        usage.request(1e6, 20, 256)
        costs = usage.costs()
        self.assertAlmostEqual(costs["Lambda, waiting and working"], 1e6 * 20 * 0.25 * 0.0000133334)
        self.assertAlmostEqual(costs["API Gateway"], 3.5)
        self.assertAlmostEqual(sum(costs.values()), usage.total())

    def test_no_requests_cost_nothing_for_each(self):
        self.assertEqual(Simulation(Scenario("none", "", False), 0, seconds=10).run().usage.total(), 0)

    def test_work_that_is_taken_over_costs_less_than_work_that_is_waited_for(self):
        cost = {}
        for scenario in SCENARIOS:
            quiet = replace(scenario, generator=replace(scenario.generator, sigma=0))
            result = Simulation(quiet, 1, seconds=300).run()
            cost[scenario.name] = result.usage.total() / result.accepted
        self.assertLess(cost["handover-changed"], cost["sync-open"])
        self.assertLess(cost["sync-open"], cost["async-matched"])


if __name__ == "__main__":
    unittest.main()
