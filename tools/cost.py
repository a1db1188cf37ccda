"""`make bench`, `make guard` and `make order`: what an invocation costs.

Usage: cost.py measure|guard|order
`measure` runs the functions beside an empty one, a bare forwarder and the Python peer of bench/peer; prints tables and writes
docs/COST.md, docs/cost.svg and the tables of README.md that come from them. `guard` counts instructions and bytes and holds
them against bench/cost/guard.*.json; with STORE=1 in the environment it stores them. `order` finds out which functions an
invocation runs, and writes functions/order.ld for the linker. Exit code 1: something costs more than it may; the documents
say so as well.
"""

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from datetime import date

from build import PACKAGE, ROOT, STATE, architecture, build, environment, program
from load import processor
from progress import Failed, Step, report, run_logged

sys.path.insert(0, str(ROOT / "bench" / "scale"))

import bill  # noqa: E402
from page import filled  # noqa: E402

DOCUMENT = ROOT / "docs" / "COST.md"
README = ROOT / "README.md"
CHART = ROOT / "docs" / "cost.svg"
DRAWN = STATE / "cost.svg"
FLOORS = STATE / "floors"
# The functions with the names that are stripped off what ships.
NAMED = STATE / "named"
PEER = ROOT / "bench" / "peer"
# As a person packs it for Lambda: the handler, and beside it what it imports.
PACKED_PEER = STATE / "peer"
INTRODUCTION = """# What an invocation costs

What `make bench` measured on {day}, on {processor}, {cores} cores, Linux {kernel}. Each program is a process under a Lambda
Runtime API on the loopback interface; the generator and the services of AWS are played there and answer at once. The
functions run as they are deployed, with the variables that template.yaml gives them. The forwarder passes a request on to the
generator and its answer back, checks nothing, and has the same HTTP client; the peer does the job of `generate` in Python,
with Lambda's own runtime client and httpx ({python}). Figures are those of this machine, not of Lambda.

![Start, processor time and memory beside an empty function, a forwarder and the peer; cost against size](cost.svg)
"""


def build_each(packages, folder, **variables):
    """Packages one by one and as SAM builds the functions: what one needs is not in the other."""
    for name in packages:
        command = [program("cargo-lambda"), "lambda", "build", "--release", "--package", name, "--lambda-dir", folder]
        if architecture() == "arm64":
            command.append("--arm64")
        with Step(f"Building {name}"):
            run_logged(command, STATE / f"{name}.log", f"{name} did not build", env=environment(**variables), cwd=ROOT)


def build_shipped():
    """What is shipped, and beside it the empty function and the forwarder."""
    build()
    build_each(("bench-empty", "bench-forwarder"), FLOORS)


def build_named():
    """The functions as they ship, but with names."""
    functions = sorted(manifest.parent.name for manifest in ROOT.glob("functions/*/Cargo.toml"))
    build_each(functions, NAMED, CARGO_PROFILE_RELEASE_STRIP="none")


def pack_peer():
    """Installs what the peer imports, pinned and with hashes, and compiles all of it. Once, and when it changes."""
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


def run(arguments, profile=(), functions=PACKAGE.parent):
    """Runs bench/cost, and tells what it prints as it comes. Gives that, and whether all was well."""
    command = ["cargo", "run", "--quiet", *profile, "--package", "cost", "--", *arguments]
    # The interpreter itself: a virtual environment's, or a version manager's, would start slower.
    env = os.environ | {
        "FUNCTIONS_BIN_DIR": str(functions), "FLOORS": str(FLOORS), "PEER": str(PACKED_PEER),
        "PEER_PYTHON": os.path.realpath(sys.executable), "CHART": str(DRAWN),
    }
    told = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env) as running:
        for line in running.stdout:
            told.append(line)
            print(line, end="", flush=True)
    return "".join(told), running.returncode == 0


def table_of(tables, title):
    """The table of a section of what bench/cost printed."""
    section = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", tables, re.MULTILINE | re.DOTALL)[1]
    return "\n".join(line for line in section.splitlines() if line.startswith("|"))


def figure(table, row, column):
    """The figure of a cell: its median, where it has more."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    cells = next(line for line in lines if line[0] == row)
    return float(cells[lines[0].index(column)].split()[0])


def tables_for_readers(tables, machine):
    """What README.md shows of the tables, by the names that their places have."""
    small = table_of(tables, "A small request")

    def spent(row):
        return figure(small, row, "processor time, ms")

    planned, remote, peer = "`decompose`, built-in generator", "`generate`, remote generator", "Python peer"
    takes = f"its generator takes {bill.GENERATOR_SECONDS} s"
    programs = {row: (spent(row), 0) for row in (planned, "`generate`, built-in generator", "`patch`, built-in generator")}
    programs |= {f"{row}; {takes}": (spent(row), bill.GENERATOR_SECONDS) for row in (remote, peer)}
    cold = figure(small, planned, "start, ms") + figure(small, planned, "first invocation, ms")
    return {
        "cost": f"{machine}\n\n{small}",
        "promises": table_of(tables, "What has to be so"),
        "bill": bill.bill(programs),
        "memory": bill.memory(cold, spent(planned)),
    }


def measure():
    """Measures, and writes the documents. Gives whether every promise is kept."""
    pack_peer()
    tables, is_well = run(["measure"], ["--release"])
    # A run that ended early measured nothing that could be shown.
    if "## What has to be so" in tables:
        write(tables)
    return is_well


def write(tables):
    """Writes the documents from the tables that bench/cost printed."""
    machine = {"day": date.today().strftime("%-d %B %Y"), "processor": processor(), "cores": os.cpu_count(),
               "kernel": platform.release()}
    heading = INTRODUCTION.format(**machine, python=f"Python {platform.python_version()}")
    said = "Measured on {day}, on {processor}, {cores} cores, Linux {kernel}.".format(**machine)
    readme = filled(README.read_text(encoding="utf-8"), tables_for_readers(tables, said))
    DOCUMENT.write_text(f"{heading}\n{tables.strip()}\n", encoding="utf-8")
    README.write_text(readme, encoding="utf-8")
    shutil.copyfile(DRAWN, CHART)


def guard():
    """Counts, and compares or stores. Gives whether all was well. How fast the counting program itself is does not matter."""
    store = os.environ.get("STORE", "").strip()
    return run(["guard", *(["--store"] if store else [])])[1]


def order():
    """Writes what the linker is to lay first. Gives whether all was well."""
    return run(["order"], functions=NAMED)[1]


def main(arguments):
    """Exit code 0 where nothing costs more than it may."""
    commands = {"measure": (build_shipped, measure), "guard": (build_shipped, guard), "order": (build_named, order)}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        prepare, command = commands[arguments[0]]
        prepare()
        return 0 if command() else 1
    except Failed as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
