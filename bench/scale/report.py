"""What is read of the runs: tables in Markdown, and the drawing."""

from chart import Panel, draw
from page import table
from parameters import RATES, SCENARIOS
from prices import PRICES, SERVICES

NOTHING = "–"
HEADS = (
    "requests/s", "throttled by the gateway", "by Lambda", "let in", "end well, /s", "of those let in", "refused", "out of time",
    "waiting: mean, most", "p50, p99", "generator's slots at work", "$ per million that end well",
)
# Whose money is shown in its parts: one request a second, at which nobody is refused.
ANATOMY = (("sync-open", "waiting"), ("async-matched", "in the background"), ("handover-changed", "taken over"))
UNITS = {
    "api_requests": "request through API Gateway (REST)",
    "invocations": "Lambda invocation",
    "gb_seconds": "Lambda GB-second on arm64",
    "queue_requests": "SQS request",
    "writes": "DynamoDB write unit, on demand",
    "reads": "DynamoDB read unit, on demand",
    "events": "EventBridge event",
    "log_kb": "KB of log",
    "traces": "X-Ray trace",
}


def scenario_table(scenario, results):
    """The runs of one scenario, a line for each rate."""
    return table(HEADS, [_line(scenario, rate, results[scenario.name, rate]) for rate in RATES])


def _line(scenario, rate, result):
    if not result.arrivals:
        return [f"{rate:,}"] + [NOTHING] * (len(HEADS) - 1)
    seconds = scenario.seconds
    times = [result.quantile(share) for share in (0.5, 0.99)]
    slots = scenario.generator.slots
    at_work = result.generator_seconds / seconds
    return [
        f"{rate:,}",
        share_of(result.throttled_gateway, result.arrivals),
        share_of(result.throttled_lambda, result.arrivals),
        share_of(result.accepted, result.arrivals),
        number(result.completed / seconds),
        *(share_of(count, result.accepted) for count in (result.completed, result.refused, result.timed_out)),
        NOTHING if scenario.waits else f"{number(result.depth_mean)}, {number(result.depth_max)}",
        NOTHING if times[0] is None else " s, ".join(number(time) for time in times) + " s",
        number(at_work) if slots is None else share_of(at_work, slots),
        dollars(result),
    ]


def anatomy_table(results):
    """What a million accepted requests cost, by service."""
    parts = []
    for name, _ in ANATOMY:
        result = results[name, 1]
        parts.append({service: cost / result.accepted * 1e6 for service, cost in result.usage.costs().items()})
    rows = [[service, *(f"{part[service]:.2f}" for part in parts)] for service in SERVICES]
    rows.append(["**together**", *(f"**{sum(part.values()):.2f}**" for part in parts)])
    return table(["$ per million", *(title for _, title in ANATOMY)], rows)


def price_table():
    """The prices behind it."""
    def price(dollars_of, per):
        return f"${dollars_of:g} a million" if per > 1 else f"${dollars_of:.10f}"

    rows = [[UNITS[unit], price(dollars_of, per), f"<{source}>"] for unit, (dollars_of, per, source) in PRICES.items()]
    return table(["unit", "price", "from"], rows)


def drawing(results):
    """Work that ends well, and what it costs, over the requests that come."""
    rates = sorted({rate for _, rate in results if rate > 0})
    well, cost = [], []
    for scenario in SCENARIOS:
        runs = [(rate, results[scenario.name, rate]) for rate in rates]
        runs = [(rate, result) for rate, result in runs if result.completed]
        well.append([(rate, result.completed / scenario.seconds) for rate, result in runs])
        cost.append([(rate, result.usage.total() / result.completed * 1e6) for rate, result in runs])
    ends = (rates[0], rates[-1])
    panels = [
        Panel("Requests that end well, a second", "requests a second", well, ends, (0.01, 10_000)),
        Panel("Dollars for a million that end well", "requests a second", cost, ends, (10, 100_000)),
    ]
    return draw(panels, [scenario.title for scenario in SCENARIOS])


def dollars(result):
    """What a million that end well cost, with what was paid for the others."""
    return NOTHING if not result.completed else number(result.usage.total() / result.completed * 1e6)


def share_of(part, whole):
    """A percentage with as many digits as say something."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    if percent < 0.1:
        return "< 0.1 %"
    if percent > 99.9 and part < whole:
        return "> 99.9 %"
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"


def number(value):
    """Three digits of a number, or all before the point."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
