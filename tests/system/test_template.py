"""What an operator relies on: time limits, logs, parameters, alarms."""

import copy
import json
import re
import unittest

from test_rights import PROFILE, SECRET
from translated import PAGE, ROOT, api, decide, resources, sources, template

GATEWAY_SECONDS = 29
LAMBDA_SECONDS = 900
WORKERS = {"GenerateWorker", "PatchWorker"}


class FunctionsTest(unittest.TestCase):
    def test_every_function_ends_before_the_gateways_time_limit(self):
        functions = resources("AWS::Lambda::Function")
        behind = {name for name in functions if name + ".Arn" in json.dumps(api()["paths"])}
        self.assertEqual(set(functions) - behind, WORKERS | {"DeliverFunction"})
        for name in behind:
            with self.subTest(function=name):
                self.assertLess(functions[name]["Timeout"], GATEWAY_SECONDS)

    def test_a_worker_has_lambdas_maximum_time(self):
        timeout = template()["Parameters"]["WorkerTimeout"]
        self.assertEqual((timeout["Default"], timeout["MaxValue"]), (LAMBDA_SECONDS, LAMBDA_SECONDS))
        for name in WORKERS:
            self.assertEqual(resources("AWS::Lambda::Function")[name]["Timeout"], {"Ref": "WorkerTimeout"})

    def test_a_worker_is_the_same_program_as_the_function_that_queues_its_jobs(self):
        functions = resources("AWS::Lambda::Function")
        for worker, function in (("GenerateWorker", "GenerateFunction"), ("PatchWorker", "PatchFunction")):
            self.assertEqual(functions[worker]["Environment"], functions[function]["Environment"])
            self.assertEqual(sources()[worker], sources()[function])

    def test_every_function_has_traces_and_json_logs(self):
        for name, function in resources("AWS::Lambda::Function").items():
            with self.subTest(function=name):
                self.assertEqual(function["TracingConfig"], {"Mode": "Active"})
                self.assertEqual(function["LoggingConfig"]["LogFormat"], "JSON")

    def test_every_log_expires(self):
        groups = resources("AWS::Logs::LogGroup")
        self.assertEqual(len(groups), len(resources("AWS::Lambda::Function")) + 1)
        for name, group in groups.items():
            with self.subTest(group=name):
                self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"})

    def test_no_caller_can_break_the_access_log_or_make_its_lines_long(self):
        stage = resources("AWS::ApiGateway::Stage")["Apiv1Stage"]
        line = json.loads(stage["AccessLogSetting"]["Format"])
        self.assertLessEqual({"requestId", "status", "integrationLatency", "apiKeyId", "errorType"}, set(line))
        # API Gateway escapes nothing: each of these is its own text, of a bounded length. A chosen requestId must be a UUID.
        self.assertLessEqual(set(line.values()), {f"$context.{name}" for name in (
            "requestId", "extendedRequestId", "requestTime", "httpMethod", "resourcePath", "status", "responseLatency",
            "integration.latency", "integration.status", "responseLength", "identity.apiKeyId", "error.responseType",
        )})
        self.assertEqual(stage["AccessLogSetting"]["DestinationArn"], {"Fn::GetAtt": ["ApiLogs", "Arn"]})
        self.assertEqual({setting["DataTraceEnabled"] for setting in stage["MethodSettings"]}, {False})

    def test_an_event_that_fails_for_good_is_kept(self):
        configured = resources("AWS::Lambda::EventInvokeConfig").values()
        kept = {config["FunctionName"]["Ref"]: config["DestinationConfig"]["OnFailure"]["Destination"] for config in configured}
        # The others are only called by the gateway or by a queue, which keeps what fails.
        self.assertEqual(kept, dict.fromkeys(
            set(resources("AWS::Lambda::Function")) - WORKERS - {"DeliverFunction", "PageFunction"}, {"Fn::GetAtt": ["FailedEvents", "Arn"]}))


class StreamTest(unittest.TestCase):
    """Streams of events are switched on by their share of concurrency."""

    ROUTES = ("/operations/{operation_id}/events", "/tasks/{task_id}/stream")
    ON = {"StreamConcurrency": 20}

    def integrations(self, **parameters):
        """The integrations that may stream, and all other routes and methods."""
        paths = {path: methods for path, methods in copy.deepcopy(api(**parameters)["paths"]).items() if path not in PAGE}
        own = [paths[path].pop(method)["x-amazon-apigateway-integration"] for path in self.ROUTES for method in ("get", "head")]
        return own, json.dumps(paths)

    def test_without_a_share_the_routes_stay_with_operations(self):
        own, _ = self.integrations()
        self.assertEqual({json.dumps(it["uri"]).count("OperationsFunction.Arn}/invocations") for it in own}, {1})
        self.assertNotIn("StreamFunction", template()["Resources"])
        self.assertNotIn("stream", json.dumps(own).lower().replace("/stream", ""))

    def test_with_a_share_two_routes_pass_on_each_piece_as_it_comes(self):
        own, others = self.integrations(**self.ON)
        for integration in own:
            self.assertEqual((integration["type"], integration["responseTransferMode"]), ("aws_proxy", "STREAM"))
            self.assertIn(
                "lambda:path/2021-11-15/functions/${StreamFunction.Arn}/response-streaming-invocations",
                integration["uri"]["Fn::Sub"])
        self.assertNotIn("STREAM", others)

    def test_the_key_and_the_token_are_asked_for_as_on_the_other_routes(self):
        tokens = {"JwtIssuer": "https://issuer.example.com/", "JwtAudience": "agents"}
        for parameters in (self.ON, self.ON | tokens):
            paths = api(**parameters)["paths"]
            for path in self.ROUTES:
                self.assertEqual(paths[path]["get"]["security"], paths["/generate"]["post"]["security"])

    def test_open_streams_take_no_more_than_their_share_and_end_before_their_gateway_does(self):
        function = resources("AWS::Lambda::Function", **self.ON)["StreamFunction"]
        self.assertEqual((function["ReservedConcurrentExecutions"], function["MemorySize"]), ({"Ref": "StreamConcurrency"}, 128))
        own, _ = self.integrations(**self.ON)
        for integration in own:
            # A stream is cut after 90 s.
            self.assertTrue(90 < function["Timeout"] <= integration["timeoutInMillis"] / 1000)

    def test_it_may_read_and_nothing_else(self):
        policies = resources("AWS::IAM::Role", **self.ON)["StreamRole"]["Policies"]
        statements = [statement for policy in policies if policy["PolicyName"] == "operations"
                      for statement in policy["PolicyDocument"]["Statement"]]
        self.assertEqual({action for statement in statements for action in statement["Action"]},
                         {"dynamodb:GetItem", "dynamodb:Query", "s3:GetObject"})

    def test_an_alarm_rings_when_streams_fail_or_are_turned_away(self):
        metrics = {alarm["MetricName"] for alarm in resources("AWS::CloudWatch::Alarm", **self.ON).values()
                   if {"Name": "FunctionName", "Value": {"Ref": "StreamFunction"}} in alarm["Dimensions"]}
        # Not for a long duration: a stream is open for as long as something may come.
        self.assertEqual(metrics, {"Errors", "Throttles"})

    def test_a_function_url_is_there_on_demand_alone_and_asks_for_a_signature(self):
        for parameters in ({}, self.ON, {"StreamUrl": "on"}):
            self.assertEqual(resources("AWS::Lambda::Url", **parameters), {})
        url, = resources("AWS::Lambda::Url", **self.ON, StreamUrl="on").values()
        self.assertEqual((url["AuthType"], url["InvokeMode"]), ("AWS_IAM", "RESPONSE_STREAM"))
        self.assertEqual(url["TargetFunctionArn"], {"Fn::GetAtt": ["StreamFunction", "Arn"]})


class RoutesTest(unittest.TestCase):
    def test_a_caller_of_an_unknown_route_reads_of_every_route(self):
        answers = resources("AWS::ApiGateway::RestApi")["Api"]["Body"]["x-amazon-apigateway-gateway-responses"]
        told = json.loads(answers["MISSING_AUTHENTICATION_TOKEN"]["responseTemplates"]["application/json"])["message"]
        told = set(re.findall(r"/[^ ,.]+", told))
        # Below /agents, what only a generator calls, the page, and what clients of /mcp look for themselves.
        others = ("/agents/", "/assets/", "/.well-known/")
        unnamed = {path for path in api()["paths"] if path == "/" or path.startswith(others) or path.endswith("/complete")}
        self.assertEqual(told, set(api()["paths"]) - unnamed)


class ParameterTest(unittest.TestCase):
    def test_the_defaults_work_without_any_setup(self):
        parameters = template()["Parameters"]
        self.assertEqual(parameters["AgentGeneratorUrl"]["Default"], "builtin")
        self.assertEqual([name for name, parameter in parameters.items() if "Default" not in parameter], [])

    def test_a_planner_without_its_model_or_key_is_rejected_before_the_deployment(self):
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
        bedrock = {"Planner": "bedrock", "BedrockModelId": PROFILE, "ModelReasoningEffort": "low"}
        for bad in (model, {"Planner": "openai", "OpenAiBaseUrl": local}, {"Planner": "bedrock"}, bedrock):
            self.assertFalse(holds(**bad), bad)

    def test_a_value_that_a_function_would_refuse_is_rejected_by_the_stack(self):
        patterns = {name: parameter.get("AllowedPattern") for name, parameter in template()["Parameters"].items()}
        for name, good, bad in (
            ("OpenAiBaseUrl", ["", "https://h/v1", "http://10.0.0.1:8000"], ["h", "ftp://h", "https://u:p@h", "https://h?k=v"]),
            ("OpenAiModel", ["", "gpt-4o-mini", "meta-llama/Llama-3.1-8B"], ["a b"]),
            ("OpenAiApiVersion", ["", "2024-10-21", "2025-04-01-preview"], ["v=1&x", "a b"]),
            ("ModelMaxTokens", ["", "4096"], ["0", "12", "many"]),
            ("ModelContextTokens", ["", "8192", "1000000"], ["512", "8k"]),
            ("ModelTemperature", ["", "0", "0.7", "2"], ["3", "2.1", "-1", "warm"]),
            ("ModelReasoningEffort", ["", "low"], ["Low", "a b"]),
            ("OpenAiSecretArn", ["", SECRET], ["sk-1", "arn:aws:s3:::bucket", SECRET + "*", SECRET + ":x y"]),
            ("CallbackTrustedHosts", ["", "hooks.internal:8443", "127.0.0.1:443,[fd00::7]:8443"],
             ["hooks", "https://hooks:1", "me@hooks:1", "fd00::7:1", "hooks:1,"]),
            ("BedrockModelId", ["", PROFILE, "amazon.nova-lite-v1:0"], ["*", "a b", "arn:aws:bedrock:*"]),
        ):
            for value in good:
                self.assertTrue(re.search(patterns[name], value), f"{name} {value}")
            for value in bad:
                self.assertFalse(re.search(patterns[name], value), f"{name} {value}")


class PageTest(unittest.TestCase):
    """The page: the one thing that anybody sees."""

    def test_it_is_there_unless_it_is_switched_off_and_needs_no_key(self):
        tokens = {"JwtIssuer": "https://issuer.example.com/", "JwtAudience": "agents"}
        for path in PAGE:
            for parameters in ({}, tokens):
                methods = api(**parameters)["paths"][path]
                self.assertEqual(set(methods), {"get", "head", "x-amazon-apigateway-any-method"})
                self.assertEqual([method["security"] for method in methods.values()], [[]] * 3)
            self.assertEqual(api(Page="off")["paths"][path], {})
        left = {name for name in template(Page="off")["Resources"] if name.startswith("Page")}
        self.assertEqual(left, set(), "something of the page is left")

    def test_compressed_files_pass_the_gateway_and_no_other_route_pays_for_it(self):
        definition = resources("AWS::ApiGateway::RestApi")["Api"]
        self.assertNotIn("BinaryMediaTypes", definition)
        self.assertNotIn("x-amazon-apigateway-binary-media-types", definition["Body"])
        for path in PAGE:
            for method in definition["Body"]["paths"][path].values():
                integration = method["x-amazon-apigateway-integration"]
                self.assertEqual(integration["responseTransferMode"], "STREAM")
                self.assertIn("2021-11-15/functions/${PageFunction.Arn}/response-streaming-inv", integration["uri"]["Fn::Sub"])

    def test_whoever_floods_it_takes_nothing_from_others(self):
        stage = resources("AWS::ApiGateway::Stage")["Apiv1Stage"]
        limits = {(it["ResourcePath"], it["HttpMethod"]): it["ThrottlingRateLimit"] for it in stage["MethodSettings"]}
        for path in ("/", "/~1assets~1{hash}"):
            for method in ("GET", "HEAD", "ANY"):
                self.assertEqual(limits[path, method], {"Ref": "OpenRateLimit"})

    def test_it_may_write_its_log_and_traces_and_nothing_else(self):
        policies = resources("AWS::IAM::Role")["PageRole"]["Policies"]
        statements = [it for policy in policies for it in policy["PolicyDocument"]["Statement"]]
        actions = {action.split(":")[0] for it in statements for action in it["Action"]}
        self.assertEqual(actions, {"logs", "xray"})


class AlarmsTest(unittest.TestCase):
    def test_an_alarm_rings_when_a_function_fails_is_turned_away_or_is_slow(self):
        functions = set(resources("AWS::Lambda::Function"))
        wanted = {(metric, None, name) for name in functions for metric in ("Errors", "Throttles")}
        # Workers and webhooks may be slow; the alarms of their queues watch them.
        wanted |= {("Duration", "p99", name) for name in functions - WORKERS - {"DeliverFunction"}}
        self.assertEqual(self.watched("FunctionName"), wanted)

    def test_an_alarm_rings_for_dead_letters_and_for_messages_that_wait_too_long(self):
        queues = resources("AWS::SQS::Queue")
        laid_aside = {queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for queue in queues.values()
                      if "RedrivePolicy" in queue}
        wanted = {("ApproximateNumberOfMessagesVisible", None, name) for name in laid_aside | {"FailedEvents"}}
        wanted |= {("ApproximateAgeOfOldestMessage", None, name) for name, queue in queues.items() if "RedrivePolicy" in queue}
        self.assertEqual(self.watched("QueueName"), wanted)
        for name, alarm in resources("AWS::CloudWatch::Alarm").items():
            if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible":
                with self.subTest(alarm=name):
                    self.assertEqual((alarm["Threshold"], alarm["EvaluationPeriods"]), (1, 1), "one is too many")

    def test_the_alarm_for_waiting_jobs_rings_before_their_operations_fail(self):
        timeout = template()["Parameters"]["OperationTimeout"]["Default"]
        for name in ("GenerateJobsWaiting", "PatchJobsWaiting"):
            self.assertLess(resources("AWS::CloudWatch::Alarm")[name]["Threshold"], timeout)

    def watched(self, dimension):
        """(metric, percentile, resource) of the alarms in a namespace."""
        return {
            (alarm["MetricName"], alarm.get("ExtendedStatistic"), named(found["Value"]))
            for alarm in resources("AWS::CloudWatch::Alarm").values() for found in alarm["Dimensions"]
            if found["Name"] == dimension
        }

    def test_a_latency_alarm_rings_before_callers_get_time_outs(self):
        functions = resources("AWS::Lambda::Function")
        for name, alarm in resources("AWS::CloudWatch::Alarm").items():
            if alarm["MetricName"] == "Duration":
                with self.subTest(alarm=name):
                    function = functions[alarm["Dimensions"][0]["Value"]["Ref"]]
                    self.assertLess(alarm["Threshold"], function["Timeout"] * 1000)

    def test_an_alarm_rings_when_somebody_fills_the_access_log(self):
        self.assertEqual(self.watched("LogGroupName"), {("IncomingBytes", None, "ApiLogs")})

    def test_the_pages_for_operators_tell_how_many_alarms_there_are(self):
        def alarms(**parameters):
            return len(resources("AWS::CloudWatch::Alarm", **parameters))

        always = alarms()
        self.assertEqual((alarms(JwtIssuer="https://issuer.example.com/") - always, alarms(StreamConcurrency=20) - always), (3, 2))
        self.assertEqual(always - alarms(Page="off"), 3)
        for page in ("OPERATING.md", "SCALE.md"):
            with self.subTest(page=page):
                self.assertIn(f" {always} alarms,", (ROOT / "docs" / page).read_text(encoding="utf-8"))

    def test_every_alarm_reaches_the_topic(self):
        for name, alarm in resources("AWS::CloudWatch::Alarm").items():
            with self.subTest(alarm=name):
                self.assertEqual(alarm["AlarmActions"]["Fn::If"][1], [{"Ref": "AlarmTopicArn"}])


def named(value):
    """The resource of a Ref or a Fn::GetAtt."""
    return value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]


if __name__ == "__main__":
    unittest.main()
