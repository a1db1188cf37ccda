"""Background work as a caller sees it: accepted at once, done once, private."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

from aws import until
from deployed import impatient_stack, operations_stack
from operations import TOOLS, OperationTest
from scripted_generator import Held, agent

AT_ONCE = 20
ASYNC = {"Prefer": "respond-async"}


def setUpModule():
    operations_stack()


class AcceptedTest(OperationTest):
    def test_respond_async_returns_a_location_that_later_has_the_agent(self):
        for tool, named in TOOLS.items():
            with self.subTest(tool=tool):
                held = Held(agent("Mine"))
                mark, body = self.request(held, tool=tool, session_id="conversation-7")
                answer = self.post(body, tool, ASYNC)
                self.assertEqual(answer.headers["Preference-Applied"], "respond-async")
                self.assertNotIn("Idempotent-Replayed", answer.headers)
                started = self.assert_accepted(answer, tool=tool)
                self.assertEqual(started["session_id"], "conversation-7")

                self.assertTrue(held.reached.wait(30), "no worker took the job")
                running = self.status(started["operation_id"])
                self.assertEqual(running["status"], "running")
                held.release()
                ended = self.reaches(started["operation_id"], "completed")
                self.assertEqual({name: ended[name] for name in ("operation_id", "task_id", "tool_name")},
                                 {name: started[name] for name in ("operation_id", "task_id", "tool_name")})
                self.assertEqual(ended["created_at"], running["created_at"])
                self.assertGreater(ended["updated_at"], running["updated_at"])
                result = ended["result"]
                self.assertEqual((result["type"], result["agent_name"], result["session_id"]),
                                 ("agent_preview", "Mine", "conversation-7"))
                # The generator gets the ids, so that it can take the job over.
                call, = self.generator.calls(mark)
                self.assertEqual((call["operation_id"], call["task_id"]), (started["operation_id"], started["task_id"]))
                self.assertEqual(named, started["tool_name"])

    def test_a_request_with_its_own_ids_is_asynchronous(self):
        _, body = self.with_ids()
        answer = self.post(body)
        self.assert_accepted(answer, body)
        self.assertNotIn("Preference-Applied", answer.headers)
        self.completes(body["operation_id"])

    def test_a_bad_request_is_rejected_at_once_and_starts_no_operation(self):
        _, body = self.with_ids(instructions=None)
        self.assert_error(self.post(body), 400, "invalid_request", "Missing description parameter")
        self.assert_error(self.api.call("GET", f"/operations/{body['operation_id']}"), 404, "not_found")
        for bad in ({"operation_id": "a/b"}, {"operation_id": "key#x"}, {"operation_id": 7}, {"task_id": ""}):
            with self.subTest(bad=bad):
                _, body = self.with_ids(**bad)
                error = self.assert_error(self.post(body), 400, "invalid_request")
                self.assertIn(next(iter(bad)), error["message"])

    def test_a_result_that_is_too_long_for_the_table_is_stored_in_the_bucket(self):
        status, answer = agent("Long")
        # A megabyte that compresses badly.
        answer["agent_json"]["nodes"] = [{"id": str(uuid.uuid4())} for _ in range(20_000)]
        _, body = self.start((status, answer))
        result = self.completes(body["operation_id"])
        self.assertEqual(result["agent_json"]["nodes"], answer["agent_json"]["nodes"])
        item = self.aws.item(self.api.outputs["OperationsTable"], body["operation_id"])
        self.assertIn("outcome_key", item, "stored in the bucket")


class WatchedTest(OperationTest):
    def test_a_stack_without_streams_says_how_to_ask_for_json(self):
        _, body = self.with_ids()
        self.assert_accepted(self.post(body), body)
        events, stream = f"/operations/{body['operation_id']}/events", {"Accept": "text/event-stream"}
        for path, headers in ((events, stream), (f"{events}?format=ui-message-stream", {}), (f"/tasks/{body['task_id']}/stream", {})):
            with self.subTest(path=path):
                error = self.assert_error(self.api.call("GET", path, headers=headers), 406, "not_acceptable")
                self.assertIn("Accept: application/json", error["message"])
        self.assertEqual(self.api.call("GET", events, headers={"Accept": "text/event-stream, application/json"}).status, 200)
        self.completes(body["operation_id"])


class OnceTest(OperationTest):
    def at_once(self, body, headers=None):
        """Sends the same POST many times in parallel."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda _: self.post(body, headers=headers), range(AT_ONCE)))

    def test_twenty_parallel_posts_with_one_id_are_one_operation_and_one_call(self):
        mark, body = self.with_ids()
        answers = self.at_once(body)
        accepted = [self.assert_accepted(answer, body) for answer in answers]
        self.assertEqual(accepted, [accepted[0]] * AT_ONCE)
        replayed = [answer.headers["Idempotent-Replayed"] for answer in answers]
        self.assertEqual(sorted(replayed, key=str), [None] + ["true"] * (AT_ONCE - 1))
        self.completes(body["operation_id"])
        self.drains(self.api.outputs["GenerateJobsQueueUrl"])
        self.assertEqual(len(self.generator.calls(mark)), 1)
        # A repetition after the end starts nothing either.
        again = self.post(body)
        self.assertEqual((again.headers["Idempotent-Replayed"], self.assert_accepted(again, body)), ("true", accepted[0]))
        self.drains(self.api.outputs["GenerateJobsQueueUrl"])
        self.assertEqual(len(self.generator.calls(mark)), 1)

    def test_twenty_parallel_posts_with_one_key_are_one_call_and_one_agent(self):
        mark, body = self.request()
        key = {"Idempotency-Key": f'"{uuid.uuid4()}"'}
        answers = self.at_once(body, key)
        results = [self.assert_result(answer, "agent_preview") for answer in answers]
        # Every generated agent has a new id: equal results prove that it was generated once.
        self.assertEqual(results, [results[0]] * AT_ONCE)
        replayed = [answer.headers["Idempotent-Replayed"] for answer in answers]
        self.assertEqual(sorted(replayed, key=str), [None] + ["true"] * (AT_ONCE - 1))
        self.assertEqual(len(self.generator.calls(mark)), 1)

    def test_another_request_with_the_same_id_or_key_is_rejected(self):
        _, body = self.start()
        error = self.assert_error(self.post(body | {"session_id": "another"}), 422, "idempotency_mismatch")
        self.assertIn("operation_id", error["message"] + str(error["details"]))
        key = {"Idempotency-Key": str(uuid.uuid4())}
        _, first = self.request()
        self.assert_result(self.post(first, headers=key), "agent_preview")
        _, second = self.request()
        self.assert_error(self.post(second, headers=key), 422, "idempotency_mismatch")

    def test_a_key_can_be_used_again_after_a_temporary_failure(self):
        mark, body = self.request((503, {}), agent("Mine"))
        key = {"Idempotency-Key": str(uuid.uuid4())}
        self.assert_error(self.post(body, headers=key), 503, "service_unavailable",
                          "generation_failed:service_unavailable", retryable=True)
        again = self.post(body, headers=key)
        self.assertEqual(self.assert_result(again, "agent_preview")["agent_name"], "Mine")
        self.assertNotIn("Idempotent-Replayed", again.headers)
        self.assertEqual(len(self.generator.calls(mark)), 2)

    def test_an_operation_that_cannot_be_queued_is_an_error_and_leaves_nothing(self):
        # A stack of its own, because its queue is deleted.
        api = impatient_stack()
        self.aws.delete_queue(api.outputs["PatchJobsQueueUrl"])
        _, body = self.with_ids(tool="patch")
        self.assert_error(self.post(body, "patch", api=api), 503, "service_unavailable",
                          "update_generation_failed:service_unavailable", retryable=True)
        self.assert_error(api.call("GET", f"/operations/{body['operation_id']}"), 404, "not_found")
        self.assertIsNone(self.aws.item(api.outputs["OperationsTable"], body["operation_id"]))


class OwnedTest(OperationTest):
    def test_an_operation_does_not_exist_for_another_caller(self):
        _, body = self.start()
        path = f"/operations/{body['operation_id']}"
        other = {"x-api-key": self.aws.api_key(self.api)}
        hidden = self.assert_error(self.api.call("GET", path, headers=other), 404, "not_found")
        unknown = self.assert_error(self.api.call("GET", f"/operations/{uuid.uuid4()}"), 404, "not_found")
        self.assertEqual(hidden["message"], unknown["message"], "the error reveals that the operation exists")
        # Another caller cannot use the same id either.
        self.assert_error(self.post(body, headers=other), 422, "idempotency_mismatch")
        self.completes(body["operation_id"])

    def test_callers_do_not_share_idempotency_keys(self):
        mark, body = self.request()
        key = {"Idempotency-Key": str(uuid.uuid4())}
        mine = self.assert_result(self.post(body, headers=key), "agent_preview")
        theirs = self.post(body, headers=key | {"x-api-key": self.aws.api_key(self.api)})
        self.assertNotIn("Idempotent-Replayed", theirs.headers)
        self.assertNotEqual(self.assert_result(theirs, "agent_preview")["agent_json"]["id"], mine["agent_json"]["id"])
        self.assertEqual(len(self.generator.calls(mark)), 2)


class CancelTest(OperationTest):
    def cancel(self, operation_id, headers=None):
        return self.api.call("POST", f"/operations/{operation_id}/cancel", headers=headers)

    def test_a_worker_stops_and_the_bus_hears_of_it(self):
        heard = self.aws.queue(f"heard-{uuid.uuid4()}")
        self.aws.route("stops", {"detail-type": ["Operation Cancelled"]}, heard, self.api.outputs["OperationsBusName"])
        held = Held(agent("Mine"))
        mark, body = self.start(held)
        self.assertTrue(held.reached.wait(30), "no worker took the job")
        for _ in range(2):
            self.assertEqual(self.assert_answer(self.cancel(body["operation_id"]), 200)["status"], "cancelled")
        held.release()
        self.drains(self.api.outputs["GenerateJobsQueueUrl"])
        self.assertEqual(self.status(body["operation_id"])["status"], "cancelled", "the late result changes nothing")
        self.assertEqual(len(self.generator.calls(mark)), 1)
        until("the event", lambda: any(body["operation_id"] in event for event in self.aws.receive(heard)))

    def test_what_has_ended_or_is_anothers_is_not_cancelled(self):
        _, body = self.start()
        other = {"x-api-key": self.aws.api_key(self.api)}
        self.assert_error(self.cancel(body["operation_id"], other), 404, "not_found")
        result = self.completes(body["operation_id"])
        error = self.assert_error(self.cancel(body["operation_id"]), 409, "already_ended")
        self.assertEqual(error["operation"]["result"], result)


class ToldTest(OperationTest):
    def test_the_bus_gets_an_event_for_each_end(self):
        bus = self.api.outputs["OperationsBusName"]
        heard = self.aws.queue(f"heard-{uuid.uuid4()}")
        self.aws.route("ends", {"source": ["agent-generator.operations"]}, heard, bus)
        _, good = self.start()
        _, bad = self.start((422, {"error_type": "validation_error", "error": "No sink"}))
        events = {}

        def listen():
            for text in self.aws.receive(heard):
                event = json.loads(text)
                events[event["detail"]["operation_id"]] = (event["source"], event["detail-type"], event["detail"])
            return {good["operation_id"], bad["operation_id"]} <= set(events)

        until("the events", listen)
        for body, kind, error_type in ((good, "Operation Completed", None), (bad, "Operation Failed", "validation_error")):
            self.assertEqual(events[body["operation_id"]], ("agent-generator.operations", kind, {
                "operation_id": body["operation_id"], "task_id": body["task_id"], "tool_name": "generate_agent",
                "status": kind.rpartition(" ")[2].lower(), "success": error_type is None, "error_type": error_type,
            }))
        self.fails(bad["operation_id"], "validation_error")
