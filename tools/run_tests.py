"""Runs the Python tests in the given folders and ends with a line that counts them, for people and for CI.

Usage: run_tests.py FOLDER...
"""

import sys
import unittest


def main(folders):
    """Exit code 0 where every test passed, and there was one."""
    run = failed = 0
    for folder in folders:
        print(f"{folder}:", flush=True)
        # Modules are named after their files alone: one folder's must not be taken for another's.
        tests = unittest.TestLoader().discover(folder, top_level_dir=folder)
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)
        run += result.testsRun
        # A test with several failed parts, or whose module's preparation failed, is more than one entry or none of the count.
        broken = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
        failed += len(broken) or len(result.unexpectedSuccesses)
    print(f"{max(0, run - failed)} passed, {failed} failed")
    return 0 if run and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
