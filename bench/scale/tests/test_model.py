"""The simulation against what is known without it: a figure on docs/SCALE.md would be wrong if one failed."""

import math
import sys
import unittest
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from draws import Bucket, Draws  # noqa: E402
from model import Simulation  # noqa: E402
from parameters import OPEN, SCENARIOS, Generator, Quotas, Scenario  # noqa: E402

AT_ONCE = replace(OPEN, answer_time=0.001, request_time=1e6, call_timeout=1e6, worker_timeout=1e6, operation_timeout=1e6)
MEAN_OF = math.exp(0.5 ** 2 / 2)


def lost(slots, load):
    """Erlang's loss formula: the share that finds all slots taken. It holds for any distribution of the durations."""
    share = 1.0
    for slot in range(1, slots + 1):
        share = load * share / (slot + load * share)
    return share


class TheoryTest(unittest.TestCase):
    def test_arrivals_times_latency_is_what_the_generator_has_at_work(self):
        scenario = Scenario("little", "", True, AT_ONCE, Quotas(), Generator(slots=None, median=20))
        result = Simulation(scenario, 4, seconds=8000).run()
        self.assertAlmostEqual(result.generator_seconds / 8000, 4 * 20 * MEAN_OF, delta=3)

    def test_a_generator_that_is_full_refuses_what_erlang_says(self):
        generator = Generator(slots=5, median=2, refusal_time=0)
        result = Simulation(Scenario("loss", "", True, AT_ONCE, Quotas(), generator), 2, seconds=20_000).run()
        self.assertAlmostEqual(result.refused / result.arrivals, lost(5, 2 * 2 * MEAN_OF), delta=0.01)

    def test_a_job_waits_for_one_worker_as_pollaczek_and_khinchine_say(self):
        scenario = Scenario("wait", "", False, replace(AT_ONCE, worker_concurrency=1), Quotas(), Generator(slots=None, median=4))
        rate, mean = 0.12, 4 * MEAN_OF
        result = Simulation(scenario, rate, seconds=60_000).run()
        of_squares = 4 ** 2 * math.exp(2 * 0.5 ** 2)
        expected = rate * of_squares / (2 * (1 - rate * mean))
        waited = sum(seconds for seconds, _ in result.times) / result.completed - mean
        self.assertAlmostEqual(waited, expected, delta=0.1 * expected)

    def test_what_messages_left_behind_cost_in_time_is_what_the_quota_and_the_deadline_say(self):
        # Each message is out of sight from its start to the deadline: `in_flight` of them at `rate` leave the last
        # `in_flight / rate` seconds before it.
        scenario = next(scenario for scenario in SCENARIOS if scenario.name == "handover")
        scenario = replace(scenario, quotas=replace(scenario.quotas, in_flight=1_200))
        result = Simulation(scenario, 2).run()
        self.assertAlmostEqual(result.quantile(0.5), 1800 - 1_200 / 2 + 20, delta=20)
        self.assertEqual(result.in_flight_max, 1_200)

    def test_draws_have_the_means_that_they_are_asked_for(self):
        draws = Draws(1)
        for mean in (0.2, 8, 2_000):
            with self.subTest(mean=mean):
                drawn = [draws.poisson(mean) for _ in range(4_000)]
                self.assertAlmostEqual(sum(drawn) / 4_000, mean, delta=4 * math.sqrt(mean / 4_000))
        drawn = [draws.log_normal(20, 0.5) for _ in range(4_000)]
        self.assertAlmostEqual(sum(drawn) / 4_000, 20 * MEAN_OF, delta=0.8)

    def test_a_bucket_gives_its_burst_and_then_its_rate(self):
        bucket, given = Bucket(50, 100), 0
        for _ in range(500):
            bucket.refill(0.2)
            given += bucket.take(1_000)
        self.assertEqual(given, 100 + 499 * 10)


class CountTest(unittest.TestCase):
    def test_every_request_is_counted_once_and_every_one_that_was_let_in_ends(self):
        for scenario in SCENARIOS:
            for rate in (0, 3, 3_000):
                with self.subTest(scenario=scenario.name, rate=rate):
                    result = Simulation(scenario, rate, seconds=300).run()
                    self.assertEqual(result.arrivals, result.throttled_gateway + result.throttled_lambda + result.accepted)
                    self.assertEqual(result.accepted, result.completed + result.refused + result.timed_out)
                    self.assertEqual(result.completed, sum(count for _, count in result.times))
                    self.assertEqual(result.arrivals > 0, rate > 0)

    def test_no_limit_of_a_scenario_is_passed(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario=scenario.name):
                result = Simulation(scenario, 3_000, seconds=300).run()
                stage = scenario.stack.stage_rate * 300 + scenario.stack.stage_burst
                self.assertLessEqual(result.accepted, stage)
                self.assertLessEqual(result.environments_max, scenario.quotas.concurrency)
                self.assertLessEqual(result.in_flight_max, scenario.quotas.in_flight)
                if scenario.generator.slots:
                    self.assertLessEqual(result.generator_seconds, scenario.generator.slots * 300)

    def test_nobody_waits_longer_than_they_may(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario=scenario.name):
                result = Simulation(scenario, 30, seconds=300).run()
                longest = scenario.stack.request_time + 1 if scenario.waits else scenario.stack.operation_timeout
                self.assertLessEqual(max(seconds for seconds, _ in result.times), longest)


if __name__ == "__main__":
    unittest.main()
