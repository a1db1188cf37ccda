"""For tests of operations: starts an operation and follows it to its end."""

import uuid
from collections import Counter

from aws import Aws, until
from deployed import generator, operations_stack
from api_test import NEVER_STORED, ApiTest
from scripted_generator import agent

# Queue -> the number of hidden messages: a job that the generator took over stays until its deadline.
STAYING = Counter()
TOOLS = {"generate": "generate_agent", "patch": "patch_agent"}
AGENT = agent("Mine")[1]["agent_json"]


class OperationTest(ApiTest):
    """A test case for background work."""

    def setUp(self):
        self.api = operations_stack()
        self.aws = Aws(self.api)
        self.generator = generator()

    def request(self, *answers, tool="generate", **more):
        """(mark, body) of a request, with the generator's answers to its calls."""
        mark = f"step {uuid.uuid4()}"
        if answers:
            self.generator.script(mark, *answers)
        work = {"instructions": {"type": "instructions", "steps": [mark]}}
        if tool == "patch":
            work = {"current_agent_json": AGENT, "changes": mark}
        return mark, work | more

    def with_ids(self, *answers, **more):
        """(mark, body) of a request with its own ids, which is therefore asynchronous."""
        ids = {"operation_id": str(uuid.uuid4()), "task_id": f"task-{uuid.uuid4()}"}
        return self.request(*answers, **(ids | more))

    def post(self, body, tool="generate", headers=None, api=None):
        return (api or self.api).call("POST", f"/{tool}", body, headers)

    def start(self, *answers, tool="generate", api=None, **more):
        """Starts an operation; returns (mark, body)."""
        mark, body = self.with_ids(*answers, tool=tool, **more)
        self.assert_accepted(self.post(body, tool, api=api), body, tool)
        return mark, body

    def assert_accepted(self, answer, body=None, tool="generate"):
        """Checks the answer to an accepted operation; returns the JSON."""
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
        """The status of an operation."""
        answer = (api or self.api).call("GET", f"/operations/{operation_id}")
        status = self.assert_answer(answer, 200)
        self.assertEqual(answer.headers["Cache-Control"], NEVER_STORED)
        has_ended = status["status"] in ("completed", "failed", "cancelled")
        self.assertEqual("Retry-After" in answer.headers, not has_ended, "Retry-After only while the operation runs")
        self.assertEqual([name for name in ("result", "error") if name in status],
                         {"completed": ["result"], "failed": ["error"]}.get(status["status"], []))
        return status

    def reaches(self, operation_id, *statuses, seconds=30, api=None):
        """Waits until an operation has one of these statuses; returns it."""
        def look():
            found = self.status(operation_id, api)
            return found if found["status"] in statuses else None

        return until(f"{' or '.join(statuses)} of {operation_id}", look, seconds)

    def completes(self, operation_id, seconds=30):
        """Waits for the result of an operation."""
        ended = self.reaches(operation_id, "completed", "failed", seconds=seconds)
        self.assertEqual(ended["status"], "completed", ended)
        return ended["result"]

    def fails(self, operation_id, error_type, seconds=30, api=None):
        """Waits for the error of an operation."""
        ended = self.reaches(operation_id, "completed", "failed", seconds=seconds, api=api)
        self.assertEqual(ended["status"], "failed", ended)
        error = ended["error"]
        self.assertEqual((error["type"], error["error_type"]), ("error", error_type))
        self.assertTrue(error["message"], "an error without a message")
        return error

    def drains(self, queue, seconds=30):
        """Waits until the queue has no more messages to process."""
        until(f"the end of {queue}", lambda: self.aws.waiting(queue) == STAYING[queue], seconds)
