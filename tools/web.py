"""Builds the page into web/dist, with Node.js of the virtual environment and the packages that web/package-lock.json pins.

Usage: web.py          (`make web`; does nothing if dist/ is of the sources as they are)
       web.py check    (`make test-page`: the types, then the tests in web/test)
       web.py dev      (`make web-dev`: serves the page before the stack at API, and reloads it when a source changes)
"""

import hashlib
import os
import subprocess
import sys

from node import NODE, Packages
from progress import Step, exit_code, run_logged
from workspace import ROOT, STATE, environment

WEB = ROOT / "web"
DIST = WEB / "dist"
STAMP = DIST / ".built-from"
PACKAGES = Packages("what builds the page", WEB)
# What dist/ is made of.
SOURCES = ("package-lock.json", "build.mjs", "index.html", "style.css", "styles/**/*", "src/**/*")
# The gateway of `make run`.
USUAL_API = "http://127.0.0.1:4567/v1"


def sources():
    """The files that dist/ is made of."""
    return sorted(path for pattern in SOURCES for path in WEB.glob(pattern) if path.is_file())


def digest():
    """The hash of all sources, with their names."""
    hashed = hashlib.sha256()
    for path in sources():
        content = path.read_bytes()
        hashed.update(f"{path.relative_to(WEB)} {len(content)}\n".encode() + content)
    return hashed.hexdigest()


def build():
    """Builds the page if a source has changed: cargo compiles its function anew when dist/ is written."""
    wanted = digest()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    PACKAGES.install()
    with Step("Building the page"):
        run_logged([NODE, WEB / "build.mjs"], STATE / "web.log", "The page did not build", env=environment(), cwd=WEB)
    STAMP.write_text(wanted, encoding="utf-8")


def check():
    """Checks the types and runs the unit tests; returns the exit code of what failed, or 0."""
    PACKAGES.install()
    types = [NODE, WEB / "node_modules" / "typescript" / "bin" / "tsc"]
    tests = [NODE, "--test", "test/**/*.test.ts"]
    return next((code for code in map(run, (types, tests)) if code), 0)


def develop():
    """Serves the page until Ctrl-C; returns the server's exit code."""
    PACKAGES.install()
    return run([NODE, WEB / "dev.mjs", os.environ.get("API") or USUAL_API])


def run(command):
    """Runs a command in web/, whose output the person sees; returns its exit code."""
    return subprocess.run(command, cwd=WEB, check=False).returncode


def main(arguments):
    """Exit code 0: the page is built, or was served."""
    actions = {(): build, ("check",): check, ("dev",): develop}
    if tuple(arguments) not in actions:
        print(__doc__, file=sys.stderr)
        return 2
    return actions[tuple(arguments)]()


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
