"""What the gateway does by itself. The local cloud checks no key and knows no gateway responses, so the definition is held
against the contract here: it is what AWS imports, byte for byte."""

import json
import unittest

from deployed import stack
from local_cloud import signed_for, send
from translated import api, openapi, resources

ANY = "x-amazon-apigateway-any-method"
RESPONSES = "x-amazon-apigateway-gateway-responses"
ORIGIN = "https://app.example.com"
COMPLETE = "/operations/{operation_id}/complete"
# A monitor holds no key; who completes an operation has another one, which the function compares.
WITHOUT_API_KEY = {"/health", COMPLETE}


def setUpModule():
    stack()


class RouteTest(unittest.TestCase):
    def test_every_documented_route_leads_to_a_function_and_no_other_is_open(self):
        documented = {(path, method) for path, item in openapi()["paths"].items() for method in item if method != "parameters"}
        defined = {(path, method) for path, item in api()["paths"].items() for method in item if method != ANY}
        self.assertEqual(defined, documented)

    def test_nobody_without_a_key_makes_the_generator_work(self):
        for path, item in api()["paths"].items():
            for method, operation in item.items():
                with self.subTest(path=path, method=method):
                    self.assertEqual(operation["security"], [] if path in WITHOUT_API_KEY else [{"api_key": []}])

    def test_a_wrong_method_reaches_the_function_which_says_what_is_right(self):
        for path, item in api()["paths"].items():
            with self.subTest(path=path):
                right = next(operation for method, operation in item.items() if method in ("get", "post"))
                self.assertEqual(item[ANY], right)

    def test_the_key_of_the_output_opens_the_deployed_api_within_limits(self):
        deployed = stack()
        plans = send("GET", f"{deployed.endpoint}/usageplans", headers=signed_for("apigateway")).json()["item"]
        plan = next(p for p in plans if deployed.outputs["ApiId"] in [s["apiId"] for s in p["apiStages"]])
        self.assertGreater(float(plan["throttle"]["rateLimit"]), 0)
        self.assertGreater(int(plan["quota"]["limit"]), 0)
        keys = send("GET", f"{deployed.endpoint}/usageplans/{plan['id']}/keys", headers=signed_for("apigateway")).json()["item"]
        self.assertEqual([(key["id"], key["value"]) for key in keys], [(deployed.outputs["ApiKeyId"], deployed.key)])


class GatewayAnswerTest(unittest.TestCase):
    """The gateway's own answers, filled in as the gateway does it."""

    def test_each_says_what_callers_are_told_that_it_says(self):
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

    def test_each_has_the_shape_and_the_headers_of_the_functions_errors(self):
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

    def test_a_person_reads_the_same_words_from_the_gateway_as_from_a_function(self):
        messages = openapi()["x-messages"]
        for name, said in (("THROTTLED", "busy"), ("QUOTA_EXCEEDED", "busy"), ("INTEGRATION_TIMEOUT", "too_long")):
            with self.subTest(response=name):
                self.assertEqual(self.filled_in(api()[RESPONSES][name])["message"], messages[said])

    def filled_in(self, response):
        """The body that a caller gets."""
        self.assertEqual(list(response["responseTemplates"]), ["application/json"])
        text = response["responseTemplates"]["application/json"].replace("$context.requestId", "c0ffee")
        self.assertNotIn("$", text, "a variable that nobody fills in")
        return json.loads(text)


class BrowserTest(unittest.TestCase):
    def test_no_browser_may_call_unless_somebody_decides_so(self):
        self.assertNotIn("access-control", json.dumps(api()).lower())

    def test_the_allowed_origin_gets_its_preflight_without_a_key(self):
        for path, item in api(ORIGIN)["paths"].items():
            # Servers complete operations; no browser is given the internal key.
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

    def test_the_allowed_origin_can_read_why_the_gateway_refused(self):
        for name, response in api(ORIGIN)[RESPONSES].items():
            with self.subTest(response=name):
                allowed = response["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"]
                self.assertEqual(allowed, f"'{ORIGIN}'")

    def test_the_functions_learn_the_allowed_origin(self):
        for name, function in resources("AWS::Lambda::Function").items():
            with self.subTest(function=name):
                self.assertEqual(function["Environment"]["Variables"]["ALLOWED_ORIGIN"], {"Ref": "AllowedOrigin"})
