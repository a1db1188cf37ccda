"""Errors of the deployed API: bad requests and a broken generator."""

import json

from api_test import ApiTest
from aws import Aws, until
from deployed import RemoteGenerator, limited_stack, stack

GOAL = "Summarise a web page and e-mail the summary"
BAD = "invalid_request"


def setUpModule():
    stack()


class BadRequestTest(ApiTest):
    def test_a_missing_field_is_named(self):
        for path, body, code, message in (
            ("/decompose", {}, "Missing description parameter", "Please provide a description of what the agent should do."),
            ("/generate", {"description": " "}, "Missing description parameter",
             "Please provide a description of what the agent should do."),
            ("/patch", {"changes": "Rename it"}, "Missing current_agent_json parameter", "Please provide the agent to edit."),
            ("/patch", {"current_agent_json": {}}, "Missing changes parameter",
             "Please describe what changes you want to make."),
        ):
            with self.subTest(path=path, body=body):
                error = self.assert_error(stack().call("POST", path, body), 400, BAD, code)
                self.assertEqual(error["message"], message)

    def test_broken_json_is_a_bad_request(self):
        for path in ("/decompose", "/generate", "/patch"):
            for body in (b'{"description": ', b"[]", b'{"description": 7, "changes": 7, "current_agent_json": 7}'):
                with self.subTest(path=path, body=body):
                    headers = {"Content-Type": "application/json"}
                    self.assert_error(stack().call("POST", path, body, headers), 400, BAD)

    def test_a_form_gets_the_accepted_media_type(self):
        answer = stack().call("POST", "/decompose", b"description=x", {"Content-Type": "application/x-www-form-urlencoded"})
        error = self.assert_error(answer, 415, "unsupported_media_type")
        self.assertIn("application/json", error["message"])

    def test_a_text_that_is_too_long_gets_the_limit(self):
        answer = stack().call("POST", "/decompose", {"description": "x" * 20_001})
        error = self.assert_error(answer, 413, "request_too_large")
        self.assertRegex(error["message"], "20,?000")

    def test_problem_details_are_sent_on_request(self):
        answer = stack().call("POST", "/decompose", {}, {"Accept": "application/problem+json"})
        problem = self.assert_answer(answer, 400)
        self.assertTrue(answer.headers["Content-Type"].startswith("application/problem+json"))
        self.assertEqual(problem["type"], "urn:agent-generator:error:invalid_request")
        self.assertEqual(problem["status"], 400)


class RemoteGeneratorTest(ApiTest):
    def test_a_remote_generator_is_used_and_its_outage_is_a_connection_error(self):
        with RemoteGenerator() as generator:
            api = stack("remote", AgentGeneratorUrl=generator.address)
            plan = self.assert_result(api.call("POST", "/decompose", {"description": GOAL}), "instructions")
            made = self.assert_result(api.call("POST", "/generate", {"instructions": plan}), "agent_preview")
            change = {"current_agent_json": made["agent_json"], "changes": "Rename it to Page digest"}
            self.assertEqual(self.assert_result(api.call("POST", "/patch", change), "agent_preview")["agent_name"], "Page digest")
            health = self.assert_answer(api.call("GET", "/health", key=False), 200)
            self.assertEqual(health["generator"], "remote")

        for path, body, code in (
            ("/decompose", {"description": GOAL}, "decomposition_failed"),
            ("/generate", {"instructions": plan}, "generation_failed"),
            ("/patch", change, "update_generation_failed"),
        ):
            with self.subTest(path=path):
                error = self.assert_error(
                    api.call("POST", path, body), 502, "connection_error", f"{code}:connection_error", retryable=True,
                )
                self.assertTrue(error["details"]["service_error"].startswith("Could not connect to Agent Generator"))
                self.assertNotIn("127.0.0.1", str(error), "the generator's address is in the error")
        sick = self.assert_answer(api.call("GET", "/health", key=False), 503)
        self.assertEqual(sick["status"], "unhealthy")

    def test_a_stack_without_a_generator_answers_that_it_is_not_configured(self):
        api = limited_stack()
        answer = api.call("POST", "/generate", {"description": GOAL}, {"x-api-key": Aws(api).api_key(api)})
        error = self.assert_error(answer, 503, "service_not_configured")
        self.assertIn("not configured", error["message"])


class EventTest(ApiTest):
    def test_an_event_that_fails_for_good_is_kept_with_its_error(self):
        api = limited_stack()
        aws, event = Aws(api), {"source": "com.example", "detail-type": "Agent Requested", "detail": {"changes": "Rename it"}}
        self.assertEqual(aws.emit_to(api.outputs["PatchFunctionName"], event).status, 202)
        kept, = until("the failed event", lambda: aws.receive(api.resources["FailedEvents"]))
        kept = json.loads(kept)
        self.assertEqual((kept["requestPayload"], kept["responsePayload"]["errorType"]), (event, BAD))
        self.assertEqual(kept["requestContext"]["approximateInvokeCount"], 3, "a fault that passes gets two more attempts")
