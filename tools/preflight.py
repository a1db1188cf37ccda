"""Checks whether this machine has what a command needs, and prints one line for each thing that is missing.

Usage: preflight.py build|run|guard
Runs under any Python, so it uses nothing newer than Python 3.6.
"""

import os
import platform
import shutil
import subprocess
import sys

OLDEST_PYTHON = (3, 10)
# A release and a debug build of the workspace, the virtual environment and the package.
NEEDED_MIB = 4096


def python_problems(version=sys.version_info[:2], has=None):
    """What keeps this Python from making the virtual environment."""
    has = has or importable
    if tuple(version) < OLDEST_PYTHON:
        return ["Python %d.%d or newer is needed, this is %d.%d: install it, or name another with PYTHON=python3.12 make ..."
                % (OLDEST_PYTHON + tuple(version))]
    if not (has("venv") and has("ensurepip")):
        return ["this Python cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt install python3-venv)"]
    return []


def importable(module):
    """Whether a module could be imported; does not run it."""
    import importlib.util
    return importlib.util.find_spec(module) is not None


def rust_problems(which=shutil.which):
    """What is missing for compiling the functions."""
    if which("cargo") is None:
        return ["Rust is needed: install it from https://rustup.rs, then open a new shell (there is no `cargo` on the PATH)"]
    if which("cc") is None:
        return ["a C compiler is needed for a part of the TLS library (Debian, Ubuntu: apt install gcc libc6-dev)"]
    return []


def toolchain_problems(run=subprocess.run):
    """What is wrong with the toolchain that rust-toolchain.toml pins. rustup may download it first."""
    done = run(["cargo", "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode == 0:
        return []
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return ["cargo does not run: %s" % (said[-1] if said else "exit code %d" % done.returncode)]


def system_problems(system=None):
    """What keeps the local cloud from running on this operating system."""
    system = system or platform.system()
    if system != "Linux":
        return ["the local cloud runs the functions as plain processes, and they are Linux programs; this is %s: "
                "use a Linux machine, virtual machine or container" % system]
    return []


def disk_problems(folder=".", free=None):
    """Whether the disk is too full for a build."""
    free = shutil.disk_usage(folder).free if free is None else free
    mib = free // (1 << 20)
    if mib < NEEDED_MIB:
        return ["a build needs about %d MiB of disk, %d MiB are free in %s" % (NEEDED_MIB, mib, os.path.abspath(folder))]
    return []


def valgrind_problems(which=shutil.which):
    """What is missing for counting instructions."""
    if which("valgrind") is None:
        return ["valgrind is needed to count instructions (Debian, Ubuntu: apt install valgrind)"]
    return []


def problems(purpose):
    """Everything that is missing for `purpose`: a build, a local cloud, or counting instructions."""
    found = []
    found += rust_problems() or toolchain_problems()
    if not os.path.isdir("target"):
        found += disk_problems()
    if purpose == "run":
        found += system_problems()
    if purpose == "guard":
        found += valgrind_problems()
    return found


def main(arguments):
    """Exit code 0: nothing is missing."""
    if len(arguments) != 1 or arguments[0] not in ("build", "run", "guard"):
        print(__doc__, file=sys.stderr)
        return 2
    found = problems(arguments[0])
    for problem in found:
        print("error: " + problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
