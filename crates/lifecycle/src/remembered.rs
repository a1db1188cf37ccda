//! Work within a request that is remembered: a repeat is answered with the same, and nothing is done twice.

use std::{sync::Arc, time::Duration};

use shared::{
    backoff::Backoff, bad_request::BadRequest, invocation::Invocation, port_error::PortError, refusal::Refusal,
    reply::Reply, request_log::RequestLog, timestamp::Timestamp,
};
use tokio::time::{Instant, sleep};

use super::{
    end::{Ending, completed, failed, out_of_time, timed_out},
    job::{Assignment, Done, Job, may_pass, persist, run_safely, work_end},
    ports::{Claim, Created, Finished, JobQueue},
    record::{Fence, NewOperation, OperationRecord, Outcome},
    settings::Settings,
    start::{NotStarted, Started},
};

/// Between two looks at an operation that another request works on.
const LOOKS: Backoff = Backoff { first: Duration::from_millis(200), longest: Duration::from_secs(1) };
/// A claim outlives its request by this much, so that no other begins before that has surely ended.
const MARGIN: Duration = Duration::from_secs(1);

/// Does work within a request, and remembers it.
#[derive(Debug, Clone)]
pub struct Remembering {
    /// How operations end.
    pub ending: Ending,
    /// Where a worker finds an end that could not be told.
    pub jobs: Arc<dyn JobQueue>,
    /// How operations are run.
    pub settings: Settings,
}

/// How a remembered request is answered.
#[derive(Debug)]
pub enum Answer {
    /// With what was done for it now.
    Now(Result<Reply, Refusal>),
    /// With what was done for the same request before.
    Replayed(Outcome),
    /// With the news that the generator has taken over the job of the same request, which a worker did.
    Started(Started),
}

/// An operation that is this request's to work on.
struct Claimed {
    operation: Box<OperationRecord>,
    request: String,
    fence: Fence,
    /// It began with this request: nobody else counts on it.
    is_new: bool,
}

impl Remembering {
    /// Does the work, or waits for whoever does it already.
    ///
    /// # Errors
    /// What has its id or key is another request; or the platform failed before anything was done.
    pub async fn run<J: Job>(
        &self,
        job: &J,
        new: &NewOperation,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<Answer, NotStarted> {
        // Without time nothing is begun that nobody could end.
        while Instant::now() < invocation.end {
            let (operation_id, is_new) = match self.ending.store.create(new).await? {
                Created::New => (new.operation_id.clone(), true),
                Created::Existing(operation) if operation.is_of(new.owner.as_ref(), &new.fingerprint) => {
                    (operation.operation_id, false)
                }
                Created::Existing(_) => return Err(BadRequest::IdempotencyMismatch.into()),
            };
            log.operation_id = Some(operation_id.clone());
            match self.turn(&operation_id, is_new, invocation).await? {
                Turn::Ours(claimed) => return Ok(self.work(job, &claimed, invocation, log).await),
                Turn::Answered(answer) => return Ok(answer),
                // The first has failed in a way that may pass, and was forgotten: this request is as good.
                Turn::Forgotten => {}
                Turn::OutOfTime => break,
            }
        }
        Ok(Answer::Now(Err(out_of_time(new.tool))))
    }

    /// Waits until the operation has an answer, or is this request's to work on.
    async fn turn(&self, operation_id: &str, is_new: bool, invocation: Invocation<'_>) -> Result<Turn, PortError> {
        let (mut looks, mut is_free) = (0, is_new);
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
            let Some(operation) = self.ending.store.get(operation_id, now).await? else { return Ok(Turn::Forgotten) };
            if let Some(answer) = self.replay(&operation, invocation).await? {
                return Ok(Turn::Answered(answer));
            }
            is_free = self.is_abandoned(&operation, now);
            if is_free && !is_tried {
                continue;
            }
            let look = LOOKS.wait(looks);
            if Instant::now().checked_add(look).is_none_or(|next| next >= invocation.end) {
                return Ok(Turn::OutOfTime);
            }
            sleep(look).await;
            looks += 1;
        }
    }

    /// The answer that there is already, if any.
    async fn replay(
        &self,
        operation: &OperationRecord,
        invocation: Invocation<'_>,
    ) -> Result<Option<Answer>, PortError> {
        let now = invocation.clock.now();
        if operation.status.has_ended() {
            let read = self.ending.store.get_with_outcome(&operation.operation_id, now).await?;
            return Ok(read.and_then(|(_, outcome)| outcome).map(Answer::Replayed));
        }
        if operation.status_at(now).has_ended() {
            return Ok(Some(Answer::Replayed(timed_out(operation, invocation.request_id))));
        }
        Ok(operation.handed_over.then(|| Answer::Started(Started::before(operation))))
    }

    /// Whoever had it has given it back, or was not heard of for longer than it could live.
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
        let assignment = Assignment {
            operation_id: &operation.operation_id,
            task_id: &operation.task_id,
            body: request,
            may_hand_over: false,
            end: work_end(operation, invocation),
        };
        let result = match run_safely(job, operation.tool, assignment, log).await {
            Ok(Done::Reply(reply)) => Ok(reply),
            Ok(Done::HandedOver) => Err(Refusal::unexpected(operation.tool.action(), "nobody may take it over")),
            Err(refusal) => Err(refusal),
        };
        let outcome = match &result {
            Ok(reply) => completed(reply.body.clone(), operation.tool, log, invocation.request_id),
            Err(refusal) if is_final(refusal) => failed(refusal, operation.tool, log, invocation.request_id),
            Err(_) => {
                self.forget(claimed, invocation).await;
                return Answer::Now(result);
            }
        };
        match self.end(operation, *fence, &outcome, invocation).await {
            Ok(Some(first)) => Answer::Replayed(first),
            Ok(None) => Answer::Now(result),
            // The caller gets its result all the same. A repeat would do the work again.
            Err(error) => {
                tracing::error!(operation_id = operation.operation_id, %error, "an outcome could not be kept");
                Answer::Now(result)
            }
        }
    }

    /// Ends the operation and tells of it. Gives back how it had ended before, if it had.
    async fn end(
        &self,
        operation: &OperationRecord,
        fence: Fence,
        outcome: &Outcome,
        invocation: Invocation<'_>,
    ) -> Result<Option<Outcome>, PortError> {
        let (store, id) = (&self.ending.store, &operation.operation_id);
        let now = invocation.clock.now();
        match persist(invocation.end, || store.finish(id, Some(fence), outcome, invocation.clock.now())).await? {
            Finished::First(operation) => {
                if let Err(error) = self.ending.announce(&operation).await {
                    tracing::error!(operation_id = id, %error, "an end could not be announced");
                    self.leave_to_a_worker(id).await;
                }
                Ok(None)
            }
            Finished::Already(_) => Ok(store.get_with_outcome(id, now).await?.and_then(|(_, outcome)| outcome)),
            Finished::Superseded | Finished::Unknown => Ok(None),
        }
    }

    /// Makes room for the same request, to be tried again. What others count on is given back and stays.
    async fn forget(&self, claimed: &Claimed, invocation: Invocation<'_>) {
        let (store, id) = (&self.ending.store, &claimed.operation.operation_id);
        let given_back = store.release(id, claimed.fence, invocation.clock.now()).await;
        let forgotten = match given_back {
            Ok(true) if claimed.is_new => store.withdraw(id).await,
            given_back => given_back.map(|_| ()),
        };
        if let Err(error) = forgotten {
            tracing::warn!(operation_id = id, %error, "an operation that failed could not be given back");
        }
    }

    /// A worker sees that its end is told.
    async fn leave_to_a_worker(&self, operation_id: &str) {
        if let Err(error) = self.jobs.enqueue(operation_id).await {
            tracing::error!(operation_id, %error, "an operation could not be left to a worker");
        }
    }
}

/// What became of waiting.
enum Turn {
    Ours(Claimed),
    Answered(Answer),
    Forgotten,
    OutOfTime,
}

/// Whether a repeat would fail in the same way. Neither a request that is put right nor a generator that is set up later
/// must find an old error in its way.
fn is_final(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Failed { .. }) && !may_pass(refusal)
}
