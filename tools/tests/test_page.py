"""Pages whose tables programs write: nothing but the tables changes, and no figure is rounded to a lie."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from page import NoPlace, filled, number, percent  # noqa: E402


class ThePage(unittest.TestCase):
    def test_only_the_tables_of_a_page_are_written(self):
        page = "Before\n<!-- table a -->\nold\n<!-- end a -->\nafter\n"
        self.assertEqual(filled(page, {"a": "new\\1"}), page.replace("old", "new\\1"))
        self.assertEqual(filled(page.replace("old\n", ""), {"a": "new"}), page.replace("old", "new"))

    def test_a_table_without_a_place_is_an_error_and_so_is_a_place_without_a_table(self):
        for page, contents in (("", {"a": "x"}), ("<!-- table a -->\n<!-- end a -->", {}), ("<!-- table a -->\n", {"a": "x"})):
            with self.subTest(page=page), self.assertRaises(NoPlace):
                filled(page, contents)

    def test_figures_are_cut_where_they_say_nothing_and_never_to_a_lie(self):
        self.assertEqual([percent(0, 9), percent(1, 9_999), percent(9_999, 10_000), percent(3, 7)],
                         ["0 %", "< 0.1 %", "> 99.9 %", "43 %"])
        self.assertEqual([number(0), number(1.234), number(12.34), number(12_345.6)], ["0", "1.23", "12.3", "12,346"])


if __name__ == "__main__":
    unittest.main()
