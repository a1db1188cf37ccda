"""What a run would cost: list prices of us-east-1, without free tiers, discounts, taxes and data transfer."""

from dataclasses import dataclass, fields

# US dollars; looked up on 23 November 2026 in stored copies of pages that quote these, which show their prices by script.
PRICES = {
    # unit: (price, of how many, where it is from)
    "api_requests": (3.50, 1e6, "https://aws.amazon.com/api-gateway/pricing/"),
    "invocations": (0.20, 1e6, "https://aws.amazon.com/lambda/pricing/"),
    "gb_seconds": (0.0000133334, 1, "https://aws.amazon.com/lambda/pricing/"),
    "queue_requests": (0.40, 1e6, "https://aws.amazon.com/sqs/pricing/"),
    "writes": (0.625, 1e6, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "reads": (0.125, 1e6, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "events": (1.00, 1e6, "https://aws.amazon.com/eventbridge/pricing/"),
    "log_kb": (0.50, 1e6, "https://aws.amazon.com/cloudwatch/pricing/"),
    "traces": (5.00, 1e6, "https://aws.amazon.com/xray/pricing/"),
}
SERVICES = {
    "API Gateway": ("api_requests",),
    "Lambda, waiting and working": ("gb_seconds",),
    "Lambda, invocations": ("invocations",),
    "DynamoDB": ("writes", "reads"),
    "SQS": ("queue_requests",),
    "EventBridge": ("events",),
    "CloudWatch Logs": ("log_kb",),
    "X-Ray": ("traces",),
}

# An invocation's two lines (677 bytes measured) with what CloudWatch adds to each, and the platform's start and report.
LOG_KB_INVOCATION = 1.3
LOG_KB_ACCESS = 0.5
# X-Ray records one request a second and 5 % of the others; the one is left out.
TRACED = 0.05

# Write units of an item: some 2 KB with the request, compressed, and 4 KB with the outcome. A write of any part pays for
# all of it. The index of tasks is written once.
ITEM_WRITES = 2
ENDED_ITEM_WRITES = 4
INDEX_WRITES = 1
ENDED_ITEM_READS = 1


@dataclass
class Usage:
    """What was used, in the units of `PRICES`."""

    api_requests: float = 0
    invocations: float = 0
    gb_seconds: float = 0
    queue_requests: float = 0
    writes: float = 0
    reads: float = 0
    events: float = 0
    log_kb: float = 0
    traces: float = 0

    def request(self, count, seconds, memory_mb):
        """Requests through the gateway, each with an invocation of so many seconds."""
        self.api_requests += count
        self.log_kb += count * LOG_KB_ACCESS
        self.traces += count * TRACED
        self.invoke(count, seconds, memory_mb)

    def refused_by_lambda(self, count):
        """Requests that the gateway let through and that found no environment."""
        self.api_requests += count
        self.log_kb += count * LOG_KB_ACCESS

    def invoke(self, count, seconds, memory_mb):
        """Invocations, each of so many seconds."""
        self.invocations += count
        self.gb_seconds += count * seconds * memory_mb / 1024
        self.log_kb += count * LOG_KB_INVOCATION

    def accept(self, count):
        """Operations that begin: the item, its index, the message."""
        self.writes += count * (ITEM_WRITES + INDEX_WRITES)
        self.queue_requests += count

    def attempt(self, count, renewals=0):
        """A worker receives a message, claims the operation, hides the message, and renews both."""
        self.queue_requests += count * (2 + renewals)
        self.writes += count * ITEM_WRITES * (1 + renewals)

    def give_back(self, count):
        """An attempt has failed: the operation waits again, and its message is hidden."""
        self.queue_requests += count
        self.writes += count * ITEM_WRITES

    def end(self, count):
        """The outcome is written, announced, and noted as announced; the message is deleted."""
        self.writes += count * 2 * ENDED_ITEM_WRITES
        self.events += count
        self.queue_requests += count

    def tell(self, count, memory_mb):
        """A webhook (0.3 s for a receiver) and the one GET that fetches the result."""
        self.queue_requests += count * 3
        self.reads += count * 2 * ENDED_ITEM_READS
        self.invoke(count, 0.3, memory_mb)
        self.request(count, 0.02, memory_mb)

    def costs(self):
        """Dollars by service."""
        return {name: sum(self._cost(unit) for unit in units) for name, units in SERVICES.items()}

    def total(self):
        """Dollars."""
        return sum(self._cost(unit.name) for unit in fields(self))

    def _cost(self, unit):
        price, per, _ = PRICES[unit]
        return getattr(self, unit) * price / per
