"""A gateway before the local cloud: passes requests on, but runs the functions that stream their answers itself.

The local cloud has no response streaming. Before a stream of events it is still asked: it checks the key and whose operation
it is. The page needs no key.
"""

import contextlib
import json
import threading
import urllib.parse
import uuid
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler

from local_cloud import Answer, send
from progress import Failed
from streamed import QuietServer, Streamed
from workspace import environment

STAGE = "/v1"
# What belongs to one connection alone.
OF_CONNECTION = {"connection", "transfer-encoding", "content-length", "keep-alive", "host"}


class Gateway:
    """`with Gateway(deployment, programs, log) as api:` gives the deployment with the gateway's address.

    `programs` are the functions that stream, by their names; the local cloud answers for one that is not there. `log` is an
    open file for what they write.
    """

    def __init__(self, deployment, programs, log):
        self._deployment = deployment
        handler = _handler(deployment, programs, log)
        try:
            self._server = QuietServer(("127.0.0.1", urllib.parse.urlsplit(deployment.endpoint).port + 1), handler)
        except (OSError, OverflowError):
            # Taken, or past the last port.
            self._server = QuietServer(("127.0.0.1", 0), handler)

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return replace(self._deployment, url=f"http://127.0.0.1:{self._server.server_port}{STAGE}")

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def variables(deployment):
    """The environment of the functions that stream in this stack."""
    tables = {"OPERATIONS_TABLE": "OperationsTable", "PROGRESS_TABLE": "ProgressTable", "OPERATIONS_BUCKET": "OperationsBucket"}
    named = {name: deployment.resources[resource] for name, resource in tables.items()}
    return environment(AWS_ENDPOINT_URL=deployment.endpoint, **named)


@dataclass(frozen=True)
class Route:
    """What a function that streams answers."""

    program: str
    resource: str
    # The path by which the local cloud tells whether the caller may see it; None: anybody may.
    lookup: str | None = None
    # Of the path.
    parameters: dict = field(default_factory=dict)


def streamed(method, path, query, accept):
    """The route of a request whose answer is streamed; None if it is not."""
    match path.strip("/").split("/"):
        case [""]:
            return Route("page", "/")
        case ["assets", name]:
            return Route("page", "/assets/{hash}", parameters={"hash": name})
        case ["operations", name, "events"] if method == "GET" and (
                "text/event-stream" in accept or "format=ui-message-stream" in query):
            return Route("stream", "/operations/{operation_id}/events", f"/operations/{name}", {"operation_id": name})
        case ["tasks", name, "stream"] if method == "GET":
            return Route("stream", "/tasks/{task_id}/stream", f"/tasks/{name}", {"task_id": name})
    return None


def _handler(deployment, programs, log):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_any(self):
            self._began = False
            # A client that goes away ends the block of a stream, and with it the function.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                try:
                    self._serve()
                except Failed as failure:
                    if self._began:
                        # Without the last chunk, so that the client sees that it is cut.
                        self.close_connection = True
                    else:
                        self._answer(Answer(502, {"Content-Type": "application/json"}, json.dumps({"message": str(failure)}).encode()))

        def _serve(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            path, _, query = self.path.removeprefix(STAGE).partition("?")
            route = streamed(self.command, path, query, self.headers.get("Accept", ""))
            if route and route.program in programs:
                if route.lookup:
                    found = send("GET", deployment.url + route.lookup, headers=self._sent() | {"Accept": "application/json"})
                    if found.status != 200:
                        return self._answer(found)
                return self._stream(route, path, query)
            return self._answer(send(self.command, deployment.url + self.path.removeprefix(STAGE), body, self._sent()))

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_any

        def _sent(self):
            return {name: value for name, value in self.headers.items() if name.lower() not in OF_CONNECTION}

        def _answer(self, answer):
            self._head(answer.status, answer.headers.items(), ("Content-Length", str(len(answer.body))))
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def _head(self, status, headers, last):
            self._began = True
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in OF_CONNECTION:
                    self.send_header(name, value)
            self.send_header(*last)
            self.end_headers()

        def _stream(self, route, path, query):
            with Streamed(programs[route.program], variables(deployment), self._event(route, path, query), log) as answer:
                if answer.status in (204, 304) or self.command == "HEAD":
                    # It has no body, not even an empty one in chunks: a client would take that for its next answer.
                    return self._head(answer.status, answer.headers, ("Content-Length", "0"))
                self._head(answer.status, answer.headers, ("Transfer-Encoding", "chunked"))
                for piece in answer.pieces():
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.write(b"0\r\n\r\n")
            return None

        def _event(self, route, path, query):
            """As a REST API sends it."""
            asked = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
            several = {name: self.headers.get_all(name) for name in self.headers}
            parameters = {name: urllib.parse.unquote(value) for name, value in route.parameters.items()}
            return {
                "resource": route.resource, "path": path or "/", "httpMethod": self.command,
                "headers": {name: values[-1] for name, values in several.items()}, "multiValueHeaders": several,
                "queryStringParameters": asked or None,
                "multiValueQueryStringParameters": {name: [value] for name, value in asked.items()} or None,
                "pathParameters": parameters or None, "stageVariables": None,
                "requestContext": {
                    "resourcePath": route.resource, "path": STAGE + path, "stage": STAGE[1:], "httpMethod": self.command,
                    "requestId": str(uuid.uuid4()), "identity": {"sourceIp": "127.0.0.1"},
                },
                "body": None, "isBase64Encoded": False,
            }

        def log_message(self, *_):
            pass

    return Handler
