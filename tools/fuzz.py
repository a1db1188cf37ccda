"""`make fuzz`: runs libFuzzer on the properties of fuzz/ and prints a table of the results.

TIME: seconds for each target (60). TARGET: only this target. KEEP=1: adds the inputs that reach new code to fuzz/corpus and
writes the table into docs/FUZZING.md. An input that violates a property is stored in fuzz/regressions/TARGET, and `cargo
test` runs it from then on. Exit code 1: there is one.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from progress import Failed, Step, exit_code, run_logged

VERSION = "0.13.2"
TIME_SECONDS = 60
FUZZ = Path("fuzz")
DOCUMENT = Path("docs") / "FUZZING.md"
BEGIN, END = "<!-- the table: make fuzz KEEP=1 -->", "<!-- the end of the table -->"
# A build of its own: it is instrumented.
WORK = Path(".local") / "fuzz"
TOOL = WORK / "tool" / "bin" / "cargo-fuzz"
TRIPLE = f"{platform.machine()}-unknown-linux-gnu"
# Folders of inputs for a target, besides its own.
MORE_SEEDS = {"event": ["events"]}
# Bytes per input. Catalogues and agents are long; longer inputs are slower and find less.
LONGEST = {"catalogue": 16384, "event": 8192, "graph": 8192, "plan": 8192, "request": 8192, "workbench": 8192}
# An input that takes longer is a finding.
PATIENCE_SECONDS = 20
# At most so many inputs are kept for a target: a test replays each of them.
MOST_KEPT = 48
# Halves the build time; the slower programs find as much in slightly more time.
PROFILE = {"CARGO_PROFILE_RELEASE_LTO": "off", "CARGO_PROFILE_RELEASE_STRIP": "none", "CARGO_PROFILE_RELEASE_OPT_LEVEL": "1"}
COLUMNS = ("target", "executions", "a second", "edges", "corpus", "findings")


def targets(name=None):
    """All targets, or only `name`."""
    names = sorted(program.stem for program in (FUZZ / "fuzz_targets").glob("*.rs"))
    if name and name not in names:
        raise Failed(f"There is no target {name}: there are {', '.join(names)}")
    return [name] if name else names


def build():
    """Builds the targets on the stable toolchain, without sanitisers, which need nightly."""
    if not TOOL.is_file():
        with Step(f"Installing cargo-fuzz {VERSION} (once, about a minute)"):
            run_logged(["cargo", "install", "cargo-fuzz", "--version", VERSION, "--locked", "--root", TOOL.parent.parent],
                       WORK / "install.log", "cargo-fuzz was not installed")
    with Step("Building the targets (the first time some minutes)"):
        run_logged([TOOL, "fuzz", "build", "--sanitizer", "none", "--features", "libfuzzer", "--codegen-units", "16",
                    "--target-dir", WORK / "target"],
                   WORK / "build.log", "The targets were not built", env=os.environ | PROFILE)


def program(target):
    return WORK / "target" / TRIPLE / "release" / target


def seeds(target):
    """The folders of inputs that a target starts with."""
    folders = [FUZZ / "corpus" / target, FUZZ / "regressions" / target, *map(Path, MORE_SEEDS.get(target, []))]
    return [folder for folder in folders if folder.is_dir()]


def fuzz(target, seconds):
    """Runs a target for `seconds`; returns its row of the table."""
    corpus, findings = WORK / "corpus" / target, FUZZ / "regressions" / target
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    known = set(findings.iterdir())
    log = WORK / f"{target}.log"
    with Step(f"Fuzzing {target}"), log.open("w", encoding="utf-8") as output:
        subprocess.run(
            [program(target), corpus, *seeds(target), f"-max_total_time={seconds}", f"-timeout={PATIENCE_SECONDS}",
             f"-max_len={LONGEST.get(target, 4096)}", f"-artifact_prefix={findings}/", f"-dict={FUZZ / 'dictionary.txt'}",
             "-rss_limit_mb=4096", "-print_final_stats=1"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False,
        )
    found = len(set(findings.iterdir()) - known)
    if not any(findings.iterdir()):
        findings.rmdir()
    return row(target, log.read_text(encoding="utf-8", errors="replace"), len(list(corpus.iterdir())), found)


def row(target, said, corpus, found):
    """Parses the output of libFuzzer into a row of the table."""
    number = lambda pattern: int((re.findall(pattern, said) or ["0"])[-1])
    executions = number(r"stat::number_of_executed_units:\s*(\d+)") or number(r"(?m)^#(\d+)")
    return (target, executions, number(r"stat::average_exec_per_sec:\s*(\d+)"), number(r"cov: (\d+)"), corpus, found)


def keep(target):
    """Adds the inputs that reach new code to the corpus, the shortest first, up to MOST_KEPT."""
    fresh = WORK / "fresh" / target
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    run_logged([program(target), "-merge=1", fresh, *seeds(target), WORK / "corpus" / target],
               WORK / "merge.log", f"The inputs of {target} were not merged")
    corpus = FUZZ / "corpus" / target
    kept = {file.read_bytes() for folder in seeds(target) for file in folder.iterdir() if file.is_file()}
    new = sorted((file for file in fresh.iterdir() if file.read_bytes() not in kept), key=lambda file: file.stat().st_size)
    for file in new[:max(0, MOST_KEPT - len(list(corpus.iterdir())))]:
        shutil.copyfile(file, corpus / file.name[:12])


def table(rows, seconds):
    """The rows as Markdown, below the date and the machine."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" + "|---:" * (len(COLUMNS) - 1) + "|"]
    lines += [f"| `{name}` | " + " | ".join(f"{figure:,}" for figure in figures) + " |" for name, *figures in rows]
    where = f"{model.group(1).strip() if model else platform.machine()}, {os.cpu_count()} cores, one of them for the fuzzer"
    return "\n".join([f"{time.strftime('%Y-%m-%d')}, {seconds} s for each target on {where}.", "", *lines])


def write(text):
    """Replaces the table in DOCUMENT."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main():
    """Exit code 1: an input violated a property."""
    seconds, keeps = int(os.environ.get("TIME") or TIME_SECONDS), bool(os.environ.get("KEEP"))
    names = targets(os.environ.get("TARGET"))
    build()
    rows = [fuzz(name, seconds) for name in names]
    if keeps:
        for name in names:
            keep(name)
    text = table(rows, seconds)
    if keeps and len(names) > 1:
        write(text)
    print(f"\n{text}")
    broken = [name for name, *_, found in rows if found]
    for name in broken:
        found = FUZZ / "regressions" / name
        print(f"error: an input in {found} violates the property {name}; {WORK / name}.log says why", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
