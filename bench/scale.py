"""`make scale`: simulates the deployed stack under load and writes the tables of docs/SCALE.md.

Requests arrive at random, are throttled or let in, wait for the generator or go on a queue, and end; each is counted once.
The same seed gives the same bytes; SEED=n takes another. Times are in seconds.
"""

import heapq
import math
import os
import sys
from collections import Counter, deque
from pathlib import Path
from random import Random
from statistics import NormalDist

PAGE = Path(__file__).resolve().parents[1] / "docs" / "SCALE.md"
sys.path.insert(0, str(PAGE.parents[1] / "tools"))

from page import filled, number, percent, table  # noqa: E402
from prices import costs, price_table, total  # noqa: E402

RATES = (1, 10, 100, 1_000, 10_000)
SEED, TICK = 20261123, 0.2
SWEEP = 20  # Expired jobs that a worker clears before the queue is looked at again.

DEFAULT = {
    # Defaults of template.yaml, compared by a test. A request may take 28 s, less what a function keeps for its own answer.
    "stage_rate": 50, "stage_burst": 100, "worker_concurrency": 5, "operation_timeout": 1_800, "attempts": 4, "retry_delay": 15,
    "request_time": 28 - 0.5,
    # A function's time with its calls of table and queue, with a refusal by the generator, with a hand-over to it: a guess.
    "answer_time": 0.05, "refusal_time": 0.1, "handover_time": 0.2,
    # A job taken over keeps its message until the deadline. A job with less time left than `headroom` is not begun.
    "keeps_message": True, "headroom": 0,
    # Quotas of an account. A queue begins with `queue_start` workers and adds `queue_ramp` a second.
    "environments": 1_000, "messages": 120_000, "queue_start": 5, "queue_ramp": 5,
    # The generator: `slots` calls at once, beyond them a 429. One that takes over answers 202 and completes the job later.
    "slots": 50, "median": 20, "sigma": 0.5, "retry_after": 5, "takes_over": False,
}
SYNC, ASYNC = DEFAULT | {"waits": True}, DEFAULT | {"waits": False}
MATCHED = {"stage_rate": 2, "worker_concurrency": 50}  # 50 slots end 2.2 calls a second: a tenth less is let in.
OPEN = {"stage_rate": 10_000, "stage_burst": 5_000, "slots": math.inf}
HANDOVER = ASYNC | OPEN | {"takes_over": True, "worker_concurrency": 1_000}
SCENARIOS = {
    "sync": SYNC,
    "async": ASYNC,
    "async-headroom": ASYNC | {"headroom": 60},
    "sync-matched": SYNC | MATCHED | {"stage_burst": 10},
    "async-matched": ASYNC | MATCHED | {"stage_burst": 1_800},
    "sync-open": SYNC | OPEN,
    "handover": HANDOVER,
    # Provisioned pollers start with two of ten invocations each and add a thousand a minute.
    "handover-changed": HANDOVER | {"keeps_message": False, "environments": 6_000, "worker_concurrency": 3_000,
                                    "queue_start": 20, "queue_ramp": 1_000 / 60},
}


class Simulation:
    """A scenario at a rate. `used`: steps of prices.USES, `times`: (seconds to completion, of how many operations)."""

    def __init__(self, name, rate, seed=SEED, seconds=None, **changes):
        vars(self).update(SCENARIOS[name] | changes)
        # Operations: four times their deadline, since a backlog hurts only those who come after it.
        self.rate, self.seconds = rate, seconds or (1_800 if self.waits else 7_200)
        self.uniform = Random(f"{seed} {name} {rate}").random  # The one method Python promises not to change.
        self.counts, self.used, self.times, self.call_seconds = Counter(), Counter(), [], 0
        # Messages are kept as counts: [when the operations began, how many, failures, whether they are over without them].
        self.queue, self.depth, self.deepest, self.mean_depth = deque(), 0, 0, 0
        self.agenda, self.number, self.tokens = [], 0, self.stage_burst
        self.held = {"environments": 0, "calls": 0, "messages": 0}  # Messages that are out of sight.
        if not self.waits:  # The rest accepts operations.
            self.environments -= math.ceil(min(rate, self.stage_rate) * self.answer_time)

    def run(self):
        """Runs until everything that was let in has ended."""
        ticks, last = 0, self.seconds + self.operation_timeout + 1
        while (now := ticks * TICK) < last and (now < self.seconds or self.agenda or self.queue):
            while self.agenda and self.agenda[0][0] <= now + 1e-6:  # A sum of floats may lie a hair behind its tick.
                time, _, what, message = heapq.heappop(self.agenda)
                self.free(time, what, message)
            if now < self.seconds:
                self.arrive(now, self.poisson(self.rate * TICK))
            self.dispatch(now)
            self.mean_depth += self.depth * TICK / self.seconds if now < self.seconds else 0
            self.deepest, ticks = max(self.deepest, self.depth), ticks + 1
        # What is still on the queue failed at its deadline.
        self.counts["timed_out"] += sum(count for _, count, _, is_over in self.queue if not is_over)
        return self

    def arrive(self, now, arrivals):
        """Requests pass the stage's token bucket, find an environment, and are served or put on the queue."""
        self.tokens = min(self.stage_burst, self.tokens + self.stage_rate * TICK)
        passed = min(arrivals, int(self.tokens))
        self.tokens -= passed
        let_in = min(passed, self.environments - self.held["environments"]) if self.waits else passed
        self.counts.update(arrivals=arrivals, by_gateway=arrivals - passed, by_lambda=passed - let_in, let_in=let_in)
        self.used["refused by Lambda"] += passed - let_in
        if self.waits:
            self.serve(now, let_in)
        elif let_in:
            self.used.update(request=let_in, second=let_in * self.answer_time, accepted=let_in, told=let_in)
            self.free(now, {}, [now, let_in, 0, False])

    def serve(self, now, count):
        """The caller waits: a request is answered, cut off, or refused by the generator."""
        begun = min(count, self.slots - self.held["calls"])
        for _ in range(begun):
            duration = self.call(now)
            held = min(duration, self.request_time) + self.answer_time
            self.hold(now + held, environments=1)
            self.used.update(request=1, second=held)
            self.end(1, held, duration <= self.request_time)
        self.counts["refused"] += count - begun
        self.used.update(request=count - begun, second=(count - begun) * self.refusal_time)
        self.hold(now + self.refusal_time, environments=count - begun)

    def dispatch(self, now):
        """Workers take messages, as many as the queue, its mapping and the account allow."""
        while self.queue:
            room = self.messages - self.held["messages"]
            most = min(self.worker_concurrency, int(self.queue_start + self.queue_ramp * now), self.environments)
            free = most - self.held["environments"]
            if min(free, room) < 1:
                return
            born, count, failures, is_over = message = self.queue[0]
            if is_over or now >= born + self.operation_timeout - self.headroom:
                taken = min(count, free * SWEEP, room)
                workers, ended = math.ceil(taken / SWEEP), 0 if is_over else taken
                self.counts["timed_out"] += ended
                self.used.update(attempt=taken, ended=ended, second=taken * self.answer_time)
                self.hold(now + taken / workers * self.answer_time, environments=workers, messages=taken)
            elif self.takes_over:
                taken = min(count, free, room)
                self.hand_over(now, born, taken)
            else:
                taken = 1
                self.work(now, born, failures)
            self.depth -= taken
            message[1] -= taken
            if taken == count:
                self.queue.popleft()

    def hand_over(self, now, born, count):
        """The generator answers 202, and completes the jobs by requests later, all with the same duration."""
        begins = now + self.handover_time
        seconds = begins + self.call(begins, count) - born
        self.end(count, seconds, seconds < self.operation_timeout)
        self.used.update(attempt=count, ended=count, request=count, second=count * (self.handover_time + self.answer_time))
        self.hold(begins, environments=count)
        back, husk = (born + self.operation_timeout + 1, [born, count, 0, True]) if self.keeps_message else (begins, None)
        self.hold(back, husk, messages=count)

    def work(self, now, born, failures):
        """A worker waits for the generator: to its answer, its refusal, or the job's deadline."""
        begins, deadline = now + self.answer_time, born + self.operation_timeout
        if self.held["calls"] < self.slots:
            duration, left = self.call(begins), max(0, deadline - begins)
            worked = min(duration, left)
            self.used.update(attempt=1, ended=1, second=self.answer_time + worked, renewal=worked // 30)
            self.end(1, begins + worked - born, duration <= left)
            self.hold(begins + worked, environments=1, messages=1)
            return
        refused = now + self.refusal_time
        back = refused + max(self.retry_after, self.retry_delay * 2 ** failures * (0.5 + self.uniform() / 2))
        again = failures + 1 < self.attempts and back < deadline
        self.counts["refused"] += not again
        self.used.update({"attempt": 1, "second": self.refusal_time, "given back" if again else "ended": 1})
        self.hold(refused, environments=1)
        end, message = (back, [born, 1, failures + 1, False]) if again else (refused, None)
        self.hold(end, message, messages=1)

    def call(self, begins, count=1):
        """Calls the generator. A call keeps its slot to its end, even if the caller has given up."""
        duration = math.exp(NormalDist(math.log(self.median), self.sigma).inv_cdf(1 - self.uniform()))
        self.call_seconds += count * max(0, min(duration, self.seconds - begins))
        self.hold(begins + duration, calls=count)
        return duration

    def hold(self, end, message=None, **what):
        """Takes environments, calls or messages until `end`, and then puts a message on the queue."""
        for name, count in what.items():
            self.held[name] += count
        self.number += 1
        heapq.heappush(self.agenda, (end, self.number, what, message))

    def free(self, now, what, message):
        for name, count in what.items():
            self.held[name] -= count
        if message:
            self.queue.append(message)
            self.depth += message[1]
        if not self.takes_over:  # A hand-over ends on a tick, which looks for the next job by itself.
            self.dispatch(now)

    def end(self, count, seconds, is_well):
        self.counts["completed" if is_well else "timed_out"] += count
        self.times += [(seconds, count)] if is_well else []

    def quantile(self, share):
        left = share * self.counts["completed"]
        return next(seconds for seconds, count in sorted(self.times) if (left := left - count) <= 0)

    def poisson(self, mean):
        if mean >= 50:  # Here a normal draw differs by less than chance.
            return max(0, round(NormalDist(mean, math.sqrt(mean)).inv_cdf(1 - self.uniform())))
        count, product = 0, self.uniform()
        while product > math.exp(-mean):
            count, product = count + 1, product * self.uniform()
        return count


def row(run):
    """A simulation in its scenario's table: head -> text."""
    n, well, at_work = run.counts, run.counts["completed"], run.call_seconds / run.seconds
    return {
        "requests/s": f"{run.rate:,}",
        "throttled by the gateway": percent(n["by_gateway"], n["arrivals"]),
        "by Lambda": percent(n["by_lambda"], n["arrivals"]),
        "let in": percent(n["let_in"], n["arrivals"]),
        "end well, /s": number(well / run.seconds),
        "of those let in": percent(well, n["let_in"]),
        "refused": percent(n["refused"], n["let_in"]),
        "out of time": percent(n["timed_out"], n["let_in"]),
        "waiting: mean, most": "–" if run.waits else f"{number(run.mean_depth)}, {number(run.deepest)}",
        "p50, p99": f"{number(run.quantile(0.5))} s, {number(run.quantile(0.99))} s",
        "generator's slots at work": number(at_work) if run.slots == math.inf else percent(at_work, run.slots),
        "$ per million that end well": number(total(run.used) / well * 1e6),
    }


def scenario_table(name, seed=SEED):
    """A scenario at every rate."""
    rows = [row(Simulation(name, rate, seed).run()) for rate in RATES]
    return table(list(rows[0]), [list(one.values()) for one in rows])


def anatomy_table(seed):
    """What a million cost by service, at 1/s, without refusals."""
    runs = [Simulation(name, 1, seed).run() for name in ("sync-open", "async-matched", "handover-changed")]
    parts = [{service: cost / run.counts["let_in"] * 1e6 for service, cost in costs(run.used).items()} for run in runs]
    rows = [[service, *(f"{part[service]:.2f}" for part in parts)] for service in parts[0]]
    rows.append(["**together**", *(f"**{sum(part.values()):.2f}**" for part in parts)])
    return table(["$ per million", "waiting", "in the background", "taken over"], rows)


if __name__ == "__main__":
    chosen = int(os.environ.get("SEED", "").strip() or SEED)
    tables = {"anatomy": anatomy_table(chosen), "prices": price_table()}
    tables |= {name: scenario_table(name, chosen) for name in SCENARIOS}
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
    print(f"Seed {chosen}: docs/{PAGE.name}")
