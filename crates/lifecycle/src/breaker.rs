//! A circuit breaker: while the generator is down, jobs go back to the queue instead of spending their attempts.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use shared::{
    action::Action, backoff::Backoff, error_type::ErrorType, failure::Failure, refusal::Refusal, timestamp::Timestamp,
};

use crate::job::Done;

/// Failures in a row that open the breaker. A single one may be the job's own fault, or a restart.
const FAILURES: u32 = 3;
/// How often the open time doubles: from 15 s to 2 minutes by default.
const DOUBLINGS: u32 = 3;
const BAD_GATEWAY: u16 = 502;

/// One per execution environment of a worker. Three failures in a row open it, at first for the back-off of a failed
/// job, then for longer each time. After that it is half-open: one job may probe the generator. Any answer closes the
/// breaker, another failure opens it again.
///
/// Uses wall-clock time, because a monotonic clock stops while Lambda freezes the environment, and the breaker would
/// stay open for too long.
#[derive(Debug)]
pub struct Breaker {
    first: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// In a row.
    failures: u32,
    /// The time of the last failure, or the start of a probe.
    since: Timestamp,
}

impl Breaker {
    /// Closed. Opens for `first` the first time.
    #[must_use]
    pub fn new(first: Duration) -> Self {
        Self { first, state: Mutex::new(State { failures: 0, since: Timestamp(0.0) }) }
    }

    /// `None` if a job may call the generator, else how long it should wait: until the next probe, plus up to one
    /// open time of jitter, so that the jobs do not all come at once.
    pub(crate) fn wait(&self, now: Timestamp) -> Option<Duration> {
        let state = *self.state();
        let (open, left) = (self.open_time(state)?, self.left(state, now)?);
        Some(left.saturating_add(open.mul_f64(fastrand::f64())))
    }

    /// Call this before the generator is called. If the call is a probe, the other jobs wait for its result, at most
    /// for another open time.
    pub(crate) fn start_call(&self, now: Timestamp) {
        let mut state = self.state();
        if self.open_time(*state).is_some() && self.left(*state, now).is_none() {
            state.since = now;
        }
    }

    pub(crate) fn record(&self, result: &Result<Done, Refusal>, now: Timestamp) {
        let mut state = self.state();
        match is_down(result) {
            Some(true) => *state = State { failures: state.failures.saturating_add(1), since: now },
            Some(false) => state.failures = 0,
            None => {}
        }
    }

    /// How long it stays open after the last failure; `None` if it is closed.
    fn open_time(&self, state: State) -> Option<Duration> {
        let backoff = Backoff { first: self.first, longest: self.first.saturating_mul(1 << DOUBLINGS) };
        Some(backoff.wait(state.failures.checked_sub(FAILURES)?))
    }

    fn left(&self, state: State, now: Timestamp) -> Option<Duration> {
        let open = self.open_time(state)?;
        // If more than the whole time is left, the clock was set back: count as over.
        Some(now.until(state.since.after(open))).filter(|left| !left.is_zero() && *left <= open)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a job's result shows the generator down; `None` if it shows neither. A time-out does not: the work may be
/// long, and a job that waits that long puts little load on the generator.
fn is_down(result: &Result<Done, Refusal>) -> Option<bool> {
    match result {
        Ok(_) => Some(false),
        // The library is not the generator.
        Err(Refusal::Failed { action: Action::Library, .. }) => None,
        Err(Refusal::Failed { failure, .. }) => match failure.error_type {
            ErrorType::ConnectionError | ErrorType::RequestError | ErrorType::ServiceUnavailable => Some(true),
            ErrorType::Timeout | ErrorType::UnexpectedError => None,
            _ => Some(failure.upstream_status == Some(BAD_GATEWAY)),
        },
        Err(
            Refusal::Bad(_)
            | Refusal::NotConfigured
            | Refusal::Replayed { .. }
            | Refusal::Invalid { .. }
            | Refusal::Ended { .. },
        ) => None,
    }
}

/// The failure in the log line of a job that went back without a call.
pub(crate) fn not_called() -> Failure {
    Failure::new(ErrorType::ServiceUnavailable, "Agent Generator was not called: the circuit breaker is open")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{action::Action, reply::Reply};

    const FIRST: Duration = Duration::from_secs(15);

    fn at(seconds: f64) -> Timestamp {
        Timestamp(1_000_000.0 + seconds)
    }

    fn failed(error_type: ErrorType, upstream_status: Option<u16>) -> Result<Done, Refusal> {
        let failure = Failure { upstream_status, ..Failure::new(error_type, "x") };
        Err(Refusal::Failed { action: Action::Generate, failure })
    }

    fn refused() -> Result<Done, Refusal> {
        failed(ErrorType::ConnectionError, None)
    }

    /// A breaker that has seen this many failures, the last one at 0 s.
    fn after(failures: u32) -> Breaker {
        let breaker = Breaker::new(FIRST);
        (0..failures).for_each(|_| breaker.record(&refused(), at(0.0)));
        breaker
    }

    #[test]
    fn the_open_time_doubles_up_to_two_minutes() {
        for (failures, open) in [(1, 0.0), (2, 0.0), (3, 15.0), (4, 30.0), (5, 60.0), (6, 120.0), (60, 120.0)] {
            let breaker = after(failures);
            assert_eq!(breaker.wait(at(open)), None, "{failures}");
            let waits: Vec<_> = (0..200).filter_map(|_| breaker.wait(at(0.0))).map(|wait| wait.as_secs_f64()).collect();
            assert_eq!(waits.len(), if open > 0.0 { 200 } else { 0 });
            assert!(waits.iter().all(|wait| (open..=2.0 * open).contains(wait)), "{failures}: {waits:?}");
            assert!(open == 0.0 || waits.iter().any(|wait| *wait > 1.5 * open), "no jitter");
        }
    }

    #[test]
    fn one_job_probes_and_the_others_wait_for_its_result() {
        let breaker = after(3);
        breaker.start_call(at(15.0));
        assert!(breaker.wait(at(15.0)).is_some() && breaker.wait(at(29.0)).is_some());
        breaker.start_call(at(20.0));
        assert_eq!(breaker.wait(at(30.0)), None, "the probe has not reported: another job may probe");
        breaker.record(&refused(), at(30.0));
        assert!(breaker.wait(at(59.0)).is_some());
        assert_eq!(breaker.wait(at(60.0)), None);
        breaker.record(&Ok(Done::HandedOver(None)), at(61.0));
        breaker.record(&refused(), at(62.0));
        assert_eq!(breaker.wait(at(62.0)), None, "the count starts again");
    }

    #[test]
    fn only_a_generator_that_is_down_opens_the_breaker() {
        let down = [
            refused(),
            failed(ErrorType::RequestError, None),
            failed(ErrorType::ServiceUnavailable, Some(503)),
            failed(ErrorType::HttpError, Some(502)),
        ];
        let up = [
            Ok(Done::Reply(Reply::new(200, "agent_preview", "{}".to_owned()))),
            Ok(Done::HandedOver(None)),
            failed(ErrorType::RateLimit, Some(429)),
            failed(ErrorType::HttpError, Some(500)),
            failed(ErrorType::InvalidResponse, Some(200)),
            failed(ErrorType::LlmTimeout, Some(200)),
        ];
        let neither = [
            failed(ErrorType::Timeout, None),
            Err(Refusal::unexpected(Action::Generate, "x")),
            Err(Refusal::NotConfigured),
        ];
        for result in down {
            let breaker = after(2);
            breaker.record(&result, at(0.0));
            assert!(breaker.wait(at(0.0)).is_some(), "{result:?}");
        }
        for (results, opens) in [(&up[..], false), (&neither[..], true)] {
            for result in results {
                let breaker = after(2);
                breaker.record(result, at(0.0));
                breaker.record(&refused(), at(0.0));
                assert_eq!(breaker.wait(at(0.0)).is_some(), opens, "{result:?}");
            }
        }
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_no_job_waiting() {
        assert_eq!(after(3).wait(at(-3_600.0)), None);
    }
}
