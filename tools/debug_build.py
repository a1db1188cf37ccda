"""Compiles the functions for the demonstration: a debug build, in a fraction of the release build's time.

These programs are never deployed to AWS: the package that ships is in .aws-sam/build, and `sam build` makes it.
Needs no virtual environment, so that compiling can start before there is one. TESTS_FOLLOW=1: takes longer, and the tests
find their crates compiled.
"""

import json
import os
import re

from progress import Step, run_logged
from workspace import ROOT, STATE

# Function -> path of its program, as the last build left it.
PROGRAMS = STATE / "demonstration" / "programs.json"
# What cargo shows of its progress: "    Building [====>      ] 45/210: syn, serde".
PROGRESS = re.compile(r"\s*Building \[[=> ]*\] (\d+)/(\d+)")


def functions():
    """The crates in functions/."""
    return sorted(manifest.parent.name for manifest in ROOT.glob("functions/*/Cargo.toml"))


def compile_functions(names, title, meanwhile=lambda: None):
    """Compiles functions at once; returns their programs. `meanwhile` is called all the time; if it raises, the build ends."""
    command = ["cargo", "build", "--locked", "--message-format", "json-render-diagnostics"]
    option = "--package"
    if os.environ.get("TESTS_FOLLOW"):
        # An example needs what tests need: beside it each crate has the features that it has in tests.
        command += ["--workspace", "--example", "read"]
        option = "--bin"
    for name in names:
        command += [option, name]
    # Cargo shows its progress to terminals only, unless told otherwise.
    env = os.environ | {"CARGO_TERM_PROGRESS_WHEN": "always", "CARGO_TERM_PROGRESS_WIDTH": "80", "CARGO_TERM_COLOR": "never"}
    found = {}
    with Step(title) as step:
        def heard(line):
            meanwhile()
            if line.startswith("{"):
                remember_program(line, found)
                return True
            progress = PROGRESS.match(line)
            if progress:
                step.detail = f"{progress[1]} of {progress[2]} crates"
            return bool(progress)

        run_logged(command, STATE / "demonstration.log", "The functions did not compile", env=env, cwd=ROOT, heard=heard)
    return found


def write_programs(found):
    """Writes PROGRAMS."""
    PROGRAMS.parent.mkdir(parents=True, exist_ok=True)
    PROGRAMS.write_text(json.dumps(found, indent=2), encoding="utf-8")


def remember_program(message, found):
    """Puts the program that a message of cargo is about, if any, into `found`."""
    artifact = json.loads(message)
    if artifact.get("executable"):
        found[artifact["target"]["name"]] = artifact["executable"]
