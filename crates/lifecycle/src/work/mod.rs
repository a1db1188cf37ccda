//! A worker: a message of a jobs queue brings an operation to its end, or a step nearer.

mod settle;

use std::{sync::Arc, time::Duration};

use lambda::queue::{Consumer, Handled, Message};
use shared::{
    bad_request::BadRequest, invocation::Invocation, port_error::PortError, refusal::Refusal, request_log::RequestLog,
    timestamp::Timestamp,
};

use super::{
    breaker::{Breaker, left_alone},
    end::{Ending, out_of_time, session, timed_out},
    job::{Assignment, Job, run_safely, work_end},
    job_message::JobMessage,
    lease::{Lease, hide},
    ports::{Claim, Created, Finished, MessageVisibility},
    record::{Fence, OperationRecord, Status, Tool},
    settings::{POISON_PAUSE, Settings},
};

/// A queue hides a message for twelve hours in all, those before among them.
const LONGEST_HIDE: Duration = Duration::from_secs(11 * 60 * 60);
/// A message that was received more often goes to the generator, however that may be. Its queue lets go of it after twenty
/// receives, and those that are left are more than the ten attempts that a job may have.
const RECEIVES_TO_SPARE: u32 = 8;

/// Works on the jobs of one queue.
#[derive(Debug, Clone)]
pub struct Worker<J> {
    /// The work itself.
    pub job: J,
    /// What it makes.
    pub tool: Tool,
    /// How operations end.
    pub ending: Ending,
    /// The queue that the messages come from.
    pub visibility: Arc<dyn MessageVisibility>,
    /// How operations are run.
    pub settings: Settings,
    /// What is known of the generator.
    pub breaker: Arc<Breaker>,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disposition {
    /// Nothing is left to do.
    Done,
    /// It comes again after this long.
    After(Duration),
    /// Another worker has the message: it is not ours to hide.
    Left,
}

/// It leads to no operation, now or later.
const POISON: Disposition = Disposition::After(POISON_PAUSE);

/// What a worker has in hand.
struct Task<'a> {
    message: &'a Message,
    invocation: Invocation<'a>,
    operation: &'a OperationRecord,
    fence: Fence,
}

impl<J: Job> Worker<J> {
    async fn disposition(
        &self,
        message: &Message,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<Disposition, PortError> {
        let now = invocation.clock.now();
        let (operation_id, wrong) = match JobMessage::parse(&message.body, self.tool, &self.settings, now) {
            Ok(JobMessage::Accepted { operation_id }) => (operation_id, None),
            Ok(JobMessage::Whole { new, wrong }) => {
                if let Created::Existing(operation) = self.ending.store.create(&new).await?
                    && !operation.is_of(new.owner.as_ref(), &new.fingerprint)
                {
                    tracing::error!(message_id = message.id, "another request has the id of this job");
                    return Ok(POISON);
                }
                (new.operation_id, wrong)
            }
            Err(reason) => {
                tracing::error!(message_id = message.id, %reason, "a job cannot be understood");
                return Ok(POISON);
            }
        };
        if wrong.is_none()
            && let Some(wait) = self.left_alone(message, &operation_id, now, log).await?
        {
            return Ok(Disposition::After(wait));
        }
        match self.ending.store.claim(&operation_id, now, now.after(self.settings.lease)).await? {
            Claim::Taken { record: operation, request, fence } => {
                let task = Task { message, invocation, operation: &operation, fence };
                self.work(&task, &request, wrong, log).await
            }
            // By then the worker who has it has let go, or is far enough that little is asked in vain.
            Claim::Busy { until } => Ok(Disposition::After(now.until(until).saturating_add(self.settings.renewal()))),
            Claim::HandedOver => self.watch(&operation_id, invocation).await,
            Claim::Ended(operation) => {
                self.ending.announce(&operation).await?;
                Ok(Disposition::Done)
            }
            Claim::Unknown => {
                tracing::error!(message_id = message.id, operation_id, "a job is of no operation");
                Ok(POISON)
            }
        }
    }

    /// How long a job waits that is not even begun, because the generator is down. It is not claimed, so it spends none of
    /// its attempts; and `None` where it would come to harm by waiting: it never fails unasked.
    async fn left_alone(
        &self,
        message: &Message,
        operation_id: &str,
        now: Timestamp,
        log: &mut RequestLog,
    ) -> Result<Option<Duration>, PortError> {
        let Some(wait) = self.breaker.wait(now).filter(|_| message.receives <= RECEIVES_TO_SPARE) else {
            return Ok(None);
        };
        // Whatever else is to be done for an operation needs no generator.
        let waits = |operation: &OperationRecord| operation.status == Status::Accepted && operation.tool == self.tool;
        let Some(operation) = self.ending.store.get(operation_id, now).await?.filter(waits) else { return Ok(None) };
        // The second half of its time is for the work.
        let half = operation.created_at.until(operation.deadline) / 2;
        if now.after(wait).until(operation.deadline) < half {
            return Ok(None);
        }
        *log = session(&operation);
        log.note_given_back(&left_alone());
        Ok(Some(wait))
    }

    /// Works on what was claimed.
    async fn work(
        &self,
        task: &Task<'_>,
        request: &str,
        wrong: Option<BadRequest>,
        log: &mut RequestLog,
    ) -> Result<Disposition, PortError> {
        let Task { operation, invocation, .. } = *task;
        if operation.tool != self.tool {
            tracing::error!(operation_id = operation.operation_id, "a job lies on the queue of another function");
            self.ending.store.release(&operation.operation_id, task.fence, invocation.clock.now()).await?;
            return Ok(POISON);
        }
        *log = session(operation);
        let result = match (wrong, self.hopeless(operation, invocation.clock.now())) {
            (Some(wrong), _) => Some(Err(wrong.into())),
            (None, Some(refusal)) => Some(Err(refusal)),
            (None, None) => {
                let assignment = Assignment {
                    operation_id: &operation.operation_id,
                    task_id: &operation.task_id,
                    body: request,
                    may_hand_over: true,
                    end: work_end(operation, invocation),
                };
                let lease = self.lease(task);
                lease.hide().await;
                self.breaker.begin(invocation.clock.now());
                tokio::select! {
                    biased;
                    result = run_safely(&self.job, self.tool, assignment, log) => {
                        self.breaker.heard(&result, invocation.clock.now());
                        Some(result)
                    }
                    () = lease.keep() => None,
                }
            }
        };
        match result {
            Some(result) => self.settle(task, result, log).await,
            None => self.yield_to_another(task).await,
        }
    }

    /// The generator has the job. The message stays to see that it ends: where no completion comes, the deadline is its
    /// end, and whoever waits is told.
    async fn watch(&self, operation_id: &str, invocation: Invocation<'_>) -> Result<Disposition, PortError> {
        let now = invocation.clock.now();
        let Some(operation) = self.ending.store.get(operation_id, now).await? else { return Ok(Disposition::Done) };
        if !operation.status.has_ended() && now < operation.deadline {
            let left = now.until(operation.deadline).saturating_add(Duration::from_secs(1));
            return Ok(Disposition::After(left.min(LONGEST_HIDE)));
        }
        let outcome = timed_out(&operation, invocation.request_id);
        match self.ending.store.finish(operation_id, None, &outcome, now).await? {
            Finished::First(operation) | Finished::Already(operation) => self.ending.announce(&operation).await?,
            Finished::Superseded | Finished::Unknown => {}
        }
        Ok(Disposition::Done)
    }

    /// Why the work is not even begun: it is too late, or workers have died of it as often as it may be tried.
    fn hopeless(&self, operation: &OperationRecord, now: Timestamp) -> Option<Refusal> {
        if now >= operation.deadline {
            return Some(out_of_time(self.tool));
        }
        let died = operation.claims.saturating_sub(1).saturating_sub(operation.failures.into());
        let what = "its workers ended before the work did";
        (died >= self.settings.attempts.into()).then(|| Refusal::unexpected(self.tool.action(), what))
    }

    fn lease<'a>(&'a self, task: &Task<'a>) -> Lease<'a> {
        Lease {
            store: &*self.ending.store,
            visibility: &*self.visibility,
            settings: &self.settings,
            clock: task.invocation.clock,
            operation_id: &task.operation.operation_id,
            fence: task.fence,
            message: task.message,
        }
    }
}

impl<J: Job> Consumer for Worker<J> {
    const MINIMUM: Duration = Duration::from_secs(5);

    async fn consume<'a>(
        &'a self,
        message: &'a Message,
        invocation: Invocation<'a>,
        log: &'a mut RequestLog,
    ) -> Handled {
        let disposition = self.disposition(message, invocation, log).await.unwrap_or_else(|error| {
            tracing::error!(message_id = message.id, %error, "a job could not be brought to its end");
            Disposition::After(self.settings.retry_delay(message.receives, None))
        });
        match disposition {
            Disposition::Done => Handled::Done,
            Disposition::Left => Handled::Again,
            Disposition::After(time) => {
                hide(&*self.visibility, message, time).await;
                Handled::Again
            }
        }
    }

    async fn put_back<'a>(&'a self, message: &'a Message) {
        hide(&*self.visibility, message, Duration::ZERO).await;
    }
}
