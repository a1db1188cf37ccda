"""Security checks of the template: excessive rights, secrets by value, unencrypted data, open routes.

Each check takes the translated template and yields one line per defect.
"""

import json
import re

from aws_calls import called_actions

# The allowed wildcards, each with its reason.
WILDCARDS = {
    ("xray:PutTraceSegments", '"*"'): "X-Ray's write actions do not support resources",
    ("xray:PutTelemetryRecords", '"*"'): "X-Ray's write actions do not support resources",
    ("s3:GetObject", '{"Fn::Sub": "${OperationsBucket.Arn}/operations/*"}'): "one object for each long text",
    ("s3:PutObject", '{"Fn::Sub": "${OperationsBucket.Arn}/operations/*"}'): "one object for each long text",
    ("s3:GetObject", '{"Fn::Sub": "${LibraryBucket.Arn}/agents/*"}'): "one object for each long agent",
    ("s3:PutObject", '{"Fn::Sub": "${LibraryBucket.Arn}/agents/*"}'): "one object for each long agent",
    ("s3:DeleteObject", '{"Fn::Sub": "${LibraryBucket.Arn}/agents/*"}'): "one object for each long agent",
    **{(f"bedrock:{call}", '{"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/*"}'):
        "an inference profile uses models in several regions; a condition names the profile"
        for call in ("InvokeModel", "InvokeModelWithResponseStream")},
}
# Wildcards that are safe only with a condition.
CONDITIONED = {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}
# Called by Lambda itself with the function's role.
PLATFORM = {
    "logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords",
    "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
}
# Roles of AWS services, with their managed policies.
MANAGED = {"GatewayLogWriter": ["AmazonAPIGatewayPushToCloudWatchLogs"]}
# Routes without an API key: health for monitors, and what generators send, whose key the function checks.
RESOURCE = "/.well-known/oauth-protected-resource"
OPEN = {"/health", "/operations/{operation_id}/complete", "/", "/assets/{hash}", RESOURCE, f"{RESOURCE}/mcp"}
OPEN_METHODS = {("/operations/{operation_id}/events", "post")}
# What callers keep until they delete it; a sweep removes it then.
KEPT = {"LibraryTable", "LibraryBucket"}
# Names of secrets. A name that ends in ARN is only a reference.
# A number of tokens is no secret.
SECRET_NAME = re.compile(r"(?i)((secret|password|passphrase|credential|[a-z_]key)s?|token)$")
SECRET_TEXT = re.compile(
    r"\bAKIA[0-9A-Z]{16}\b|\bsk-[\w-]{16,}|\bwhsec_|-----BEGIN|\bBearer |://[^/\s{]+:[^@/\s]+@|^[A-Za-z0-9+/=_-]{32,}$"
)
BY_VALUE = re.compile(r"\{\{resolve:(secretsmanager|ssm-secure)")


def defects(template):
    """All defects as `resource: defect`, sorted."""
    return sorted(line for check in CHECKS for line in check(template))


def of_type(template, *kinds):
    """(name, properties) of the resources of these types."""
    found = template["Resources"].items()
    return [(name, resource.get("Properties", {})) for name, resource in found if resource["Type"] in kinds]


def listed(value):
    """AWS accepts a single value instead of a list."""
    return value if isinstance(value, list) else [value]


def statements(policies):
    """The statements of policy documents."""
    return [statement for policy in policies for statement in listed(policy["PolicyDocument"]["Statement"])]


def rights(template):
    """(name, statement) of every statement that gives a role rights."""
    for name, role in of_type(template, "AWS::IAM::Role"):
        yield from ((name, statement) for statement in statements(role.get("Policies", [])))
    for name, policy in of_type(template, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        yield from ((name, statement) for statement in statements([policy]))


def given(template):
    """Every action that is allowed to any role."""
    return {action for _, statement in rights(template) for action in listed(statement.get("Action", []))}


def wildcards(template):
    """Rights with a wildcard that is not in WILDCARDS."""
    for name, statement in rights(template):
        if {"NotAction", "NotResource", "NotPrincipal"} & set(statement):
            yield f"{name}: rights by exclusion (NotAction, NotResource or NotPrincipal)"
            continue
        for action in listed(statement["Action"]):
            if "*" in action:
                yield f"{name}: {action} is more than one action"
            for resource in map(json.dumps, listed(statement["Resource"])):
                known = (action, resource) in WILDCARDS and ("Condition" in statement or action not in CONDITIONED)
                if "*" in resource and not known:
                    yield f"{name}: {action} on {resource}"


def unneeded(template):
    """Rights that the code does not use."""
    doing = called_actions() | PLATFORM
    for name, statement in rights(template):
        for action in listed(statement.get("Action", [])):
            if "*" not in action and action not in doing:
                yield f"{name}: {action}, which the code never calls"


def roles(template):
    """One role per function, for that function only."""
    used = [json.dumps(function["Role"]) for _, function in of_type(template, "AWS::Lambda::Function")]
    for name, role in of_type(template, "AWS::IAM::Role"):
        service = "apigateway" if name in MANAGED else "lambda"
        for statement in listed(role["AssumeRolePolicyDocument"]["Statement"]):
            if statement["Principal"] != {"Service": f"{service}.amazonaws.com"} or statement["Action"] != "sts:AssumeRole":
                yield f"{name}: another principal may assume the role"
        users = used.count(json.dumps({"Fn::GetAtt": [name, "Arn"]}))
        if name not in MANAGED and users != 1:
            yield f"{name}: the role of {users} functions"
        named = [json.dumps(arn).rstrip('"}').rsplit("/", 1)[-1] for arn in role.get("ManagedPolicyArns", [])]
        if named != MANAGED.get(name, []):
            yield f"{name}: an unexpected managed policy"


def doors(template):
    """Access from outside the account."""
    kinds = ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SecretsManager::ResourcePolicy")
    for name, policy in of_type(template, *kinds):
        document = policy.get("PolicyDocument") or policy.get("ResourcePolicy")
        for statement in listed(document["Statement"]):
            anybody = "NotPrincipal" in statement or statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
            if statement["Effect"] == "Allow" and anybody:
                yield f"{name}: open to everybody"
    for name, policy in of_type(template, "AWS::Events::EventBusPolicy"):
        statement = policy.get("Statement") or {"Principal": policy.get("Principal")}
        if "*" in json.dumps(statement["Principal"]) and not (policy.get("Condition") or statement.get("Condition")):
            yield f"{name}: open to everybody"
    for name, permission in of_type(template, "AWS::Lambda::Permission"):
        if not str(permission["Principal"]).endswith(".amazonaws.com"):
            yield f"{name}: another account may invoke the function"
        elif not {"SourceArn", "SourceAccount"} & set(permission):
            yield f"{name}: resources of any account may invoke the function"
    for name, url in of_type(template, "AWS::Lambda::Url"):
        # A signature is a right that somebody of the account was given.
        if url["AuthType"] != "AWS_IAM":
            yield f"{name}: a public address without the gateway's key and throttle"


def routes(template):
    """Routes without a key, and keys without a limit."""
    for name, api in of_type(template, "AWS::ApiGateway::RestApi"):
        schemes = api["Body"]["components"]["securitySchemes"].items()
        locks = {"api_key"} | {scheme for scheme, says in schemes if "x-amazon-apigateway-authorizer" in says}
        for path, methods in api["Body"]["paths"].items():
            for method, route in methods.items():
                preflight = method == "options" and route["x-amazon-apigateway-integration"]["type"] == "mock"
                ways = [] if preflight or is_open(path, method) else route.get("security") or [{}]
                for lock in sorted(locks):
                    if not all(lock in way for way in ways):
                        yield f"{name}: {method} {path} without {lock}"
    plans = of_type(template, "AWS::ApiGateway::UsagePlan")
    if not plans:
        yield "Api: keys without a usage plan"
    for name, plan in plans:
        if not ({"RateLimit", "BurstLimit"} <= set(plan.get("Throttle", {})) and "Limit" in plan.get("Quota", {})):
            yield f"{name}: no throttle or quota for a leaked key"
    for name, stage in of_type(template, "AWS::ApiGateway::Stage"):
        # The root alone is written as it is.
        limited = {(setting["ResourcePath"].replace("~1", "/")[1:] or "/", setting["HttpMethod"]) for setting in stage["MethodSettings"]}
        for path, method in sorted(open_methods(template) - limited):
            yield f"{name}: no throttle of its own for {method} {path}, which needs no key"
        for setting in stage["MethodSettings"]:
            if not {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(setting):
                yield f"{name}: no throttle for a method"
            if setting.get("DataTraceEnabled") or setting.get("LoggingLevel", "OFF") != "OFF":
                yield f"{name}: the gateway logs what callers write"


def is_open(path, method):
    return path in OPEN or (path, method) in OPEN_METHODS


def open_methods(template):
    """(path, method) of what calls a function for callers without a key."""
    return {
        (path, "ANY" if method == "x-amazon-apigateway-any-method" else method.upper())
        for _, api in of_type(template, "AWS::ApiGateway::RestApi") for path, methods in api["Body"]["paths"].items()
        for method, route in methods.items()
        if is_open(path, method) and route["x-amazon-apigateway-integration"]["type"] != "mock"
    }


def at_rest(template):
    """Data that is not encrypted, or that never expires."""
    for name, queue in of_type(template, "AWS::SQS::Queue"):
        if queue.get("SqsManagedSseEnabled") is not True and "KmsMasterKeyId" not in queue:
            yield f"{name}: messages are not encrypted"
    for name, topic in of_type(template, "AWS::SNS::Topic"):
        if "KmsMasterKeyId" not in topic:
            yield f"{name}: messages are not encrypted"
    for name, table in of_type(template, "AWS::DynamoDB::Table"):
        if table.get("SSESpecification", {}).get("SSEEnabled") is not True:
            yield f"{name}: not encrypted with a KMS key, whose use is logged"
        if name not in KEPT and table.get("TimeToLiveSpecification", {}).get("Enabled") is not True:
            yield f"{name}: nothing expires"
    for name, bucket in of_type(template, "AWS::S3::Bucket"):
        if not bucket.get("BucketEncryption"):
            yield f"{name}: objects are not encrypted"
        blocked = bucket.get("PublicAccessBlockConfiguration", {})
        wanted = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
        if not all(blocked.get(setting) is True for setting in wanted):
            yield f"{name}: may be made public"
        rules = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
        if name not in KEPT and not any("ExpirationInDays" in rule for rule in rules):
            yield f"{name}: nothing expires"


def in_transit(template):
    """Queues and buckets that accept calls without TLS."""
    covered = set()
    for kind, key, action in (("AWS::SQS::QueuePolicy", "Queues", "sqs:*"), ("AWS::S3::BucketPolicy", "Bucket", "s3:*")):
        for _, policy in of_type(template, kind):
            for statement in policy["PolicyDocument"]["Statement"]:
                denies = (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", action)
                if denies and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}:
                    covered |= {named["Ref"] for named in listed(policy[key])}
    for name, _ in of_type(template, "AWS::SQS::Queue", "AWS::S3::Bucket"):
        if name not in covered:
            yield f"{name}: accepts calls without TLS"


def logs(template):
    """Logs without retention, or outside the template."""
    groups = dict(of_type(template, "AWS::Logs::LogGroup"))
    for name, group in groups.items():
        if not group.get("RetentionInDays"):
            yield f"{name}: logs never expire"
    for name, function in of_type(template, "AWS::Lambda::Function"):
        if function.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref") not in groups:
            yield f"{name}: logs go to a group outside the template"


def secrets(template):
    """Secrets that can be read in the configuration."""
    hidden = {name for name, parameter in template["Parameters"].items() if parameter.get("NoEcho")}
    for name, parameter in template["Parameters"].items():
        if SECRET_NAME.search(name) and name not in hidden:
            yield f"{name}: the console shows the parameter"
    for name, secret in of_type(template, "AWS::SecretsManager::Secret"):
        if "SecretString" in secret:
            yield f"{name}: its value is in the template"
    for name, key in of_type(template, "AWS::ApiGateway::ApiKey"):
        if "Value" in key:
            yield f"{name}: its value is in the template"
    for name, function in of_type(template, "AWS::Lambda::Function"):
        for variable, value in function.get("Environment", {}).get("Variables", {}).items():
            if SECRET_NAME.search(variable) or is_secret(value, hidden):
                yield f"{name}: the value of {variable} can be read in its configuration"
    for name, output in template["Outputs"].items():
        if is_secret(output["Value"], hidden):
            yield f"{name}: the output is a secret"


def is_secret(value, hidden):
    """Whether a value is a secret: a hidden parameter, a dynamic reference, or a text that looks like one."""
    text = json.dumps(value)
    refers = any(f'"Ref": "{name}"' in text or f"${{{name}}}" in text for name in hidden)
    return refers or bool(BY_VALUE.search(text)) or (isinstance(value, str) and bool(SECRET_TEXT.search(value)))


CHECKS = (wildcards, unneeded, roles, doors, routes, at_rest, in_transit, logs, secrets)
