//! Decides when a request is sent again: CONTRACT 2.

use std::time::Duration;

use shared::{backoff::Backoff, port::Background};
use tokio::time::{Instant, sleep_until};

use super::budget::Budget;
use crate::{budget::MAX_REPEATS, fault::Fault, response::HttpResponse};

/// Seconds. A longer `Retry-After` is passed on to the caller instead of waited for.
const LONGEST_WAIT_TO_REPEAT: u32 = 2;
/// Before a repeat, with full jitter.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };

/// The outcome of one request with its repeats.
#[derive(Debug)]
pub struct Sent {
    /// The last answer, whatever its status.
    pub result: Result<HttpResponse, Fault>,
    /// 0 if no time was left to send the request.
    pub attempts: u32,
}

impl Sent {
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.result.as_ref().ok().map(|reply| reply.status)
    }
}

/// Deadline and repeats of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub deadline: Instant,
    repeats: u32,
}

impl Limits {
    /// A call for an operation is sent once: its queue repeats it. Any other is sent up to three times.
    #[must_use]
    pub fn for_call(operation: Option<Background<'_>>, deadline: Instant) -> Self {
        if operation.is_some() { Self::once_by(deadline) } else { Self::by(deadline) }
    }

    /// Up to two repeats, only if the request was surely not processed.
    #[must_use]
    pub fn by(deadline: Instant) -> Self {
        Self { deadline, repeats: MAX_REPEATS }
    }

    /// No repeats: the caller repeats by other means, such as its queue.
    #[must_use]
    pub fn once_by(deadline: Instant) -> Self {
        Self { deadline, repeats: 0 }
    }
}

/// Repeats `once` if the request was surely not processed, `limits` allow it and `budget` has repeats left. Otherwise
/// returns the failure at once, without waiting.
pub(super) async fn send_with_repeats<F>(limits: Limits, budget: &Budget, once: impl Fn() -> F) -> Sent
where
    F: Future<Output = Result<HttpResponse, Fault>>,
{
    let (mut attempts, mut was_stale) = (0, false);
    loop {
        if Instant::now() >= limits.deadline {
            return Sent { result: Err(Fault::OutOfTime), attempts };
        }
        attempts += 1;
        let result = once().await;
        if result.as_ref().is_ok_and(works) {
            budget.earn();
        }
        // A stale connection carried nothing to the service, so the first repeat after it adds no load. A process that
        // was frozen for long needs it even if its budget is empty.
        let is_free = matches!(result, Err(Fault::Stale)) && !std::mem::replace(&mut was_stale, true);
        let wait = match &result {
            Ok(reply) => wait_to_repeat(reply),
            Err(fault) => fault.is_repeatable().then_some(0),
        };
        let again = wait.filter(|_| attempts <= limits.repeats).map(|seconds| {
            let wait = Duration::from_secs(seconds.into()) + BACKOFF.full_jitter(attempts - 1);
            Instant::now() + wait
        });
        match again.filter(|again| *again < limits.deadline && (is_free || budget.take())) {
            Some(again) => sleep_until(again).await,
            None => return Sent { result, attempts },
        }
    }
}

/// Whether the service is neither overloaded nor broken.
fn works(reply: &HttpResponse) -> bool {
    reply.status < 500 && reply.status != 429
}

/// Seconds after which a request that was rejected as busy may be repeated; `None` for any other answer.
fn wait_to_repeat(reply: &HttpResponse) -> Option<u32> {
    reply.retry_after().filter(|seconds| matches!(reply.status, 429 | 503) && *seconds <= LONGEST_WAIT_TO_REPEAT)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use reqwest::header::{HeaderMap, RETRY_AFTER};

    use super::*;
    use crate::response::Body;

    fn reply(status: u16, retry_after: Option<&str>) -> Result<HttpResponse, Fault> {
        let headers = retry_after.map(|seconds| (RETRY_AFTER, seconds.parse().unwrap()));
        Ok(HttpResponse { status, headers: headers.into_iter().collect::<HeaderMap>(), body: Body::Unread })
    }

    fn busy() -> Result<HttpResponse, Fault> {
        reply(503, Some("1"))
    }

    /// Sends a request to a service with these answers; the last one repeats.
    async fn sent(budget: &Budget, answers: &[fn() -> Result<HttpResponse, Fault>]) -> Sent {
        let asked = Cell::new(0);
        let once = async || answers[asked.replace(asked.get() + 1).min(answers.len() - 1)]();
        send_with_repeats(Limits::by(Instant::now() + Duration::from_secs(25)), budget, once).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_of_a_thousand_requests_is_not_made_worse_by_their_repeats() {
        let outages: [fn() -> Result<HttpResponse, Fault>; 3] =
            [busy, || Err(Fault::Refused), || Err(Fault::NotResolved)];
        for outage in outages {
            // Fifty processes: half of them new, half with answers behind them.
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
    async fn a_thawed_process_gets_an_answer_though_its_budget_is_empty() {
        let budget = Budget::new();
        while budget.take() {}
        let thawed = sent(&budget, &[|| Err(Fault::Stale), || reply(200, None)]).await;
        assert_eq!((thawed.status(), thawed.attempts), (Some(200), 2));
        let twice = sent(&budget, &[|| Err(Fault::Stale), || Err(Fault::Stale), || reply(200, None)]).await;
        assert_eq!((twice.result.err(), twice.attempts), (Some(Fault::Stale), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn with_an_empty_budget_the_first_failure_is_returned_at_once() {
        let budget = Budget::new();
        while budget.take() {}
        let begin = Instant::now();
        let answer = sent(&budget, &[busy]).await;
        assert_eq!((answer.status(), answer.attempts, begin.elapsed()), (Some(503), 1, Duration::ZERO));
        assert_eq!(sent(&budget, &[|| Err(Fault::Refused)]).await.result.err(), Some(Fault::Refused));
    }

    #[tokio::test(start_paused = true)]
    async fn a_repeat_that_is_not_sent_costs_nothing_of_the_budget() {
        let budget = Budget::new();
        let short = Limits::by(Instant::now() + Duration::from_millis(900));
        for limits in [short, Limits::once_by(Instant::now() + Duration::from_secs(25))] {
            assert_eq!(send_with_repeats(limits, &budget, async || busy()).await.attempts, 1);
        }
        assert_eq!(sent(&budget, &[busy]).await.attempts, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn no_wait_exceeds_the_deadline_and_no_time_out_is_repeated() {
        for milliseconds in (0..4_000).step_by(50) {
            let (begin, time) = (Instant::now(), Duration::from_millis(milliseconds));
            let answer = send_with_repeats(Limits::by(begin + time), &Budget::new(), async || busy()).await;
            assert!(begin.elapsed() <= time, "{:?} of {time:?}", begin.elapsed());
            assert_eq!(answer.attempts == 0, time.is_zero());
        }
        let late = sent(&Budget::new(), &[|| Err(Fault::OutOfTime)]).await;
        assert_eq!((late.result.err(), late.attempts), (Some(Fault::OutOfTime), 1));
    }
}
