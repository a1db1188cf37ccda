"""What a function may do in the account: what it does, and nothing else."""

import json
import unittest

from translated import decide, resources, template

PLANNING = {"DecomposeFunction", "GenerateFunction", "PatchFunction", "GenerateWorker", "PatchWorker"}
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:openai-AbCdEf"
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0"


def arn(name):
    """A resource of the template, as a statement names it."""
    return {"Fn::GetAtt": [name, "Arn"]}


# Requests and results that are too long for an item of the table.
LONG_TEXTS = {"Fn::Sub": "${OperationsBucket.Arn}/operations/*"}
READ_AND_WRITE_LONG_TEXTS = {("s3:GetObject", json.dumps(LONG_TEXTS)), ("s3:PutObject", json.dumps(LONG_TEXTS))}


def rights(resource, *actions):
    """These actions on this resource."""
    return {(action, json.dumps(resource)) for action in actions}


def consume(queue):
    """What Lambda's poller needs of a function's role, and the function to hide a message for longer."""
    return rights(arn(queue), "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility")


def announce():
    """An operation's end is told on the bus, and to whoever delivers its webhook."""
    return rights(arn("EventBus"), "events:PutEvents") | rights(arn("CallbacksQueue"), "sqs:SendMessage")


def run_operations():
    """An operation is begun, ended, and taken back where it could not be enqueued."""
    table = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
    return rights(arn("OperationsTable"), *table) | READ_AND_WRITE_LONG_TEXTS | announce()


# Beyond a function's own log and its traces.
RIGHTS = {
    "DecomposeFunction": set(),
    "CatalogFunction": set(),
    "GenerateFunction": run_operations() | rights(arn("GenerateJobsQueue"), "sqs:SendMessage"),
    "PatchFunction": run_operations() | rights(arn("PatchJobsQueue"), "sqs:SendMessage"),
    # An event that starts an operation may come to a worker too, which puts it on its own queue.
    "GenerateWorker": run_operations() | consume("GenerateJobsQueue") | rights(arn("GenerateJobsQueue"), "sqs:SendMessage"),
    "PatchWorker": run_operations() | consume("PatchJobsQueue") | rights(arn("PatchJobsQueue"), "sqs:SendMessage"),
    # It ends what others began.
    "OperationsFunction": rights(arn("OperationsTable"), "dynamodb:GetItem", "dynamodb:UpdateItem")
    | rights({"Fn::Sub": "${OperationsTable.Arn}/index/task_id-index"}, "dynamodb:Query")
    | rights({"Ref": "InternalKey"}, "secretsmanager:GetSecretValue")
    | READ_AND_WRITE_LONG_TEXTS | announce() | consume("CompletionsQueue"),
    # It reads who is to be told, and sees neither requests nor results.
    "DeliverFunction": rights(arn("OperationsTable"), "dynamodb:GetItem")
    | rights({"Ref": "WebhookSecret"}, "secretsmanager:GetSecretValue") | consume("CallbacksQueue"),
}


class RoleTest(unittest.TestCase):
    def test_a_stolen_function_can_do_its_own_work_and_nothing_else(self):
        functions, roles = resources("AWS::Lambda::Function"), resources("AWS::IAM::Role")
        self.assertEqual(set(functions), set(RIGHTS))
        self.assertEqual(resources("AWS::IAM::Policy"), {}, "rights that no role shows")
        owned = set()
        for name, function in functions.items():
            with self.subTest(function=name):
                role = roles[function["Role"]["Fn::GetAtt"][0]]
                owned.add(function["Role"]["Fn::GetAtt"][0])
                self.assertNotIn("ManagedPolicyArns", role)
                given = set()
                for policy in role["Policies"]:
                    for statement in policy["PolicyDocument"]["Statement"]:
                        self.assertEqual(statement["Effect"], "Allow")
                        given |= rights(statement["Resource"], *statement["Action"])
                log = rights(arn(function["LoggingConfig"]["LogGroup"]["Ref"]), "logs:CreateLogStream", "logs:PutLogEvents")
                traces = rights("*", "xray:PutTraceSegments", "xray:PutTelemetryRecords")
                self.assertEqual(given, log | traces | RIGHTS[name])
        self.assertEqual(len(owned), len(functions), "two functions share a role")


class ModelTest(unittest.TestCase):
    def rights(self, **parameters):
        """(action, resource, condition) of each right beyond the functions' own; the functions that plan have them all."""
        found = set()
        planning = {
            function["Role"]["Fn::GetAtt"][0] for name, function in resources("AWS::Lambda::Function").items()
            if name in PLANNING
        }
        for policy in resources("AWS::IAM::Policy", **parameters).values():
            self.assertEqual({role["Ref"] for role in policy["Roles"]}, planning)
            for statement in policy["PolicyDocument"]["Statement"]:
                self.assertEqual(statement["Effect"], "Allow")
                named = statement["Resource"]
                for resource in named if isinstance(named, list) else [named]:
                    for action in statement["Action"]:
                        found.add((action, json.dumps(resource), json.dumps(statement.get("Condition"))))
        return found

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


class GeneratorTokenTest(unittest.TestCase):
    """The token that a remote generator knows the functions by."""

    TOKEN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:generator-AbCdEf"
    # The catalogue asks the generator too, and the authorizer does not.
    ASKING = PLANNING | {"CatalogFunction"}
    REMOTE = {"AgentGeneratorUrl": "https://generator.example.com", "AgentGeneratorTokenSecretArn": TOKEN}

    def test_the_functions_that_ask_a_generator_may_read_its_token_and_nothing_else(self):
        self.assertEqual(resources("AWS::IAM::Policy"), {})
        policy, = resources("AWS::IAM::Policy", **self.REMOTE).values()
        functions = resources("AWS::Lambda::Function")
        asking = {functions[name]["Role"]["Fn::GetAtt"][0] for name in self.ASKING}
        self.assertEqual({role["Ref"] for role in policy["Roles"]}, asking)
        self.assertEqual(policy["PolicyDocument"]["Statement"], [{
            "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": {"Ref": "AgentGeneratorTokenSecretArn"},
        }])

    def test_they_know_where_it_is_kept_and_the_others_do_not(self):
        issuer = {"JwtIssuer": "https://id.example.com", "JwtAudience": "agents"}
        for name, function in resources("AWS::Lambda::Function", **issuer).items():
            with self.subTest(function=name):
                found = function["Environment"]["Variables"].get("AGENT_GENERATOR_TOKEN_SECRET_ARN")
                self.assertEqual(found, {"Ref": "AgentGeneratorTokenSecretArn"} if name in self.ASKING else None)

    def test_a_token_for_nobody_is_refused_before_anything_is_deployed(self):
        rule = template()["Rules"]["TokenNeedsItsGenerator"]
        for address, holds in ((self.REMOTE["AgentGeneratorUrl"], True), ("builtin", False), ("", False)):
            values = self.REMOTE | {"AgentGeneratorUrl": address}
            self.assertTrue(decide(rule["RuleCondition"], values))
            self.assertEqual(decide(rule["Assertions"][0]["Assert"], values), holds, address)
        self.assertFalse(decide(rule["RuleCondition"], {"AgentGeneratorTokenSecretArn": ""}))
        pattern = template()["Parameters"]["AgentGeneratorTokenSecretArn"]["AllowedPattern"]
        self.assertRegex(self.TOKEN, pattern)
        self.assertNotRegex("agt-a-token", pattern)


if __name__ == "__main__":
    unittest.main()
