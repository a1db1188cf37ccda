"""The AWS calls in the functions' sources and programs, as IAM actions."""

import re

from translated import ROOT

# Without tests, which may call anything.
SOURCES = [path for sources in ("shared/src", "crates/*/src", "generator/src", "functions/*/src") for path in ROOT.glob(f"{sources}/**/*.rs")]
SDK = {"aws_sdk_dynamodb": "dynamodb", "aws_sdk_sqs": "sqs", "aws_sdk_eventbridge": "events"}
CALL = re.compile(r"\bclient\s*\.\s*(?P<method>[a-z_]+)\(\)")
# The parts of a transaction need a right each.
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
PART = re.compile(r"\b(?P<part>Put|Update|Delete|ConditionCheck)::builder\(\)")
# Not an IAM action: a copy of the client, and the transaction itself (IAM checks its parts).
NO_CALL = {"clone", "transact_write_items"}
# Services that are called without the SDK.
BUCKET = ROOT / "crates/aws/src/objects.rs"
METHOD = re.compile(r"\bMethod::(?P<method>[A-Z]+)")
METHODS = {"GET": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject", "HEAD": "s3:GetObject"}
SECRET = re.compile(r'"secretsmanager\.(?P<call>[A-Za-z]+)"')
MODEL = re.compile(r'"/model/\{\w*\}/(?P<call>[a-z-]+)"')
# Converse needs the right InvokeModel, ConverseStream that of its stream.
MODELS = {"converse": "bedrock:InvokeModel", "converse-stream": "bedrock:InvokeModelWithResponseStream"}

# The JSON services name the call in a header, whose text is in the program. A program may contain calls that it never makes
# (the linker keeps all methods of a table), but cannot make a call that it does not contain.
TARGETS = {"dynamodb": b"DynamoDB_20120810.", "sqs": b"AmazonSQS.", "events": b"AWSEvents.", "secretsmanager": b"secretsmanager."}


def shipped(path):
    """A source without the tests at its end."""
    return path.read_text(encoding="utf-8").split("#[cfg(test)]\nmod ")[0]


def called_actions():
    """The rights that the sources need, for all functions together."""
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
            # A list of the bucket is a GET too.
            found |= {"s3:ListBucket"} if "list-type=2" in text else set()
    return found


def camel(method):
    """`put_item` -> `PutItem`."""
    return "".join(word.capitalize() for word in method.split("_"))


def contains_call(program, right):
    """Whether a program (bytes) can make the call of a right; `None` if its bytes do not show it."""
    service, call = right.split(":")
    return TARGETS[service] + call.encode() in program if service in TARGETS else None
