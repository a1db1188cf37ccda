"""Least privilege: the security checks find no defect in any usual stack, and would find every one of a list."""

import copy
import json
import unittest

from samcli.yamlhelper import yaml_parse

from aws_calls import called_actions, contains_call
from defects import PLATFORM, WILDCARDS, defects, given, listed, rights
from test_rights import PROFILE, SECRET
from translated import ROOT, sources, template, written

PACKAGE = ROOT / ".aws-sam" / "build"
# Lambda itself lays a failed event aside, with the function's right.
LAID_ASIDE = {"Fn::GetAtt": ["FailedEvents", "Arn"]}
# The usual stacks: each has rights or routes that the others do not have.
STACKS = {
    "rules": {},
    "a browser": {"AllowedOrigin": "https://app.example.com"},
    "a model behind an API": {"Planner": "openai", "OpenAiModel": "m", "OpenAiSecretArn": SECRET},
    "a model on Bedrock by its id": {"Planner": "bedrock", "BedrockModelId": "amazon.nova-lite-v1:0"},
    "a model on Bedrock through a profile": {"Planner": "bedrock", "BedrockModelId": PROFILE},
    "a generator that asks for a token": {
        "AgentGeneratorUrl": "https://generator.example.com", "AgentGeneratorTokenSecretArn": SECRET,
    },
    "callers with tokens": {"JwtIssuer": "https://issuer.example.com/", "JwtAudience": "agents"},
    "callers who listen": {"StreamConcurrency": 20, "StreamUrl": "on"},
}


def resource(name):
    """Changes the properties of a resource."""
    def apply(change):
        return lambda stack: change(stack["Resources"][name]["Properties"])
    return apply


def added(name, kind, **properties):
    """Adds a resource."""
    return lambda stack: stack["Resources"].update({name: {"Type": kind, "Properties": properties}})


def allowed(role, **statement):
    """Gives a role one more right."""
    more = {"PolicyName": "more", "PolicyDocument": {"Statement": [{"Effect": "Allow"} | statement]}}
    return resource(role)(lambda it: it["Policies"].append(more))


def shared_role(stack):
    """Gives two functions one role."""
    stack["Resources"]["CatalogFunction"]["Properties"]["Role"] = {"Fn::GetAtt": ["DecomposeRole", "Arn"]}
    del stack["Resources"]["CatalogRole"]


def forgotten_token(stack):
    """Leaves one route without the authorizer."""
    body = stack["Resources"]["Api"]["Properties"]["Body"]
    body["components"]["securitySchemes"]["bearer"] = {"x-amazon-apigateway-authorizer": {"type": "token"}}
    for path, methods in body["paths"].items():
        for name, route in methods.items():
            if route.get("security") and (path, name) != ("/patch", "post"):
                route["security"] = [{"api_key": [], "bearer": []}]


def method(path, name):
    """Changes one route."""
    def apply(change):
        return resource("Api")(lambda it: change(it["Body"]["paths"][path][name]))
    return apply


def parameter(name, **says):
    """Adds a parameter and passes it to a function."""
    def apply(stack):
        stack["Parameters"][name] = {"Type": "String", "Default": ""} | says
        variables = stack["Resources"]["CatalogFunction"]["Properties"]["Environment"]["Variables"]
        variables["GIVEN"] = {"Ref": name} if says else ""
    return apply


def variable(name, value):
    """Gives a function one more variable."""
    return resource("CatalogFunction")(lambda it: it["Environment"]["Variables"].update({name: value}))


def setting(name, value):
    """Changes a setting of the stage."""
    return resource("Apiv1Stage")(lambda it: it["MethodSettings"][0].update({name: value}))


def dropped(name, key):
    """Removes a property."""
    return resource(name)(lambda it: it.pop(key))


TABLE_ARN = {"Fn::GetAtt": ["OperationsTable", "Arn"]}
EVERY_MODEL = {"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/*"}
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
RESOLVED = "{{resolve:secretsmanager:internal-key}}"
# Each change introduces one defect, which must be reported by this line.
MUTANTS = (
    (allowed("DecomposeRole", Action=["dynamodb:*"], Resource=TABLE_ARN), "DecomposeRole: dynamodb:* is more than one action"),
    (allowed("DecomposeRole", Action="*", Resource=TABLE_ARN), "DecomposeRole: * is more than one action"),
    (allowed("DeliverRole", Action=["dynamodb:GetItem"], Resource="*"), 'DeliverRole: dynamodb:GetItem on "*"'),
    (allowed("DeliverRole", Action=["s3:GetObject"], Resource={"Fn::Sub": "${OperationsBucket.Arn}/*"}),
     'DeliverRole: s3:GetObject on {"Fn::Sub": "${OperationsBucket.Arn}/*"}'),
    (allowed("CatalogRole", Action=["bedrock:InvokeModel"], Resource=EVERY_MODEL),
     f"CatalogRole: bedrock:InvokeModel on {json.dumps(EVERY_MODEL)}"),
    (allowed("DeliverRole", NotAction=["iam:*"], Resource=TABLE_ARN), "DeliverRole: rights by exclusion (NotAction, NotResource or NotPrincipal)"),
    (allowed("GenerateRole", Action=["dynamodb:Scan"], Resource=TABLE_ARN), "GenerateRole: dynamodb:Scan, which the code never calls"),
    (allowed("GenerateRole", Action="iam:PassRole", Resource=TABLE_ARN), "GenerateRole: iam:PassRole, which the code never calls"),
    (added("More", "AWS::IAM::ManagedPolicy",
           PolicyDocument={"Statement": {"Effect": "Allow", "Action": "s3:PutObjectAcl", "Resource": "x"}}),
     "More: s3:PutObjectAcl, which the code never calls"),
    (resource("PatchRole")(lambda it: it.update(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"])),
     "PatchRole: an unexpected managed policy"),
    (resource("PatchRole")(lambda it: it["AssumeRolePolicyDocument"]["Statement"][0].update(Principal={"AWS": "*"})),
     "PatchRole: another principal may assume the role"),
    (shared_role, "DecomposeRole: the role of 2 functions"),
    (resource("QueuesOverTls")(lambda it: it["PolicyDocument"]["Statement"].append(EVERYBODY)), "QueuesOverTls: open to everybody"),
    (added("Bus", "AWS::Events::EventBusPolicy", StatementId="all", Action="events:PutEvents", Principal="*"),
     "Bus: open to everybody"),
    (added("Key", "AWS::SecretsManager::ResourcePolicy", ResourcePolicy={"Statement": [EVERYBODY]}), "Key: open to everybody"),
    (added("Url", "AWS::Lambda::Url", AuthType="NONE"), "Url: a public address without the gateway's key and throttle"),
    (added("May", "AWS::Lambda::Permission", Principal="*", SourceArn="x"), "May: another account may invoke the function"),
    (dropped("CatalogFunctionHealthPermissionv1", "SourceArn"),
     "CatalogFunctionHealthPermissionv1: resources of any account may invoke the function"),
    (method("/patch", "post")(lambda it: it.update(security=[])), "Api: post /patch without api_key"),
    (method("/blocks", "x-amazon-apigateway-any-method")(lambda it: it.pop("security")),
     "Api: x-amazon-apigateway-any-method /blocks without api_key"),
    (method("/generate", "post")(lambda it: it["security"].append({"token": []})), "Api: post /generate without api_key"),
    (forgotten_token, "Api: post /patch without bearer"),
    (dropped("ApiUsagePlan", "Quota"), "ApiUsagePlan: no throttle or quota for a leaked key"),
    (resource("Apiv1Stage")(lambda it: it["MethodSettings"][0].pop("ThrottlingRateLimit")),
     "Apiv1Stage: no throttle for a method"),
    (resource("Apiv1Stage")(lambda it: it["MethodSettings"].pop(1)),
     "Apiv1Stage: no throttle of its own for GET /health, which needs no key"),
    (setting("DataTraceEnabled", True), "Apiv1Stage: the gateway logs what callers write"),
    (setting("LoggingLevel", "INFO"), "Apiv1Stage: the gateway logs what callers write"),
    (dropped("CallbacksDeadLetters", "SqsManagedSseEnabled"), "CallbacksDeadLetters: messages are not encrypted"),
    (added("Topic", "AWS::SNS::Topic"), "Topic: messages are not encrypted"),
    (dropped("OperationsTable", "SSESpecification"), "OperationsTable: not encrypted with a KMS key, whose use is logged"),
    (dropped("OperationsTable", "TimeToLiveSpecification"), "OperationsTable: nothing expires"),
    (dropped("OperationsBucket", "BucketEncryption"), "OperationsBucket: objects are not encrypted"),
    (resource("OperationsBucket")(lambda it: it["PublicAccessBlockConfiguration"].update(BlockPublicPolicy=False)),
     "OperationsBucket: may be made public"),
    (dropped("OperationsBucket", "LifecycleConfiguration"), "OperationsBucket: nothing expires"),
    (resource("OperationsBucketPolicy")(lambda it: it["PolicyDocument"]["Statement"][0].update(Action="s3:GetObject")),
     "OperationsBucket: accepts calls without TLS"),
    (resource("QueuesOverTls")(lambda it: it["Queues"].remove({"Ref": "CompletionsQueue"})),
     "CompletionsQueue: accepts calls without TLS"),
    (dropped("GenerateWorkerLogs", "RetentionInDays"), "GenerateWorkerLogs: logs never expire"),
    (dropped("PatchFunction", "LoggingConfig"), "PatchFunction: logs go to a group outside the template"),
    (parameter("OpenAiKey"), "OpenAiKey: the console shows the parameter"),
    (parameter("OpenAiKey", NoEcho=True), "CatalogFunction: the value of GIVEN can be read in its configuration"),
    (variable("OPENAI_API_KEY", {"Ref": "OpenAiModel"}),
     "CatalogFunction: the value of OPENAI_API_KEY can be read in its configuration"),
    (variable("MODEL", "sk-proj-0123456789abcdef"), "CatalogFunction: the value of MODEL can be read in its configuration"),
    (variable("GENERATOR", RESOLVED), "CatalogFunction: the value of GENERATOR can be read in its configuration"),
    (resource("InternalKey")(lambda it: it.update(SecretString="hunter2")), "InternalKey: its value is in the template"),
    (resource("ApiApiKey")(lambda it: it.update(Value="hunter2hunter2hunter2")), "ApiApiKey: its value is in the template"),
    (lambda stack: stack["Outputs"].update(Key={"Value": {"Fn::Sub": RESOLVED}}), "Key: the output is a secret"),
)


class TemplateTest(unittest.TestCase):
    maxDiff = None

    def test_no_usual_stack_has_a_defect(self):
        for name, parameters in STACKS.items():
            with self.subTest(stack=name):
                self.assertEqual(defects(template(**parameters)), [])

    def test_each_defect_is_reported_exactly_once(self):
        for change, expected in MUTANTS:
            with self.subTest(expected=expected):
                stack = copy.deepcopy(template())
                change(stack)
                self.assertEqual(defects(stack), [expected])

    def test_every_allowed_wildcard_is_used(self):
        used = {
            (action, json.dumps(named)) for parameters in STACKS.values() for _, statement in rights(template(**parameters))
            for action in listed(statement["Action"]) for named in listed(statement["Resource"])
        }
        self.assertEqual(set(WILDCARDS) - used, set(), "an unused exception")

    def test_the_package_has_the_checked_template(self):
        def without_code(source):
            for found in source["Resources"].values():
                if found["Type"] == "AWS::Serverless::Function":
                    del found["Properties"]["CodeUri"]
                    found.pop("Metadata", None)
            return json.loads(json.dumps(source["Resources"], default=str))

        packaged = without_code(yaml_parse((PACKAGE / "template.yaml").read_text(encoding="utf-8")))
        looked_at = without_code(written())
        changed = {name for name in packaged | looked_at if packaged.get(name) != looked_at.get(name)}
        self.assertEqual(changed, set(), "run `make build`: the package has an older template")


class CallsTest(unittest.TestCase):
    def test_the_functions_have_exactly_the_rights_that_their_code_uses(self):
        may = set().union(*(given(template(**parameters)) for parameters in STACKS.values()))
        self.assertEqual(may, called_actions() | PLATFORM)

    def test_no_function_has_a_right_to_a_call_that_its_program_does_not_contain(self):
        for name, program, may in self.functions():
            missing = {right for right in may - PLATFORM if contains_call(program, right) is False}
            with self.subTest(function=name):
                self.assertEqual(missing, set())
                self.assertIs(contains_call(program, "dynamodb:Scan"), False, "a program must not contain an unused call")

    def test_a_function_without_operations_contains_no_call_of_the_table_the_queues_or_the_bus(self):
        calls = {right for right in called_actions() if right.split(":")[0] in ("dynamodb", "sqs", "events")}
        self.assertTrue(calls)
        for name, program, may in self.functions():
            held = {right for right in calls if contains_call(program, right)}
            with self.subTest(function=name):
                self.assertEqual(bool(held), bool(may & calls), held)

    def functions(self):
        """(name, program, rights in any stack) of each function."""
        for name in sources():
            may = set()
            for parameters in STACKS.values():
                stack = template(**parameters)
                if name in stack["Resources"]:
                    may |= self.may(stack, stack["Resources"][name]["Properties"]["Role"]["Fn::GetAtt"][0])
            yield name, (PACKAGE / name / "bootstrap").read_bytes(), may

    @staticmethod
    def may(stack, role):
        """The rights of a role that its program uses."""
        statements = [statement for holder, statement in rights(stack) if holder == role]
        for holder, statement in rights(stack):
            if {"Ref": role} in stack["Resources"][holder]["Properties"].get("Roles", []):
                statements.append(statement)
        return {action for statement in statements if statement["Resource"] != LAID_ASIDE for action in listed(statement["Action"])}


if __name__ == "__main__":
    unittest.main()
