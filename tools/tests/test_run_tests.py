"""A test that fails, or is not found, fails the whole run: in whichever folder it is."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "run_tests.py"
TEST = "import unittest\n\n\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertTrue({})\n"


class RunTest(unittest.TestCase):
    def run_over(self, **folders):
        """(exit code, last line) of a run over folders with a test that passes, one that fails, or none."""
        with tempfile.TemporaryDirectory() as root:
            for name, passes in folders.items():
                folder = Path(root) / name
                folder.mkdir()
                if passes is not None:
                    (folder / f"test_{name}.py").write_text(TEST.format(passes), encoding="utf-8")
            paths = [Path(root) / name for name in folders]
            done = subprocess.run([sys.executable, PROGRAM, *paths], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()[-1]

    def test_all_folders_are_counted(self):
        self.assertEqual(self.run_over(one=True, two=True), (0, "2 passed, 0 failed"))

    def test_a_failure_in_one_folder_fails_all(self):
        self.assertEqual(self.run_over(one=True, two=False), (1, "1 passed, 1 failed"))
        self.assertEqual(self.run_over(one=False), (1, "0 passed, 1 failed"))

    def test_a_folder_without_a_test_fails_all(self):
        self.assertEqual(self.run_over(one=True, two=None), (1, "1 passed, 0 failed"))


if __name__ == "__main__":
    unittest.main()
