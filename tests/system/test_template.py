"""What whoever runs the stack relies on: rights, logs, time-outs, alarms."""

import json
import unittest

from translated import resources, template

GATEWAY_SECONDS = 29


class FunctionsTest(unittest.TestCase):
    def test_a_stolen_function_can_write_its_own_log_and_traces_and_nothing_else(self):
        functions, roles = resources("AWS::Lambda::Function"), resources("AWS::IAM::Role")
        owned = set()
        for name, function in functions.items():
            with self.subTest(function=name):
                role = roles[function["Role"]["Fn::GetAtt"][0]]
                owned.add(function["Role"]["Fn::GetAtt"][0])
                self.assertNotIn("ManagedPolicyArns", role)
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
