"""The IAM rights of each function, spelled out."""

import json
import unittest

from translated import decide, resources, template

PLANNING = {"DecomposeFunction", "GenerateFunction", "PatchFunction", "GenerateWorker", "PatchWorker", "McpFunction"}
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:openai-AbCdEf"
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0"


def arn(name):
    """The ARN of a resource, as in a statement."""
    return {"Fn::GetAtt": [name, "Arn"]}


# Requests and results that are too long for the table.
LONG_TEXTS = {"Fn::Sub": "${OperationsBucket.Arn}/operations/*"}
READ_AND_WRITE_LONG_TEXTS = {("s3:GetObject", json.dumps(LONG_TEXTS)), ("s3:PutObject", json.dumps(LONG_TEXTS))}


def rights(resource, *actions):
    return {(action, json.dumps(resource)) for action in actions}


def consume(queue):
    """For Lambda's poller, and to hide a message for longer."""
    return rights(arn(queue), "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility")


def announce():
    """To announce an operation's end: an event, and a message for its webhook."""
    return rights(arn("EventBus"), "events:PutEvents") | rights(arn("CallbacksQueue"), "sqs:SendMessage")


def run_operations():
    """To start an operation, end it, and delete it if it cannot be queued."""
    table = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
    return rights(arn("OperationsTable"), *table) | READ_AND_WRITE_LONG_TEXTS | announce()


# To find the caller's own agents that the new one may run.
FIND_OFFERS = rights({"Fn::Sub": "${LibraryTable.Arn}/index/offer-index"}, "dynamodb:Query")


def save_agents(*more):
    """To read agents of the library and to save new ones; `more` for new versions."""
    texts = rights({"Fn::Sub": "${LibraryBucket.Arn}/agents/*"}, "s3:GetObject", "s3:PutObject")
    return rights(arn("LibraryTable"), "dynamodb:GetItem", "dynamodb:PutItem", *more) | texts


SAVE_NEW_AGENTS = save_agents() | FIND_OFFERS
CHANGE_WITHOUT_OFFERS = save_agents("dynamodb:UpdateItem")
CHANGE_AGENTS = CHANGE_WITHOUT_OFFERS | FIND_OFFERS
# To append to the log of an operation that it works on.
TELL_PROGRESS = rights(arn("ProgressTable"), "dynamodb:PutItem")
# Lambda's own: lays aside an event that failed.
FAILED_EVENTS = rights(arn("FailedEvents"), "sqs:SendMessage")
# In addition to the function's log and traces.
RIGHTS = {
    "DecomposeFunction": FIND_OFFERS | FAILED_EVENTS,
    "CatalogFunction": FAILED_EVENTS,
    "GenerateFunction": run_operations() | SAVE_NEW_AGENTS | rights(arn("GenerateJobsQueue"), "sqs:SendMessage") | FAILED_EVENTS,
    "PatchFunction": run_operations() | CHANGE_AGENTS | rights(arn("PatchJobsQueue"), "sqs:SendMessage") | FAILED_EVENTS,
    # A worker may get an event that starts an operation, and queues it.
    "GenerateWorker": run_operations() | SAVE_NEW_AGENTS | TELL_PROGRESS | consume("GenerateJobsQueue")
    | rights(arn("GenerateJobsQueue"), "sqs:SendMessage"),
    "PatchWorker": run_operations() | CHANGE_AGENTS | TELL_PROGRESS | consume("PatchJobsQueue")
    | rights(arn("PatchJobsQueue"), "sqs:SendMessage"),
    # Ends operations and queues jobs again, but starts none. Saves what a generator brings by itself.
    "OperationsFunction": rights(arn("OperationsTable"), "dynamodb:GetItem", "dynamodb:UpdateItem")
    | rights({"Fn::Sub": "${OperationsTable.Arn}/index/task_id-index"}, "dynamodb:Query")
    | rights({"Fn::Sub": "${OperationsTable.Arn}/index/due-index"}, "dynamodb:Query")
    | rights({"Fn::Sub": "${OperationsTable.Arn}/index/owner-index"}, "dynamodb:Query")
    | rights(arn("ProgressTable"), "dynamodb:Query", "dynamodb:PutItem")
    | rights(arn("GenerateJobsQueue"), "sqs:SendMessage") | rights(arn("PatchJobsQueue"), "sqs:SendMessage")
    | rights({"Ref": "InternalKey"}, "secretsmanager:GetSecretValue")
    | READ_AND_WRITE_LONG_TEXTS | announce() | consume("CompletionsQueue") | CHANGE_WITHOUT_OFFERS | FAILED_EVENTS,
    "LibraryFunction": rights(
        arn("LibraryTable"), "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem",
        "dynamodb:UpdateItem", "dynamodb:DeleteItem",
    )
    | rights({"Fn::Sub": "${LibraryTable.Arn}/index/owner-index"}, "dynamodb:Query")
    | rights({"Fn::Sub": "${LibraryTable.Arn}/index/purge-index"}, "dynamodb:Query")
    | rights({"Fn::Sub": "${LibraryBucket.Arn}/agents/*"}, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    | rights(arn("LibraryBucket"), "s3:ListBucket") | FAILED_EVENTS,
    # Does what `generate`, `patch` and `library` do, says what work is at, and deletes no agent.
    "McpFunction": run_operations() | rights(arn("ProgressTable"), "dynamodb:Query") | rights(
        arn("LibraryTable"), "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    )
    | rights({"Fn::Sub": "${LibraryTable.Arn}/index/owner-index"}, "dynamodb:Query") | FIND_OFFERS
    | rights({"Fn::Sub": "${LibraryBucket.Arn}/agents/*"}, "s3:GetObject", "s3:PutObject")
    | rights(arn("GenerateJobsQueue"), "sqs:SendMessage") | rights(arn("PatchJobsQueue"), "sqs:SendMessage") | FAILED_EVENTS,
    "PageFunction": set(),
    # Reads the receiver's address, but neither requests nor results.
    "DeliverFunction": rights(arn("OperationsTable"), "dynamodb:GetItem")
    | rights({"Ref": "WebhookSecret"}, "secretsmanager:GetSecretValue") | consume("CallbacksQueue"),
}


class RoleTest(unittest.TestCase):
    def test_each_function_has_exactly_its_rights(self):
        functions, roles = resources("AWS::Lambda::Function"), resources("AWS::IAM::Role")
        self.assertEqual(set(functions), set(RIGHTS))
        self.assertEqual(resources("AWS::IAM::Policy"), {}, "rights outside the roles")
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
        """(action, resource, condition) of each additional right; all functions with a planner have them."""
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

    def test_without_a_model_no_function_may_call_one_or_read_a_secret(self):
        for parameters in ({}, {"OpenAiSecretArn": SECRET, "BedrockModelId": PROFILE}):
            self.assertEqual(self.rights(**parameters), set())
        self.assertEqual(self.rights(Planner="openai", OpenAiBaseUrl="http://model.internal/v1"), set())

    def test_with_an_openai_model_functions_with_a_planner_may_only_read_its_key(self):
        secret = ("secretsmanager:GetSecretValue", json.dumps({"Ref": "OpenAiSecretArn"}), "null")
        self.assertEqual(self.rights(Planner="openai", OpenAiSecretArn=SECRET, BedrockModelId=PROFILE), {secret})
        headers = ("secretsmanager:GetSecretValue", json.dumps({"Ref": "OpenAiHeadersSecretArn"}), "null")
        self.assertEqual(self.rights(Planner="openai", OpenAiSecretArn=SECRET, OpenAiHeadersSecretArn=SECRET), {secret, headers})
        self.assertEqual(self.rights(Planner="rules", OpenAiHeadersSecretArn=SECRET), set())

    def test_with_bedrock_functions_with_a_planner_may_only_call_that_model(self):
        def sub(arn):
            return {"Fn::Sub": "arn:${AWS::Partition}:bedrock:" + arn}

        def rights(resource, condition=None):
            calls = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
            return {(call, json.dumps(resource), json.dumps(condition)) for call in calls}

        def through(profile):
            return rights(sub("*::foundation-model/*"), {"StringEquals": {"bedrock:InferenceProfileArn": profile}})

        profile = sub("${AWS::Region}:${AWS::AccountId}:inference-profile/${BedrockModelId}")
        model = sub("${AWS::Region}::foundation-model/${BedrockModelId}")
        by_id = self.rights(Planner="bedrock", BedrockModelId="amazon.nova-lite-v1:0", OpenAiSecretArn=SECRET)
        self.assertEqual(by_id, rights(model) | rights(profile) | through(profile))
        given = {"Ref": "BedrockModelId"}
        self.assertEqual(self.rights(Planner="bedrock", BedrockModelId=PROFILE), rights(given) | through(given))

    def test_only_functions_with_a_planner_get_its_configuration(self):
        wanted = {
            "PLANNER": {"Ref": "Planner"}, "OPENAI_BASE_URL": {"Ref": "OpenAiBaseUrl"},
            "OPENAI_MODEL": {"Ref": "OpenAiModel"}, "OPENAI_SECRET_ARN": {"Ref": "OpenAiSecretArn"},
            "OPENAI_AUTH": {"Ref": "OpenAiAuth"}, "OPENAI_API_VERSION": {"Ref": "OpenAiApiVersion"},
            "OPENAI_HEADERS_SECRET_ARN": {"Ref": "OpenAiHeadersSecretArn"}, "MODEL_MAX_TOKENS": {"Ref": "ModelMaxTokens"},
            "MODEL_CONTEXT_TOKENS": {"Ref": "ModelContextTokens"}, "MODEL_TEMPERATURE": {"Ref": "ModelTemperature"},
            "MODEL_REASONING_EFFORT": {"Ref": "ModelReasoningEffort"}, "CLOSING_WORDS": {"Ref": "ClosingWords"},
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
    """The bearer token of a remote generator."""

    TOKEN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:generator-AbCdEf"
    # The functions that call the generator.
    ASKING = PLANNING | {"CatalogFunction"}
    REMOTE = {"AgentGeneratorUrl": "https://generator.example.com", "AgentGeneratorTokenSecretArn": TOKEN}

    def test_functions_that_call_the_generator_may_only_read_its_token(self):
        self.assertEqual(resources("AWS::IAM::Policy"), {})
        policy, = resources("AWS::IAM::Policy", **self.REMOTE).values()
        functions = resources("AWS::Lambda::Function")
        asking = {functions[name]["Role"]["Fn::GetAtt"][0] for name in self.ASKING}
        self.assertEqual({role["Ref"] for role in policy["Roles"]}, asking)
        self.assertEqual(policy["PolicyDocument"]["Statement"], [{
            "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": {"Ref": "AgentGeneratorTokenSecretArn"},
        }])

    def test_only_functions_that_call_the_generator_get_the_tokens_arn(self):
        issuer = {"JwtIssuer": "https://id.example.com", "JwtAudience": "agents"}
        for name, function in resources("AWS::Lambda::Function", **issuer).items():
            with self.subTest(function=name):
                found = function["Environment"]["Variables"].get("AGENT_GENERATOR_TOKEN_SECRET_ARN")
                self.assertEqual(found, {"Ref": "AgentGeneratorTokenSecretArn"} if name in self.ASKING else None)

    def test_a_token_without_a_remote_generator_is_rejected_before_the_deployment(self):
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
