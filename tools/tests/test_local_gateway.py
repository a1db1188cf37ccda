"""The gateway of `make run`: a person sees each event when it happens, and everything else as the local cloud answers it."""

import http.client
import json
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gateway import Gateway, streamed  # noqa: E402
from live import events  # noqa: E402
from local_cloud import Deployment  # noqa: E402
from progress import Failed  # noqa: E402

# A function that streams: it writes the second piece only when the client that has read the first one says so.
FUNCTION = '''#!{python}
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
api.request("GET", "/2018-06-01/runtime/invocation/next")
answer = api.getresponse()
event = json.loads(answer.read())
def head(status):
    return json.dumps({{"statusCode": status, "headers": {{"Content-Type": "text/event-stream"}}}}).encode() + bytes(8)
def pieces():
    if "all-seen" in event["path"]:
        yield head(204)
        return
    if "crash" in event["path"]:
        if "amid" in event["path"]:
            yield head(200) + b"first"
        os._exit(1)
    yield head(200) + b"first " + event["path"].encode()
    client = http.client.HTTPConnection("127.0.0.1", int(os.environ["AWS_ENDPOINT_URL"].rsplit(":", 1)[1]))
    client.request("GET", "/until-the-first-piece-is-read")
    client.getresponse().read()
    yield b" second"
path = "/2018-06-01/runtime/invocation/" + answer.headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
api.request("POST", path, pieces(), {{"Transfer-Encoding": "chunked"}}, encode_chunked=True)
api.getresponse().read()
'''


class Cloud(ThreadingHTTPServer):
    """Plays the local cloud: knows one operation and one key."""

    def __init__(self):
        self.read = threading.Event()
        super().__init__(("127.0.0.1", 0), _CloudHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _CloudHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/until-the-first-piece-is-read":
            self.server.read.wait(60)
        status = 200 if self.headers.get("x-api-key") == "key" or self.path.startswith("/until") else 403
        body = json.dumps({"asked": self.path}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class GatewayTest(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        program = folder / "stream"
        program.write_text(FUNCTION.format(python=sys.executable), encoding="utf-8")
        program.chmod(0o755)
        self.cloud = Cloud()
        self.addCleanup(self.cloud.server_close)
        self.addCleanup(self.cloud.shutdown)
        self.addCleanup(self.cloud.read.set)
        address = f"http://127.0.0.1:{self.cloud.server_port}"
        resources = dict.fromkeys(("OperationsTable", "ProgressTable", "OperationsBucket"), "named")
        deployment = Deployment(f"{address}/api", "key", {}, resources, address)
        log = self.enterContext((folder / "log").open("w", encoding="utf-8"))
        self.program = program
        # Another server has the port beside the cloud's, or this one gets it; both must do.
        self.api = self.enterContext(Gateway(deployment, {"stream": program}, log))
        other = self.enterContext(Gateway(deployment, {"stream": program, "page": program}, log))
        self.assertNotEqual(self.api.url, other.url)
        self.client = http.client.HTTPConnection(self.api.url.split("/")[2], timeout=60)
        self.addCleanup(self.client.close)

    def ask(self, path, **headers):
        self.client.request("GET", "/v1" + path, headers=headers)
        return self.client.getresponse()

    def test_a_person_reads_an_event_before_the_next_one_is_written(self):
        answer = self.ask("/operations/op/events", **{"x-api-key": "key", "Accept": "text/event-stream"})
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/event-stream"))
        self.assertEqual(answer.read1(), b"first /operations/op/events")
        self.cloud.read.set()
        self.assertEqual(answer.read(), b" second")

    STREAM = {"x-api-key": "key", "Accept": "text/event-stream"}

    def test_a_client_that_has_seen_all_can_ask_on_over_its_connection(self):
        for _ in range(2):
            answer = self.ask("/operations/all-seen/events", **self.STREAM)
            self.assertEqual((answer.status, answer.read()), (204, b""))
            # As a client does that keeps its connection.
            self.assertFalse(answer.will_close)

    def test_a_function_that_is_missing_or_ends_is_told_to_the_client(self):
        answer = self.ask("/operations/crash/events", **self.STREAM)
        self.assertEqual(answer.status, 502)
        self.assertIn("ended", json.loads(answer.read())["message"])
        self.program.unlink()
        answer = self.ask("/operations/op/events", **self.STREAM)
        self.assertEqual(answer.status, 502)
        self.assertIn("could not be started", json.loads(answer.read())["message"])

    def test_a_function_that_ends_amid_a_stream_does_not_look_as_if_it_had_finished(self):
        answer = self.ask("/operations/crash-amid/events", **self.STREAM)
        self.assertEqual(answer.status, 200)
        with self.assertRaises(http.client.IncompleteRead):
            answer.read()
        with self.assertRaisesRegex(Failed, "could not be read"):
            list(events(self.api, "crash-amid"))

    def test_a_stream_needs_the_key_as_any_request_does(self):
        answer = self.ask("/operations/op/events", Accept="text/event-stream")
        self.assertEqual((answer.status, json.loads(answer.read())), (403, {"asked": "/api/operations/op"}))

    def test_a_function_that_is_not_deployed_is_the_local_clouds_to_answer_for(self):
        self.assertEqual(json.loads(self.ask("/", **{"x-api-key": "key"}).read()), {"asked": "/api/"})

    def test_everything_else_is_the_local_clouds_answer(self):
        answer = self.ask("/operations/op/events?after=2", **{"x-api-key": "key"})
        self.assertEqual((answer.status, json.loads(answer.read())), (200, {"asked": "/api/operations/op/events?after=2"}))

    def test_a_stream_is_told_from_other_requests(self):
        self.assertEqual(streamed("GET", "/tasks/t/stream", "", "*/*").lookup, "/tasks/t")
        self.assertEqual(streamed("GET", "/operations/o/events", "format=ui-message-stream", "").lookup, "/operations/o")
        for method, path, query, accept in (
            ("GET", "/operations/o/events", "after=1", "application/json"), ("GET", "/operations/o", "", "text/event-stream"),
            ("POST", "/operations/o/events", "", "text/event-stream"), ("GET", "/blocks", "", "*/*"),
        ):
            self.assertIsNone(streamed(method, path, query, accept), path)

    def test_the_page_and_its_assets_need_no_key(self):
        for path, resource, parameters in (("", "/", {}), ("/", "/", {}), ("/assets/a.js", "/assets/{hash}", {"hash": "a.js"})):
            route = streamed("HEAD", path, "", "")
            self.assertEqual((route.program, route.resource, route.parameters), ("page", resource, parameters))
            self.assertIsNone(route.lookup)


if __name__ == "__main__":
    unittest.main()
