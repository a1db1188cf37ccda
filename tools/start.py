"""The first half of `make run`: compiles the functions while the tools are installed and build the page, then starts demo.py.

Usage: start.py FOLDER REQUIREMENTS STAMP      (as install.py takes them)
Runs without the virtual environment, which it makes.
"""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import preflight
from debug_build import compile_functions, functions, write_programs
from ports import choose_port, port_from_environment
from progress import Failed, Step, exit_code
from workspace import STATE

TOOLS = Path(__file__).resolve().parent
# The function that has the page in it: compiled when that is built.
PAGE = "page"


class Installation:
    """install.py, then web.py, as processes of their own. Leaving the `with` block ends them, with pip, if they still run."""

    def __init__(self, arguments):
        self._arguments = arguments
        self._log = STATE / "installation.log"

    def __enter__(self):
        STATE.mkdir(exist_ok=True)
        install = [sys.executable, TOOLS / "install.py", *self._arguments]
        build = [venv_python(self._arguments), TOOLS / "web.py"]
        with self._log.open("w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                " && ".join(shlex.join(map(str, command)) for command in (install, build)), shell=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                # A group of its own, so that pip ends with it.
                start_new_session=True,
            )
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()

    def check(self):
        """Fails as soon as the installation has failed."""
        if self._process.poll() not in (None, 0):
            raise Failed("The tools were not installed, or the page was not built:", self._log)

    def wait(self):
        """Returns when everything is installed."""
        if self._process.poll() is None:
            with Step("Installing SAM CLI and the local cloud, building the page"):
                self._process.wait()
        self.check()


def venv_python(arguments):
    """The Python that install.py makes."""
    return Path(arguments[0]).absolute() / "bin" / "python"


def problems():
    """What this machine lacks, one line each."""
    return preflight.python_problems() + preflight.problems("run")


def main(arguments):
    """Exit code: that of the demonstration, or 1 if it could not start."""
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    missing = problems()
    for problem in missing:
        print(f"error: {problem}", file=sys.stderr)
    if missing:
        return 1
    # A taken port is reported before the build, not after it.
    choose_port(port_from_environment())
    with Installation(arguments) as installation:
        others = [name for name in functions() if name != PAGE]
        title = "Compiling the functions for the demonstration (the first time about three minutes)"
        programs = compile_functions(others, title, meanwhile=installation.check)
        installation.wait()
    write_programs(programs | compile_functions([PAGE], "Compiling the function with the page in it"))
    python = venv_python(arguments)
    os.execv(python, [python, TOOLS / "demo.py"])


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
