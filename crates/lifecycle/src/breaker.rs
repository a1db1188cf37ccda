//! What keeps workers from draining their queue into a generator that is down: every job would spend its attempts there.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use shared::{backoff::Backoff, error_type::ErrorType, failure::Failure, refusal::Refusal, timestamp::Timestamp};

use super::job::Done;

/// After so many jobs in a row that found the generator down, it is believed. One may be the job's own doing, or a restart.
const FAILURES: u32 = 3;
/// It doubles with each further failure this often: with fifteen seconds to begin with, at most two minutes.
const DOUBLINGS: u32 = 3;
/// The status of a gateway that does not reach what is behind it.
const BAD_GATEWAY: u16 = 502;

/// A circuit breaker, one for each environment of a worker. It is open once the generator was found down three times
/// running, first for as long as a failed job waits before its first repeat, then for longer each time. When that is over,
/// one job may look: whatever answers closes the breaker, another failure opens it again.
///
/// It counts by the time of day, and not by a clock that stands still while Lambda has the environment frozen: else a
/// breaker would outlast an outage by all the time in which nobody was served.
#[derive(Debug)]
pub struct Breaker {
    first: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// How many jobs in a row have found the generator down.
    failures: u32,
    /// When the last of them did, or one began to look.
    since: Timestamp,
}

impl Breaker {
    /// A closed one, which opens for `first` the first time.
    #[must_use]
    pub fn new(first: Duration) -> Self {
        Self { first, state: Mutex::new(State { failures: 0, since: Timestamp(0.0) }) }
    }

    /// For how long the generator is best left alone: until somebody may look, and by chance up to that much longer, so that
    /// not all come at once. `None` where a job may go ahead.
    pub(super) fn wait(&self, now: Timestamp) -> Option<Duration> {
        let state = *self.state();
        let (open, left) = (self.open(state)?, self.left(state, now)?);
        Some(left.saturating_add(open.mul_f64(fastrand::f64())))
    }

    /// A job is about to ask the generator. Where it is the one that may look, the others wait until it has, or is not heard
    /// of for as long again.
    pub(super) fn begin(&self, now: Timestamp) {
        let mut state = self.state();
        if self.open(*state).is_some() && self.left(*state, now).is_none() {
            state.since = now;
        }
    }

    /// A job has ended like this.
    pub(super) fn heard(&self, result: &Result<Done, Refusal>, now: Timestamp) {
        let mut state = self.state();
        match finds_it_down(result) {
            Some(true) => *state = State { failures: state.failures.saturating_add(1), since: now },
            Some(false) => state.failures = 0,
            None => {}
        }
    }

    /// For how long it opened the last time.
    fn open(&self, state: State) -> Option<Duration> {
        let backoff = Backoff { first: self.first, longest: self.first.saturating_mul(1 << DOUBLINGS) };
        Some(backoff.wait(state.failures.checked_sub(FAILURES)?))
    }

    fn left(&self, state: State, now: Timestamp) -> Option<Duration> {
        let open = self.open(state)?;
        // More than all of it is left where the time of day was put back.
        Some(now.until(state.since.after(open))).filter(|left| !left.is_zero() && *left <= open)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the end of a job says that the generator is down; `None` where it says neither. A time-out does not: the work
/// may be long, and whoever waits for an answer that long asks seldom enough.
fn finds_it_down(result: &Result<Done, Refusal>) -> Option<bool> {
    match result {
        Ok(_) => Some(false),
        Err(Refusal::Failed { failure, .. }) => match failure.error_type {
            ErrorType::ConnectionError | ErrorType::RequestError | ErrorType::ServiceUnavailable => Some(true),
            ErrorType::Timeout | ErrorType::UnexpectedError => None,
            _ => Some(failure.upstream_status == Some(BAD_GATEWAY)),
        },
        Err(Refusal::Bad(_) | Refusal::NotConfigured | Refusal::Replayed { .. }) => None,
    }
}

/// What the log says of a job that went back unasked.
pub(super) fn left_alone() -> Failure {
    Failure::new(ErrorType::ServiceUnavailable, "Agent Generator was not asked: it was found down just now")
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

    /// One that has found the generator down so often, the last time at 0 s.
    fn after(failures: u32) -> Breaker {
        let breaker = Breaker::new(FIRST);
        (0..failures).for_each(|_| breaker.heard(&refused(), at(0.0)));
        breaker
    }

    #[test]
    fn a_generator_is_left_alone_for_longer_each_time_but_never_for_long() {
        for (failures, open) in [(1, 0.0), (2, 0.0), (3, 15.0), (4, 30.0), (5, 60.0), (6, 120.0), (60, 120.0)] {
            let breaker = after(failures);
            assert_eq!(breaker.wait(at(open)), None, "{failures}");
            let waits: Vec<_> = (0..200).filter_map(|_| breaker.wait(at(0.0))).map(|wait| wait.as_secs_f64()).collect();
            assert_eq!(waits.len(), if open > 0.0 { 200 } else { 0 });
            assert!(waits.iter().all(|wait| (open..=2.0 * open).contains(wait)), "{failures}: {waits:?}");
            assert!(open == 0.0 || waits.iter().any(|wait| *wait > 1.5 * open), "they all come at once");
        }
    }

    #[test]
    fn one_job_looks_and_the_others_wait_for_what_it_finds() {
        let breaker = after(3);
        breaker.begin(at(15.0));
        assert!(breaker.wait(at(15.0)).is_some() && breaker.wait(at(29.0)).is_some());
        breaker.begin(at(20.0));
        assert_eq!(breaker.wait(at(30.0)), None, "whoever looked is not heard of: another may");
        breaker.heard(&refused(), at(30.0));
        assert!(breaker.wait(at(59.0)).is_some());
        assert_eq!(breaker.wait(at(60.0)), None);
        breaker.heard(&Ok(Done::HandedOver), at(61.0));
        breaker.heard(&refused(), at(62.0));
        assert_eq!(breaker.wait(at(62.0)), None, "it begins anew");
    }

    #[test]
    fn only_a_generator_that_is_down_is_left_alone() {
        let down = [
            refused(),
            failed(ErrorType::RequestError, None),
            failed(ErrorType::ServiceUnavailable, Some(503)),
            failed(ErrorType::HttpError, Some(502)),
        ];
        let up = [
            Ok(Done::Reply(Reply::new(200, "agent_preview", "{}".to_owned()))),
            Ok(Done::HandedOver),
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
            breaker.heard(&result, at(0.0));
            assert!(breaker.wait(at(0.0)).is_some(), "{result:?}");
        }
        for (results, opens) in [(&up[..], false), (&neither[..], true)] {
            for result in results {
                let breaker = after(2);
                breaker.heard(result, at(0.0));
                breaker.heard(&refused(), at(0.0));
                assert_eq!(breaker.wait(at(0.0)).is_some(), opens, "{result:?}");
            }
        }
    }

    #[test]
    fn a_clock_that_is_put_back_keeps_no_job_waiting() {
        assert_eq!(after(3).wait(at(-3_600.0)), None);
    }
}
