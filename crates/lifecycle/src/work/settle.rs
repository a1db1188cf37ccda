//! What follows the job: store the outcome, retry, or hand over.

use std::time::Duration;

use shared::{
    invocation::Invocation, port::Ticket, port_error::PortError, progress::Step, refusal::Refusal,
    request_log::RequestLog,
};

use super::{
    held::{LONGEST_HIDE, Task, note_cancelled},
    worker::{Disposition, Worker},
};
use crate::{
    end::{completed, failed, out_of_time},
    job::{Done, Job, is_transient, note, persist},
    ports::Finished,
    progress::Told,
    record::{By, OperationRecord, Outcome},
    settings::LONGEST_RETRY,
};

/// Receives of a message that may ask a generator how far it is: the queue drops it after 20.
const LOOKS: u32 = 18;
/// So long before the deadline a generator is asked for the last time.
const LAST_LOOK: Duration = Duration::from_secs(10);

impl<J: Job> Worker<J> {
    pub(super) async fn settle(
        &self,
        task: &Task<'_>,
        result: Result<Done, Refusal>,
        log: &mut RequestLog,
    ) -> Result<Disposition, PortError> {
        let Task { operation, invocation: Invocation { clock, request_id, .. }, .. } = *task;
        // After the deadline, readers have already been told of a time-out.
        let result = if clock.now() < operation.deadline { result } else { Err(out_of_time(self.tool)) };
        note(&result, log);
        let outcome = match result {
            Ok(Done::Reply(reply)) => {
                task.teller.tell_along(Told::step(Step::Saving, None));
                completed(reply.body, self.tool, log, request_id)
            }
            Ok(Done::HandedOver(ticket)) => {
                task.teller.tell(Told::HandedOver);
                return self.hand_over(task, ticket.as_deref(), log).await;
            }
            Ok(Done::Later(ticket)) => {
                if operation.ticket.is_none() {
                    task.teller.tell(Told::HandedOver);
                }
                return self.put_off(task, &ticket, log).await;
            }
            Err(refusal) => match self.retry_wait(operation, &refusal, task) {
                Some(wait) => {
                    let retry_at = clock.now().after(wait).rfc3339();
                    let error_type = refusal.error_type().name().to_owned();
                    task.teller.tell(Told::AttemptFailed { error_type, retry_at });
                    return self.release(task, wait, log).await;
                }
                None => failed(&refusal, self.tool, log, request_id),
            },
        };
        self.end(task, &outcome, log).await
    }

    /// The wait before the next attempt. `None` if the failure is permanent, no attempt is left, or it would come too
    /// late.
    fn retry_wait(&self, operation: &OperationRecord, refusal: &Refusal, task: &Task<'_>) -> Option<Duration> {
        let Refusal::Failed { failure, .. } = refusal else { return None };
        let failures = operation.failures.saturating_add(1);
        let wait = self.settings.retry_delay(failures, failure.retry_after);
        let in_time = task.invocation.clock.now().after(wait) < operation.deadline;
        (is_transient(refusal) && failures < self.settings.attempts && in_time).then_some(wait)
    }

    async fn release(&self, task: &Task<'_>, wait: Duration, log: &mut RequestLog) -> Result<Disposition, PortError> {
        let Task { operation, invocation, fence, .. } = *task;
        task.teller.flush().await;
        let now = invocation.clock.now();
        let is_ours = self.ending.store.release(&operation.operation_id, fence, now).await?;
        if is_ours { Ok(Disposition::After(wait)) } else { self.yield_to_another(task, log).await }
    }

    /// The generator is at it: frees this worker, and lets the queue ask again.
    async fn put_off(&self, task: &Task<'_>, ticket: &Ticket, log: &mut RequestLog) -> Result<Disposition, PortError> {
        let Task { operation, invocation, fence, .. } = *task;
        let store = &self.ending.store;
        task.teller.flush().await;
        let lease = self.lease(task);
        let write = persist(invocation.end, || {
            store.put_off(&operation.operation_id, fence, &ticket.text, invocation.clock.now())
        });
        let is_ours = tokio::select! {
            biased;
            written = write => written?,
            () = lease.keep() => false,
        };
        if is_ours {
            Ok(Disposition::After(self.next_look(task, ticket)))
        } else {
            self.yield_to_another(task, log).await
        }
    }

    /// Longer with each look, and never so short that the queue drops the message before the operation's deadline. The last
    /// look comes shortly before it.
    fn next_look(&self, task: &Task<'_>, ticket: &Ticket) -> Duration {
        let left = task.invocation.clock.now().until(task.operation.deadline);
        let looks = LOOKS.saturating_sub(task.message.receives);
        let wait = self.settings.retry_delay(task.message.receives, ticket.again_in);
        let wait = wait.max(left.saturating_sub(LONGEST_RETRY / 2 * looks));
        match left.checked_sub(LAST_LOOK) {
            Some(last) if wait > last && last > LAST_LOOK => last,
            _ if wait >= left => left.saturating_add(Duration::from_secs(1)),
            _ => wait,
        }
        .min(LONGEST_HIDE)
    }

    async fn hand_over(
        &self,
        task: &Task<'_>,
        ticket: Option<&str>,
        log: &mut RequestLog,
    ) -> Result<Disposition, PortError> {
        let Task { operation, invocation, fence, .. } = *task;
        let store = &self.ending.store;
        task.teller.flush().await;
        let lease = self.lease(task);
        let write =
            persist(invocation.end, || store.hand_over(&operation.operation_id, fence, ticket, invocation.clock.now()));
        let is_ours = tokio::select! {
            biased;
            written = write => written?,
            () = lease.keep() => false,
        };
        if is_ours {
            self.watch(&operation.operation_id, invocation).await
        } else {
            self.yield_to_another(task, log).await
        }
    }

    /// Ends the operation. Repeats the write for as long as the invocation lasts: the outcome may have cost half an
    /// hour.
    async fn end(&self, task: &Task<'_>, outcome: &Outcome, log: &mut RequestLog) -> Result<Disposition, PortError> {
        let Task { operation, invocation, fence, .. } = *task;
        let (store, told) = (&self.ending.store, task.teller.last_entries().await);
        let lease = self.lease(task);
        let (id, by) = (&operation.operation_id, By::Claim(fence));
        let write = persist(invocation.end, || store.finish_telling(id, by, outcome, &told, invocation.clock.now()));
        let finished = tokio::select! {
            biased;
            written = write => written?,
            () = lease.keep() => return self.yield_to_another(task, log).await,
        };
        let operation = match finished {
            Finished::First(operation) => operation,
            Finished::Already(operation) => {
                note_cancelled(&operation, log);
                operation
            }
            Finished::Superseded => return Ok(Disposition::Left),
            Finished::Unknown => {
                tracing::error!(operation_id = operation.operation_id, "an operation expired before its end");
                return Ok(Disposition::Done);
            }
        };
        persist(invocation.end, || Box::pin(self.ending.announce(&operation))).await?;
        Ok(Disposition::Done)
    }
}
