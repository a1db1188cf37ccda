//! When a request is sent again: CONTRACT 2.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Exchanged, Fault, Reply, budget::Budget};

/// A request is repeated at most this often.
pub(super) const MAX_REPEATS: u32 = 2;
/// A service that asks for a longer wait is not asked again; its wish is passed on.
const LONGEST_WAIT_TO_REPEAT: u32 = 2;
/// The longest jitter of the first repeat; it doubles with each, up to the most.
const JITTER: Duration = Duration::from_millis(100);
const MOST_JITTER: Duration = Duration::from_secs(1);

/// Until when a request may be sent, and whether more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// When the answer has to be there.
    pub deadline: Instant,
    repeats: u32,
}

impl Limits {
    /// By `deadline`, and at most twice more where it was surely not processed.
    #[must_use]
    pub fn by(deadline: Instant) -> Self {
        Self { deadline, repeats: MAX_REPEATS }
    }

    /// By `deadline`, and once: any repeat is left to the caller.
    #[must_use]
    pub fn once_by(deadline: Instant) -> Self {
        Self { deadline, repeats: 0 }
    }
}

/// Does `once`, and again where that was surely not processed, `limits` allow it and `budget` can pay for it. Else the
/// failure is the answer at once.
pub(super) async fn repeated<F>(limits: Limits, budget: &Budget, once: impl Fn() -> F) -> Exchanged
where
    F: Future<Output = Result<Reply, Fault>>,
{
    let (mut attempts, mut was_stale) = (0, false);
    loop {
        if Instant::now() >= limits.deadline {
            return Exchanged { result: Err(Fault::OutOfTime), attempts };
        }
        attempts += 1;
        let result = once().await;
        if result.as_ref().is_ok_and(works) {
            budget.earn();
        }
        // Nobody has seen a request over a connection that was dead: the first time, sending it again is no more load, and
        // whoever was frozen for long must find its way back.
        let is_free = matches!(result, Err(Fault::Stale)) && !std::mem::replace(&mut was_stale, true);
        let wait = match &result {
            Ok(reply) => wait_to_repeat(reply),
            Err(fault) => fault.is_repeatable().then_some(0),
        };
        let again = wait.filter(|_| attempts <= limits.repeats).map(|seconds| {
            let wait = Duration::from_secs(seconds.into()) + jitter(attempts - 1);
            Instant::now() + wait
        });
        match again.filter(|again| *again < limits.deadline && (is_free || budget.take())) {
            Some(again) => sleep_until(again).await,
            None => return Exchanged { result, attempts },
        }
    }
}

/// Whether who answers so is neither busy nor broken.
fn works(reply: &Reply) -> bool {
    reply.status < 500 && reply.status != 429
}

/// The seconds after which the service surely takes the request that it has turned away.
fn wait_to_repeat(reply: &Reply) -> Option<u32> {
    reply.retry_after().filter(|seconds| matches!(reply.status, 429 | 503) && *seconds <= LONGEST_WAIT_TO_REPEAT)
}

/// Full jitter after so many repeats: anything from nothing to a limit that doubles.
fn jitter(repeats: u32) -> Duration {
    let doubled = JITTER.saturating_mul(2_u32.saturating_pow(repeats));
    doubled.min(MOST_JITTER).mul_f64(fastrand::f64())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use reqwest::header::{HeaderMap, RETRY_AFTER};

    use super::*;
    use crate::exchange::Body;

    fn reply(status: u16, retry_after: Option<&str>) -> Result<Reply, Fault> {
        let headers = retry_after.map(|seconds| (RETRY_AFTER, seconds.parse().unwrap()));
        Ok(Reply { status, headers: headers.into_iter().collect::<HeaderMap>(), body: Body::Unread })
    }

    fn busy() -> Result<Reply, Fault> {
        reply(503, Some("1"))
    }

    /// A request to a service that answers so, the last for ever.
    async fn sent(budget: &Budget, answers: &[fn() -> Result<Reply, Fault>]) -> Exchanged {
        let asked = Cell::new(0);
        let once = async || answers[asked.replace(asked.get() + 1).min(answers.len() - 1)]();
        repeated(Limits::by(Instant::now() + Duration::from_secs(25)), budget, once).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_of_a_thousand_requests_is_not_made_worse_by_their_repeats() {
        let outages: [fn() -> Result<Reply, Fault>; 3] = [busy, || Err(Fault::Refused), || Err(Fault::NotResolved)];
        for outage in outages {
            // Fifty processes: half have just begun, half have served for long.
            let mut calls = 0;
            for process in 0..50 {
                let budget = Budget::new();
                for _ in 0..(process % 2) * 100 {
                    sent(&budget, &[|| reply(200, None)]).await;
                }
                for _ in 0..20 {
                    calls += sent(&budget, &[outage]).await.attempts;
                }
            }
            assert_eq!(calls, 1_100);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_was_frozen_gets_an_answer_though_nothing_is_left_for_repeats() {
        let budget = Budget::new();
        while budget.take() {}
        let thawed = sent(&budget, &[|| Err(Fault::Stale), || reply(200, None)]).await;
        assert_eq!((thawed.status(), thawed.attempts), (Some(200), 2));
        let twice = sent(&budget, &[|| Err(Fault::Stale), || Err(Fault::Stale), || reply(200, None)]).await;
        assert_eq!((twice.result.err(), twice.attempts), (Some(Fault::Stale), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_budget_the_first_failure_is_the_answer_and_nobody_waits_for_it() {
        let budget = Budget::new();
        while budget.take() {}
        let begin = Instant::now();
        let answer = sent(&budget, &[busy]).await;
        assert_eq!((answer.status(), answer.attempts, begin.elapsed()), (Some(503), 1, Duration::ZERO));
        assert_eq!(sent(&budget, &[|| Err(Fault::Refused)]).await.result.err(), Some(Fault::Refused));
    }

    #[tokio::test(start_paused = true)]
    async fn a_repeat_that_is_not_made_is_not_paid_for() {
        let budget = Budget::new();
        let short = Limits::by(Instant::now() + Duration::from_millis(900));
        for limits in [short, Limits::once_by(Instant::now() + Duration::from_secs(25))] {
            assert_eq!(repeated(limits, &budget, async || busy()).await.attempts, 1);
        }
        assert_eq!(sent(&budget, &[busy]).await.attempts, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn no_wait_passes_the_deadline_and_no_time_out_is_repeated() {
        for milliseconds in (0..4_000).step_by(50) {
            let (begin, time) = (Instant::now(), Duration::from_millis(milliseconds));
            let answer = repeated(Limits::by(begin + time), &Budget::new(), async || busy()).await;
            assert!(begin.elapsed() <= time, "{:?} of {time:?}", begin.elapsed());
            assert_eq!(answer.attempts == 0, time.is_zero());
        }
        let late = sent(&Budget::new(), &[|| Err(Fault::OutOfTime)]).await;
        assert_eq!((late.result.err(), late.attempts), (Some(Fault::OutOfTime), 1));
    }

    #[test]
    fn repeats_are_spread_over_all_of_a_time_that_doubles_and_ends() {
        for (repeats, most) in [(0, 0.1), (1, 0.2), (3, 0.8), (4, 1.0), (40, 1.0)] {
            let waits: Vec<f64> = (0..2_000).map(|_| jitter(repeats).as_secs_f64() / most).collect();
            assert!(waits.iter().all(|wait| (0.0..=1.0).contains(wait)));
            for tenth in 0..10 {
                let low = f64::from(tenth) / 10.0;
                assert!(waits.iter().any(|wait| (low..low + 0.1).contains(wait)), "none from {low} of {most} s");
            }
        }
    }
}
