"""What AWS charges for what a request uses: the price list behind docs/COST.md and docs/SCALE.md.

List prices of us-east-1, without free tiers, discounts, taxes and data transfer; looked up on 23 November 2026 in stored
copies of pages that quote AWS's, which fill in their prices by script.
"""

from page import table

# unit: (service, dollars, per how many, what one is, where the price is from)
PRICES = {
    "request": ("API Gateway", 3.50, 1e6, "request through API Gateway (REST)", "api-gateway"),
    "gb_second": ("Lambda, waiting and working", 0.0000133334, 1, "Lambda GB-second on arm64", "lambda"),
    "invocation": ("Lambda, invocations", 0.20, 1e6, "Lambda invocation", "lambda"),
    "write": ("DynamoDB", 0.625, 1e6, "DynamoDB write unit, on demand", "dynamodb"),
    "read": ("DynamoDB", 0.125, 1e6, "DynamoDB read unit, on demand", "dynamodb"),
    "message": ("SQS", 0.40, 1e6, "SQS request", "sqs"),
    "event": ("EventBridge", 1.00, 1e6, "EventBridge event", "eventbridge"),
    "log_kb": ("CloudWatch Logs", 0.50, 1e6, "KB of log", "cloudwatch"),
    "trace": ("X-Ray", 5.00, 1e6, "X-Ray trace", "xray"),
}
MEMORY_MB = 256
# What each step of a request uses, in functions of MEMORY_MB. A write of any part of an item pays for all of it: 2 units,
# 4 with the outcome. An invocation logs 1.3 KB (677 bytes of ours, measured; the rest is the platform's), the gateway
# 0.5 KB. X-Ray traces 5 % of the requests.
USES = {
    "refused by Lambda": {"request": 1, "log_kb": 0.5},
    "request": {"request": 1, "invocation": 1, "log_kb": 1.8, "trace": 0.05},
    "second": {"gb_second": MEMORY_MB / 1024},
    # The item with its three indexes, and the message.
    "accepted": {"write": 5, "message": 1},
    # A worker receives the message, claims the operation and hides the message; the index of owners has the new status. Its log
    # is one write of the item and of the log's, in a transaction, which costs twice.
    "attempt": {"invocation": 1, "log_kb": 1.3, "write": 3 + 2 * (2 + 1), "message": 2},
    "renewal": {"write": 2, "message": 1},
    "given back": {"write": 3, "message": 1},
    # The outcome is written, also to the index of owners, announced, and noted as announced, which takes it out of an index;
    # the message is deleted.
    "ended": {"write": 10, "message": 1, "event": 1},
    # A webhook, whose receiver takes 0.3 s, and one GET of 0.02 s for the result.
    "told": {"request": 1, "invocation": 2, "log_kb": 3.1, "trace": 0.05, "gb_second": 0.32 * MEMORY_MB / 1024, "read": 2,
             "message": 3},
}


def costs(used):
    """Dollars by service. `used`: how often each step of USES was taken."""
    dollars = {service: 0.0 for service, *_ in PRICES.values()}
    for step, count in used.items():
        for unit, amount in USES[step].items():
            service, price, per, *_ = PRICES[unit]
            dollars[service] += count * amount * price / per
    return dollars


def total(used):
    """Dollars."""
    return sum(costs(used).values())


def price_table():
    """The price list in Markdown."""
    rows = []
    for _, dollars, per, name, page in PRICES.values():
        price = f"${dollars:g} a million" if per > 1 else f"${dollars:.10f}"
        rows.append([name, price, f"<https://aws.amazon.com/{page}/pricing/{'on-demand/' if page == 'dynamodb' else ''}>"])
    return table(["unit", "price", "from"], rows)
