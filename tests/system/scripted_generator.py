"""A remote Agent Generator that answers as a test says, and counts how often it was asked."""

import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# A test that forgot to let an answer go must not hold up the others.
HELD_SECONDS = 60


def agent(name):
    """The answer that is an agent of this name."""
    graph = {"name": name, "description": "Made for a test", "nodes": [{"id": "1"}], "links": []}
    return 200, {"success": True, "agent_json": graph}


BUSY = (503, {"error": "at capacity"})
# The job is the generator's now.
TAKEN = (202, {"status": "accepted"})


class Held:
    """An answer that is held back until the test lets it go."""

    def __init__(self, answer):
        self.answer = answer
        self.reached = threading.Event()
        self._free = threading.Event()

    def let_go(self):
        """Whoever waits gets the answer."""
        self._free.set()

    def wait(self):
        """The answer, once it may go."""
        self.reached.set()
        self._free.wait(HELD_SECONDS)
        return self.answer


class ScriptedGenerator:
    """`with` has it run, on a port of its own. A call is known by its mark: the first step of its instructions, or the wish."""

    def __init__(self):
        self._lock = threading.Lock()
        self._scripts = {}
        self._calls = defaultdict(list)

    def script(self, mark, *answers):
        """How the calls with a mark are answered, one after the other; the last answer holds for all that come after."""
        with self._lock:
            self._scripts[mark] = list(answers)

    def calls(self, mark):
        """The bodies of the calls with a mark."""
        with self._lock:
            return list(self._calls[mark])

    def _answer(self, body):
        mark = str(body["update_request"] if "update_request" in body else body["instructions"]["steps"][0])
        with self._lock:
            self._calls[mark].append(body)
            script = self._scripts.get(mark) or [agent(mark)]
            answer = script.pop(0) if len(script) > 1 else script[0]
        return answer.wait() if isinstance(answer, Held) else answer

    def __enter__(self):
        generator = self

        class Handler(BaseHTTPRequestHandler):
            """One connection of a function."""

            def do_POST(self):
                """A call, answered by its script."""
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = generator._answer(body)
                text = json.dumps(answer).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except OSError:
                    # Whoever asked was killed.
                    self.close_connection = True

            def log_message(self, *_):
                """No line per call."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        """Ends it; its port is closed then."""
        self._server.shutdown()
        self._server.server_close()

    def __exit__(self, *_):
        self.stop()
