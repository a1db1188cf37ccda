"""What a run counts."""

from dataclasses import dataclass, field

from prices import Usage


@dataclass
class Cohort:
    """Messages that were put on the queue at the same time."""

    born: float
    failures: int
    count: int
    # Of an operation that has ended, or will without a worker: it only has to be taken away.
    is_husk: bool = False


@dataclass
class Result:
    """What became of a run's requests. `times`: (seconds to completion, of how many)."""

    arrivals: int = 0
    throttled_gateway: int = 0
    throttled_lambda: int = 0
    accepted: int = 0
    completed: int = 0
    refused: int = 0
    timed_out: int = 0
    depth_max: int = 0
    depth_mean: float = 0
    in_flight_max: int = 0
    environments_max: int = 0
    generator_seconds: float = 0
    times: list = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)

    def quantile(self, share):
        """The time within which that share of the completed was; `None` where there is none."""
        left = share * sum(count for _, count in self.times)
        for seconds, count in sorted(self.times):
            left -= count
            if left <= 0:
                return seconds
        return None
