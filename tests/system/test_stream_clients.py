"""The two clients of docs/USAGE.md see every event once, although their streams are cut."""

import json
import re
import subprocess
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from translated import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from node import NODE  # noqa: E402

ENTRIES = [{"seq": seq, "type": kind} for seq, kind in enumerate(("accepted", "started", "step", "step", "completed"), 1)]
# Events for each connection before it is cut.
PIECES = 2
KEY = "a-key-not-a-secret"
# The clients wait before they come back; a test does not.
AT_ONCE = "const timer = setTimeout; globalThis.setTimeout = (soon, time, ...more) => timer(soon, time === 2000 ? 0 : time, ...more);\n"
PRINTED = "\nconst seen = [];\nawait watch(process.argv[1], process.argv[2], (event) => seen.push(event));\nconsole.log(JSON.stringify(seen));"


class Streaming(BaseHTTPRequestHandler):
    """Streams ENTRIES as the function does, cuts, and says when all was seen."""

    def do_GET(self):  # noqa: N802
        seen = int(self.headers["Last-Event-ID"] or 0)
        is_right = (self.headers["x-api-key"], self.headers["Accept"]) == (KEY, "text/event-stream")
        self.server.seen.append(seen)
        rest = ENTRIES[seen:seen + PIECES]
        self.send_response((200 if rest else 204) if is_right else 403)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        text = "retry: 2000\n\n: nothing new\n\n"
        text += "".join(f"id: {entry['seq']}\nevent: {entry['type']}\ndata: {json.dumps(entry)}\n\n" for entry in rest)
        if rest and is_right:
            # In pieces that end anywhere.
            for start in range(0, len(text), 7):
                self.wfile.write(text[start:start + 7].encode())
                self.wfile.flush()

    def log_message(self, *_):
        """Says nothing."""


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Streaming)
        self.server.seen = []
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}/operations/op/events"

    @staticmethod
    def client(language):
        """The code of a client in docs/USAGE.md."""
        usage = (ROOT / "docs" / "USAGE.md").read_text(encoding="utf-8")
        code, = [code for code in re.findall(rf"```{language}\n(.*?)```", usage, re.DOTALL) if "watch(url" in code]
        return code

    def assert_seen(self, events):
        self.assertEqual(events, ENTRIES)
        self.assertEqual(self.server.seen, [0, 2, 4, 5], "it comes back for the rest, and not after it has seen all")

    def test_the_client_in_python_sees_every_event_once(self):
        class Time:
            sleep = staticmethod(lambda _: None)

        import urllib.request

        names = {"json": json, "time": Time, "urllib": urllib}
        exec(self.client("python"), names)  # noqa: S102
        events = []
        names["watch"](self.url, KEY, events.append)
        self.assert_seen(events)

    def test_the_client_in_javascript_sees_every_event_once(self):
        code = AT_ONCE + self.client("js") + PRINTED
        done = subprocess.run([NODE, "--input-type=module", "--eval", code, self.url, KEY],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_seen(json.loads(done.stdout))


if __name__ == "__main__":
    unittest.main()
