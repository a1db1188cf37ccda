"""What the simulation takes for given: the stack, the account's quotas, the generator, and the scenarios made of them.

Times are seconds, rates are per second, sizes are megabytes.
"""

from dataclasses import dataclass, field, replace

# How long requests arrive. Operations: four times as long as one has, for what a backlog does to those who come after it
# shows only when the first have run out of time. Requests that wait leave nothing behind.
LOAD_SECONDS = 7200
WAITING_LOAD_SECONDS = 1800
RATES = (0, 1, 10, 100, 1_000, 10_000)
# Between the rates of the tables, for the curves.
RATES_BETWEEN = (0.1, 0.3, 3, 30, 300, 3_000)
SEED = 20261123


@dataclass(frozen=True)
class Stack:
    """Parameters of template.yaml, and the times that stand in it. A test holds those that have a default against it."""

    stage_rate: float = 50
    stage_burst: float = 100
    worker_concurrency: int = 5
    worker_timeout: float = 900
    call_timeout: float = 600
    operation_timeout: float = 1800
    attempts: int = 4
    retry_delay: float = 15
    # Of the functions behind the gateway, less what they keep to answer in their own words.
    request_time: float = 28 - 0.5
    memory_mb: int = 256
    # The functions' own time, with the calls of the table and the queue. A guess, for nothing was measured on Lambda:
    # locally a request costs less than a millisecond, and each call of a table or queue takes some.
    answer_time: float = 0.05
    # A message that a job taken over leaves on the queue until its deadline.
    watches_taken_over: bool = True
    # A job that has less time left than this is not begun any more.
    headroom: float = 0


@dataclass(frozen=True)
class Quotas:
    """What an account has unless it asks for more."""

    api_rate: float = 10_000
    api_burst: float = 5_000
    concurrency: float = 1_000
    # Environments a second for one function, and at once.
    scaling_rate: float = 100
    scaling_burst: float = 1_000
    # Invocations a second for each environment of the quota.
    invocations_per_concurrency: float = 10
    # Environments with which a queue begins, and those that it adds each second.
    queue_start: float = 5
    queue_ramp: float = 5
    in_flight: float = 120_000


@dataclass(frozen=True)
class Generator:
    """A generator as it is seen from here: so many calls at once, each of a log-normal duration; beyond them a 429."""

    # None: it grows with the load.
    slots: int | None = 50
    median: float = 20
    sigma: float = 0.5
    # How long a refusal takes, and the wait that it asks for. More than 2 s: no call is repeated within a request.
    refusal_time: float = 0.05
    retry_after: float = 5
    # It answers 202, after so long, and completes the operation later.
    takes_over: bool = False
    handover_time: float = 0.15


@dataclass(frozen=True)
class Scenario:
    """One line of a table for each rate."""

    name: str
    title: str
    waits: bool
    stack: Stack = field(default_factory=Stack)
    quotas: Quotas = field(default_factory=Quotas)
    generator: Generator = field(default_factory=Generator)

    @property
    def seconds(self):
        """How long requests arrive."""
        return WAITING_LOAD_SECONDS if self.waits else LOAD_SECONDS


DEFAULT = Stack()
# A generator of 50 slots ends 2.2 calls a second: a tenth less is let in, and not more at once than it ends in a quarter
# of an hour.
MATCHED = replace(DEFAULT, stage_rate=2, stage_burst=1800, worker_concurrency=50)
OPEN = replace(DEFAULT, stage_rate=10_000, stage_burst=5_000)
GROWING = Generator(slots=None)
TAKING_OVER = Generator(slots=None, takes_over=True)
# Provisioned pollers start with two of ten invocations each and add a thousand a minute.
RAISED = Quotas(api_rate=30_000, concurrency=6_000, queue_start=20, queue_ramp=1000 / 60)

SCENARIOS = (
    Scenario("sync", "Waiting, as deployed", True),
    Scenario("async", "In the background, as deployed", False),
    Scenario("async-headroom", "In the background, no job begun in its last minute", False, replace(DEFAULT, headroom=60)),
    Scenario("sync-matched", "Waiting, let in as fast as the generator ends", True, replace(MATCHED, stage_burst=10)),
    Scenario("async-matched", "In the background, entrance and workers fit the generator", False, MATCHED),
    Scenario("sync-open", "Waiting, throttles open, the generator grows", True, OPEN, Quotas(), GROWING),
    Scenario("handover", "Taken over with a 202, throttles open, the generator grows", False,
             replace(OPEN, worker_concurrency=1000), Quotas(), TAKING_OVER),
    Scenario("handover-changed", "The same with no message left behind, and quotas raised", False,
             replace(OPEN, worker_concurrency=3000, watches_taken_over=False), RAISED, TAKING_OVER),
)
