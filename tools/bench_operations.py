"""`make bench-operations`: how fast operations are accepted and completed.

Starts COUNT operations (200) as fast as one client can, and waits for all of them. Exit code 1: an operation was lost; no
other figure is checked. The local cloud is one program in Python on this machine, so the figures say nothing about AWS.
"""

import os
import statistics
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from build import build
from local_cloud import UNLIMITED, LocalCloud, called
from ports import free_port
from progress import Failed, Step, exit_code

COUNT = 200
# Connections of the one client.
AT_ONCE = 16
# If no job ends for this long, the rest counts as lost.
PATIENCE_SECONDS = 60
STEPS = {"type": "instructions", "steps": ["Ask for the address of a web page", "Summarise the page"]}


class Benchmark:
    """Operations on a deployed stack."""

    def __init__(self, api, count):
        self.api = api
        self.ids = [str(uuid.uuid4()) for _ in range(count)]

    def start(self):
        """Posts all of them; returns the seconds that it took."""
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            statuses = list(pool.map(self._post, self.ids))
        seconds = time.monotonic() - began
        refused = [status for status in statuses if status != 202]
        if refused:
            raise Failed(f"{len(refused)} of {len(statuses)} operations were not accepted: {sorted(set(refused))}")
        return seconds

    def _post(self, operation_id):
        body = {"operation_id": operation_id, "task_id": operation_id, "instructions": STEPS}
        return self.api.call("POST", "/generate", body).status

    def wait(self):
        """Returns when no job is left, or none has ended for PATIENCE_SECONDS."""
        left, changed = None, time.monotonic()
        while left != 0 and time.monotonic() - changed < PATIENCE_SECONDS:
            now = self._jobs_left()
            if now != left:
                left, changed = now, time.monotonic()
            time.sleep(0.5)

    def _jobs_left(self):
        found = called(self.api.endpoint, "sqs", "AmazonSQS.GetQueueAttributes",
                       QueueUrl=self.api.outputs["GenerateJobsQueueUrl"], AttributeNames=["All"])["Attributes"]
        return sum(int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible", "Delayed"))

    def ended(self):
        """Seconds from acceptance to completion of each operation that completed, in ascending order."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            operations = list(pool.map(lambda i: self.api.call("GET", f"/operations/{i}").json(), self.ids))
        return sorted(
            (moment(operation["updated_at"]) - moment(operation["created_at"])).total_seconds()
            for operation in operations if operation.get("status") == "completed"
        )


def moment(text):
    """Parses a time of the API."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def main():
    """Exit code 0: every operation completed."""
    count = int(os.environ.get("COUNT", "").strip() or COUNT)
    build()
    with LocalCloud(free_port(), "bench-cloud") as cloud:
        with Step("Deploying template.yaml into the local cloud"):
            api = cloud.deploy("bench", **UNLIMITED)
        benchmark = Benchmark(api, count)
        with Step(f"Starting {count} operations"):
            seconds = benchmark.start()
        with Step("Waiting until they complete"):
            benchmark.wait()
        ended = benchmark.ended()
    lost = count - len(ended)
    print(f"accepted            {count / seconds:8.1f} per second")
    if len(ended) > 1:
        print(f"time to completion  {statistics.median(ended):8.1f} s (p50)")
        print(f"                    {statistics.quantiles(ended, n=100)[98]:8.1f} s (p99)")
    print(f"lost                {lost:8d}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
