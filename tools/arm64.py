"""Builds every function for arm64, in a folder of its own: the package that `make build` makes stays as it is.

Usage: arm64.py FOLDER      (QUICK=1: compiled in the shortest time, not as they ship)
FOLDER/functions/NAME is then a program that runs on this machine: the function, or a script that starts it in an emulator.
"""

import os
import shlex
import shutil
import sys
from pathlib import Path

from arm64_compiler import compiler, emulator
from progress import Step, exit_code, run_logged
from workspace import BIN, ROOT, STATE


def build_command(folder, quick):
    """What SAM runs for arm64, but with folders of its own and for all functions at once."""
    profile = ["--profile", "quick"] if quick else ["--release"]
    functions = sorted(manifest.parent.name for manifest in ROOT.glob("functions/*/Cargo.toml"))
    packages = [f"--package={function}" for function in functions]
    return ["cargo", "lambda", "build", "--arm64", *profile, *packages, "--locked", "--skip-target-check",
            "--lambda-dir", os.fspath(folder / "built")]


def build(folder, quick, variables):
    """Builds the functions with the variables that the compiler needs."""
    how = "in the shortest time" if quick else "as they ship"
    # Of a function that is gone, nothing is left to be tested.
    shutil.rmtree(folder / "built", ignore_errors=True)
    environment = os.environ | variables | {
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}", "CARGO_TARGET_DIR": os.fspath(folder),
    }
    with Step(f"Building the functions for arm64, {how} (the first time takes minutes)"):
        run_logged(build_command(folder, quick), STATE / "arm64-build.log", "The functions did not build for arm64",
                   env=environment, cwd=ROOT)


def make_runnable(built, programs, words):
    """Writes a script for each program in `built` that runs it with `words` before it."""
    shutil.rmtree(programs, ignore_errors=True)
    programs.mkdir(parents=True)
    for bootstrap in sorted(built.glob("*/bootstrap")):
        script = programs / bootstrap.parent.name
        # `exec`: who stops the script stops the function.
        script.write_text(f'#!/bin/sh\nexec {shlex.join([*words, os.fspath(bootstrap)])} "$@"\n', encoding="utf-8")
        script.chmod(0o755)


def main(arguments):
    """Exit code 0 if every function is there."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0]).resolve()
    words = emulator()
    build(folder, bool(os.environ.get("QUICK")), compiler())
    make_runnable(folder / "built", folder / "functions", words)
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
