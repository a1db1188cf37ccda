"""Access tokens in addition to API keys: the template with a JwtIssuer, and what callers experience."""

import json
import re
import unittest
import uuid

from deployed import stack, token_issuer
from api_test import ApiTest
from defects import is_open
from test_gateway import COMPLETE, ORIGIN, RESPONSES
from test_rights import arn, rights
from token_issuer import AUDIENCE
from translated import api, decide, resources, template

ISSUER = {"JwtIssuer": "https://id.example.com/", "JwtAudience": "agents"}
GATEWAY_SECONDS = 29


def scheme(**parameters):
    """The authorizer in the API definition."""
    return api(**(parameters or ISSUER))["components"]["securitySchemes"]["access_token"]


class DefinitionTest(unittest.TestCase):
    def test_without_an_issuer_there_is_no_authorizer(self):
        self.assertEqual([name for name in template()["Resources"] if "Authorizer" in name], [])
        self.assertEqual(list(api(ORIGIN)["components"]["securitySchemes"]), ["api_key"])
        self.assertNotIn("uthorization", json.dumps(api(ORIGIN)["paths"]))

    def test_with_an_issuer_every_route_with_a_key_also_needs_a_token(self):
        for path, item in api(**ISSUER)["paths"].items():
            for method, operation in item.items():
                with self.subTest(path=path, method=method):
                    both = [{"api_key": [], "access_token": []}]
                    self.assertEqual(operation["security"], [] if is_open(path, method) else both)

    def test_the_gateway_sends_well_formed_tokens_and_caches_the_answer_for_a_minute_at_most(self):
        self.assertEqual({name: scheme()[name] for name in ("type", "name", "in", "x-amazon-apigateway-authtype")}, {
            "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom"})
        authorizer = scheme()["x-amazon-apigateway-authorizer"]
        self.assertEqual(authorizer["type"], "token")
        self.assertLessEqual(authorizer["authorizerResultTtlInSeconds"], 60)
        self.assertIn("${AuthorizerFunction.Arn}", authorizer["authorizerUri"]["Fn::Sub"])
        form = authorizer["identityValidationExpression"]
        for good in ("Bearer a.b.c", "bearer A-_9.e30.x", "BEARER a.b.c", "Bearer  a.b.c"):
            self.assertRegex(good, form)
        for bad in ("", "Bearer", "Bearer a.b.", "Bearer a.b", "Bearer a.b.c.d.e", "Basic a.b.c", "Bearer a.b.c d",
                    "Bearera.b.c", "Bearer\ta.b.c", " Bearer a.b.c"):
            self.assertNotRegex(bad, form)

    def test_only_the_gateway_may_invoke_the_authorizer(self):
        permission = resources("AWS::Lambda::Permission", **ISSUER)["AuthorizerPermission"]
        self.assertEqual((permission["Principal"], permission["FunctionName"]),
                         ("apigateway.amazonaws.com", {"Ref": "AuthorizerFunction"}))
        self.assertTrue(permission["SourceArn"]["Fn::Sub"].endswith(":${Api}/authorizers/*"), permission)

    def test_the_authorizer_may_only_write_its_log(self):
        role = resources("AWS::IAM::Role", **ISSUER)["AuthorizerRole"]
        given = set()
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                given |= rights(statement["Resource"], *statement["Action"])
        self.assertEqual(given, rights(arn("AuthorizerLogs"), "logs:CreateLogStream", "logs:PutLogEvents")
                         | rights("*", "xray:PutTraceSegments", "xray:PutTelemetryRecords"))
        self.assertNotIn("ManagedPolicyArns", role)

    def test_the_authorizer_has_alarms_and_log_retention(self):
        function = resources("AWS::Lambda::Function", **ISSUER)["AuthorizerFunction"]
        self.assertEqual((function["TracingConfig"], function["LoggingConfig"]["LogFormat"]), ({"Mode": "Active"}, "JSON"))
        self.assertEqual(function["LoggingConfig"]["LogGroup"], {"Ref": "AuthorizerLogs"})
        self.assertLess(function["Timeout"], GATEWAY_SECONDS)
        group = resources("AWS::Logs::LogGroup", **ISSUER)["AuthorizerLogs"]
        self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"})
        watched = {
            (alarm["MetricName"], alarm.get("ExtendedStatistic"), json.dumps(alarm["AlarmActions"]["Fn::If"][1]))
            for alarm in resources("AWS::CloudWatch::Alarm", **ISSUER).values()
            if {"Name": "FunctionName", "Value": {"Ref": "AuthorizerFunction"}} in alarm["Dimensions"]
        }
        topic = json.dumps([{"Ref": "AlarmTopicArn"}])
        self.assertEqual(watched, {("Errors", None, topic), ("Throttles", None, topic), ("Duration", "p99", topic)})

    def test_an_authorizer_that_fails_is_not_told_as_a_wrong_token(self):
        for name in ("AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"):
            self.assertEqual(api(**ISSUER)[RESPONSES][name]["statusCode"], "503")

    def test_cors_allows_the_authorization_header(self):
        for path, item in api(ORIGIN, **ISSUER)["paths"].items():
            # Generators complete from servers; the page is nobody else's to fetch.
            if path not in (COMPLETE, "/", "/assets/{hash}"):
                with self.subTest(path=path):
                    answer = item["options"]["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
                    allowed = answer["method.response.header.Access-Control-Allow-Headers"].strip("'").split(",")
                    self.assertLessEqual({"authorization", "x-api-key", "content-type"}, set(allowed))

    def test_an_unsafe_issuer_is_rejected_before_the_deployment(self):
        parameters = template()["Parameters"]
        for name, good, bad in (
            ("JwtIssuer", ["", "https://id.example.com", "https://id.example.com/realms/a/"],
             ["http://id.example.com", "id.example.com", "https://me@id.example.com", "https://h?a=b", "https://h#a"]),
            ("JwtAudience", ["", "agents", "https://agents.example.com"], ["a b"]),
        ):
            for value in good:
                self.assertTrue(re.search(parameters[name]["AllowedPattern"], value), f"{name} {value}")
            for value in bad:
                self.assertFalse(re.search(parameters[name]["AllowedPattern"], value), f"{name} {value}")
        rules = [template()["Rules"][name] for name in ("IssuerNeedsItsAudience", "AudienceNeedsItsIssuer")]
        name = "https://id.example.com"
        for issuer, audience, holds in (("", "", True), (name, "a", True), (name, "", False), ("", "a", False)):
            values = {"JwtIssuer": issuer, "JwtAudience": audience}
            asked = [rule for rule in rules if decide(rule["RuleCondition"], values)]
            held = all(decide(rule["Assertions"][0]["Assert"], values) for rule in asked)
            self.assertEqual(held, holds, values)


class CallerTest(ApiTest):
    """What callers of a deployed stack with an issuer are answered."""

    @classmethod
    def setUpClass(cls):
        cls.issuer = token_issuer()
        cls.api = stack("tokens", JwtIssuer=cls.issuer.name, JwtAudience=AUDIENCE)

    def call(self, method, path, token=None, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.api.call(method, path, body, headers | ({"Authorization": f"Bearer {token}"} if token else {}))

    def test_a_valid_token_is_accepted(self):
        token = self.issuer.token("ada")
        self.assert_result(self.call("POST", "/decompose", token, {"description": "Summarise a web page"}), "instructions")
        self.assertEqual(self.call("GET", "/blocks", token).status, 200)

    def test_a_key_without_a_valid_token_is_rejected(self):
        good = self.issuer.token("ada")
        for token in (None, "nonsense", good.rsplit(".", 1)[0] + "."):
            self.assert_token_required(self.call("GET", "/blocks", token), "Bearer")
        for token in (good[:-5] + "AAAAA", self.issuer.token("ada", exp=1), self.issuer.token("ada", aud="others"),
                      self.issuer.token("ada", iss="https://id.example.com"), self.issuer.token("")):
            for method, path in (("GET", "/blocks"), ("POST", "/generate"), ("GET", "/operations/op-1")):
                self.assert_token_required(self.call(method, path, token), 'Bearer error="invalid_token"')

    def assert_token_required(self, answer, challenge):
        """Checks the gateway's own 401."""
        error = self.assert_error(answer, 401, "unauthorized")
        self.assertIn("Authorization header", error["message"])
        self.assertEqual(answer.headers["WWW-Authenticate"], challenge)

    def test_a_token_without_a_key_is_rejected(self):
        token = {"Authorization": f"Bearer {self.issuer.token('ada')}"}
        self.assert_error(self.api.call("GET", "/blocks", headers=token, key=False), 403, "forbidden")

    def test_health_and_completions_need_no_token(self):
        self.assertEqual(self.call("GET", "/health").status, 200)
        body = {"success": True, "result": {}}
        refused = self.assert_error(self.call("POST", "/operations/op-1/complete", body=body), 401, "unauthorized")
        self.assertIn("internal key", refused["message"])

    def test_two_users_with_one_key_do_not_see_each_others_operations(self):
        ada, bob = self.issuer.token("ada"), self.issuer.token("bob")
        started = self.call("POST", "/generate", ada, {"description": "Summarise a web page"}, Prefer="respond-async")
        path = f"/operations/{self.assert_answer(started, 202)['operation_id']}"
        self.assertEqual(self.call("GET", path, ada).status, 200)
        self.assert_error(self.call("GET", path, bob), 404, "not_found")
        # A renewed token belongs to the same user.
        self.assertEqual(self.call("GET", path, self.issuer.token("ada", jti="2")).status, 200)

    def test_users_do_not_share_idempotency_keys(self):
        key, request = str(uuid.uuid4()), {"description": "Summarise a web page"}
        tokens = [self.issuer.token(subject) for subject in ("ada", "bob", "ada")]
        answers = [self.call("POST", "/generate", token, request, Idempotency_Key=key) for token in tokens]
        self.assertEqual([answer.status for answer in answers], [200, 200, 200])
        self.assertEqual(["Idempotent-Replayed" in answer.headers for answer in answers], [False, False, True])


if __name__ == "__main__":
    unittest.main()
