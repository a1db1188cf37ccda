"""`make bench` and `make guard`: what an invocation costs.

Usage: cost.py measure|guard
`measure` runs the functions, an empty function, a bare forwarder and the Python peer of bench/peer, and writes the tables of
docs/COST.md. `guard` counts instructions and bytes and compares them with bench/cost/guard.*.json; with STORE=1 in the
environment it stores them. Exit code 1: something costs more than it may; docs/COST.md shows what.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from datetime import date

import bill
from build import PACKAGE, build
from load import processor
from page import filled
from progress import Step, exit_code, run_logged
from workspace import ROOT, STATE, architecture, environment, program

DOCUMENT = ROOT / "docs" / "COST.md"
FLOORS = STATE / "floors"
PEER = ROOT / "bench" / "peer"
# The handler with the packages it imports, as it is packed for Lambda.
PACKED_PEER = STATE / "peer"


def build_floors():
    """Builds the empty function and the forwarder as SAM builds the functions: one by one, so that they share no features."""
    for name in ("bench-empty", "bench-forwarder"):
        command = [program("cargo-lambda"), "lambda", "build", "--release", "--package", name, "--lambda-dir", FLOORS]
        if architecture() == "arm64":
            command.append("--arm64")
        with Step(f"Building {name}"):
            run_logged(command, STATE / f"{name}.log", f"{name} did not build", env=environment(), cwd=ROOT)


def pack_peer():
    """Installs what the peer imports, pinned and with hashes, and compiles it. Again only when it changes."""
    sources = [PEER / "requirements.txt", PEER / "generate.py"]
    stamp = PACKED_PEER / "packed"
    packed = b"".join(source.read_bytes() for source in sources) + sys.version.encode()
    if stamp.is_file() and stamp.read_bytes() == packed:
        return
    shutil.rmtree(PACKED_PEER, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile"]
    with Step("Packing the Python peer"):
        run_logged([*pip, "--require-hashes", "--target", PACKED_PEER, "--requirement", sources[0]],
                   STATE / "peer.log", "The packages of the peer were not installed")
        shutil.copy(sources[1], PACKED_PEER)
        run_logged([sys.executable, "-m", "compileall", "-q", PACKED_PEER], STATE / "peer.log", "The peer was not compiled")
    stamp.write_bytes(packed)


def run(arguments, profile=()):
    """Runs bench/cost and prints what it prints. Returns that, and whether all was well."""
    command = ["cargo", "run", "--quiet", *profile, "--package", "cost", "--", *arguments]
    # The interpreter itself: that of a virtual environment starts slower.
    env = os.environ | {
        "FUNCTIONS_BIN_DIR": str(PACKAGE.parent), "FLOORS": str(FLOORS), "PEER": str(PACKED_PEER),
        "PEER_PYTHON": os.path.realpath(sys.executable),
    }
    told = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env) as running:
        for line in running.stdout:
            told.append(line)
            print(line, end="", flush=True)
    return "".join(told), running.returncode == 0


def table_of(printed, title):
    """The table of a section of what bench/cost printed."""
    section = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", printed, re.MULTILINE | re.DOTALL)[1]
    return "\n".join(line for line in section.splitlines() if line.startswith("|"))


def figure(table, row, column):
    """The figure of a cell: the median, if it has several."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    cells = next(line for line in lines if line[0] == row)
    return float(cells[lines[0].index(column)].split()[0])


def tables_of_page(printed, machine):
    """What docs/COST.md shows, by the names of its places."""
    small = table_of(printed, "A small request")

    def spent(row):
        return figure(small, row, "processor time, ms")

    planned, remote, peer = "`decompose`, built-in generator", "`generate`, remote generator", "Python peer"
    takes = f"its generator takes {bill.GENERATOR_SECONDS} s"
    programs = {row: (spent(row), 0) for row in (planned, "`generate`, built-in generator", "`patch`, built-in generator")}
    programs |= {f"{row}; {takes}": (spent(row), bill.GENERATOR_SECONDS) for row in (remote, peer)}
    cold = figure(small, planned, "start, ms") + figure(small, planned, "first invocation, ms")
    return {
        "machine": machine,
        "measured": printed.strip() + "\n",
        "bill": bill.bill(programs),
        "memory": bill.memory(cold, spent(planned)),
    }


def measure():
    """Measures, and writes docs/COST.md. Returns whether every limit is kept."""
    pack_peer()
    printed, is_well = run(["measure"], ["--release"])
    # A run that ended early has nothing to show.
    if "## Limits" in printed:
        write(printed)
    return is_well


def write(printed):
    """Writes docs/COST.md from what bench/cost printed."""
    machine = (f"Measured on {date.today():%-d %B %Y}, on {processor()}, {os.cpu_count()} cores, Linux {platform.release()}, "
               f"Python {platform.python_version()}.")
    DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8"), tables_of_page(printed, machine)), encoding="utf-8")


def guard():
    """Counts, and compares or stores. Returns whether all was well. A debug build of bench/cost counts the same."""
    store = os.environ.get("STORE", "").strip()
    return run(["guard", *(["--store"] if store else [])])[1]


def main(arguments):
    """Exit code 0 if nothing costs more than it may."""
    commands = {"measure": measure, "guard": guard}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    build()
    build_floors()
    return 0 if commands[arguments[0]]() else 1


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
