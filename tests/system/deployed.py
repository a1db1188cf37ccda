"""The deployed system, started once for all tests: the local cloud, the stacks, and the servers around them."""

import atexit
import functools
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from local_cloud import UNLIMITED, LocalCloud  # noqa: E402
from ports import free_port  # noqa: E402
from progress import Step, report  # noqa: E402
from scripted_generator import ScriptedGenerator  # noqa: E402
from token_issuer import TokenIssuer  # noqa: E402
from webhook_receiver import HOST, WebhookReceiver, certificate  # noqa: E402

# Starting takes a fraction of a second, even on a busy machine.
LISTEN_SECONDS = 20


@functools.cache
def cloud():
    """A local cloud for the tests only; stops with the tests."""
    # The functions inherit its environment: `deliver` and `authorizer` trust this certificate.
    started = LocalCloud(free_port(), "test-cloud", SSL_CERT_FILE=str(certificate()[0]))
    started.__enter__()
    atexit.register(started.stop)
    return started


@functools.cache
def stack(name="system", **parameters):
    """Deploys the template once per name and parameters."""
    with ReportedStep(f"Deploying the template as {name}"):
        return cloud().deploy(name, **(UNLIMITED | parameters))


@functools.cache
def generator():
    """A scripted generator for the stacks with operations."""
    started = ScriptedGenerator().__enter__()
    atexit.register(started.stop)
    return started


@functools.cache
def receiver():
    """A webhook receiver on this machine, which the stacks trust."""
    started = WebhookReceiver()
    atexit.register(started.stop)
    return started


@functools.cache
def token_issuer():
    """An issuer of access tokens with the receiver's certificate."""
    started = TokenIssuer()
    atexit.register(started.stop)
    return started


# A worker's time limit. The local cloud notices a killed worker only after it.
WORKER_SECONDS = 12


def operations_stack(name="operations", **parameters):
    """A stack for operations, with short time limits."""
    return stack(
        name, AgentGeneratorUrl=generator().address, WorkerTimeout=WORKER_SECONDS, JobLease=3, JobRetryDelay=1,
        JobAttempts=3, CallbackTrustedHosts=f"{HOST}:{receiver().port}", **parameters,
    )


def impatient_stack():
    """A stack with a short deadline for operations, for tests that also break parts of it."""
    return operations_stack("impatient", OperationTimeout=4)


# Two requests a day for a key; for a key, and for the health, three at once.
LIMITS = {"KeyRateLimit": 1, "KeyBurstLimit": 3, "KeyQuotaPerDay": 2, "OpenRateLimit": 1, "OpenBurstLimit": 3}


def limited_stack():
    """A stack without a generator whose keys may ask for next to nothing: each test takes a key of its own."""
    return stack("limited", AgentGeneratorUrl="", **LIMITS)


class ReportedStep(Step):
    """Prints a failure once, with the end of its log, instead of once per test."""

    def __exit__(self, kind, error, trace):
        super().__exit__(kind, error, trace)
        if error is not None and hasattr(error, "tail"):
            report(error)


class RemoteGenerator:
    """This project's generator as a server. A context manager."""

    PROGRAM = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "generator"

    def __enter__(self):
        if not self.PROGRAM.is_file():
            raise FileNotFoundError(f"{self.PROGRAM} is missing: `make test` compiles it")
        self._process = subprocess.Popen(
            [self.PROGRAM, "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        # Kills a server that never prints its address.
        watchdog = threading.Timer(LISTEN_SECONDS, self._process.kill)
        watchdog.start()
        said = []
        try:
            for line in self._process.stdout:
                said.append(line)
                found = re.search(r"127\.0\.0\.1:(\d+)", line)
                if found:
                    self.address = f"http://127.0.0.1:{found[1]}"
                    return self
        finally:
            watchdog.cancel()
        self.stop()
        raise RuntimeError(f"the generator did not print its address: {said}")

    def stop(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def __exit__(self, *_):
        self.stop()
