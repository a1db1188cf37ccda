"""Runs the functions of the package in SAM CLI's containers, alone or beside a stack in the local cloud."""

import contextlib
import json
import socket
import socketserver
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from build import PACKAGE
from local_cloud import ask, send
from ports import free_port
from processes import start_helper, stop_helper
from progress import Failed, shown
from repackaged import functions_of, write_template
from samcli.yamlhelper import yaml_parse
from workspace import ROOT, STATE, architecture, environment, program

FOLDER = STATE / "sam-local"
START_SECONDS = 60
# Longer than any function may take, and a container's start.
ANSWER_SECONDS = 60
# An event's file is named after its function, but for this one, which no function takes.
FUNCTION_OF = {"unknown": "decompose"}
# Nobody issues tokens there: a name that surely does not resolve. SAM CLI ignores the condition of the authorizer.
PARAMETERS = {"JwtIssuer": "https://issuer.invalid", "JwtAudience": "nobody"}


def function_for(event):
    """The logical id of the function that a file of events/ is for."""
    name = Path(event).stem
    crate = FUNCTION_OF.get(name, name.split("-")[0])
    return f"{crate.capitalize()}Function"


def options(engine):
    """The options that every `sam local` command gets."""
    overrides = [f"{name}={value}" for name, value in ({"Architecture": architecture()} | PARAMETERS).items()]
    config = ["--config-file", ROOT / "samconfig.toml", "--config-env", "local"]
    return [*config, *engine.options, "--parameter-overrides", *overrides]


class LocalLambda:
    """`sam local start-lambda`: each function gets a container at its first invocation and keeps it until the end."""

    def __init__(self, engine, *more):
        self.port = free_port()
        self.log = STATE / "sam-local.log"
        self._engine = engine
        self._more = more

    def __enter__(self):
        with self.log.open("w", encoding="utf-8") as log:
            self._process = start_helper(
                [program("sam"), "local", "start-lambda", "--port", str(self.port), "--warm-containers", "LAZY",
                 *options(self._engine), *self._more],
                log, environment(**self._engine.variables), ROOT,
            )
        try:
            self._wait()
        except BaseException:
            stop_helper(self._process)
            raise
        return self

    def __exit__(self, *_):
        stop_helper(self._process)

    def _wait(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise Failed(f"`sam local start-lambda` did not start. {shown(self.log)} ends with:", self.log)

    def invoke(self, function, event):
        """Sends an event, as bytes; returns the answer's JSON, of a failed invocation its Lambda error."""
        url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/{function}/invocations"
        answer = send("POST", url, event, {"Content-Type": "application/json"}, ANSWER_SECONDS)
        if answer.status != 200:
            raise Failed(f"{function} was not invoked: {answer.body[:300]!r}. {shown(self.log)} ends with:", self.log)
        return answer.json()


@contextlib.contextmanager
def beside(deployment, engine):
    """Yields the options with which the functions find the table, the queues and the bucket of a deployed stack."""
    with relay(engine.gateway(), urlsplit(deployment.endpoint).port) as endpoint:
        added = {"AWS_ENDPOINT_URL": endpoint}
        template = write_template(
            PACKAGE, FOLDER / "template.yaml", lambda _, code: PACKAGE.parent / code, added)
        variables = FOLDER / "variables.json"
        variables.write_text(json.dumps({
            name: deployed_variables(deployment, name) | added
            for name in functions_of(yaml_parse(template.read_text(encoding="utf-8"))) if name in deployment.resources
        }), encoding="utf-8")
        yield ["--template-file", template, "--env-vars", variables]


def deployed_variables(deployment, name):
    """The environment variables that a function of a deployed stack has."""
    url = f"{deployment.endpoint}/2015-03-31/functions/{deployment.resources[name]}/configuration"
    return ask("lambda", "GET", url).json()["Environment"]["Variables"]


@contextlib.contextmanager
def relay(address, port):
    """Passes connections to a free port of `address` on to `port` of the loopback interface; yields the URL to use.

    The local cloud listens on the loopback interface alone, which containers do not reach.
    """
    with Relay(address, port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{address}:{server.server_address[1]}"
        finally:
            server.shutdown()


class Relay(socketserver.ThreadingTCPServer):
    """A TCP server that connects its clients with a port of the loopback interface."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address, port):
        self.port = port
        super().__init__((address, 0), Connection)

    def server_bind(self):
        # podman takes the network's interface up with the first container only.
        self.socket.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
        super().server_bind()


# Linux's number, which Python's socket module lacks.
IP_FREEBIND = 15


class Connection(socketserver.BaseRequestHandler):
    """One client's connection, in both directions."""

    def handle(self):
        with socket.create_connection(("127.0.0.1", self.server.port)) as onward:
            back = threading.Thread(target=pump, args=(onward, self.request), daemon=True)
            back.start()
            pump(self.request, onward)
            back.join()


def pump(source, target):
    """Copies what comes until its end, then says that nothing more will."""
    with contextlib.suppress(OSError):
        for chunk in iter(lambda: source.recv(65536), b""):
            target.sendall(chunk)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
