"""What tests of operations share: how one is asked for, how it is followed to its end."""

import uuid
from collections import Counter

from aws import Aws, until
from deployed import generator, operations_stack
from promises import NEVER_STORED, ApiTest
from scripted_generator import agent

# Queue -> the messages that stay on it, unseen: a job that the generator has taken over is looked at again at its deadline.
STAYING = Counter()
TOOLS = {"generate": "generate_agent", "patch": "patch_agent"}
AGENT = agent("Mine")[1]["agent_json"]


class OperationTest(ApiTest):
    """A test case that asks for work which outlives its request."""

    def setUp(self):
        self.api = operations_stack()
        self.aws = Aws(self.api)
        self.generator = generator()

    def request(self, *answers, tool="generate", **more):
        """(mark, body): a request whose calls to the generator are answered so, one after the other."""
        mark = f"step {uuid.uuid4()}"
        if answers:
            self.generator.script(mark, *answers)
        work = {"instructions": {"type": "instructions", "steps": [mark]}}
        if tool == "patch":
            work = {"current_agent_json": AGENT, "changes": mark}
        return mark, work | more

    def with_ids(self, *answers, **more):
        """(mark, body): a request that brings its ids and so wants no result at once."""
        ids = {"operation_id": str(uuid.uuid4()), "task_id": f"task-{uuid.uuid4()}"}
        return self.request(*answers, **(ids | more))

    def post(self, body, tool="generate", headers=None, api=None):
        """A POST to the function."""
        return (api or self.api).call("POST", f"/{tool}", body, headers)

    def start(self, *answers, tool="generate", api=None, **more):
        """(mark, body) of an operation that was accepted."""
        mark, body = self.with_ids(*answers, tool=tool, **more)
        self.assert_accepted(self.post(body, tool, api=api), body, tool)
        return mark, body

    def assert_accepted(self, answer, body=None, tool="generate"):
        """The answer of an operation that was accepted, now or before; gives its JSON."""
        started = self.assert_answer(answer, 202)
        self.assertEqual(list(started), [
            "type", "status", "operation_id", "task_id", "tool_name", "message", "session_id",
        ])
        self.assertEqual((started["type"], started["status"], started["tool_name"]),
                         ("operation_started", "accepted", TOOLS[tool]))
        for name in ("operation_id", "task_id"):
            self.assertTrue(started[name])
            self.assertEqual(started[name], (body or started).get(name) or started[name])
        self.assertEqual(answer.headers["Location"], f"/v1/operations/{started['operation_id']}")
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertEqual(answer.headers["Cache-Control"], NEVER_STORED)
        return started

    def status(self, operation_id, api=None):
        """How an operation stands."""
        answer = (api or self.api).call("GET", f"/operations/{operation_id}")
        status = self.assert_answer(answer, 200)
        self.assertEqual(answer.headers["Cache-Control"], NEVER_STORED)
        has_ended = status["status"] in ("completed", "failed")
        self.assertEqual("Retry-After" in answer.headers, not has_ended, "who waits is told for how long, and nobody else")
        self.assertEqual([name for name in ("result", "error") if name in status],
                         {"completed": ["result"], "failed": ["error"]}.get(status["status"], []))
        return status

    def reaches(self, operation_id, *statuses, seconds=30, api=None):
        """An operation as soon as it has one of these statuses."""
        def look():
            found = self.status(operation_id, api)
            return found if found["status"] in statuses else None

        return until(f"{' or '.join(statuses)} of {operation_id}", look, seconds)

    def completes(self, operation_id, seconds=30):
        """The result of an operation, once it is there."""
        ended = self.reaches(operation_id, "completed", "failed", seconds=seconds)
        self.assertEqual(ended["status"], "completed", ended)
        return ended["result"]

    def fails(self, operation_id, error_type, seconds=30, api=None):
        """The error of an operation, once it is there."""
        ended = self.reaches(operation_id, "completed", "failed", seconds=seconds, api=api)
        self.assertEqual(ended["status"], "failed", ended)
        error = ended["error"]
        self.assertEqual((error["type"], error["error_type"]), ("error", error_type))
        self.assertTrue(error["message"], "an error without a word for the person")
        return error

    def drains(self, queue, seconds=30):
        """Returns once nothing is left to do of what lies on a queue."""
        until(f"the end of {queue}", lambda: self.aws.waiting(queue) == STAYING[queue], seconds)
