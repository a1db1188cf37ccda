"""A remote Agent Generator with scripted answers, which records its calls."""

import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The limit for an answer that a test forgot to release.
HELD_SECONDS = 60


def agent(name):
    """The answer with an agent of this name."""
    graph = {"name": name, "description": "Made for a test", "nodes": [{"id": "1"}], "links": []}
    return 200, {"success": True, "agent_json": graph}


BUSY = (503, {"error": "at capacity"})
# Takes the job over.
TAKEN = (202, {"status": "accepted"})


class Held:
    """An answer that waits until the test releases it."""

    def __init__(self, answer):
        self.answer = answer
        self.reached = threading.Event()
        self._free = threading.Event()

    def release(self):
        self._free.set()

    def wait(self):
        """Waits for the release; returns the answer."""
        self.reached.set()
        self._free.wait(HELD_SECONDS)
        return self.answer


class ScriptedGenerator:
    """A context manager. A call is identified by its mark: the first step of its instructions, or the requested change."""

    def __init__(self):
        self._lock = threading.Lock()
        self._scripts = {}
        self._calls = defaultdict(list)

    def script(self, mark, *answers):
        """Sets the answers to the calls with a mark, one after the other; the last one repeats."""
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
            def do_POST(self):
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
                    # The caller was killed.
                    self.close_connection = True

            def log_message(self, *_):
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def __exit__(self, *_):
        self.stop()
