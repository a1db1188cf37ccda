"""What the gateway does by itself. The local cloud checks neither keys nor gateway responses, so these tests check the API
definition that AWS imports."""

import json
import unittest

from deployed import stack
from local_cloud import signed_for, send
from translated import api, openapi, resources

ANY = "x-amazon-apigateway-any-method"
RESPONSES = "x-amazon-apigateway-gateway-responses"
ORIGIN = "https://app.example.com"
COMPLETE = "/operations/{operation_id}/complete"
# Health is public; completions have another key, which the function checks.
WITHOUT_API_KEY = {"/health", COMPLETE}


def setUpModule():
    stack()


class RouteTest(unittest.TestCase):
    def test_exactly_the_documented_routes_exist(self):
        documented = {(path, method) for path, item in openapi()["paths"].items() for method in item if method != "parameters"}
        defined = {(path, method) for path, item in api()["paths"].items() for method in item if method != ANY}
        self.assertEqual(defined, documented)

    def test_every_route_that_calls_the_generator_needs_a_key(self):
        for path, item in api()["paths"].items():
            for method, operation in item.items():
                with self.subTest(path=path, method=method):
                    self.assertEqual(operation["security"], [] if path in WITHOUT_API_KEY else [{"api_key": []}])

    def test_a_wrong_method_reaches_the_function_which_names_the_right_one(self):
        for path, item in api()["paths"].items():
            with self.subTest(path=path):
                right = next(operation for method, operation in item.items() if method in ("get", "post"))
                self.assertEqual(item[ANY], right)

    def test_the_key_in_the_outputs_belongs_to_a_limited_usage_plan(self):
        deployed = stack()
        plans = send("GET", f"{deployed.endpoint}/usageplans", headers=signed_for("apigateway")).json()["item"]
        plan = next(p for p in plans if deployed.outputs["ApiId"] in [s["apiId"] for s in p["apiStages"]])
        self.assertGreater(float(plan["throttle"]["rateLimit"]), 0)
        self.assertGreater(int(plan["quota"]["limit"]), 0)
        keys = send("GET", f"{deployed.endpoint}/usageplans/{plan['id']}/keys", headers=signed_for("apigateway")).json()["item"]
        self.assertEqual([(key["id"], key["value"]) for key in keys], [(deployed.outputs["ApiKeyId"], deployed.key)])


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
            # Only servers complete operations.
            if path == COMPLETE:
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
