"""The bill: multiplying it out by hand gives the same."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bill import bill, billed_seconds, memory  # noqa: E402
from prices import costs  # noqa: E402


class TheBill(unittest.TestCase):
    def test_lambda_bills_whole_milliseconds_of_a_share_of_a_processor(self):
        # 0.4 ms of a whole processor are 2.8 ms of 256 / 1769 of one.
        self.assertEqual(billed_seconds(0.4, 0, 256), 0.003)
        self.assertEqual(billed_seconds(0.4, 10, 256), 10.003)
        # More memory than a whole processor's makes one thread no faster.
        self.assertEqual(billed_seconds(3.0, 0, 3538), 0.003)

    def test_a_million_requests_cost_what_the_price_list_says(self):
        # Each is billed 10.003 s of a quarter of a gigabyte.
        dollars = 1e6 * 10.003 * 0.25 * 0.0000133334 + 0.20
        self.assertIn(f"| $3.50 | ${dollars:.2f} |", bill({"it": (0.4, 10)}))

    def test_each_size_of_memory_is_shown_and_ours_stands_out(self):
        lines = memory(12.0, 0.4).splitlines()
        self.assertEqual([line.split("|")[1].strip() for line in lines[2:]], ["128", "**256**", "512", "1024", "1769"])
        self.assertIn("| 83 |", lines[3])
        self.assertIn("| $33.34 |", lines[3])

    def test_an_operation_pays_for_its_table_queue_and_bus(self):
        dollars = costs({"accepted": 1e6, "attempt": 1e6, "ended": 1e6})
        # 24 write units (6 of them for the log), 4 messages, an event.
        for service, expected in (("DynamoDB", 24 * 0.625), ("SQS", 4 * 0.40), ("EventBridge", 1.0)):
            self.assertAlmostEqual(dollars[service], expected)

    def test_prices_are_for_the_memory_that_is_deployed(self):
        template = (Path(__file__).resolve().parents[2] / "template.yaml").read_text(encoding="utf-8")
        self.assertIn("    MemorySize: 256\n", template)
        self.assertAlmostEqual(costs({"second": 4})["Lambda, waiting and working"], 0.0000133334)


if __name__ == "__main__":
    unittest.main()
