"""The simulation: requests arrive, are let in or not, wait or are put on a queue, and end; every one of them is counted.

Time goes in steps of `TICK`, in which a Poisson number of requests arrives; what follows from them happens at its own
time. Requests that nobody works on are kept as numbers, not one by one: so 10,000 a second cost no more than 50.
"""

import heapq
import math
from collections import deque

from draws import Bucket, Draws
from parameters import SEED
from result import Cohort, Result

TICK = 0.2
# Jobs past their deadline take a worker a moment each; it does so many before this looks again.
SWEEP = 20
# Durations drawn for jobs that are taken over at the same time; each stands for its share of them.
SAMPLES = 4


class Simulation:
    """One scenario at one rate."""

    def __init__(self, scenario, rate, seed=SEED, seconds=None):
        self.scenario, self.rate, self.seconds = scenario, rate, seconds or scenario.seconds
        self.stack, self.quotas, self.generator = scenario.stack, scenario.quotas, scenario.generator
        self.draws = Draws(f"{seed} {scenario.name} {rate}")
        self.result = Result()
        self.usage = self.result.usage
        quotas = self.quotas
        self.stage = Bucket(self.stack.stage_rate, self.stack.stage_burst)
        self.account = Bucket(quotas.api_rate, quotas.api_burst)
        invocations = quotas.concurrency * quotas.invocations_per_concurrency
        self.invocations = Bucket(invocations, invocations)
        self.new_environments = Bucket(quotas.scaling_rate, quotas.scaling_burst)
        self.happenings = []
        self.number = 0
        self.queue = deque()
        self.depth = 0
        # Environments of the requests, those that exist, those of the workers; calls; messages out of sight.
        self.requests = self.warm = self.workers = 0
        self.calls = 0
        self.in_flight = 0

    def run(self):
        """Runs until everything that was accepted has ended; gives the `Result`."""
        result, depth_sum, ticks = self.result, 0, 0
        buckets = (self.stage, self.account, self.invocations, self.new_environments)
        last = self.seconds + self.stack.operation_timeout + 1
        take = self._serve if self.scenario.waits else self._accept
        while (now := ticks * TICK) < last and (now < self.seconds or self.happenings or self.queue):
            self._until(now)
            if now < self.seconds:
                for bucket in buckets:
                    bucket.refill(TICK)
                take(now, self._let_in(self.draws.poisson(self.rate * TICK)))
            self._dispatch(now)
            depth_sum += self.depth if now < self.seconds else 0
            result.depth_max = max(result.depth_max, self.depth)
            result.in_flight_max = max(result.in_flight_max, self.in_flight)
            result.environments_max = max(result.environments_max, self.requests + self.workers)
            ticks += 1
        # What is still on the queue has failed by its deadline, whoever reads it.
        result.timed_out += sum(cohort.count for cohort in self.queue if not cohort.is_husk)
        result.depth_mean = depth_sum * TICK / self.seconds
        if not self.scenario.waits:
            self.usage.tell(result.accepted, self.stack.memory_mb)
        return result

    def _at(self, time, happening, *what):
        self.number += 1
        heapq.heappush(self.happenings, (time, self.number, happening, what))

    def _until(self, now):
        # A sum of floats may lie a hair behind the tick that it means.
        while self.happenings and self.happenings[0][0] <= now + 1e-6:
            time, _, happening, what = heapq.heappop(self.happenings)
            happening(time, *what)

    # ----------------------------------------------------------------------------------------------------------- entrance
    def _let_in(self, arrivals):
        """The gateway's throttles, then Lambda's: how many of the arrivals reach a function."""
        result = self.result
        let_in = self.account.take(self.stage.take(arrivals))
        if not self.scenario.waits:
            # They follow each other within the tick: so many environments of it they need, and are gone with it.
            self.requests = 0
        each = 1 if self.scenario.waits else self.stack.answer_time / TICK
        free = int(self.quotas.concurrency) - self.requests - self.workers
        ready = self.warm - self.requests + int(self.new_environments.tokens)
        found = self.invocations.take(min(let_in, int(max(0, min(free, ready)) / each)))
        self.requests += math.ceil(found * each)
        self.new_environments.take(max(0, self.requests - self.warm))
        self.warm = max(self.warm, self.requests)
        self.usage.refused_by_lambda(let_in - found)
        result.arrivals += arrivals
        result.throttled_gateway += arrivals - let_in
        result.throttled_lambda += let_in - found
        result.accepted += found
        return found

    def _answered(self, _, count):
        self.requests -= count

    def _call_over(self, _):
        self.calls -= 1

    def _free_slots(self, wanted):
        return wanted if self.generator.slots is None else min(wanted, self.generator.slots - self.calls)

    def _duration(self):
        return self.draws.log_normal(self.generator.median, self.generator.sigma)

    # ------------------------------------------------------------------------------------------------- the waiting request
    def _serve(self, now, count):
        result, stack = self.result, self.stack
        begun = self._free_slots(count)
        for _ in range(begun):
            duration = self._duration()
            held = min(duration, stack.request_time) + stack.answer_time
            self._call(now, duration)
            self._at(now + held, self._answered, 1)
            self.usage.request(1, held, stack.memory_mb)
            if duration <= stack.request_time:
                result.completed += 1
                result.times.append((held, 1))
            else:
                result.timed_out += 1
        refused = count - begun
        if refused:
            held = stack.answer_time + self.generator.refusal_time
            result.refused += refused
            self.usage.request(refused, held, stack.memory_mb)
            self._at(now + held, self._answered, refused)

    def _call(self, now, duration):
        """A call takes its slot to its end, whether or not somebody still waits for it."""
        self.calls += 1
        self.result.generator_seconds += self._within_load(now, duration)
        self._at(now + duration, self._call_over)

    def _within_load(self, now, duration):
        return max(0, min(duration, self.seconds - now))

    # --------------------------------------------------------------------------------------------------------- operations
    def _accept(self, now, count):
        if not count:
            return
        self.usage.request(count, self.stack.answer_time, self.stack.memory_mb)
        self.usage.accept(count)
        self._enqueue(Cohort(now, 0, count))

    def _enqueue(self, cohort):
        self.queue.append(cohort)
        self.depth += cohort.count

    def _dispatch(self, now):
        """Workers take messages, as many as the queue's mapping, the account and the queue itself allow."""
        stack, quotas = self.stack, self.quotas
        while self.queue:
            allowed = min(stack.worker_concurrency, int(quotas.queue_start + quotas.queue_ramp * now)) - self.workers
            messages = int(quotas.in_flight) - self.in_flight
            free = min(allowed, int(quotas.concurrency) - self.requests - self.workers, messages)
            if free < 1:
                return
            cohort = self.queue[0]
            if cohort.is_husk or now >= cohort.born + stack.operation_timeout - stack.headroom:
                taken, work = min(cohort.count, free * SWEEP, messages), self._sweep
            elif self.generator.takes_over:
                taken, work = min(cohort.count, free), self._hand_over
            else:
                taken, work = 1, self._work
            cohort.count -= taken
            self.depth -= taken
            if not cohort.count:
                self.queue.popleft()
            work(now, cohort, taken)

    def _sweep(self, now, cohort, count):
        if not cohort.is_husk:
            self.result.timed_out += count
            self.usage.end(count)
        workers = math.ceil(count / SWEEP)
        self.usage.attempt(count)
        self._begin(workers, count, count * self.stack.answer_time)
        self._at(now + count / workers * self.stack.answer_time, self._done, workers, count)

    def _hand_over(self, now, cohort, count):
        result, stack = self.result, self.stack
        seconds = stack.answer_time + self.generator.handover_time
        self.usage.attempt(count)
        self.usage.end(count)
        # The completion: a request of the generator's.
        self.usage.request(count, stack.answer_time, stack.memory_mb)
        self._begin(count, count, count * seconds)
        self._at(now + seconds, self._handed_over, cohort.born, count)
        samples = min(count, SAMPLES)
        for share in (count // samples + (i < count % samples) for i in range(samples)):
            duration = self._duration()
            result.generator_seconds += share * self._within_load(now, duration)
            total = now + seconds + duration - cohort.born
            if total < stack.operation_timeout:
                result.completed += share
                result.times.append((total, share))
            else:
                result.timed_out += share

    def _handed_over(self, now, born, count):
        self.workers -= count
        if self.stack.watches_taken_over:
            self._at(born + self.stack.operation_timeout + 1, self._come_back, Cohort(born, 0, count, is_husk=True))
        else:
            self.in_flight -= count
        self._freed(now)

    def _work(self, now, cohort, _):
        stack, result = self.stack, self.result
        if not self._free_slots(1):
            seconds = stack.answer_time + self.generator.refusal_time
            self.usage.attempt(1)
            self._begin(1, 1, seconds)
            self._at(now + seconds, self._failed, cohort.born, cohort.failures + 1, "refused")
            return
        duration, begins = self._duration(), now + stack.answer_time
        left = cohort.born + stack.operation_timeout - begins
        seconds = min(duration, stack.call_timeout, stack.worker_timeout - 2, left)
        self._call(begins, duration)
        # A lease of 90 s is renewed every 30 s.
        self.usage.attempt(1, seconds // 30)
        self._begin(1, 1, stack.answer_time + seconds)
        if seconds == duration:
            result.completed += 1
            result.times.append((begins + seconds - cohort.born, 1))
        elif seconds == left:
            result.timed_out += 1
        else:
            self._at(begins + seconds, self._failed, cohort.born, cohort.failures + 1, "timed_out")
            return
        self.usage.end(1)
        self._at(begins + seconds, self._done, 1, 1)

    def _begin(self, workers, messages, seconds):
        self.workers += workers
        self.in_flight += messages
        self.usage.invoke(messages, seconds / messages, self.stack.memory_mb)

    def _done(self, now, workers, messages):
        self.workers -= workers
        self.in_flight -= messages
        self._freed(now)

    def _freed(self, now):
        """A worker or a message is free. A job that is taken over ends on a tick, and the tick looks for the next."""
        if not self.generator.takes_over:
            self._dispatch(now)

    def _failed(self, now, born, failures, outcome):
        stack = self.stack
        longest = stack.retry_delay * 2 ** (failures - 1)
        wait = max(self.generator.retry_after, longest * (0.5 + self.draws.uniform() / 2))
        if failures < stack.attempts and now + wait < born + stack.operation_timeout:
            self.usage.give_back(1)
            self.workers -= 1
            self._at(now + wait, self._come_back, Cohort(born, failures, 1))
            self._freed(now)
        else:
            setattr(self.result, outcome, getattr(self.result, outcome) + 1)
            self.usage.end(1)
            self._done(now, 1, 1)

    def _come_back(self, now, cohort):
        self.in_flight -= cohort.count
        self._enqueue(cohort)
        self._freed(now)
