"""The deployed system, once for all tests of this folder: a local cloud, the template in it, and what lies around it."""

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

from local_cloud import LocalCloud, free_port  # noqa: E402
from progress import Step, report  # noqa: E402
from scripted_generator import ScriptedGenerator  # noqa: E402
from token_issuer import TokenIssuer  # noqa: E402
from webhook_receiver import HOST, WebhookReceiver, certificate  # noqa: E402

# A program that is there and listens takes a fraction of a second, also on a busy machine.
LISTEN_SECONDS = 20


@functools.cache
def cloud():
    """A local cloud of the tests' own, beside whatever `make run` has up; it ends with the tests."""
    # The functions take over its environment: this is how `deliver` and `authorizer` learn whose certificates to trust.
    started = LocalCloud(free_port(), "test-cloud", SSL_CERT_FILE=str(certificate()[0]))
    started.__enter__()
    atexit.register(started.stop)
    return started


@functools.cache
def stack(name="system", **parameters):
    """The template, deployed under this name with these parameters; once."""
    with Told(f"Deploying the template as {name}"):
        return cloud().deploy(name, **parameters)


@functools.cache
def generator():
    """A generator that answers by script, for the stacks whose operations are tested."""
    started = ScriptedGenerator().__enter__()
    atexit.register(started.stop)
    return started


@functools.cache
def receiver():
    """A receiver of webhooks that the stacks trust, though it lies in a private network: this machine."""
    started = WebhookReceiver()
    atexit.register(started.stop)
    return started


@functools.cache
def token_issuer():
    """An issuer of access tokens, whose certificate the functions trust as they do the receiver's."""
    started = TokenIssuer()
    atexit.register(started.stop)
    return started


# Seconds that a worker has for a job in the stacks of operations: the local cloud notices no earlier that one was killed.
WORKER_SECONDS = 12


def operations_stack(name="operations", **parameters):
    """A stack whose work outlives requests, with short times: nobody waits a quarter of an hour for a test."""
    return stack(
        name, AgentGeneratorUrl=generator().address, WorkerTimeout=WORKER_SECONDS, JobLease=3, JobRetryDelay=1,
        JobAttempts=3, CallbackTrustedHosts=f"{HOST}:{receiver().port}", **parameters,
    )


def impatient_stack():
    """One whose operations have little time, for tests that also take something of it away."""
    return operations_stack("impatient", OperationTimeout=4)


class Told(Step):
    """A step whose failure is printed once, with the end of its log, and not for each test that needs it."""

    def __exit__(self, kind, error, trace):
        super().__exit__(kind, error, trace)
        if error is not None and hasattr(error, "tail"):
            report(error)


class RemoteGenerator:
    """A remote Agent Generator: this project's own, as a server. `with` has it run."""

    PROGRAM = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "generator"

    def __enter__(self):
        if not self.PROGRAM.is_file():
            raise FileNotFoundError(f"{self.PROGRAM} is missing: `cargo build --package generator` makes it, as `make test` does")
        self._process = subprocess.Popen(
            [self.PROGRAM, "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        # A server that never says where it listens must not hold the tests up.
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
        raise RuntimeError(f"the generator did not say where it listens: {said}")

    def stop(self):
        """Ends it; its port is closed then."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def __exit__(self, *_):
        self.stop()
