"""The services of the local cloud that tests look into: queues, the table, secrets, the bus, functions. Plain HTTP."""

import json
import os
import signal
import time
from pathlib import Path

# Before anything of tools/: it says where that is.
import deployed  # noqa: F401
from local_cloud import called, send, signed_for


class Aws:
    """The services behind a deployed stack."""

    def __init__(self, deployed):
        self.endpoint = deployed.endpoint

    def call(self, service, target, form="1.0", **body):
        """One call of a service's JSON protocol; gives the answer's JSON."""
        return called(self.endpoint, service, target, form, **body)

    def sqs(self, action, queue, **more):
        """A call about a queue."""
        return self.call("sqs", f"AmazonSQS.{action}", QueueUrl=queue, **more)

    def events(self, action, **body):
        """A call of EventBridge."""
        return self.call("events", f"AWSEvents.{action}", "1.1", **body)

    def secrets(self, action, arn, **more):
        """A call about a secret."""
        return self.call("secretsmanager", f"secretsmanager.{action}", "1.1", SecretId=arn, **more)

    def send(self, queue, body):
        """Puts a message on a queue: text, or a value as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        self.sqs("SendMessage", queue, MessageBody=text)

    def receive(self, queue):
        """The bodies of the messages that are there, which leave the queue."""
        messages = self.sqs("ReceiveMessage", queue, MaxNumberOfMessages=10).get("Messages") or []
        for message in messages:
            self.sqs("DeleteMessage", queue, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]

    def attributes(self, queue):
        """What there is to know of a queue."""
        return self.sqs("GetQueueAttributes", queue, AttributeNames=["All"])["Attributes"]

    def waiting(self, queue):
        """How many messages a queue has, seen and unseen."""
        found = self.attributes(queue)
        return sum(int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible", "Delayed"))

    def delete_queue(self, queue):
        """Takes a queue away, with what is on it."""
        self.sqs("DeleteQueue", queue)

    def item(self, table, operation_id):
        """An operation's item as the table has it; None where there is none."""
        key = {"operation_id": {"S": operation_id}}
        found = self.call("dynamodb", "DynamoDB_20120810.GetItem", TableName=table, Key=key, ConsistentRead=True)
        return found.get("Item")

    def secret(self, arn):
        """The text of a secret."""
        return self.secrets("GetSecretValue", arn)["SecretString"]

    def change_secret(self, arn, text):
        """Gives a secret another text."""
        self.secrets("PutSecretValue", arn, SecretString=text)

    def emit(self, source, kind, detail, bus="default"):
        """Puts an event on a bus."""
        entry = {"Source": source, "DetailType": kind, "Detail": json.dumps(detail), "EventBusName": bus}
        answer = self.events("PutEvents", Entries=[entry])
        if answer.get("FailedEntryCount"):
            raise AssertionError(answer)

    def route(self, name, pattern, queue, bus="default", **how):
        """A rule that sends what matches to a queue."""
        self.events("PutRule", Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
        target = {"Id": "queue", "Arn": self.attributes(queue)["QueueArn"]} | how
        self.events("PutTargets", Rule=name, EventBusName=bus, Targets=[target])

    def queue(self, name):
        """A new queue; gives its URL."""
        return self.call("sqs", "AmazonSQS.CreateQueue", QueueName=name)["QueueUrl"]

    def invoke(self, function, event):
        """The answer of a function to an event."""
        url = f"{self.endpoint}/2015-03-31/functions/{function}/invocations"
        return send("POST", url, event, signed_for("lambda"))


class Process:
    """The process of a function that is being invoked."""

    def __init__(self, pid):
        self.pid = pid

    @classmethod
    def of(cls, function):
        """The processes of a function, by the name that is in their environment."""
        marks = f"AWS_LAMBDA_FUNCTION_NAME={function}".encode()
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdecimal() and marks in (folder / "environ").read_bytes().split(b"\0"):
                    yield cls(int(folder.name))
            except OSError:
                # It has ended meanwhile, or belongs to somebody else.
                continue

    def kill(self):
        """Ends it without a word."""
        os.kill(self.pid, signal.SIGKILL)

    def freeze(self):
        """Stops it where it is."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self):
        """Lets it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def is_alive(self):
        """Whether it runs, or could."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
        except OSError:
            return False
        return state not in "ZX"


def until(what, probe, seconds=30):
    """What `probe` gives as soon as that is something; fails where it is nothing for so long."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {seconds} s")
        time.sleep(0.1)
