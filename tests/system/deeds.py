"""What the functions do with the account: the operations of AWS that their sources call and their programs hold."""

import re

from translated import ROOT

# What ships: a test may call what it likes.
SOURCES = [path for sources in ("shared/src", "crates/*/src", "generator/src", "functions/*/src") for path in ROOT.glob(f"{sources}/**/*.rs")]
SDK = {"aws_sdk_dynamodb": "dynamodb", "aws_sdk_sqs": "sqs", "aws_sdk_eventbridge": "events"}
CALL = re.compile(r"\bclient\s*\.\s*(?P<method>[a-z_]+)\(\)")
# The parts of a transaction, each with a right of its own.
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
PART = re.compile(r"\b(?P<part>Put|Update|Delete|ConditionCheck)::builder\(\)")
# No call: a copy of the client, the way to a transaction (IAM asks for its parts alone).
NO_CALL = {"clone", "transact_write_items"}
# The services that are asked without the SDK, and the words of their calls.
BUCKET = ROOT / "crates/lifecycle-aws/src/objects.rs"
METHOD = re.compile(r"\bMethod::(?P<method>[A-Z]+)")
METHODS = {"GET": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject", "HEAD": "s3:GetObject"}
SECRET = re.compile(r'"secretsmanager\.(?P<call>[A-Za-z]+)"')
MODEL = re.compile(r'"/model/\{\}/(?P<call>[a-z-]+)"')
# Converse and InvokeModel are one right.
MODELS = {"converse": "bedrock:InvokeModel", "invoke": "bedrock:InvokeModel"}

# A call of the services that speak JSON carries its name in a header, which stands in the program as it is. A program may hold
# more than it calls (what a table can do is one value to the linker), but never calls what it does not hold.
TARGETS = {"dynamodb": b"DynamoDB_20120810.", "sqs": b"AmazonSQS.", "events": b"AWSEvents.", "secretsmanager": b"secretsmanager."}


def shipped(path):
    """A source without its tests, which stand at its end."""
    return path.read_text(encoding="utf-8").split("#[cfg(test)]\nmod ")[0]


def done():
    """The rights that the sources need, all functions together."""
    found = set()
    for path in SOURCES:
        text = shipped(path)
        for crate, service in SDK.items():
            if crate in text:
                methods = {call["method"] for call in CALL.finditer(text)} - NO_CALL
                found |= {f"{service}:{camel(method)}" for method in methods}
        found |= {f"dynamodb:{PARTS[part['part']]}" for part in PART.finditer(text)}
        found |= {f"secretsmanager:{call['call']}" for call in SECRET.finditer(text)}
        found |= {MODELS[call["call"]] for call in MODEL.finditer(text)}
        if path == BUCKET:
            found |= {METHODS[method["method"]] for method in METHOD.finditer(text)}
    return found


def camel(method):
    """`put_item` as AWS writes it: `PutItem`."""
    return "".join(word.capitalize() for word in method.split("_"))


def holds(program, right):
    """Whether a program, as bytes, can make the call of a right; `None` where its bytes do not tell."""
    service, call = right.split(":")
    return TARGETS[service] + call.encode() in program if service in TARGETS else None
