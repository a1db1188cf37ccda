"""docs/SCALE.md shows this stack, these prices and a run that can be repeated, and the simulation agrees with theory."""

import math
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

from scale import DEFAULT, PAGE, SCENARIOS, Simulation, price_table, scenario_table  # noqa: E402

PARAMETERS = {
    "StageRateLimit": "stage_rate",
    "StageBurstLimit": "stage_burst",
    "WorkerConcurrency": "worker_concurrency",
    "OperationTimeout": "operation_timeout",
    "JobAttempts": "attempts",
    "JobRetryDelay": "retry_delay",
}
MEAN_OF = math.exp(0.5 ** 2 / 2)
UNLIMITED = {"stage_rate": 10_000, "answer_time": 0.001, "request_time": 1e6, "operation_timeout": 1e6}


def lost(slots, load):
    """Erlang's loss formula: the share that finds all slots taken. It holds for any distribution of the durations."""
    share = 1.0
    for slot in range(1, slots + 1):
        share = load * share / (slot + load * share)
    return share


class ThePage(unittest.TestCase):
    def test_the_simulated_stack_is_the_one_that_is_deployed(self):
        template = (ROOT / "template.yaml").read_text(encoding="utf-8")
        for parameter, name in PARAMETERS.items():
            with self.subTest(parameter=parameter):
                found = re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\S+)$", template, re.MULTILINE)
                self.assertEqual(float(found[1]), DEFAULT[name])
        self.assertEqual(float(re.search(r"^    Timeout: (\d+)$", template, re.MULTILINE)[1]) - 0.5, DEFAULT["request_time"])

    def test_the_page_shows_a_run_that_can_be_repeated(self):
        # The table whose runs take the least time.
        shown = scenario_table("sync-matched") in PAGE.read_text(encoding="utf-8")
        self.assertTrue(shown, "docs/SCALE.md is of another simulation: make scale")

    def test_the_page_has_the_prices_of_the_simulation(self):
        self.assertTrue(price_table() in PAGE.read_text(encoding="utf-8"), "docs/SCALE.md has other prices: make scale")


class TheSimulation(unittest.TestCase):
    def test_arrivals_times_latency_is_what_the_generator_has_at_work(self):
        run = Simulation("sync-open", 4, seconds=8_000, **UNLIMITED).run()
        self.assertAlmostEqual(run.call_seconds / 8_000, 4 * 20 * MEAN_OF, delta=3)

    def test_a_generator_that_is_full_refuses_what_erlang_says(self):
        run = Simulation("sync", 2, seconds=20_000, **UNLIMITED, slots=5, median=2, refusal_time=0).run()
        self.assertAlmostEqual(run.counts["refused"] / run.counts["arrivals"], lost(5, 2 * 2 * MEAN_OF), delta=0.01)

    def test_a_job_waits_for_one_worker_as_pollaczek_and_khinchine_say(self):
        rate, mean, of_squares = 0.12, 4 * MEAN_OF, 4 ** 2 * math.exp(2 * 0.5 ** 2)
        run = Simulation("async", rate, seconds=60_000, **UNLIMITED, worker_concurrency=1, slots=math.inf, median=4).run()
        expected = rate * of_squares / (2 * (1 - rate * mean))
        waited = sum(seconds for seconds, _ in run.times) / run.counts["completed"] - mean
        self.assertAlmostEqual(waited, expected, delta=0.1 * expected)

    def test_what_messages_left_behind_cost_in_time_is_what_the_quota_and_the_deadline_say(self):
        # Each message is out of sight until the deadline: a quota of `messages` at `rate` leaves the last
        # `messages / rate` seconds before it.
        run = Simulation("handover", 2, messages=1_200).run()
        self.assertAlmostEqual(run.quantile(0.5), 1_800 - 1_200 / 2 + 20, delta=20)

    def test_every_request_is_counted_once_and_ends_in_time(self):
        for name in SCENARIOS:
            for rate in (3, 3_000):
                with self.subTest(scenario=name, rate=rate):
                    run = Simulation(name, rate, seconds=300).run()
                    counts = run.counts
                    self.assertGreater(counts["arrivals"], 0)
                    self.assertEqual(counts["arrivals"], counts["by_gateway"] + counts["by_lambda"] + counts["let_in"])
                    self.assertEqual(counts["let_in"], counts["completed"] + counts["refused"] + counts["timed_out"])
                    self.assertEqual(counts["completed"], sum(count for _, count in run.times))
                    self.assertLessEqual(counts["let_in"], run.stage_rate * 300 + run.stage_burst)
                    self.assertLessEqual(run.call_seconds, run.slots * 300)
                    longest = run.request_time + run.answer_time if run.waits else run.operation_timeout
                    self.assertLessEqual(max(seconds for seconds, _ in run.times), longest)


if __name__ == "__main__":
    unittest.main()
