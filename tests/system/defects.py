"""What must not be in the template: a right too many, a secret by value, data that lies open, a door without a lock.

Each check takes the translated template and gives a line for each defect; `defects` gives those of all.
"""

import json
import re

from deeds import done

# A `*` in a right, and why it has to be there. Nothing else may have one.
WILDCARDS = {
    ("xray:PutTraceSegments", '"*"'): "X-Ray's write actions know no resources",
    ("xray:PutTelemetryRecords", '"*"'): "X-Ray's write actions know no resources",
    ("s3:GetObject", '{"Fn::Sub": "${OperationsBucket.Arn}/operations/*"}'): "one object for each long text",
    ("s3:PutObject", '{"Fn::Sub": "${OperationsBucket.Arn}/operations/*"}'): "one object for each long text",
    ("bedrock:InvokeModel", '{"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/*"}'):
        "an inference profile sends on to models of several regions; a condition names the profile",
}
# A wildcard that is safe only because of its condition.
CONDITIONED = {"bedrock:InvokeModel"}
# What Lambda does with a function's role: no code of ours calls it.
PLATFORM = {
    "logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords",
    "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
}
# Roles of AWS's services, with all that they may do: what they are for is AWS's to say.
MANAGED = {"GatewayLogWriter": ["AmazonAPIGatewayPushToCloudWatchLogs"]}
# Routes without the usage plan's key: a monitor has none, and the internal key is the function's own to compare.
OPEN = {"/health", "/operations/{operation_id}/complete"}
# Names that say what they hold. One that ends in ARN says where it lies.
SECRET_NAME = re.compile(r"(?i)(secret|token|password|passphrase|credential|[a-z_]key)s?$")
SECRET_TEXT = re.compile(
    r"\bAKIA[0-9A-Z]{16}\b|\bsk-[\w-]{16,}|\bwhsec_|-----BEGIN|\bBearer |://[^/\s{]+:[^@/\s]+@|^[A-Za-z0-9+/=_-]{32,}$"
)
BY_VALUE = re.compile(r"\{\{resolve:(secretsmanager|ssm-secure)")


def defects(template):
    """Every defect of the template, as `where: what`, in order."""
    return sorted(line for check in CHECKS for line in check(template))


def of_type(template, *kinds):
    """(name, properties) of the resources of these types."""
    found = template["Resources"].items()
    return [(name, resource.get("Properties", {})) for name, resource in found if resource["Type"] in kinds]


def listed(value):
    """AWS takes one for a list of one."""
    return value if isinstance(value, list) else [value]


def statements(policies):
    """The statements of policy documents."""
    return [statement for policy in policies for statement in listed(policy["PolicyDocument"]["Statement"])]


def rights(template):
    """(name, statement) of each statement that gives a role rights, wherever it stands."""
    for name, role in of_type(template, "AWS::IAM::Role"):
        yield from ((name, statement) for statement in statements(role.get("Policies", [])))
    for name, policy in of_type(template, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        yield from ((name, statement) for statement in statements([policy]))


def given(template):
    """Every action that some role is given."""
    return {action for _, statement in rights(template) for action in listed(statement.get("Action", []))}


def wildcards(template):
    """Rights that nobody listed."""
    for name, statement in rights(template):
        if {"NotAction", "NotResource", "NotPrincipal"} & set(statement):
            yield f"{name}: a right to everything but"
            continue
        for action in listed(statement["Action"]):
            if "*" in action:
                yield f"{name}: {action} is more than one action"
            for resource in map(json.dumps, listed(statement["Resource"])):
                known = (action, resource) in WILDCARDS and ("Condition" in statement or action not in CONDITIONED)
                if "*" in resource and not known:
                    yield f"{name}: {action} on {resource}"


def unneeded(template):
    """Rights to what no code does."""
    doing = done() | PLATFORM
    for name, statement in rights(template):
        for action in listed(statement.get("Action", [])):
            if "*" not in action and action not in doing:
                yield f"{name}: {action}, which no code does"


def roles(template):
    """One role for one function, which nobody else may take."""
    used = [json.dumps(function["Role"]) for _, function in of_type(template, "AWS::Lambda::Function")]
    for name, role in of_type(template, "AWS::IAM::Role"):
        service = "apigateway" if name in MANAGED else "lambda"
        for statement in listed(role["AssumeRolePolicyDocument"]["Statement"]):
            if statement["Principal"] != {"Service": f"{service}.amazonaws.com"} or statement["Action"] != "sts:AssumeRole":
                yield f"{name}: others may take the role"
        users = used.count(json.dumps({"Fn::GetAtt": [name, "Arn"]}))
        if name not in MANAGED and users != 1:
            yield f"{name}: the role of {users} functions"
        named = [json.dumps(arn).rstrip('"}').rsplit("/", 1)[-1] for arn in role.get("ManagedPolicyArns", [])]
        if named != MANAGED.get(name, []):
            yield f"{name}: rights that the template does not show"


def doors(template):
    """Who may come in from outside the account, and who may invoke."""
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
            yield f"{name}: whoever has an account may invoke the function"
        elif not {"SourceArn", "SourceAccount"} & set(permission):
            yield f"{name}: anybody's resources may invoke the function"
    for name, _ in of_type(template, "AWS::Lambda::Url"):
        yield f"{name}: an address past the gateway's key and throttle"


def routes(template):
    """A route without a key, and a key without a bound."""
    for name, api in of_type(template, "AWS::ApiGateway::RestApi"):
        schemes = api["Body"]["components"]["securitySchemes"].items()
        locks = {"api_key"} | {scheme for scheme, says in schemes if "x-amazon-apigateway-authorizer" in says}
        for path, methods in api["Body"]["paths"].items():
            for method, route in methods.items():
                preflight = method == "options" and route["x-amazon-apigateway-integration"]["type"] == "mock"
                ways = [] if preflight or path in OPEN else route.get("security") or [{}]
                for lock in sorted(locks):
                    if not all(lock in way for way in ways):
                        yield f"{name}: {method} {path} without {lock}"
    plans = of_type(template, "AWS::ApiGateway::UsagePlan")
    if not plans:
        yield "Api: keys without a usage plan"
    for name, plan in plans:
        if not ({"RateLimit", "BurstLimit"} <= set(plan.get("Throttle", {})) and "Limit" in plan.get("Quota", {})):
            yield f"{name}: a leaked key costs what it likes"
    for name, stage in of_type(template, "AWS::ApiGateway::Stage"):
        for setting in stage["MethodSettings"]:
            if not {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(setting):
                yield f"{name}: routes without a key have no bound"
            if setting.get("DataTraceEnabled") or setting.get("LoggingLevel", "OFF") != "OFF":
                yield f"{name}: the gateway logs what callers write"


def at_rest(template):
    """What lies unencrypted, or longer than was said."""
    for name, queue in of_type(template, "AWS::SQS::Queue"):
        if queue.get("SqsManagedSseEnabled") is not True and "KmsMasterKeyId" not in queue:
            yield f"{name}: messages lie unencrypted"
    for name, topic in of_type(template, "AWS::SNS::Topic"):
        if "KmsMasterKeyId" not in topic:
            yield f"{name}: messages lie unencrypted"
    for name, table in of_type(template, "AWS::DynamoDB::Table"):
        if table.get("SSESpecification", {}).get("SSEEnabled") is not True:
            yield f"{name}: its key's use is not recorded"
        if table.get("TimeToLiveSpecification", {}).get("Enabled") is not True:
            yield f"{name}: nothing is forgotten"
    for name, bucket in of_type(template, "AWS::S3::Bucket"):
        if not bucket.get("BucketEncryption"):
            yield f"{name}: objects lie unencrypted"
        blocked = bucket.get("PublicAccessBlockConfiguration", {})
        wanted = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
        if not all(blocked.get(setting) is True for setting in wanted):
            yield f"{name}: may be made public"
        if not any("ExpirationInDays" in rule for rule in bucket.get("LifecycleConfiguration", {}).get("Rules", [])):
            yield f"{name}: nothing is forgotten"


def in_transit(template):
    """What may be read on the way: a queue or a bucket that takes calls without TLS."""
    covered = set()
    for kind, key, action in (("AWS::SQS::QueuePolicy", "Queues", "sqs:*"), ("AWS::S3::BucketPolicy", "Bucket", "s3:*")):
        for _, policy in of_type(template, kind):
            for statement in policy["PolicyDocument"]["Statement"]:
                denies = (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", action)
                if denies and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}:
                    covered |= {named["Ref"] for named in listed(policy[key])}
    for name, _ in of_type(template, "AWS::SQS::Queue", "AWS::S3::Bucket"):
        if name not in covered:
            yield f"{name}: takes calls without TLS"


def logs(template):
    """Logs that nobody ends, or that a role would have to make."""
    groups = dict(of_type(template, "AWS::Logs::LogGroup"))
    for name, group in groups.items():
        if not group.get("RetentionInDays"):
            yield f"{name}: logs are kept for ever"
    for name, function in of_type(template, "AWS::Lambda::Function"):
        if function.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref") not in groups:
            yield f"{name}: logs go where no retention is said"


def secrets(template):
    """Secrets that stand where the configuration can be read."""
    hidden = {name for name, parameter in template["Parameters"].items() if parameter.get("NoEcho")}
    for name, parameter in template["Parameters"].items():
        if SECRET_NAME.search(name) and name not in hidden:
            yield f"{name}: the console shows the parameter"
    for name, secret in of_type(template, "AWS::SecretsManager::Secret"):
        if "SecretString" in secret:
            yield f"{name}: its value stands in the template"
    for name, key in of_type(template, "AWS::ApiGateway::ApiKey"):
        if "Value" in key:
            yield f"{name}: its value stands in the template"
    for name, function in of_type(template, "AWS::Lambda::Function"):
        for variable, value in function.get("Environment", {}).get("Variables", {}).items():
            if SECRET_NAME.search(variable) or is_secret(value, hidden):
                yield f"{name}: the value of {variable} can be read in its configuration"
    for name, output in template["Outputs"].items():
        if is_secret(output["Value"], hidden):
            yield f"{name}: an output that is a secret"


def is_secret(value, hidden):
    """Whether a value is, or becomes, a secret: a hidden parameter, one that CloudFormation looks up, or one by its looks."""
    text = json.dumps(value)
    refers = any(f'"Ref": "{name}"' in text or f"${{{name}}}" in text for name in hidden)
    return refers or bool(BY_VALUE.search(text)) or (isinstance(value, str) and bool(SECRET_TEXT.search(value)))


CHECKS = (wildcards, unneeded, roles, doors, routes, at_rest, in_transit, logs, secrets)
