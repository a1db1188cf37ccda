"""Jobs on real queues: killed and frozen workers, repeated and malformed messages, a busy generator."""

import json
import re
import time
import uuid

from aws import Process, until
from deployed import ROOT, WORKER_SECONDS, operations_stack
from operations import OperationTest
from scripted_generator import BUSY, Held, agent


def setUpModule():
    operations_stack()


class WorkerTest(OperationTest):
    def setUp(self):
        super().setUp()
        self.jobs = self.api.outputs["GenerateJobsQueueUrl"]
        self.worker = self.api.resources["GenerateWorker"]

    def record(self, body):
        """An SQS record."""
        text = body if isinstance(body, str) else json.dumps(body)
        return {
            "messageId": str(uuid.uuid4()), "receiptHandle": "of-no-queue", "body": text,
            "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {},
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:jobs", "awsRegion": "us-east-1",
        }

    def work(self, *bodies):
        """Sends a batch to the worker directly; returns the bodies of the messages that stay on the queue."""
        records = [self.record(body) for body in bodies]
        failed = self.aws.invoke(self.worker, {"Records": records}).json()["batchItemFailures"]
        named = {record["messageId"]: body for record, body in zip(records, bodies)}
        return [named[failure["itemIdentifier"]] for failure in failed]

    def owner(self):
        """The `owner` with which a message lets the tests' caller read its operation."""
        _, body = self.start()
        return self.aws.item(self.api.outputs["OperationsTable"], body["operation_id"])["owner"]["S"]


class DeathTest(WorkerTest):
    def test_a_killed_workers_job_is_run_again(self):
        held = Held(agent("Of the first"))
        mark, body = self.start(held, agent("Of the second"))
        self.assertTrue(held.reached.wait(30), "no worker took the job")
        for process in Process.of(self.worker):
            process.kill()
        held.release()
        # The local cloud notices the end late; the message is visible again after the lease.
        self.assertEqual(self.completes(body["operation_id"], 2 * WORKER_SECONDS + 10)["agent_name"], "Of the second")
        self.assertEqual(len(self.generator.calls(mark)), 2)

    def test_a_frozen_workers_late_answer_changes_nothing(self):
        # Idle processes end first, so that the one with the job is known.
        for idle in Process.of(self.worker):
            idle.kill()
        held = Held(agent("Of the first"))
        mark, body = self.start(held, agent("Of the second"))
        self.assertTrue(held.reached.wait(30), "no worker took the job")
        began = time.monotonic()
        first, = (process for process in Process.of(self.worker) if process.is_alive())
        first.freeze()
        try:
            # Another worker gets the job only after the lease has expired.
            until("the end of the lease", lambda: not self.work({"operation_id": body["operation_id"]}), WORKER_SECONDS)
            ended = self.status(body["operation_id"])
            self.assertEqual((ended["status"], ended["result"]["agent_name"]), ("completed", "Of the second"))
            held.release()
        finally:
            first.thaw()
        # Its message goes when it has answered.
        self.drains(self.jobs, WORKER_SECONDS)
        self.assertLess(time.monotonic() - began, WORKER_SECONDS, "the worker was killed before it could write")
        self.assertTrue(first.is_alive(), "the worker was killed before it could write")
        self.assertEqual(self.status(body["operation_id"]), ended)
        self.assertEqual(len(self.generator.calls(mark)), 2)


class MessageTest(WorkerTest):
    def test_a_repeated_message_does_not_repeat_the_work(self):
        mark, body = self.start()
        self.completes(body["operation_id"])
        ended = self.status(body["operation_id"])
        self.aws.send(self.jobs, {"operation_id": body["operation_id"]})
        self.drains(self.jobs)
        self.assertEqual(self.status(body["operation_id"]), ended)
        self.assertEqual(len(self.generator.calls(mark)), 1)

    def test_a_malformed_message_ends_in_the_dead_letter_queue_and_blocks_no_other(self):
        laid_aside = self.api.resources["GenerateJobsDeadLetters"]
        poison = '{"description": "cut o'
        self.aws.send(self.jobs, poison)
        _, body = self.start()
        self.completes(body["operation_id"])
        found = until("the dead letter", lambda: self.aws.receive(laid_aside), 60)
        self.assertEqual(found, [poison])
        self.drains(self.jobs)

    def test_failed_messages_of_a_batch_do_not_affect_the_others(self):
        good = [self.with_ids(owner=self.owner()) for _ in range(8)]
        unknown = {"operation_id": str(uuid.uuid4())}
        bodies = [body for _, body in good]
        batch = [*bodies[:3], "no JSON", *bodies[3:6], unknown, *bodies[6:]]
        self.assertEqual(self.work(*batch), ["no JSON", unknown])
        for mark, body in good:
            self.assertEqual(self.completes(body["operation_id"])["agent_name"], mark)
            self.assertEqual(len(self.generator.calls(mark)), 1)

    def test_a_queue_message_starts_work_without_the_api(self):
        mark, body = self.with_ids(owner=self.owner())
        self.aws.send(self.jobs, body)
        until("the operation", lambda: self.aws.item(self.api.outputs["OperationsTable"], body["operation_id"]))
        self.assertEqual(self.completes(body["operation_id"])["agent_name"], mark)
        stranger = {"x-api-key": self.aws.api_key(self.api)}
        self.assert_error(self.api.call("GET", f"/operations/{body['operation_id']}", headers=stranger), 404, "not_found")

    def test_an_event_starts_work_without_the_api(self):
        mark, body = self.with_ids(owner=self.owner())
        self.aws.route("agents", {"source": ["com.example.assistant"]}, self.jobs, InputPath="$.detail")
        self.aws.emit("com.example.assistant", "Agent Requested", body)
        until("the operation", lambda: self.aws.item(self.api.outputs["OperationsTable"], body["operation_id"]))
        self.assertEqual(self.completes(body["operation_id"])["agent_name"], mark)

    def test_every_event_file_of_operations_has_its_documented_effect(self):
        functions = {
            "generate": self.api.resources["GenerateWorker"], "patch": self.api.resources["PatchWorker"],
            "operations": self.api.resources["OperationsFunction"], "deliver": self.api.resources["DeliverFunction"],
        }
        sent = {}

        def answer(name):
            sent[name] = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
            return self.aws.invoke(functions[name.split("-")[0]], sent[name]).json()

        done = {"batchItemFailures": []}
        self.assertEqual(answer("operations-rest")["statusCode"], 404)
        poison = answer("generate-poison")
        self.assertEqual(poison, {"batchItemFailures": [{"itemIdentifier": sent["generate-poison"]["Records"][0]["messageId"]}]})
        self.assertEqual(answer("generate-sqs"), done)
        self.assertEqual(answer("patch-sqs"), done)
        status = answer("operations-rest")
        self.assertEqual((status["statusCode"], json.loads(status["body"])["status"]), (200, "completed"))
        task = json.loads(answer("operations-task-rest")["body"])
        self.assertEqual(task["operation_id"], json.loads(status["body"])["operation_id"])
        listed = json.loads(answer("operations-list-rest")["body"])["operations"]
        self.assertEqual([head["status"] for head in listed], ["completed"])
        events = json.loads(answer("operations-events-rest")["body"])["events"]
        # A slow start writes the log before `saving` is told.
        types = [event["type"] for event in events if event["type"] != "block_added" and event.get("name") != "saving"]
        self.assertEqual(types, ["started", "step", "text", "completed"])
        self.assertEqual(answer("operations-sqs"), done)
        late = answer("operations-cancel-rest")
        self.assertEqual((late["statusCode"], json.loads(late["body"])["operation"]["status"]), (409, "completed"))
        for name in ("operations-complete-rest", "operations-report-rest"):
            self.assertEqual(answer(name)["statusCode"], 401, "the key in the file is not valid")
        self.assertEqual(answer("deliver-sqs"), done)
        started = answer("generate-eventbridge-operation")
        self.assertEqual((started["type"], started["task_id"]), ("operation_started", "task-example-3"))
        self.assertEqual(answer("operations-sweep")["failed"], 0)
        shipped = {path.stem for path in (ROOT / "events").glob("*.json")}
        self.assertEqual(set(sent), {name for name in shipped if re.search(r"sqs|poison|operation", name)})


class BusyTest(WorkerTest):
    def test_a_job_succeeds_after_a_generator_was_busy_twice(self):
        mark, body = self.start(BUSY, BUSY, agent("At last"))
        self.assertEqual(self.completes(body["operation_id"])["agent_name"], "At last")
        self.assertEqual(len(self.generator.calls(mark)), 3)

    def test_a_generator_that_stays_busy_fails_the_operation_after_the_allowed_attempts(self):
        mark, body = self.start(BUSY)
        error = self.fails(body["operation_id"], "service_unavailable")
        self.assertEqual(error["error"], "generation_failed:service_unavailable")
        self.assertEqual(len(self.generator.calls(mark)), 3)
        self.drains(self.jobs)
        self.assertEqual(len(self.generator.calls(mark)), 3)

    def test_a_permanent_failure_is_not_tried_again(self):
        mark, body = self.start((422, {"error_type": "validation_error", "error": "No sink"}))
        error = self.fails(body["operation_id"], "validation_error")
        self.assertTrue(error["details"]["service_error"].startswith("No sink"))
        self.assertEqual(len(self.generator.calls(mark)), 1)
