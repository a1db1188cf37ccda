"""The drawing of an agent: what a person would read wrong if it failed."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from drawing import changes, cut, draw, width_of  # noqa: E402

NAMES = {"in": "AgentInputBlock", "text": "ExtractTextBlock", "sum": "SummariseBlock", "out": "AgentOutputBlock"}


def node(key, block, **settings):
    return {"id": key, "block_id": block, "input_default": settings}


def link(source, output, sink, name):
    return {"source_id": source, "source_name": output, "sink_id": sink, "sink_name": name}


class DrawingTest(unittest.TestCase):
    maxDiff = None

    def test_a_chain_reads_from_top_to_bottom(self):
        agent = {
            # The last first: the drawing goes by the links, not by the order of the list.
            "nodes": [node("o", "out", name="Text"), node("t", "text"),
                      node("i", "in", name="url") | {"metadata": {"customized_name": "The page"}}],
            "links": [link("i", "result", "t", "url"), link("t", "text", "o", "value")],
        }
        self.assertEqual(draw(agent, NAMES, 80), "\n".join([
            "┌ 1 · The page ──────┐",
            "│ AgentInputBlock    │",
            "│ name = url         │",
            "│             result ├─┐",
            "└────────────────────┘ │",
            "┌ 2 ─────────────────┐ │",
            "│ ExtractTextBlock   │ │",
            "│ url                │◀┘",
            "│               text ├─┐",
            "└────────────────────┘ │",
            "┌ 3 ─────────────────┐ │",
            "│ AgentOutputBlock   │ │",
            "│ name = Text        │ │",
            "│ value              │◀┘",
            "└────────────────────┘",
        ]))

    def test_wires_that_cross_or_fork_can_be_told_apart(self):
        agent = {
            "nodes": [node("a", "in"), node("b", "in"), node("c", "sum"), node("d", "out")],
            "links": [link("a", "result", "c", "text"), link("a", "result", "d", "value"), link("b", "result", "c", "style")],
        }
        self.assertEqual(draw(agent, NAMES, 80), "\n".join([
            "┌ 1 ─────────────────┐",
            "│ AgentInputBlock    │",
            "│             result ├───┐",
            "└────────────────────┘   │",
            "┌ 2 ─────────────────┐   │",
            "│ AgentInputBlock    │   │",
            "│             result ├─┐ │",
            "└────────────────────┘ │ │",
            "┌ 3 ─────────────────┐ │ │",
            "│ SummariseBlock     │ │ │",
            "│ text               │◀┼─┤",
            "│ style              │◀┘ │",
            "└────────────────────┘   │",
            "┌ 4 ─────────────────┐   │",
            "│ AgentOutputBlock   │   │",
            "│ value              │◀──┘",
            "└────────────────────┘",
        ]))

    def test_no_line_is_wider_than_the_terminal(self):
        agent = {
            "nodes": [node("a", "in", description="word " * 50), node("b", "out", note="東京" * 60)],
            "links": [link("a", f"output_{n}", "b", f"input_{n}") for n in range(12)],
        }
        for columns in (30, 40, 60, 80, 200):
            with self.subTest(columns=columns):
                drawn = draw(agent, NAMES, columns)
                self.assertLessEqual(max(map(width_of, drawn.splitlines())), columns)
                self.assertIn("output_11", drawn, "a link that nobody sees")

    def test_a_terminal_without_unicode_gets_a_drawing_too(self):
        agent = {"nodes": [node("a", "in"), node("b", "out")], "links": [link("a", "result", "b", "value")]}
        draw(agent, NAMES, 80, plain=True).encode("ascii")

    def test_a_strange_agent_is_drawn_as_far_as_it_goes(self):
        loop = {
            "nodes": [node("a", "unheard-of"), node("b", "sum"), "no node", {}],
            "links": [link("a", "x", "b", "y"), link("b", "y", "a", "x"), link("a", "x", "gone", "y"), {}, None],
        }
        self.assertIn("unheard-of", draw(loop, NAMES, 80))
        self.assertEqual(draw({"nodes": None}, NAMES, 80), "")


class ChangesTest(unittest.TestCase):
    def test_everything_that_a_patch_did_is_listed_in_words(self):
        def change(op, what, name, path=None, before=None, after=None):
            return {"op": op, "what": what, "id": "x", "name": name, "path": path, "before": before, "after": after}
        self.assertEqual(changes([
            change("changed", "agent", "Daily digest", "name", "Digest", "Daily digest"),
            change("added", "node", "Sum up", after="SummariseBlock"),
            change("removed", "node", "ExtractTextBlock", before="ExtractTextBlock"),
            change("changed", "value", "Input", "name", "url", "page"),
            change("added", "value", "Input", "n", after=0),
            change("removed", "link", "Input → Sum up", "result → text", before={"source_id": "a"}),
        ]), [
            "~ name = Daily digest (was Digest)",
            "+ block Sum up [SummariseBlock]",
            "- block ExtractTextBlock",
            "~ Input: name = page (was url)",
            "+ Input: n = 0",
            "- link Input → Sum up (result → text)",
        ])
        self.assertEqual(changes([]), [])

    def test_a_cut_text_says_that_it_is_cut(self):
        self.assertEqual([cut("abcdef", 6), cut("abcdef", 5), cut("東京都", 5)], ["abcdef", "abcd…", "東京…"])


if __name__ == "__main__":
    unittest.main()
