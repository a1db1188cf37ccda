//! A worker: a message of a jobs queue brings an operation to its end, or a step nearer.

use std::{sync::Arc, time::Duration};

use super::{
    end::{Ending, completed, failed, out_of_time, session, timed_out},
    job::{Assignment, Done, Job, may_pass, persist, run_safely, told, work_end},
    job_message::JobMessage,
    lease::{Lease, hide},
    ports::{Claim, Created, Finished, MessageVisibility, PortError},
    record::{Fence, OperationRecord, Outcome, Timestamp, Tool},
    settings::{POISON_PAUSE, Settings},
};
use crate::{
    bad_request::BadRequest,
    invocation::Invocation,
    queue::{Consumer, Handled, Message},
    record::Record,
    refusal::Refusal,
};

/// A queue hides a message for twelve hours in all, those before among them.
const LONGEST_HIDE: Duration = Duration::from_secs(11 * 60 * 60);

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
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing is left to do.
    Done,
    /// It comes again after this long.
    After(Duration),
    /// Another worker has the message: it is not ours to hide.
    Left,
}

/// It leads to no operation, now or later.
const POISON: Fate = Fate::After(POISON_PAUSE);

/// What a worker has in hand.
struct Task<'a> {
    message: &'a Message,
    invocation: Invocation<'a>,
    operation: &'a OperationRecord,
    fence: Fence,
}

impl<J: Job> Worker<J> {
    async fn fate(
        &self,
        message: &Message,
        invocation: Invocation<'_>,
        record: &mut Record,
    ) -> Result<Fate, PortError> {
        let now = invocation.clock.now();
        let (operation_id, wrong) = match JobMessage::read(&message.body, self.tool, &self.settings, now) {
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
        match self.ending.store.claim(&operation_id, now, now.after(self.settings.lease)).await? {
            Claim::Taken { record: operation, request, fence } => {
                let task = Task { message, invocation, operation: &operation, fence };
                self.work(&task, &request, wrong, record).await
            }
            // By then the worker who has it has let go, or is far enough that little is asked in vain.
            Claim::Busy { until } => Ok(Fate::After(now.until(until).saturating_add(self.settings.renewal()))),
            Claim::HandedOver => self.watch(&operation_id, invocation).await,
            Claim::Ended(operation) => {
                self.ending.announce(&operation).await?;
                Ok(Fate::Done)
            }
            Claim::Unknown => {
                tracing::error!(message_id = message.id, operation_id, "a job is of no operation");
                Ok(POISON)
            }
        }
    }

    /// Works on what was claimed.
    async fn work(
        &self,
        task: &Task<'_>,
        request: &str,
        wrong: Option<BadRequest>,
        record: &mut Record,
    ) -> Result<Fate, PortError> {
        let Task { operation, invocation, .. } = *task;
        if operation.tool != self.tool {
            tracing::error!(operation_id = operation.operation_id, "a job lies on the queue of another function");
            self.ending.store.release(&operation.operation_id, task.fence, invocation.clock.now()).await?;
            return Ok(POISON);
        }
        *record = session(operation);
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
                tokio::select! {
                    biased;
                    result = run_safely(&self.job, self.tool, assignment, record) => Some(result),
                    () = lease.keep() => None,
                }
            }
        };
        match result {
            Some(result) => self.settle(task, result, record).await,
            None => self.yield_to_another(task).await,
        }
    }

    /// Writes down what became of the work.
    async fn settle(
        &self,
        task: &Task<'_>,
        result: Result<Done, Refusal>,
        record: &mut Record,
    ) -> Result<Fate, PortError> {
        let Task { operation, invocation: Invocation { clock, request_id, .. }, .. } = *task;
        // Past the deadline its readers have read a time-out already.
        let result = if clock.now() < operation.deadline { result } else { Err(out_of_time(self.tool)) };
        record.told = Some(told(&result, self.tool, record, request_id));
        let outcome = match result {
            Ok(Done::Reply(reply)) => completed(reply.body, self.tool, record, request_id),
            Ok(Done::HandedOver) => return self.hand_over(task).await,
            Err(refusal) => match self.next_try(operation, &refusal, task) {
                Some(wait) => return self.release(task, wait).await,
                None => failed(&refusal, self.tool, record, request_id),
            },
        };
        self.end(task, &outcome).await
    }

    /// How long until the work is tried again; `None` where that cannot help, is not allowed any more, or would be too late.
    fn next_try(&self, operation: &OperationRecord, refusal: &Refusal, task: &Task<'_>) -> Option<Duration> {
        let Refusal::Failed { failure, .. } = refusal else { return None };
        let failures = operation.failures.saturating_add(1);
        let wait = self.settings.retry_delay(failures, failure.retry_after);
        let in_time = task.invocation.clock.now().after(wait) < operation.deadline;
        (may_pass(refusal) && failures < self.settings.attempts && in_time).then_some(wait)
    }

    async fn release(&self, task: &Task<'_>, wait: Duration) -> Result<Fate, PortError> {
        let Task { operation, invocation, fence, .. } = *task;
        let now = invocation.clock.now();
        let is_ours = self.ending.store.release(&operation.operation_id, fence, now).await?;
        if is_ours { Ok(Fate::After(wait)) } else { self.yield_to_another(task).await }
    }

    async fn hand_over(&self, task: &Task<'_>) -> Result<Fate, PortError> {
        let Task { operation, invocation, fence, .. } = *task;
        let store = &self.ending.store;
        let lease = self.lease(task);
        let write = persist(invocation.end, || store.hand_over(&operation.operation_id, fence, invocation.clock.now()));
        let is_ours = tokio::select! {
            biased;
            written = write => written?,
            () = lease.keep() => false,
        };
        if is_ours { self.watch(&operation.operation_id, invocation).await } else { self.yield_to_another(task).await }
    }

    /// Ends the operation. As long as there is time the outcome is not given up: it may have cost half an hour.
    async fn end(&self, task: &Task<'_>, outcome: &Outcome) -> Result<Fate, PortError> {
        let Task { operation, invocation, fence, .. } = *task;
        let store = &self.ending.store;
        let lease = self.lease(task);
        let write = persist(invocation.end, || {
            store.finish(&operation.operation_id, Some(fence), outcome, invocation.clock.now())
        });
        let finished = tokio::select! {
            biased;
            written = write => written?,
            () = lease.keep() => return self.yield_to_another(task).await,
        };
        let operation = match finished {
            Finished::First(operation) | Finished::Already(operation) => operation,
            Finished::Superseded => return Ok(Fate::Left),
            Finished::Unknown => {
                tracing::error!(operation_id = operation.operation_id, "an operation was forgotten before its end");
                return Ok(Fate::Done);
            }
        };
        persist(invocation.end, || Box::pin(self.ending.announce(&operation))).await?;
        Ok(Fate::Done)
    }

    /// The hold on the operation was lost: it has ended, or it is another worker's.
    async fn yield_to_another(&self, task: &Task<'_>) -> Result<Fate, PortError> {
        let now = task.invocation.clock.now();
        match self.ending.store.get(&task.operation.operation_id, now).await? {
            Some(operation) if operation.status.has_ended() => {
                self.ending.announce(&operation).await?;
                Ok(Fate::Done)
            }
            _ => Ok(Fate::Left),
        }
    }

    /// The generator has the job. The message stays to see that it ends: where no completion comes, the deadline is its
    /// end, and whoever waits is told.
    async fn watch(&self, operation_id: &str, invocation: Invocation<'_>) -> Result<Fate, PortError> {
        let now = invocation.clock.now();
        let Some(operation) = self.ending.store.get(operation_id, now).await? else { return Ok(Fate::Done) };
        if !operation.status.has_ended() && now < operation.deadline {
            let left = now.until(operation.deadline).saturating_add(Duration::from_secs(1));
            return Ok(Fate::After(left.min(LONGEST_HIDE)));
        }
        let outcome = timed_out(&operation, invocation.request_id);
        match self.ending.store.finish(operation_id, None, &outcome, now).await? {
            Finished::First(operation) | Finished::Already(operation) => self.ending.announce(&operation).await?,
            Finished::Superseded | Finished::Unknown => {}
        }
        Ok(Fate::Done)
    }

    /// Why the work is not even begun: it is too late, or workers have died of it as often as it may be tried.
    fn hopeless(&self, operation: &OperationRecord, now: Timestamp) -> Option<Refusal> {
        if now >= operation.deadline {
            return Some(out_of_time(self.tool));
        }
        let died = operation.claims.saturating_sub(1).saturating_sub(operation.failures.into());
        let what = "its workers ended before the work did";
        (died >= self.settings.attempts.into()).then(|| Refusal::unexpected(self.tool.operation(), what))
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
        record: &'a mut Record,
    ) -> Handled {
        let fate = self.fate(message, invocation, record).await.unwrap_or_else(|error| {
            tracing::error!(message_id = message.id, %error, "a job could not be brought to its end");
            Fate::After(self.settings.retry_delay(message.receives, None))
        });
        match fate {
            Fate::Done => Handled::Done,
            Fate::Left => Handled::Again,
            Fate::After(time) => {
                hide(&*self.visibility, message, time).await;
                Handled::Again
            }
        }
    }

    async fn put_back<'a>(&'a self, message: &'a Message) {
        hide(&*self.visibility, message, Duration::ZERO).await;
    }
}
