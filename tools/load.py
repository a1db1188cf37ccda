"""`make load`: runs bench/load, then fifty callers against the system in the local cloud; writes docs/LOAD.md.

COUNT (invocations of each binary), FLIP_SECONDS, FROZEN_SECONDS and LOAD_SECONDS shorten a run. Exit code 1: an answer was
wrong, an operation was lost, or a process grew; docs/LOAD.md is then left as it was.
"""

import itertools
import os
import platform
import random
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from build import PACKAGE, build
from local_cloud import UNLIMITED, LocalCloud
from ports import free_port
from progress import Failed, Step, exit_code, report
from workspace import ROOT

DOCUMENT = ROOT / "docs" / "LOAD.md"
CALLERS = 50
SECONDS = 60
OPERATIONS = 120
# If no operation ends for this long, the rest counts as lost.
PATIENCE_SECONDS = 60
# A request may take this long: the gateway's limit, and a second for the network.
SLOWEST_SECONDS = 30
GOAL = "Summarise a web page and e-mail the summary"
# Relative frequency of what a caller does.
MIXTURE = {"decompose": 6, "generate": 4, "patch": 3, "blocks": 2, "health": 3, "mistake": 2, "begin": 2, "look": 2}
INTRODUCTION = """# Load

What `make load` found on {day}, on {processor}, {cores} cores, Linux {kernel}. The callers, the servers that are played and
the functions shared that machine, so the figures per second say more about it than about Lambda. What has to be so, and is
asserted: no wrong answer, no lost operation, memory at the end that is at most a twentieth (and 512 KB) above that at the
beginning, no more open file descriptors, and less than 1.2 calls per request of a generator that is down.
"""


class Wrong(Exception):
    """An answer differs from what the contract says."""


class Callers:
    """CALLERS clients, each of which sends one request after the other."""

    def __init__(self, api):
        self.api = api
        self.times = defaultdict(list)
        self.wrong = []
        self.begun = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._agent = self._asked("POST", "/generate", {"description": GOAL}, type="agent_preview")["agent_json"]

    def call_for(self, seconds):
        """Lets all of them call; returns the seconds until the last answer."""
        began = time.monotonic()
        with ThreadPoolExecutor(CALLERS) as pool:
            calling = [pool.submit(self._call_until, began + seconds, random.Random(caller)) for caller in range(CALLERS)]
            for caller in calling:
                # An unexpected exception of a caller ends the run.
                caller.result()
        return time.monotonic() - began

    def _call_until(self, end, chance):
        while time.monotonic() < end:
            kind = self._next(chance)
            began = time.monotonic()
            try:
                getattr(self, kind)(chance)
                if time.monotonic() - began > SLOWEST_SECONDS:
                    raise Wrong(f"took {time.monotonic() - began:.1f} s")
            except (Wrong, Failed) as wrong:
                with self._lock:
                    self.wrong.append(f"{kind}: {wrong}")
            with self._lock:
                self.times[kind].append(time.monotonic() - began)

    def _next(self, chance):
        kind = chance.choices(list(MIXTURE), MIXTURE.values())[0]
        if kind == "begin" and next(self._numbers) >= OPERATIONS:
            kind = "look"
        # Before the first operation there is nothing to look at.
        return "health" if kind == "look" and not self.begun else kind

    def decompose(self, _):
        self._asked("POST", "/decompose", {"description": GOAL}, type="instructions")

    def generate(self, _):
        self._asked("POST", "/generate", {"description": GOAL}, type="agent_preview")

    def patch(self, _):
        request = {"current_agent_json": self._agent, "changes": "Rename it to Page digest"}
        self._asked("POST", "/patch", request, type="agent_preview")

    def blocks(self, _):
        self._asked("GET", "/blocks", type="blocks")

    def health(self, _):
        self._asked("GET", "/health", status="healthy")

    def mistake(self, _):
        self._asked("POST", "/decompose", {"goal": GOAL}, 400, error_type="invalid_request", retryable=False)

    def begin(self, _):
        """Starts an operation twice, as if the first answer had been lost: both requests must get the same one."""
        operation_id = str(uuid.uuid4())
        request = {"operation_id": operation_id, "task_id": operation_id, "description": GOAL}
        for _ in range(2):
            self._asked("POST", "/generate", request, 202, type="operation_started", operation_id=operation_id)
        with self._lock:
            self.begun.append(operation_id)

    def look(self, chance):
        """Asks for the status of an operation."""
        with self._lock:
            operation_id = chance.choice(self.begun)
        stands = self._asked("GET", f"/operations/{operation_id}", operation_id=operation_id)
        if stands.get("status") not in ("accepted", "running", "completed"):
            raise Wrong(f"an operation with an unknown status: {stands}")

    def _asked(self, method, path, body=None, expected=200, **members):
        answer = self.api.call(method, path, body)
        said = answer.json()
        if answer.status != expected or any(said.get(name) != value for name, value in members.items()):
            raise Wrong(f"{method} {path} was answered with {answer.status} {answer.body[:300]!r}")
        return said

    def outcomes(self):
        """Waits for all operations. Id -> last answer; None for an operation that did not end."""
        ended, changed = {}, time.monotonic()
        while len(ended) < len(self.begun) and time.monotonic() - changed < PATIENCE_SECONDS:
            for operation_id in [known for known in self.begun if known not in ended]:
                stands = self.api.call("GET", f"/operations/{operation_id}").json()
                if stands.get("status") in ("completed", "failed"):
                    ended[operation_id], changed = stands, time.monotonic()
            time.sleep(0.5)
        return {operation_id: ended.get(operation_id) for operation_id in self.begun}


def through_the_cloud(seconds):
    """Runs the callers against the gateway of the local cloud. Returns a section of the document and a list of complaints."""
    with LocalCloud(free_port(), "load-cloud") as cloud:
        with Step("Deploying template.yaml into the local cloud"):
            api = cloud.deploy("load", **UNLIMITED)
        callers = Callers(api)
        with Step(f"{CALLERS} callers for {seconds} s"):
            took = callers.call_for(seconds)
        with Step(f"Waiting for {len(callers.begun)} operations"):
            outcomes = callers.outcomes()
        with Step("Asking for each of them again"):
            changed = [known for known, end in outcomes.items()
                       if end and api.call("GET", f"/operations/{known}").json() != end]
    lost = [known for known, end in outcomes.items() if end is None]
    failed = [known for known, end in outcomes.items() if end and end["status"] != "completed"]
    complaints = callers.wrong[:5]
    for what, operations in (("lost", lost), ("failed", failed), ("ended twice", changed)):
        if operations:
            complaints.append(f"{len(operations)} operations were {what}, such as {operations[0]}")
    return section(callers, took, outcomes, lost), complaints


def section(callers, took, outcomes, lost):
    """The section about the callers, in Markdown."""
    every = [spent for times in callers.times.values() for spent in times]
    rows = [(kind, callers.times[kind]) for kind in MIXTURE] + [("all", every)]
    table = "\n".join(f"| {kind} | {len(times)} | {at(times, 50)} | {at(times, 99)} |" for kind, times in rows)
    return f"""## {CALLERS} callers at once

{CALLERS} callers on the deployed template, through the API gateway of the local cloud, with the built-in generator, for
{took:.0f} s: {len(every) / took:.0f} requests a second. That is the local cloud's pace: it is one program in Python, and starts
processes for the functions. Each operation is begun twice with the same id; `begin` is both requests.

| what | requests | p50, ms | p99, ms |
|---|---:|---:|---:|
{table}

Wrong answers: {len(callers.wrong)}. Operations: {len(outcomes)} begun, {len(lost)} lost, each with one outcome.
"""


def at(times, percentile):
    """A percentile of seconds, in milliseconds."""
    if len(times) < 2:
        return "-"
    return f"{statistics.quantiles(times, n=100, method='inclusive')[percentile - 1] * 1000:.0f}"


def long_runs(*runs):
    """Runs bench/load and prints its tables as they come. Returns them, and whether every check passed."""
    command = ["cargo", "run", "--release", "--quiet", "--package", "load", "--", *runs]
    env = os.environ | {"FUNCTIONS_BIN_DIR": str(PACKAGE.parent)}
    told = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env) as running:
        for line in running.stdout:
            told.append(line)
            print(line, end="", flush=True)
    return "".join(told), running.returncode == 0


def processor():
    """The processor's name, from Linux."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def on_this_machine(introduction):
    """Fills in the day and the machine of a run."""
    return introduction.format(
        day=date.today().strftime("%-d %B %Y"), processor=processor(), cores=os.cpu_count(), kernel=platform.release())


def main():
    """Exit code 0: every check passed."""
    seconds = int(os.environ.get("LOAD_SECONDS", "").strip() or SECONDS)
    build()
    tables, is_well = long_runs()
    callers, complaints = through_the_cloud(seconds)
    print(callers)
    for complaint in complaints:
        report(Failed(complaint))
    if complaints or not is_well:
        return 1
    DOCUMENT.write_text(f"{on_this_machine(INTRODUCTION)}\n{tables}{callers}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
