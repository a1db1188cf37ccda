"""What whoever runs the stack relies on: rights, logs, time-outs, alarms."""

import json
import re
import unittest

from translated import decide, resources, template

GATEWAY_SECONDS = 29
PLANNING = {"DecomposeFunction", "GenerateFunction", "PatchFunction"}
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:openai-AbCdEf"
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0"


class FunctionsTest(unittest.TestCase):
    def test_a_stolen_function_can_write_its_own_log_and_traces_and_nothing_else(self):
        functions, roles = resources("AWS::Lambda::Function"), resources("AWS::IAM::Role")
        owned = set()
        for name, function in functions.items():
            with self.subTest(function=name):
                role = roles[function["Role"]["Fn::GetAtt"][0]]
                owned.add(function["Role"]["Fn::GetAtt"][0])
                self.assertNotIn("ManagedPolicyArns", role)
                self.assertEqual(resources("AWS::IAM::Policy"), {}, "rights that no role shows")
                group = function["LoggingConfig"]["LogGroup"]["Ref"]
                rights = {
                    (action, json.dumps(statement["Resource"]))
                    for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]
                    for action in statement["Action"]
                }
                own = json.dumps({"Fn::GetAtt": [group, "Arn"]})
                self.assertEqual(rights, {
                    ("logs:CreateLogStream", own), ("logs:PutLogEvents", own),
                    ("xray:PutTraceSegments", '"*"'), ("xray:PutTelemetryRecords", '"*"'),
                })
        self.assertEqual(len(owned), len(functions), "two functions share a role")

    def test_the_function_answers_before_the_gateway_gives_up(self):
        for name, function in resources("AWS::Lambda::Function").items():
            with self.subTest(function=name):
                self.assertLess(function["Timeout"], GATEWAY_SECONDS)

    def test_a_stack_that_nobody_set_up_works_by_itself(self):
        parameters = template()["Parameters"]
        self.assertEqual(parameters["AgentGeneratorUrl"]["Default"], "builtin")
        self.assertEqual([name for name, parameter in parameters.items() if "Default" not in parameter], [])

    def test_every_request_can_be_traced_and_its_log_line_read_by_a_machine(self):
        for name, function in resources("AWS::Lambda::Function").items():
            with self.subTest(function=name):
                self.assertEqual(function["TracingConfig"], {"Mode": "Active"})
                self.assertEqual(function["LoggingConfig"]["LogFormat"], "JSON")

    def test_logs_do_not_pile_up_for_ever(self):
        groups = resources("AWS::Logs::LogGroup")
        self.assertEqual(len(groups), len(resources("AWS::Lambda::Function")) + 1)
        for name, group in groups.items():
            with self.subTest(group=name):
                self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"})

    def test_the_access_log_is_json_and_holds_nothing_that_a_caller_wrote(self):
        stage = resources("AWS::ApiGateway::Stage")["Apiv1Stage"]
        line = json.loads(stage["AccessLogSetting"]["Format"])
        self.assertLessEqual({"requestId", "status", "integrationLatency", "apiKeyId", "errorMessage"}, set(line))
        for variable in ("identity.apiKey\"", "identity.userAgent", "identity.sourceIp", "context.path", "overrides"):
            self.assertNotIn(variable, stage["AccessLogSetting"]["Format"])
        self.assertFalse(stage["MethodSettings"][0]["DataTraceEnabled"])


class ModelTest(unittest.TestCase):
    def rights(self, **parameters):
        """(action, resource, condition) of each right beyond the functions' own; the functions that plan have them all."""
        rights = set()
        for policy in resources("AWS::IAM::Policy", **parameters).values():
            self.assertEqual(policy["Roles"], [{"Ref": name.replace("Function", "Role")} for name in sorted(PLANNING)])
            for statement in policy["PolicyDocument"]["Statement"]:
                self.assertEqual(statement["Effect"], "Allow")
                named = statement["Resource"]
                for resource in named if isinstance(named, list) else [named]:
                    for action in statement["Action"]:
                        rights.add((action, json.dumps(resource), json.dumps(statement.get("Condition"))))
        return rights

    def test_with_rules_no_function_may_ask_a_model_or_read_a_secret(self):
        for parameters in ({}, {"OpenAiSecretArn": SECRET, "BedrockModelId": PROFILE}):
            self.assertEqual(self.rights(**parameters), set())
        self.assertEqual(self.rights(Planner="openai", OpenAiBaseUrl="http://model.internal/v1"), set())

    def test_with_an_api_the_functions_that_plan_may_read_its_key_and_nothing_else(self):
        secret = ("secretsmanager:GetSecretValue", json.dumps({"Ref": "OpenAiSecretArn"}), "null")
        self.assertEqual(self.rights(Planner="openai", OpenAiSecretArn=SECRET, BedrockModelId=PROFILE), {secret})

    def test_with_bedrock_the_functions_that_plan_may_ask_that_model_and_no_other(self):
        def sub(arn):
            return {"Fn::Sub": "arn:${AWS::Partition}:bedrock:" + arn}

        def right(resource, condition=None):
            return ("bedrock:InvokeModel", json.dumps(resource), json.dumps(condition))

        def through(profile):
            return right(sub("*::foundation-model/*"), {"StringEquals": {"bedrock:InferenceProfileArn": profile}})

        profile = sub("${AWS::Region}:${AWS::AccountId}:inference-profile/${BedrockModelId}")
        model = sub("${AWS::Region}::foundation-model/${BedrockModelId}")
        by_id = self.rights(Planner="bedrock", BedrockModelId="amazon.nova-lite-v1:0", OpenAiSecretArn=SECRET)
        self.assertEqual(by_id, {right(model), right(profile), through(profile)})
        given = {"Ref": "BedrockModelId"}
        self.assertEqual(self.rights(Planner="bedrock", BedrockModelId=PROFILE), {right(given), through(given)})

    def test_the_functions_that_plan_know_the_planner_and_the_catalogue_does_not(self):
        wanted = {
            "PLANNER": {"Ref": "Planner"}, "OPENAI_BASE_URL": {"Ref": "OpenAiBaseUrl"},
            "OPENAI_MODEL": {"Ref": "OpenAiModel"}, "OPENAI_SECRET_ARN": {"Ref": "OpenAiSecretArn"},
            "BEDROCK_MODEL_ID": {"Ref": "BedrockModelId"},
        }
        for name, function in resources("AWS::Lambda::Function").items():
            with self.subTest(function=name):
                variables = function["Environment"]["Variables"]
                self.assertIn("AGENT_GENERATOR_URL", variables)
                found = {key: variables[key] for key in wanted if key in variables}
                self.assertEqual(found, wanted if name in PLANNING else {})
                self.assertNotIn("OPENAI_API_KEY", variables)

    def test_a_planner_without_its_model_or_key_is_refused_before_anything_is_deployed(self):
        rules, parameters = template()["Rules"].values(), template()["Parameters"]
        defaults = {name: parameter["Default"] for name, parameter in parameters.items()}

        def holds(**given):
            values = defaults | given
            return all(
                decide(assertion["Assert"], values)
                for rule in rules if decide(rule["RuleCondition"], values) for assertion in rule["Assertions"]
            )

        model, local = {"Planner": "openai", "OpenAiModel": "m"}, "http://model.internal/v1"
        for good in ({}, model | {"OpenAiSecretArn": SECRET}, model | {"OpenAiBaseUrl": local},
                     {"Planner": "bedrock", "BedrockModelId": PROFILE}):
            self.assertTrue(holds(**good), good)
        for bad in (model, {"Planner": "openai", "OpenAiBaseUrl": local}, {"Planner": "bedrock"}):
            self.assertFalse(holds(**bad), bad)

    def test_a_value_that_a_function_would_refuse_is_refused_by_the_stack(self):
        patterns = {name: parameter.get("AllowedPattern") for name, parameter in template()["Parameters"].items()}
        for name, good, bad in (
            ("OpenAiBaseUrl", ["", "https://h/v1", "http://10.0.0.1:8000"], ["h", "ftp://h", "https://u:p@h", "https://h?k=v"]),
            ("OpenAiModel", ["", "gpt-4o-mini", "meta-llama/Llama-3.1-8B"], ["a b"]),
            ("OpenAiSecretArn", ["", SECRET], ["sk-1", "arn:aws:s3:::bucket", SECRET + "*", SECRET + ":x y"]),
            ("BedrockModelId", ["", PROFILE, "amazon.nova-lite-v1:0"], ["*", "a b", "arn:aws:bedrock:*"]),
        ):
            for value in good:
                self.assertTrue(re.search(patterns[name], value), f"{name} {value}")
            for value in bad:
                self.assertFalse(re.search(patterns[name], value), f"{name} {value}")


class AlarmsTest(unittest.TestCase):
    def test_somebody_is_told_when_a_function_fails_or_is_slow(self):
        watched = {
            (alarm["MetricName"], alarm.get("ExtendedStatistic"), dimension["Value"]["Ref"])
            for alarm in resources("AWS::CloudWatch::Alarm").values() for dimension in alarm["Dimensions"]
            if dimension["Name"] == "FunctionName"
        }
        wanted = {
            watch for name in resources("AWS::Lambda::Function")
            for watch in (("Errors", None, name), ("Duration", "p99", name))
        }
        self.assertEqual(watched, wanted)

    def test_a_latency_alarm_rings_before_people_see_time_outs(self):
        functions = resources("AWS::Lambda::Function")
        for name, alarm in resources("AWS::CloudWatch::Alarm").items():
            if alarm["MetricName"] == "Duration":
                with self.subTest(alarm=name):
                    function = functions[alarm["Dimensions"][0]["Value"]["Ref"]]
                    self.assertLess(alarm["Threshold"], function["Timeout"] * 1000)

    def test_every_alarm_reaches_the_topic(self):
        for name, alarm in resources("AWS::CloudWatch::Alarm").items():
            with self.subTest(alarm=name):
                self.assertEqual(alarm["AlarmActions"]["Fn::If"][1], [{"Ref": "AlarmTopicArn"}])


if __name__ == "__main__":
    unittest.main()
