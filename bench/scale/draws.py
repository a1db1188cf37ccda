"""Random draws that are the same everywhere: from `Random.random` alone, which Python promises not to change."""

import math
from random import Random
from statistics import NormalDist

NORMAL = NormalDist()
# Above it a Poisson number is drawn as a normal one: the two differ by less than a run's own chance.
LARGE = 50


class Draws:
    """A seeded source."""

    def __init__(self, seed):
        self._uniform = Random(seed).random

    def uniform(self):
        """A number in [0, 1)."""
        return self._uniform()

    def normal(self):
        """A standard normal number."""
        # Open at zero, where the inverse has no end.
        return NORMAL.inv_cdf(1 - self._uniform() * (1 - 1e-12) - 1e-13)

    def log_normal(self, median, sigma):
        """A duration; its mean is `median * exp(sigma ** 2 / 2)`."""
        return median * math.exp(sigma * self.normal())

    def poisson(self, mean):
        """How many arrive where `mean` are expected."""
        if mean >= LARGE:
            return max(0, round(mean + math.sqrt(mean) * self.normal()))
        threshold, count, product = math.exp(-mean), 0, self._uniform()
        while product > threshold:
            count += 1
            product *= self._uniform()
        return count


class Bucket:
    """A token bucket, as API Gateway throttles."""

    def __init__(self, rate, burst):
        self.rate, self.burst, self.tokens = rate, burst, burst

    def refill(self, seconds):
        """Time passes."""
        self.tokens = min(self.burst, self.tokens + self.rate * seconds)

    def take(self, count):
        """How many of `count` get through."""
        taken = min(count, int(self.tokens))
        self.tokens -= taken
        return taken
