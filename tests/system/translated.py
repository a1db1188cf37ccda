"""template.yaml as AWS gets it: after SAM's transformation, with the conditions decided by parameters."""

import functools
import logging
import os
from pathlib import Path

import yaml
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

ROOT = Path(__file__).resolve().parents[2]


class NoPolicies:
    """The transformation may look up managed policies; this template has none for it."""

    @staticmethod
    def load():
        """No name is known."""
        return {}


@functools.cache
def template(allowed_origin=""):
    """The translated template; references to AllowedOrigin and the conditions on it are resolved."""
    # Says on every run that a feature of SAM's own service is not here.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    # It asks for a region and uses it for nothing here.
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    source = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
    for resource in source["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # `sam package` puts the code's address there.
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    return resolve(transform(source, {}, NoPolicies()), allowed_origin)


def resolve(value, allowed_origin):
    """Decides `Fn::If` on HasAllowedOrigin, and puts the origin in; leaves everything else as it is."""
    if isinstance(value, list):
        return [resolve(item, allowed_origin) for item in value]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value and value["Fn::If"][0] == "HasAllowedOrigin":
        return resolve(value["Fn::If"][1 if allowed_origin else 2], allowed_origin)
    if value.get("Fn::Sub") == "'${AllowedOrigin}'":
        return f"'{allowed_origin}'"
    resolved = {key: resolve(item, allowed_origin) for key, item in value.items()}
    return {key: item for key, item in resolved.items() if item != {"Ref": "AWS::NoValue"}}


def resources(kind, allowed_origin=""):
    """Logical id -> properties of the resources of a type."""
    found = template(allowed_origin)["Resources"].items()
    return {name: resource["Properties"] for name, resource in found if resource["Type"] == kind}


def api(allowed_origin=""):
    """The API's definition, as API Gateway imports it."""
    return resources("AWS::ApiGateway::RestApi", allowed_origin)["Api"]["Body"]


def openapi():
    """openapi.yaml: what callers are told about the API."""
    return yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
