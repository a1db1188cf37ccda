"""What the gateway does by itself: on a running one, and in the API definition what a local cloud does not do."""

import json
import unittest
from concurrent.futures import ThreadPoolExecutor

from api_test import ApiTest
from aws import Aws
from deployed import LIMITS, limited_stack, stack
from defects import is_open
from translated import PAGE, api, openapi, resources

ANY = "x-amazon-apigateway-any-method"
RESPONSES = "x-amazon-apigateway-gateway-responses"
# Requests at once: more than any limit of the limited stack.
BURST = 20
ORIGIN = "https://app.example.com"
COMPLETE = "/operations/{operation_id}/complete"


def setUpModule():
    stack()


def answered():
    """The paths that the local cloud answers for."""
    return {path: item for path, item in api()["paths"].items() if path not in PAGE}


class RouteTest(unittest.TestCase):
    def test_exactly_the_documented_routes_exist(self):
        documented = {(path, method) for path, item in openapi()["paths"].items() for method in item if method != "parameters"}
        defined = {(path, method) for path, item in api()["paths"].items() for method in item if method != ANY}
        self.assertEqual(defined, documented)

    def test_the_key_in_the_outputs_belongs_to_a_limited_usage_plan(self):
        deployed = stack()
        aws = Aws(deployed)
        plan = aws.usage_plan(deployed)
        self.assertGreater(float(plan["throttle"]["rateLimit"]), 0)
        self.assertGreater(int(plan["quota"]["limit"]), 0)
        keys = aws.gateway("GET", f"/usageplans/{plan['id']}/keys")["item"]
        # Other tests make keys for other callers.
        self.assertIn((deployed.outputs["ApiKeyId"], deployed.key), [(key["id"], key["value"]) for key in keys])


class CallerTest(ApiTest):
    """What a caller of the deployed API is answered before a function sees the request, or instead."""

    def test_without_a_valid_key_no_route_that_costs_something_answers(self):
        for path, item in answered().items():
            for method in (set(item) - {ANY}) | {"put", "delete"}:
                for headers in ({}, {"x-api-key": "nobodys"}, {"x-api-key": stack().key + "x"}):
                    with self.subTest(path=path, method=method, headers=headers):
                        answer = self.ask(method, path, headers)
                        if is_open(path, method):
                            self.assertNotEqual(answer.status, 403)
                        elif method == "head":
                            self.assertEqual((answer.status, answer.body), (403, b""))
                        else:
                            error = self.assert_error(answer, 403, "forbidden")
                            self.assertIn("x-api-key header", error["message"])

    def test_an_unknown_route_is_not_found_and_the_routes_are_named(self):
        for method, path in (("GET", "/assets"), ("GET", "/nothing"), ("POST", "/decompose/more"), ("GET", "/tasks")):
            with self.subTest(method=method, path=path):
                error = self.assert_error(stack().call(method, path), 404, "not_found")
                self.assertIn("POST /decompose", error["message"])

    def test_a_wrong_method_is_told_the_right_one(self):
        for path, item in answered().items():
            right = next(method.upper() for method in item if method in ("get", "post"))
            for method in {"PUT", "DELETE", "PATCH"} - {method.upper() for method in item}:
                with self.subTest(path=path, method=method):
                    answer = self.ask(method, path, {"x-api-key": stack().key})
                    self.assert_error(answer, 405, "method_not_allowed")
                    self.assertIn(right, answer.headers["Allow"])

    def test_a_body_that_is_too_large_is_refused(self):
        body = json.dumps({"description": "x" * 1024 * 1024}).encode()
        answer = stack().call("POST", "/decompose", body, {"Content-Type": "application/json"})
        self.assert_error(answer, 413, "request_too_large")

    def test_a_key_that_asks_too_often_is_told_when_to_come_back(self):
        api = limited_stack()
        key = {"x-api-key": Aws(api).api_key(api)}
        with ThreadPoolExecutor(BURST) as pool:
            answers = list(pool.map(lambda _: api.call("GET", "/blocks", headers=key), range(BURST)))
        refused = [answer for answer in answers if answer.status == 429]
        self.assertEqual(len(answers) - len(refused), LIMITS["KeyQuotaPerDay"], "requests beyond the quota")
        for answer in refused:
            self.assert_error(answer, 429, "rate_limit", retryable=True)
        # A full bucket is refilled in seconds, a day's quota is not.
        self.assertEqual({answer.headers["Retry-After"] for answer in refused}, {"5", "3600"})
        # Another key is not held up by it.
        other = {"x-api-key": Aws(api).api_key(api)}
        self.assertNotEqual(api.call("GET", "/blocks", headers=other).status, 429)

    def test_nobody_without_a_key_can_ask_for_the_health_without_end(self):
        api = limited_stack()
        with ThreadPoolExecutor(BURST) as pool:
            answers = list(pool.map(lambda _: api.call("GET", "/health", key=False), range(2 * BURST)))
        refused = [answer for answer in answers if answer.status == 429]
        self.assertGreater(len(refused), 0)
        self.assertLess(len(refused), len(answers))
        for answer in refused:
            self.assert_error(answer, 429, "rate_limit", retryable=True)
        # The other routes have limits of their own.
        self.assertNotEqual(api.call("POST", "/operations/op-1/complete", {}, key=False).status, 429)

    def test_a_function_that_cannot_be_reached_is_told_without_details(self):
        api = limited_stack()
        Aws(api).delete_function(api.resources["DecomposeFunction"])
        key = {"x-api-key": Aws(api).api_key(api)}
        error = self.assert_error(api.call("POST", "/decompose", {"description": "x"}, key), 500, "unexpected_error")
        self.assertNotIn("unction", json.dumps(error))

    @staticmethod
    def ask(method, path, headers):
        return stack().call(method.upper(), path.format(operation_id="op-1", task_id="task-1", agent_id="agent-1", version=1), None, headers, key=False)


class GatewayAnswerTest(unittest.TestCase):
    """The gateway's own answers, with their variables filled in."""

    def test_each_gateway_response_is_documented(self):
        documented = {row["response"]: row for row in openapi()["x-gateway-answers"]}
        self.assertEqual(set(api()[RESPONSES]), set(documented))
        for name, response in api()[RESPONSES].items():
            with self.subTest(response=name):
                row = documented[name]
                body = self.filled_in(response)
                self.assertEqual(body["error_type"], row["error_type"])
                self.assertIs(body["retryable"], row["retryable"])
                self.assertEqual(response.get("statusCode"), str(row["status"]) if "status" in row else None)
                wait = response["responseParameters"].get("gatewayresponse.header.Retry-After")
                self.assertEqual(wait, f"'{row['retry_after']}'" if "retry_after" in row else None)

    def test_each_gateway_response_has_the_fields_and_headers_of_an_error(self):
        for name, response in api()[RESPONSES].items():
            with self.subTest(response=name):
                body = self.filled_in(response)
                self.assertEqual(list(body), [
                    "type", "message", "error", "error_type", "retryable", "details", "session_id", "request_id",
                ])
                self.assertEqual((body["type"], body["error"]), ("error", body["error_type"]))
                self.assertEqual((body["details"], body["session_id"], body["request_id"]), ({}, None, "c0ffee"))
                headers = response["responseParameters"]
                self.assertEqual(
                    headers["gatewayresponse.header.Cache-Control"], "'no-store, no-cache, must-revalidate, private'")
                self.assertEqual(headers["gatewayresponse.header.X-Content-Type-Options"], "'nosniff'")
                self.assertEqual(headers["gatewayresponse.header.X-Request-Id"], "context.requestId")

    def test_the_gateway_and_the_functions_have_the_same_messages(self):
        messages = openapi()["x-messages"]
        for name, said in (("THROTTLED", "busy"), ("QUOTA_EXCEEDED", "busy"), ("INTEGRATION_TIMEOUT", "too_long")):
            with self.subTest(response=name):
                self.assertEqual(self.filled_in(api()[RESPONSES][name])["message"], messages[said])

    def filled_in(self, response):
        """The body for the caller."""
        self.assertEqual(list(response["responseTemplates"]), ["application/json"])
        text = response["responseTemplates"]["application/json"].replace("$context.requestId", "c0ffee")
        self.assertNotIn("$", text, "an unknown variable")
        return json.loads(text)


class BrowserTest(unittest.TestCase):
    def test_cors_is_off_by_default(self):
        self.assertNotIn("access-control", json.dumps(api()).lower())

    def test_the_allowed_origin_gets_a_preflight_without_a_key(self):
        for path, item in api(ORIGIN)["paths"].items():
            # Only servers complete operations, and the page is opened, not called.
            if path == COMPLETE or path in PAGE:
                self.assertNotIn("options", item)
                continue
            with self.subTest(path=path):
                preflight = item["options"]
                self.assertNotIn("security", preflight)
                answer = preflight["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
                self.assertEqual(answer["method.response.header.Access-Control-Allow-Origin"], f"'{ORIGIN}'")
                allowed = answer["method.response.header.Access-Control-Allow-Headers"].strip("'").split(",")
                self.assertLessEqual({"x-api-key", "content-type", "prefer", "idempotency-key"}, set(allowed))
                declared = preflight["responses"]["204"]["headers"]
                self.assertEqual({f"method.response.header.{name}" for name in declared}, set(answer))

    def test_the_allowed_origin_can_read_the_gateways_errors(self):
        for name, response in api(ORIGIN)[RESPONSES].items():
            with self.subTest(response=name):
                allowed = response["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"]
                self.assertEqual(allowed, f"'{ORIGIN}'")

    def test_the_functions_get_the_allowed_origin(self):
        for name, function in resources("AWS::Lambda::Function").items():
            with self.subTest(function=name):
                self.assertEqual(function["Environment"]["Variables"]["ALLOWED_ORIGIN"], {"Ref": "AllowedOrigin"})
