"""One invocation of a function that streams its answer, under a Runtime API of its own.

The local cloud sends such an answer at its end. AWS's form of it: JSON with status and headers, eight NULs, the body; in
chunks, each of which counts when it comes.
"""

import json
import queue
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from processes import start_helper, stop_helper
from progress import Failed

SECONDS = 100
# Between two looks at whether the program still runs.
LOOK_SECONDS = 1
# Between the head of an answer and its body.
MARK = bytes(8)
END = None


class QuietServer(ThreadingHTTPServer):
    """Says nothing of a client that goes away, or of a program that is ended while it waits."""

    # Whoever waits ends with the command.
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Streamed:
    """`with Streamed(program, environment, event, log) as answer:` gives `status`, `headers` and, by `pieces()`, the body.

    Leaving the block ends the program, as nobody reads any more. A program that does not start, ends amid its answer or reports
    an error is a `Failed`, from `with` or from `pieces()`.
    """

    def __init__(self, program, environment, event, log):
        self._program = program
        self._log = log
        self._came = queue.Queue()
        self._server = QuietServer(("127.0.0.1", 0), _handler(event, self._came))
        self._variables = environment | {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_port}", "AWS_LAMBDA_FUNCTION_NAME": "stream",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        }
        self._process = None
        self._first = b""

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            self._process = start_helper([self._program], self._log, self._variables)
            head = self._head()
        except OSError as error:
            self.__exit__()
            raise Failed(f"{self._program} could not be started: {error}") from error
        except BaseException:
            self.__exit__()
            raise
        self.status = head["statusCode"]
        self.headers = list(head.get("headers", {}).items())
        return self

    def __exit__(self, *_):
        if self._process:
            stop_helper(self._process)
        self._server.shutdown()
        self._server.server_close()

    def _head(self):
        text = b""
        while MARK not in text:
            if (piece := self._next()) is END:
                raise Failed("The function gave an answer that is not a stream.")
            text += piece
        head, _, self._first = text.partition(MARK)
        return json.loads(head)

    def _next(self):
        end = time.monotonic() + SECONDS
        while True:
            try:
                piece = self._came.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                if self._process.poll() is None and time.monotonic() < end:
                    continue
                piece = Failed("The function ended, or was silent for too long, before its answer was complete.")
            if isinstance(piece, Exception):
                raise piece
            return piece

    def pieces(self):
        """The pieces of the body, each as soon as the function has written it."""
        if self._first:
            yield self._first
        while (piece := self._next()) is not END:
            yield piece


def _handler(event, came):
    """Gives the invocation out once, and puts what the function writes into `came`."""
    given = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if given.is_set():
                # Until the program is ended.
                time.sleep(SECONDS)
                return
            given.set()
            body = json.dumps(event).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Lambda-Runtime-Aws-Request-Id", str(uuid.uuid4()))
            self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + SECONDS) * 1000)))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:stream")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            if not self.path.endswith("/response"):
                came.put(Failed(f"The function failed: {self.path}"))
            try:
                for piece in self._body():
                    came.put(piece)
            except ValueError:
                # No size of a chunk: the program was ended. Whoever waits sees that too.
                return
            came.put(END)
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _body(self):
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                yield self.rfile.read(int(self.headers.get("Content-Length", 0)))
                return
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            # Trailers, to the empty line.
            while self.rfile.readline().strip():
                pass

        def log_message(self, *_):
            pass

    return Handler
