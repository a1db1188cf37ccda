//! Work within a request, stored under its id or idempotency key: a repeat gets the same answer, and no work is done
//! twice.

use std::{sync::Arc, time::Duration};

use shared::{
    backoff::Backoff, bad_request::BadRequest, invocation::Invocation, port_error::PortError, refusal::Refusal,
    reply::Reply, request_log::RequestLog, timestamp::Timestamp,
};
use tokio::time::{Instant, sleep, timeout_at};

use crate::{
    end::{Ending, completed, failed, out_of_time, timed_out},
    job::{Assignment, Done, Job, is_transient, persist, run_safely},
    ports::{Claim, Created, Finished, JobQueue, Withdrawn},
    record::{By, Fence, NewOperation, OperationRecord, Outcome},
    settings::Settings,
    start::{NotStarted, Started},
};

/// Between two polls of an operation that another request or a worker is running.
const POLL: Backoff = Backoff { first: Duration::from_millis(200), longest: Duration::from_secs(1) };
/// How long a lease outlives its request, so that the next one starts only after this one has surely ended.
const MARGIN: Duration = Duration::from_secs(1);
/// Before the invocation's end: what is written and announced after the work must not cost the caller its result.
const RESERVE: Duration = Duration::from_millis(250);

#[derive(Debug, Clone)]
pub struct IdempotentRunner {
    pub ending: Ending,
    /// Takes an operation whose end could not be announced, so that a worker does it.
    pub jobs: Arc<dyn JobQueue>,
    pub settings: Settings,
}

#[derive(Debug)]
pub enum Answer {
    /// The work was done now.
    Now(Result<Reply, Refusal>),
    /// How the same request ended, now or before.
    Replayed(Box<OperationRecord>, Outcome),
    /// The same request was accepted before, and the generator has taken the job over.
    Started(Started),
}

/// An operation that this request has claimed.
struct Claimed {
    operation: Box<OperationRecord>,
    request: String,
    fence: Fence,
    /// This request created it, so nobody else depends on it.
    is_new: bool,
}

impl IdempotentRunner {
    /// Does the work, or waits for the request or worker that is doing it. Answers with a time-out when the
    /// invocation ends.
    ///
    /// # Errors
    /// The id or key belongs to another request, or the platform failed before the work began.
    pub async fn run<J: Job>(
        &self,
        job: &J,
        new: &NewOperation,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<Answer, NotStarted> {
        // Without time left, starting would only leave an operation behind.
        while Instant::now() < invocation.end {
            let (operation_id, is_new) = match self.ending.store.create(new).await? {
                Created::New(_) => (new.operation_id.clone(), true),
                Created::Existing(operation) if operation.is_of(new.owner.as_ref(), &new.fingerprint) => {
                    (operation.operation_id, false)
                }
                Created::Existing(_) => return Err(BadRequest::IdempotencyMismatch.into()),
            };
            log.operation_id = Some(operation_id.clone());
            match self.turn(&operation_id, is_new, invocation).await? {
                Turn::Ours(claimed) => return Ok(self.work(job, &claimed, invocation, log).await),
                Turn::Answered(answer) => return Ok(answer),
                // The first request failed transiently and deleted the operation: start again.
                Turn::Gone => {}
                Turn::OutOfTime => break,
            }
        }
        Ok(Answer::Now(Err(out_of_time(new.tool))))
    }

    /// Polls until the operation has an answer or this request can claim it.
    async fn turn(&self, operation_id: &str, is_new: bool, invocation: Invocation<'_>) -> Result<Turn, PortError> {
        let (mut polls, mut is_free) = (0, is_new);
        loop {
            let now = invocation.clock.now();
            let is_tried = is_free;
            if is_tried {
                let left = invocation.end.saturating_duration_since(Instant::now());
                let claim = self.ending.store.claim(operation_id, now, now.after(left + MARGIN)).await?;
                if let Claim::Taken { record: operation, request, fence } = claim {
                    return Ok(Turn::Ours(Claimed { operation, request, fence, is_new }));
                }
            }
            let Some(operation) = self.ending.store.get(operation_id, now).await? else { return Ok(Turn::Gone) };
            if let Some(answer) = self.replay(&operation, invocation).await? {
                return Ok(Turn::Answered(answer));
            }
            is_free = self.is_abandoned(&operation, now);
            if is_free && !is_tried {
                continue;
            }
            let wait = POLL.wait(polls);
            if Instant::now().checked_add(wait).is_none_or(|next| next >= invocation.end) {
                return Ok(Turn::OutOfTime);
            }
            sleep(wait).await;
            polls += 1;
        }
    }

    /// The answer that already exists, if any.
    async fn replay(
        &self,
        operation: &OperationRecord,
        invocation: Invocation<'_>,
    ) -> Result<Option<Answer>, PortError> {
        let now = invocation.clock.now();
        if operation.status_at(now).has_ended() {
            self.ending.settle_in_passing(operation, invocation).await;
        }
        if operation.status.has_ended() {
            let is_same = |found: &OperationRecord| found.creation == operation.creation;
            let read = self.ending.store.get_with_outcome(&operation.operation_id, now, &is_same).await?;
            return Ok(read.and_then(replayed));
        }
        if operation.status_at(now).has_ended() {
            let outcome = timed_out(operation, invocation.request_id);
            return Ok(Some(Answer::Replayed(Box::new(operation.clone()), outcome)));
        }
        Ok((operation.handed_over || operation.ticket.is_some()).then(|| Answer::Started(Started::replayed(operation))))
    }

    /// It was released, its lease has lapsed, or it was never claimed within the time of a lease.
    fn is_abandoned(&self, operation: &OperationRecord, now: Timestamp) -> bool {
        match operation.leased_until {
            Some(until) => until <= now,
            None => operation.claims > 0 || operation.created_at.until(now) > self.settings.lease,
        }
    }

    async fn work<J: Job>(
        &self,
        job: &J,
        claimed: &Claimed,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Answer {
        let Claimed { operation, request, fence, .. } = claimed;
        let assignment = Assignment::new(operation, request, None, invocation);
        let by = invocation.end.checked_sub(RESERVE).unwrap_or(invocation.end);
        let result = match run_safely(job, operation.tool, assignment, log).await {
            Ok(Done::Reply(reply)) => Ok(reply),
            Ok(Done::HandedOver(_) | Done::Later(_)) => {
                Err(Refusal::unexpected(operation.tool.action(), "a job within a request was handed over"))
            }
            Err(refusal) => Err(refusal),
        };
        let outcome = match &result {
            Ok(reply) => completed(reply.body.clone(), operation.tool, log, invocation.request_id),
            Err(refusal) if is_permanent(refusal) => failed(refusal, operation.tool, log, invocation.request_id),
            Err(_) => {
                if timeout_at(by, self.release(claimed, invocation)).await.is_err() {
                    tracing::warn!(
                        operation_id = operation.operation_id,
                        "could not release a failed operation in time"
                    );
                }
                return Answer::Now(result);
            }
        };
        match timeout_at(by, self.end(operation, *fence, &outcome, invocation)).await {
            Ok(Ok(Some(first))) => return first,
            Ok(Ok(None)) => {}
            // The caller still gets the result. A repeat will do the work again.
            Ok(Err(error)) => {
                tracing::error!(operation_id = operation.operation_id, %error, "could not store an outcome");
            }
            Err(_) => tracing::error!(operation_id = operation.operation_id, "could not store an outcome in time"),
        }
        Answer::Now(result)
    }

    /// Ends the operation and announces the end. Returns the answer of the earlier end if there is one.
    async fn end(
        &self,
        operation: &OperationRecord,
        fence: Fence,
        outcome: &Outcome,
        invocation: Invocation<'_>,
    ) -> Result<Option<Answer>, PortError> {
        let (store, id) = (&self.ending.store, &operation.operation_id);
        let now = invocation.clock.now();
        match persist(invocation.end, || store.finish(id, By::Claim(fence), outcome, invocation.clock.now())).await? {
            Finished::First(operation) => {
                if !self.ending.settle_in_passing(&operation, invocation).await {
                    self.enqueue_announcement(&operation).await;
                }
                Ok(None)
            }
            Finished::Already(_) => {
                let is_ours = |found: &OperationRecord| found.creation == fence.creation;
                let read = store.get_with_outcome(id, now, &is_ours).await?;
                Ok(read.and_then(replayed))
            }
            Finished::Superseded | Finished::Unknown => Ok(None),
        }
    }

    /// Lets a repeat try again: deletes the operation if this request created it and nobody relies on it, else only ends
    /// the lease.
    async fn release(&self, claimed: &Claimed, invocation: Invocation<'_>) {
        let (store, id) = (&self.ending.store, &claimed.operation.operation_id);
        let released = async {
            if claimed.is_new && store.withdraw(id, claimed.fence).await? == Withdrawn::Gone {
                return Ok(());
            }
            store.release(id, claimed.fence, invocation.clock.now()).await.map(drop)
        };
        if let Err(error) = released.await {
            tracing::warn!(operation_id = id, %error, "could not release a failed operation");
        }
    }

    /// A worker that finds the operation ended announces it.
    async fn enqueue_announcement(&self, ended: &OperationRecord) {
        if let Err(error) = self.jobs.enqueue(&ended.operation_id, ended.owner.as_ref()).await {
            tracing::error!(operation_id = ended.operation_id, %error, "could not enqueue an operation whose end is not announced");
        }
    }
}

/// The result of waiting.
enum Turn {
    Ours(Claimed),
    Answered(Answer),
    /// The operation does not exist any more.
    Gone,
    OutOfTime,
}

/// `None` if it has not ended.
fn replayed((operation, outcome): (OperationRecord, Option<Outcome>)) -> Option<Answer> {
    Some(Answer::Replayed(Box::new(operation), outcome?))
}

/// Whether to store the failure: a repeat would fail in the same way. A bad request or a missing generator is not
/// stored, so that the caller or the operator can correct it.
fn is_permanent(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Failed { .. }) && !is_transient(refusal)
}
