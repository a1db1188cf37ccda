"""What a month of a million requests costs, with processor times that were measured."""

import math

from page import table
from parameters import DEFAULT
from prices import Usage

REQUESTS = 1_000_000
MEMORY_MB = DEFAULT.memory_mb
# Memory that comes with one whole processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
WHOLE_PROCESSOR_MB = 1769
# What memory was chosen among.
SIZES_MB = (128, 256, 512, 1024, WHOLE_PROCESSOR_MB)
# How long a remote generator takes.
GENERATOR_SECONDS = 10


def stretched(processor_ms, memory_mb):
    """How long a whole processor's `processor_ms` last on the share that comes with `memory_mb`."""
    return processor_ms * max(1.0, WHOLE_PROCESSOR_MB / memory_mb)


def billed_seconds(processor_ms, generator_seconds, memory_mb):
    """The billed duration of a request, in seconds: Lambda rounds up to a millisecond."""
    return math.ceil(stretched(processor_ms, memory_mb) + generator_seconds * 1000) / 1000


def bill(processor_ms):
    """The bill in a table.

    processor_ms: name of a program -> (processor time of a request in ms, seconds that it waits for its generator).
    """
    heads = ["1 million requests a month", "processor time, ms", "billed, ms", "API Gateway", "Lambda", "logs, traces", "together"]
    rows = []
    for name, (processor, waits) in processor_ms.items():
        usage = Usage()
        seconds = billed_seconds(processor, waits, MEMORY_MB)
        usage.request(REQUESTS, seconds, MEMORY_MB)
        costs = usage.costs()
        parts = [costs["API Gateway"], costs["Lambda, waiting and working"] + costs["Lambda, invocations"],
                 costs["CloudWatch Logs"] + costs["X-Ray"]]
        rows.append([name, f"{processor:.2f}", f"{seconds * 1000:,.0f}", *(f"${part:.2f}" for part in parts),
                     f"**${usage.total():.2f}**"])
    return table(heads, rows)


def memory(start_ms, processor_ms):
    """What each size of memory costs and gives, in a table.

    start_ms: a cold start with its first request, in ms of a whole processor; processor_ms: a warm request, likewise.
    """
    heads = ["memory, MB", "cold start and first request, ms", "Lambda: a million planned", f"a million that wait {GENERATOR_SECONDS} s"]
    rows = []
    for size in SIZES_MB:
        dollars = []
        for waits in (0, GENERATOR_SECONDS):
            usage = Usage()
            usage.invoke(REQUESTS, billed_seconds(processor_ms, waits, size), size)
            dollars.append(usage.costs()["Lambda, waiting and working"])
        chosen = "**" if size == MEMORY_MB else ""
        rows.append([f"{chosen}{size}{chosen}", f"{stretched(start_ms, size):.0f}", *(f"${part:.2f}" for part in dollars)])
    return table(heads, rows)
