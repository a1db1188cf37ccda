"""A gateway before the local cloud: passes requests on, but sends streams of events as they come.

The local cloud has no response streaming. It is still asked first: it checks the key and whose operation it is.
"""

import contextlib
import json
import threading
import urllib.parse
import uuid
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

from local_cloud import Answer, send
from progress import Failed
from streamed import QuietServer, Streamed
from workspace import environment

STAGE = "/v1"
# What belongs to one connection alone.
OF_CONNECTION = {"connection", "transfer-encoding", "content-length", "keep-alive", "host"}


class Gateway:
    """`with Gateway(deployment, program, log) as api:` gives the deployment with the gateway's address.

    `program` is the function `stream`. `log` is an open file for what it writes.
    """

    def __init__(self, deployment, program, log):
        self._deployment = deployment
        handler = _handler(deployment, program, log)
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
    """The environment of the function `stream` in this stack."""
    tables = {"OPERATIONS_TABLE": "OperationsTable", "PROGRESS_TABLE": "ProgressTable", "OPERATIONS_BUCKET": "OperationsBucket"}
    named = {name: deployment.resources[resource] for name, resource in tables.items()}
    return environment(AWS_ENDPOINT_URL=deployment.endpoint, **named)


def lookup(path, query, accept):
    """The path and query by which the local cloud tells whether a stream may be read; None if none is asked for."""
    wants = "text/event-stream" in accept or "format=ui-message-stream" in query
    if path.startswith("/operations/") and path.endswith("/events") and wants:
        return path.removesuffix("/events")
    if path.startswith("/tasks/") and path.endswith("/stream"):
        return path.removesuffix("/stream")
    return None


def _handler(deployment, program, log):
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
            looked_up = lookup(path, query, self.headers.get("Accept", "")) if self.command == "GET" else None
            if looked_up:
                found = send("GET", deployment.url + looked_up, headers=self._sent() | {"Accept": "application/json"})
                if found.status == 200:
                    return self._stream(path, query)
                return self._answer(found)
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

        def _stream(self, path, query):
            with Streamed(program, variables(deployment), self._event(path, query), log) as answer:
                if answer.status == 204:
                    # It has no body, not even an empty one in chunks: a client would take that for its next answer.
                    return self._head(answer.status, answer.headers, ("Content-Length", "0"))
                self._head(answer.status, answer.headers, ("Transfer-Encoding", "chunked"))
                for piece in answer.pieces():
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.write(b"0\r\n\r\n")
            return None

        def _event(self, path, query):
            """As a REST API sends it."""
            asked = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
            several = {name: self.headers.get_all(name) for name in self.headers}
            first, named = path.split("/")[1:3]
            parameter = {"operations": "operation_id", "tasks": "task_id"}[first]
            return {
                "resource": path.replace(named, "{%s}" % parameter), "path": path, "httpMethod": "GET",
                "headers": {name: values[-1] for name, values in several.items()}, "multiValueHeaders": several,
                "queryStringParameters": asked or None,
                "multiValueQueryStringParameters": {name: [value] for name, value in asked.items()} or None,
                "pathParameters": {parameter: urllib.parse.unquote(named)}, "stageVariables": None,
                "requestContext": {
                    "resourcePath": path, "path": STAGE + path, "stage": STAGE[1:], "httpMethod": "GET",
                    "requestId": str(uuid.uuid4()), "identity": {"sourceIp": "127.0.0.1"},
                },
                "body": None, "isBase64Encoded": False,
            }

        def log_message(self, *_):
            pass

    return Handler
