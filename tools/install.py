"""Installs the Python programs that the commands use into a virtual environment.

Usage: install.py FOLDER REQUIREMENTS STAMP [--add]
Replaces the environment in FOLDER, or adds to it with --add. The file STAMP is a copy of the installed requirements; while
it equals REQUIREMENTS, nothing is done.
"""

import shutil
import sys
from pathlib import Path

from preflight import python_problems
from progress import Step, exit_code, run_logged

LOG = Path(".local") / "install.log"


def install(folder, requirements, title, anew):
    """Installs what `requirements` pins, and nothing else, and checks the hashes."""
    with Step(title):
        if anew:
            shutil.rmtree(folder, ignore_errors=True)
            run_logged([sys.executable, "-m", "venv", folder], LOG, "The virtual environment could not be created")
        run_logged(
            [folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
             "--require-hashes", "--no-deps", "--requirement", requirements],
            LOG, "The packages could not be installed",
        )


def main(arguments):
    """Exit code 0: everything is installed."""
    if len(arguments) not in (3, 4) or arguments[3:] not in ([], ["--add"]):
        print(__doc__, file=sys.stderr)
        return 2
    folder, requirements, stamp = map(Path, arguments[:3])
    anew = len(arguments) == 3
    if stamp.is_file() and stamp.read_bytes() == requirements.read_bytes():
        # After a clone or a change of branch the requirements look newer than the stamp, but are not.
        stamp.touch()
        return 0
    missing = python_problems()
    for problem in missing:
        print(f"error: {problem}", file=sys.stderr)
    if missing:
        return 1
    what = "SAM CLI, cargo-lambda and the local cloud (once, about a minute)" if anew else "the checkers"
    install(folder, requirements, f"Installing {what}", anew)
    shutil.copyfile(requirements, stamp)
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
