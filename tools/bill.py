"""What a month of a million requests costs, from measured processor times and the price list."""

import math

from page import table
from prices import MEMORY_MB, PRICES, costs

REQUESTS = 1_000_000
# Memory that comes with one whole processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
WHOLE_PROCESSOR_MB = 1769
SIZES_MB = (128, MEMORY_MB, 512, 1024, WHOLE_PROCESSOR_MB)
# How long a remote generator takes.
GENERATOR_SECONDS = 10


def stretched(processor_ms, memory_mb):
    """How long `processor_ms` of a whole processor take with the share that comes with `memory_mb`."""
    return processor_ms * max(1.0, WHOLE_PROCESSOR_MB / memory_mb)


def billed_seconds(processor_ms, generator_seconds, memory_mb):
    """Billed duration of a request: Lambda rounds up to a millisecond."""
    return math.ceil(stretched(processor_ms, memory_mb) + generator_seconds * 1000) / 1000


def bill(processor_ms):
    """The bill as a table. `processor_ms`: program -> (processor time of a request in ms, seconds it waits for its generator)."""
    heads = ["1 million requests a month", "processor time, ms", "billed, ms", "API Gateway", "Lambda", "logs, traces", "together"]
    rows = []
    for name, (processor, waits) in processor_ms.items():
        seconds = billed_seconds(processor, waits, MEMORY_MB)
        dollars = costs({"request": REQUESTS, "second": REQUESTS * seconds})
        parts = [dollars["API Gateway"], dollars["Lambda, waiting and working"] + dollars["Lambda, invocations"],
                 dollars["CloudWatch Logs"] + dollars["X-Ray"]]
        rows.append([name, f"{processor:.2f}", f"{seconds * 1000:,.0f}", *(f"${part:.2f}" for part in parts), f"**${sum(parts):.2f}**"])
    return table(heads, rows)


def memory(start_ms, processor_ms):
    """What each memory size costs and gives, as a table.

    start_ms: a cold start with its first request, processor_ms: a warm request; both of a whole processor.
    """
    heads = ["memory, MB", "cold start and first request, ms", "Lambda: a million planned", f"a million that wait {GENERATOR_SECONDS} s"]
    rows = []
    for size in SIZES_MB:
        gigabytes = REQUESTS * size / 1024
        prices = [billed_seconds(processor_ms, waits, size) * gigabytes * PRICES["gb_second"][1] for waits in (0, GENERATOR_SECONDS)]
        chosen = "**" if size == MEMORY_MB else ""
        rows.append([f"{chosen}{size}{chosen}", f"{stretched(start_ms, size):.0f}", *(f"${price:.2f}" for price in prices)])
    return table(heads, rows)
