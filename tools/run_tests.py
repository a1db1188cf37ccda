"""Runs the Python tests in the given folders; the last line counts them, for people and for CI.

Usage: run_tests.py FOLDER...
"""

import sys
import unittest


def main(folders):
    """Exit code 0: at least one test ran, and all passed."""
    run = failed = 0
    for folder in folders:
        print(f"{folder}:", flush=True)
        # A module is named after its file alone, so each folder is discovered on its own.
        tests = unittest.TestLoader().discover(folder, top_level_dir=folder)
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)
        run += result.testsRun
        # A test with several failed subtests has several entries; a failed setUpModule has one, but is not counted as run.
        broken = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
        failed += len(broken) or len(result.unexpectedSuccesses)
    print(f"{max(0, run - failed)} passed, {failed} failed")
    return 0 if run and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
