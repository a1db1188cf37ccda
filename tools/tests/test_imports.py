"""The scripts of tools/ import each other in one direction: whoever changes one needs not know them all."""

import ast
import graphlib
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]


def imported(path):
    """The names of the modules that a script imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


class ImportTest(unittest.TestCase):
    def test_no_scripts_import_each_other_in_a_circle(self):
        scripts = {path.stem: path for path in TOOLS.glob("*.py")}
        graph = {name: scripts.keys() & set(imported(path)) for name, path in scripts.items()}
        self.assertIn("progress", graph["local_cloud"], "no import was found: this proves nothing")
        graphlib.TopologicalSorter(graph).prepare()


if __name__ == "__main__":
    unittest.main()
