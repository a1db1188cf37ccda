"""`make local-invoke EVENT=events/decompose-rest.json`: runs an event through `sam local invoke`, in SAM CLI's own container.

Usage: local_invoke.py [check]      (check: only whether the event and a container engine are there, before a build)
The event's file name begins with the function's name; FUNCTION=GenerateWorker chooses another. An event that needs the table
or the queues gets a local cloud beside it. Standard output has the answer alone. Exit code 1: no answer.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from build import PACKAGE
from container_engine import container_engine, require_engine
from local_cloud import LocalCloud
from ports import free_port
from progress import Failed, Step, exit_code
from repackaged import functions_of
from sam_local import beside, function_for, options
from samcli.yamlhelper import yaml_parse
from workspace import ROOT, environment, program

EVENTS = ROOT / "events"
# Functions that answer some events without a table, and those that answer none.
NEED_TABLE = ("OperationsFunction", "DeliverFunction", "GenerateWorker", "PatchWorker", "LibraryFunction")
NEED_TABLE_EVENTS = ("sqs", "operation", "poison", "save", "kept")


def chosen(event, function=None):
    """(path, logical id) of what the user asked for."""
    path = Path(event) if event else None
    names = sorted(file.name for file in EVENTS.glob("*.json"))
    if path is None or not path.is_file():
        what = "Which event? Say EVENT=events/decompose-rest.json." if path is None else f"There is no file {event}."
        raise Failed(f"{what} events/ has {', '.join(names)}.")
    function = function or function_for(path)
    known = sorted(functions_of(yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))))
    if function not in known:
        raise Failed(f"{path.name} is not named after a function: choose one with FUNCTION=..., of {', '.join(known)}.")
    return path, function


def needs_table(path, function):
    """Whether the event makes the function use the table or the queues."""
    return function in NEED_TABLE or path.stem.endswith(NEED_TABLE_EVENTS)


def invoke(path, function):
    """`sam local invoke`; returns its exit code. Its own messages and the function's log go to standard error."""
    with contextlib.ExitStack() as stack:
        engine = stack.enter_context(container_engine(PACKAGE.parent / function / "bootstrap"))
        more = []
        if needs_table(path, function):
            cloud = stack.enter_context(LocalCloud(free_port(), "local-invoke-cloud"))
            with Step("Deploying template.yaml into it"):
                deployment = cloud.deploy("local-invoke")
            more = stack.enter_context(beside(deployment, engine))
        command = [program("sam"), "local", "invoke", function, "--event", path.absolute(), *options(engine), *more]
        return subprocess.run(command, cwd=ROOT, env=environment(**engine.variables), check=False).returncode


def main(arguments):
    """Exit code: that of `sam local invoke`, or 1."""
    if arguments not in ([], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    path, function = chosen(os.environ.get("EVENT", "").strip(), os.environ.get("FUNCTION", "").strip())
    if arguments == ["check"]:
        require_engine()
        return 0
    # Standard output is for the answer.
    with contextlib.redirect_stdout(sys.stderr):
        return invoke(path, function)


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
