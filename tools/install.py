"""Makes the virtual environment with the programs that the commands use, and says that it does.

Usage: install.py FOLDER REQUIREMENTS STAMP [--add]      (--add: into the environment that is there; else it is made anew)
The file STAMP is a copy of the requirements that are installed: while it is equal to them, nothing is done.
"""

import shutil
import sys
from pathlib import Path

from preflight import python_problems
from progress import Failed, Step, report, run_logged

LOG = Path(".local") / "install.log"


def install(folder, requirements, title, anew):
    """Installs exactly what `requirements` pins, with the hashes it names. A failure leaves no environment behind that looks whole."""
    with Step(title):
        if anew:
            shutil.rmtree(folder, ignore_errors=True)
            run_logged([sys.executable, "-m", "venv", folder], LOG, "The virtual environment was not made")
        run_logged(
            [folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
             "--require-hashes", "--requirement", requirements],
            LOG, "The packages were not installed",
        )


def main(arguments):
    """Exit code 0 where everything is installed."""
    if len(arguments) not in (3, 4) or arguments[3:] not in ([], ["--add"]):
        print(__doc__, file=sys.stderr)
        return 2
    folder, requirements, stamp = map(Path, arguments[:3])
    anew = len(arguments) == 3
    if stamp.is_file() and stamp.read_bytes() == requirements.read_bytes():
        # A new clone, or another branch and back: the file's time is new, not its content.
        stamp.touch()
        return 0
    missing = python_problems()
    for problem in missing:
        print(f"error: {problem}", file=sys.stderr)
    if missing:
        return 1
    what = "SAM CLI, cargo-lambda and the local cloud (once, about a minute)" if anew else "the checkers"
    try:
        install(folder, requirements, f"Installing {what}", anew)
        shutil.copyfile(requirements, stamp)
    except Failed as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
