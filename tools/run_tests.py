"""Runs the Python tests in the given folders, side by side; the last line counts them, for people and for CI.

Usage: run_tests.py FOLDER...
"""

import re
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

COUNTS = re.compile(r"(\d+) passed, (\d+) failed")


def main(folders):
    """Exit code 0: at least one test ran in each folder, and all passed."""
    if len(folders) == 1:
        return run(folders[0])
    with ThreadPoolExecutor(len(folders)) as threads:
        ended = list(threads.map(run_apart, folders))
    passed, failed = (sum(int(counts[at]) for _, counts in ended if counts) for at in (1, 2))
    print(f"{passed} passed, {failed} failed")
    return max(code for code, _ in ended)


def run_apart(folder):
    """Runs a folder in a process of its own and prints its lines as they come; returns its exit code and what it counted."""
    counts = None
    with subprocess.Popen(
        [sys.executable, __file__, folder], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:
        for line in process.stdout:
            print(f"{folder}: {line}", end="", flush=True)
            counts = COUNTS.fullmatch(line.rstrip("\n")) or counts
    return abs(process.returncode), counts


def run(folder):
    """Runs a folder in this process."""
    # A module is named after its file alone, so each folder is discovered on its own.
    tests = unittest.TestLoader().discover(folder, top_level_dir=folder)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)
    # A test with several failed subtests has several entries; a failed setUpModule has one, but is not counted as run.
    broken = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
    failed = len(broken) or len(result.unexpectedSuccesses)
    print(f"{max(0, result.testsRun - failed)} passed, {failed} failed")
    return 0 if result.testsRun and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
