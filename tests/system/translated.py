"""template.yaml after SAM's transformation, with conditions evaluated for given parameters."""

import functools
import logging
import os
from pathlib import Path

import yaml
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

ROOT = Path(__file__).resolve().parents[2]


class NoPolicies:
    """The transformation may look up managed policies by name; this template has none."""

    @staticmethod
    def load():
        return {}


# The routes of the page, whose function streams: the local cloud, which cannot, does not answer for them.
PAGE = ("/", "/assets/{hash}")
# The conditions that are evaluated here.
DECIDED = {
    "HasAllowedOrigin", "ReadsModelKey", "ReadsModelHeaders", "AsksBedrock", "NamesModelByArn", "ReadsGeneratorToken", "ChecksTokens",
    "Streams", "HasStreamUrl", "ServesPage",
}


def written():
    """template.yaml before the transformation."""
    return yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))


@functools.cache
def template(**parameters):
    """The translated template for these parameters: conditions in DECIDED are evaluated, and references to AllowedOrigin
    are replaced."""
    # It warns about a missing SAM feature on every run.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    # It requires a region but does not use it here.
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    source = written()
    for resource in source["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # As `sam package` sets it.
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    translated = transform(source, {}, NoPolicies())
    values = {name: parameter["Default"] for name, parameter in translated["Parameters"].items()} | parameters
    decided = {name: decide(translated["Conditions"][name], values) for name in DECIDED}
    translated["Resources"] = {
        name: resource for name, resource in translated["Resources"].items()
        if decided.get(resource.get("Condition"), True)
    }
    return resolve(translated, decided, values["AllowedOrigin"])


def decide(condition, values):
    """Evaluates a condition, or a part of one, for these parameter values."""
    if not isinstance(condition, dict):
        return condition
    (function, argument), = condition.items()
    if function == "Ref":
        return values[argument]
    parts = [decide(part, values) for part in argument]
    match function:
        case "Fn::Equals":
            # CloudFormation compares texts: the value of a number is one.
            return str(parts[0]) == str(parts[1])
        case "Fn::Not":
            return not parts[0]
        case "Fn::And":
            return all(parts)
        case "Fn::Or":
            return any(parts)
        case "Fn::Split":
            return parts[1].split(parts[0])
        case "Fn::Select":
            return parts[1][parts[0]]
    raise ValueError(f"{function} is not supported here")


def resolve(value, decided, allowed_origin):
    """Replaces each evaluated `Fn::If` by its branch, and inserts the origin."""
    if isinstance(value, list):
        return [resolve(item, decided, allowed_origin) for item in value]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value and value["Fn::If"][0] in decided:
        condition, yes, no = value["Fn::If"]
        return resolve(yes if decided[condition] else no, decided, allowed_origin)
    if value.get("Fn::Sub") == "'${AllowedOrigin}'":
        return f"'{allowed_origin}'"
    resolved = {key: resolve(item, decided, allowed_origin) for key, item in value.items()}
    return {key: item for key, item in resolved.items() if item != {"Ref": "AWS::NoValue"}}


def resources(kind, **parameters):
    """Logical id -> properties of the resources of a type, for these parameters."""
    found = template(**parameters)["Resources"].items()
    return {name: resource["Properties"] for name, resource in found if resource["Type"] == kind}


def sources():
    """Function -> its source folder."""
    found = written()["Resources"].items()
    return {name: resource["Properties"]["CodeUri"] for name, resource in found
            if resource["Type"] == "AWS::Serverless::Function"}


def api(allowed_origin="", **parameters):
    """The API definition that API Gateway imports."""
    return resources("AWS::ApiGateway::RestApi", AllowedOrigin=allowed_origin, **parameters)["Api"]["Body"]


def openapi():
    """openapi.yaml, the documentation for callers."""
    return yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
