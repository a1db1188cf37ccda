"""Jobs that the generator took over and completes later."""

import uuid

from aws import until
from deployed import impatient_stack, limited_stack, operations_stack
from operations import STAYING, OperationTest
from api_test import NEVER_STORED
from scripted_generator import TAKEN, agent

RESULT = agent("Made elsewhere")[1]
DONE = {"success": True, "result": RESULT, "error": None, "error_type": None}
FAILED = {"success": False, "result": None, "error": "Not today", "error_type": "llm_timeout"}


def setUpModule():
    operations_stack()


class CompletionTest(OperationTest):
    def setUp(self):
        super().setUp()
        self.key = self.aws.secret(self.api.outputs["InternalKeySecretArn"])
        self.completions = self.api.outputs["CompletionsQueueUrl"]

    def complete(self, operation_id, body, key=None, api=None):
        """Posts a completion."""
        headers = {"x-api-key": key or self.key}
        return (api or self.api).call("POST", f"/operations/{operation_id}/complete", body, headers, key=False)

    def taken_over(self, **more):
        """Starts an operation that the generator takes over; returns (mark, body)."""
        mark, body = self.start(TAKEN, **more)
        STAYING[self.api.outputs["GenerateJobsQueueUrl"]] += 1
        table = self.api.outputs["OperationsTable"]
        until("the hand-over", lambda: self.aws.item(table, body["operation_id"])["handed_over"]["BOOL"])
        self.assertEqual(self.status(body["operation_id"])["status"], "running")
        return mark, body


class ByPostTest(CompletionTest):
    def test_the_first_completion_wins_and_later_ones_get_the_same_answer(self):
        mark, body = self.taken_over()
        for completion in (DONE, DONE, FAILED):
            answer = self.complete(body["operation_id"], completion)
            self.assertEqual(self.assert_answer(answer, 200), {"status": "ok", "task_id": body["task_id"]})
            self.assertEqual(answer.headers["Cache-Control"], NEVER_STORED)
            self.assertEqual(self.completes(body["operation_id"]), RESULT)
        self.assertEqual(len(self.generator.calls(mark)), 1)

    def test_a_completion_with_an_error_fails_the_operation(self):
        _, body = self.taken_over()
        self.assert_answer(self.complete(body["operation_id"], FAILED), 200)
        error = self.fails(body["operation_id"], "llm_timeout")
        self.assertEqual(error["message"], "The request took too long. Please try again.")
        self.assert_answer(self.complete(body["operation_id"], DONE), 200)
        self.fails(body["operation_id"], "llm_timeout")

    def test_a_completion_may_have_no_result_or_an_empty_one(self):
        for result, told in ((None, {"status": "completed"}), ({}, {}), ([], [])):
            with self.subTest(result=result):
                _, body = self.taken_over()
                self.assert_answer(self.complete(body["operation_id"], {"success": True, "result": result}), 200)
                self.assertEqual(self.completes(body["operation_id"]), told)

    def test_what_the_caller_wanted_to_keep_is_kept_once_and_a_change_of_it_too(self):
        _, body = self.taken_over(save=True)
        for _ in range(2):
            self.assert_answer(self.complete(body["operation_id"], DONE), 200)
        made = self.completes(body["operation_id"])
        self.assertEqual((made["type"], made["saved"], made["version"]), ("agent_preview", True, 1), made)
        path = f"/agents/{made['agent_id']}"
        kept = self.assert_answer(self.api.call("GET", path), 200)
        self.assertEqual(kept["agent_json"], made["agent_json"])
        changed = self.changed_by_queue(made["agent_id"], agent("Renamed elsewhere")[1])
        self.assertEqual((changed["saved"], changed["version"]), (True, 2), changed)
        history = self.assert_answer(self.api.call("GET", f"{path}/versions"), 200)["versions"]
        self.assertEqual([version["origin"] for version in history], ["patched", "generated"])

    def changed_by_queue(self, agent_id, result):
        """The result of a change that the generator takes over and completes by a message."""
        mark = f"step {uuid.uuid4()}"
        self.generator.script(mark, TAKEN)
        ids = {"operation_id": str(uuid.uuid4()), "task_id": f"task-{uuid.uuid4()}"}
        self.assert_accepted(self.post({"agent_id": agent_id, "changes": mark, "save": True} | ids, "patch"), ids, "patch")
        STAYING[self.api.outputs["PatchJobsQueueUrl"]] += 1
        table = self.api.outputs["OperationsTable"]
        until("the hand-over", lambda: self.aws.item(table, ids["operation_id"])["handed_over"]["BOOL"])
        self.aws.send(self.completions, {"success": True, "result": result, "operation_id": ids["operation_id"]})
        return self.completes(ids["operation_id"])

    def test_a_completion_needs_the_internal_key(self):
        _, body = self.taken_over()
        for key in (self.api.key, self.key + "x", self.key[:-1], "x"):
            self.assert_error(self.complete(body["operation_id"], DONE, key), 401, "unauthorized")
        path = f"/operations/{body['operation_id']}/complete"
        self.assert_error(self.api.call("POST", path, DONE, key=False), 401, "unauthorized")
        self.assertEqual(self.status(body["operation_id"])["status"], "running")
        # With the key, the error says more.
        self.assert_error(self.complete(str(uuid.uuid4()), DONE), 404, "not_found")
        self.assert_error(self.complete(body["operation_id"], {"success": "yes"}), 400, "invalid_request")
        self.assert_answer(self.complete(body["operation_id"], DONE), 200)


class ByQueueTest(CompletionTest):
    def test_a_message_completes_by_operation_id_or_task_id(self):
        for named in ("operation_id", "task_id"):
            with self.subTest(named=named):
                _, body = self.taken_over()
                for completion in (DONE, FAILED):
                    self.aws.send(self.completions, completion | {named: body[named]})
                    self.drains(self.completions)
                    self.assertEqual(self.completes(body["operation_id"]), RESULT)


class SilenceTest(CompletionTest):
    def test_without_a_completion_the_operation_times_out_and_the_bus_gets_an_event(self):
        api = impatient_stack()
        heard = self.aws.queue(f"heard-{uuid.uuid4()}")
        self.aws.route("silence", {"detail": {"error_type": ["timeout"]}}, heard, api.outputs["OperationsBusName"])
        mark, body = self.start(TAKEN, api=api)
        error = self.fails(body["operation_id"], "timeout", api=api)
        self.assertEqual(error["error"], "generation_failed:timeout")
        self.assertEqual(len(self.generator.calls(mark)), 1)
        until("the event", lambda: any(body["operation_id"] in event for event in self.aws.receive(heard)))
        # A late completion changes nothing.
        key = self.aws.secret(api.outputs["InternalKeySecretArn"])
        self.assert_answer(self.complete(body["operation_id"], DONE, key, api), 200)
        self.fails(body["operation_id"], "timeout", api=api)

    def test_a_stack_without_a_key_answers_that_completions_are_not_configured(self):
        # Functions keep a key for minutes: a stack whose key nobody else uses.
        api = limited_stack()
        self.aws.change_secret(api.outputs["InternalKeySecretArn"], " ")
        self.assert_error(self.complete(str(uuid.uuid4()), DONE, api=api), 503, "service_not_configured")
