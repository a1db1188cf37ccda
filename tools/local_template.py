"""The template in words that MiniStack 1.5.33 understands: what it cannot read is written in another way.

Each function changes one thing that AWS reads and MiniStack does not. Nothing of this is deployed on AWS.
"""

from samcli.yamlhelper import yaml_dump, yaml_parse

ANY = "x-amazon-apigateway-any-method"
OWN_ANSWERS = "x-amazon-apigateway-gateway-responses"
METHODS = ("get", "post", "put", "patch", "delete", "head")


def write_readable(template, stack, parameters, uploaded=None):
    """Writes a copy for a stack beside a built template; returns its path. The folders of the code stay relative to it.

    `uploaded` names where the code of functions already lies.
    """
    source = yaml_parse(template.read_text(encoding="utf-8"))
    for name, place in (uploaded or {}).items():
        source["Resources"][name]["Properties"]["CodeUri"] = place
    for name, value in parameters.items():
        # Its transformation knows the defaults alone.
        source["Parameters"][name]["Default"] = value
    values = {name: parameter["Default"] for name, parameter in source["Parameters"].items()}
    decide_conditions(source, values)
    count_concurrency(source["Resources"], values)
    accept_plain_text(source["Resources"])
    name_methods(source["Resources"])
    lay_gateway_answers(source["Resources"])
    source = with_arns(source, {name for name, it in source["Resources"].items() if it["Type"] == "AWS::SecretsManager::Secret"})
    copy = template.with_name(f"{stack}.local-cloud.yaml")
    copy.write_text(yaml_dump(source), encoding="utf-8")
    return copy


def decide_conditions(source, values):
    """It fails at Fn::Split in a condition."""
    is_arn = str(values["BedrockModelId"]).startswith("arn:")
    source["Conditions"]["NamesModelByArn"] = {"Fn::Equals": [str(is_arn), "True"]}


def count_concurrency(resources, values):
    """A parameter in ScalingConfig stays text, which its poller compares with a number: it stops."""
    for resource in resources.values():
        for event in resource["Properties"].get("Events", {}).values():
            scaling = event["Properties"].get("ScalingConfig", {})
            if isinstance(scaling.get("MaximumConcurrency"), dict):
                scaling["MaximumConcurrency"] = int(values[scaling["MaximumConcurrency"]["Ref"]])


def accept_plain_text(resources):
    """It obeys these policies, and speaks plain HTTP on this machine."""
    for name in ("QueuesOverTls", "OperationsBucketPolicy", "LibraryBucketPolicy"):
        del resources[name]


def name_methods(resources):
    """It skips the method that stands for all the others, and takes the paths of limits as they are written."""
    api = resources["Api"]["Properties"]
    limits = api["MethodSettings"]
    for limit in limits:
        limit["ResourcePath"] = limit["ResourcePath"].replace("/~1", "/").replace("~1", "/")
    for path, methods in api["DefinitionBody"]["paths"].items():
        every = methods.pop(ANY)
        others = [name for name in METHODS if name not in methods]
        methods.update(dict.fromkeys(others, every))
        for limit in [limit for limit in limits if (limit["ResourcePath"], limit["HttpMethod"]) == (path, "ANY")]:
            limits += [limit | {"HttpMethod": name.upper()} for name in others]


def lay_gateway_answers(resources):
    """It imports none with a definition, but has the resource."""
    api = resources["Api"]["Properties"]
    answers = api["DefinitionBody"].pop(OWN_ANSWERS) | {
        name: {
            "statusCode": answer.get("StatusCode"),
            "responseParameters": {
                f"gatewayresponse.header.{header}": value for header, value in answer["ResponseParameters"]["Headers"].items()
            },
            "responseTemplates": answer["ResponseTemplates"],
        }
        for name, answer in api.pop("GatewayResponses").items()
    }
    for name, answer in answers.items():
        said = {key[0].upper() + key[1:]: value for key, value in answer.items() if value is not None}
        resources[f"Answer{name.title().replace('_', '')}"] = {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {"RestApiId": {"Ref": "Api"}, "ResponseType": name} | said,
        }


def with_arns(value, secrets):
    """Its reference to a secret is the secret's name."""
    if isinstance(value, list):
        return [with_arns(item, secrets) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in secrets:
        return {"Fn::GetAtt": [value["Ref"], "Arn"]}
    return {key: with_arns(item, secrets) for key, item in value.items()}
