"""The services of the local cloud that tests inspect: queues, the table, secrets, the bus, functions. Plain HTTP."""

import contextlib
import json
import os
import signal
import time
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# First: it adds tools/ to the path.
import deployed  # noqa: F401
from local_cloud import ask, called


class Aws:
    """The services of a deployed stack."""

    def __init__(self, deployed):
        self.endpoint = deployed.endpoint

    def call(self, service, target, form="1.0", **body):
        """A call in the JSON protocol; returns the JSON answer."""
        return called(self.endpoint, service, target, form, **body)

    def sqs(self, action, queue, **more):
        return self.call("sqs", f"AmazonSQS.{action}", QueueUrl=queue, **more)

    def events(self, action, **body):
        return self.call("events", f"AWSEvents.{action}", "1.1", **body)

    def secrets(self, action, arn, **more):
        return self.call("secretsmanager", f"secretsmanager.{action}", "1.1", SecretId=arn, **more)

    def send(self, queue, body):
        """Sends a text, or a value as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        self.sqs("SendMessage", queue, MessageBody=text)

    def receive(self, queue):
        """Receives and deletes the visible messages; returns their bodies."""
        messages = self.sqs("ReceiveMessage", queue, MaxNumberOfMessages=10).get("Messages") or []
        for message in messages:
            self.sqs("DeleteMessage", queue, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]

    def attributes(self, queue):
        return self.sqs("GetQueueAttributes", queue, AttributeNames=["All"])["Attributes"]

    def waiting(self, queue):
        """The number of messages, visible or not."""
        found = self.attributes(queue)
        return sum(int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible", "Delayed"))

    def delete_queue(self, queue):
        self.sqs("DeleteQueue", queue)

    def item(self, table, operation_id):
        """An operation's item; None if there is none."""
        key = {"operation_id": {"S": operation_id}}
        found = self.call("dynamodb", "DynamoDB_20120810.GetItem", TableName=table, Key=key, ConsistentRead=True)
        return found.get("Item")

    def secret(self, arn):
        return self.secrets("GetSecretValue", arn)["SecretString"]

    def change_secret(self, arn, text):
        self.secrets("PutSecretValue", arn, SecretString=text)

    def emit(self, source, kind, detail, bus="default"):
        entry = {"Source": source, "DetailType": kind, "Detail": json.dumps(detail), "EventBusName": bus}
        answer = self.events("PutEvents", Entries=[entry])
        if answer.get("FailedEntryCount"):
            raise AssertionError(answer)

    def route(self, name, pattern, queue, bus="default", **how):
        """Adds a rule that sends matching events to a queue."""
        self.events("PutRule", Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
        target = {"Id": "queue", "Arn": self.attributes(queue)["QueueArn"]} | how
        self.events("PutTargets", Rule=name, EventBusName=bus, Targets=[target])

    def queue(self, name):
        """Creates a queue; returns its URL."""
        return self.call("sqs", "AmazonSQS.CreateQueue", QueueName=name)["QueueUrl"]

    def api_key(self, deployed):
        """Creates another API key for a stack's usage plan; returns its value."""
        key = self.gateway("POST", "/apikeys", {"name": f"key-{uuid.uuid4()}", "enabled": True})
        self.gateway("POST", f"/usageplans/{self.usage_plan(deployed)['id']}/keys", {"keyId": key["id"], "keyType": "API_KEY"})
        return key["value"]

    def usage_plan(self, deployed):
        """The usage plan of a stack's API."""
        plans = self.gateway("GET", "/usageplans")["item"]
        return next(plan for plan in plans if deployed.outputs["ApiId"] in [stage["apiId"] for stage in plan["apiStages"]])

    def gateway(self, method, path, body=None):
        """A call of the API Gateway service."""
        answer = ask("apigateway", method, f"{self.endpoint}{path}", body)
        if answer.status not in (200, 201):
            raise AssertionError(answer)
        return answer.json()

    def iam(self, action, **parameters):
        """A call of IAM; returns the answer's text."""
        query = urllib.parse.urlencode({"Action": action, "Version": "2010-05-08"} | parameters)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = ask("iam", "POST", f"{self.endpoint}/", query.encode(), kind)
        if answer.status != 200:
            raise AssertionError(answer)
        return answer.body.decode()

    @contextlib.contextmanager
    def without_policy(self, role, policy):
        """Takes a policy from a role, and gives it back."""
        named = {"RoleName": role, "PolicyName": policy}
        found = ElementTree.fromstring(self.iam("GetRolePolicy", **named)).findtext(".//{*}PolicyDocument")
        self.iam("DeleteRolePolicy", **named)
        try:
            yield
        finally:
            self.iam("PutRolePolicy", **named, PolicyDocument=urllib.parse.unquote(found))

    def delete_function(self, function):
        ask("lambda", "DELETE", f"{self.endpoint}/2015-03-31/functions/{function}")

    def emit_to(self, function, event):
        """Invokes a function as an event does: nobody waits for the answer."""
        url = f"{self.endpoint}/2015-03-31/functions/{function}/invocations"
        return ask("lambda", "POST", url, event, {"X-Amz-Invocation-Type": "Event"})

    def invoke(self, function, event):
        url = f"{self.endpoint}/2015-03-31/functions/{function}/invocations"
        return ask("lambda", "POST", url, event)


class Process:
    """A process of a function."""

    def __init__(self, pid):
        self.pid = pid

    @classmethod
    def of(cls, function):
        """The processes of a function, found by AWS_LAMBDA_FUNCTION_NAME in their environment."""
        marks = f"AWS_LAMBDA_FUNCTION_NAME={function}".encode()
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdecimal() and marks in (folder / "environ").read_bytes().split(b"\0"):
                    yield cls(int(folder.name))
            except OSError:
                # The process has ended, or belongs to another user.
                continue

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)

    def freeze(self):
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self):
        os.kill(self.pid, signal.SIGCONT)

    def is_alive(self):
        """Whether it is running or stopped."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
        except OSError:
            return False
        return state not in "ZX"


def until(what, probe, seconds=30):
    """Polls `probe` until it returns something true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {seconds} s")
        time.sleep(0.1)
