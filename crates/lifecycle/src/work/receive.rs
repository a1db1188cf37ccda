//! From a message to a claimed operation, and from there to the job.

use std::time::Duration;

use lambda::queue::{Consumer, Handled, Message};
use shared::{
    bad_request::BadRequest,
    invocation::Invocation,
    port_error::PortError,
    progress::{Progress, Untold},
    refusal::Refusal,
    request_log::RequestLog,
    timestamp::Timestamp,
};

use super::{
    held::Task,
    worker::{Disposition, POISON, Worker},
};
use crate::{
    breaker::not_called,
    end::{out_of_time, session},
    job::{Assignment, Job, run_safely},
    job_message::JobMessage,
    lease::hide,
    ports::{Claim, Created},
    progress::{Teller, Told},
    record::{OperationRecord, Status},
};

/// A message with more receives than this ignores the breaker. The queue drops it after 20, and a job needs up to 10
/// for its attempts.
const RECEIVES_TO_SPARE: u32 = 8;

impl<J: Job> Worker<J> {
    async fn process(
        &self,
        message: &Message,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<Disposition, PortError> {
        let now = invocation.clock.now();
        let (operation_id, invalid) = match JobMessage::parse(&message.body, self.tool, &self.settings, now) {
            Ok(JobMessage::Accepted { operation_id }) => (operation_id, None),
            Ok(JobMessage::Whole { new, invalid }) => {
                if let Created::Existing(operation) = self.ending.store.create(&new).await?
                    && !operation.is_of(new.owner.as_ref(), &new.fingerprint)
                {
                    tracing::error!(message_id = message.id, "another request has the id of this job");
                    return Ok(POISON);
                }
                (new.operation_id, invalid)
            }
            Err(reason) => {
                tracing::error!(message_id = message.id, %reason, "a job is malformed");
                return Ok(POISON);
            }
        };
        if invalid.is_none()
            && let Some(wait) = self.wait_for_breaker(message, &operation_id, now, log).await?
        {
            return Ok(Disposition::After(wait));
        }
        match self.ending.store.claim(&operation_id, now, now.after(self.settings.lease)).await? {
            Claim::Taken { record: operation, request, fence } => {
                let holder = OperationRecord::clone(&operation);
                let teller = Teller::new(&*self.log, holder, invocation.clock, self.settings.attempts);
                let task = Task { message, invocation, operation: &operation, fence, teller: &teller };
                self.work(&task, &request, invalid, log).await
            }
            // The margin lets the other worker finish, so that this message rarely comes in vain.
            Claim::Busy { until } => Ok(Disposition::After(now.until(until).saturating_add(self.settings.renewal()))),
            Claim::HandedOver => self.watch(&operation_id, invocation).await,
            Claim::Ended(operation) => self.drop_ended(&operation, log).await,
            Claim::Unknown => {
                tracing::error!(message_id = message.id, operation_id, "a job matches no operation");
                Ok(POISON)
            }
        }
    }

    /// How long to hide a job because the breaker is open, without a claim or an attempt. `None` if the breaker is
    /// closed or the job must not wait: an operation never fails without a call of the generator.
    async fn wait_for_breaker(
        &self,
        message: &Message,
        operation_id: &str,
        now: Timestamp,
        log: &mut RequestLog,
    ) -> Result<Option<Duration>, PortError> {
        let Some(wait) = self.breaker.wait(now).filter(|_| message.receives <= RECEIVES_TO_SPARE) else {
            return Ok(None);
        };
        // In any other state the next step needs no generator.
        let needs_call =
            |operation: &OperationRecord| operation.status == Status::Accepted && operation.tool == self.tool;
        let Some(operation) = self.ending.store.get(operation_id, now).await?.filter(needs_call) else {
            return Ok(None);
        };
        // The second half of its time is reserved for the work.
        let half = operation.created_at.until(operation.deadline) / 2;
        if now.after(wait).until(operation.deadline) < half {
            return Ok(None);
        }
        *log = session(&operation);
        log.note_given_back(&not_called());
        Ok(Some(wait))
    }

    async fn work(
        &self,
        task: &Task<'_>,
        request: &str,
        invalid: Option<BadRequest>,
        log: &mut RequestLog,
    ) -> Result<Disposition, PortError> {
        let Task { operation, invocation, .. } = *task;
        if operation.tool != self.tool {
            tracing::error!(operation_id = operation.operation_id, "a job is on the queue of another function");
            self.ending.store.release(&operation.operation_id, task.fence, invocation.clock.now()).await?;
            return Ok(POISON);
        }
        *log = session(operation);
        // What the work does was told when it began.
        let asks_again = operation.ticket.is_some();
        let result = match (invalid, self.hopeless(operation, invocation.clock.now())) {
            (Some(invalid), _) => Some(Err(invalid.into())),
            (None, Some(refusal)) => Some(Err(refusal)),
            (None, None) => {
                let progress: &dyn Progress = if asks_again { &Untold } else { task.teller };
                let assignment = Assignment::new(operation, request, Some(progress), invocation);
                let lease = self.lease(task);
                lease.hide().await;
                self.breaker.start_call(invocation.clock.now());
                if !asks_again {
                    task.teller.tell(Told::Started);
                }
                tokio::select! {
                    biased;
                    result = run_safely(&self.job, self.tool, assignment, log) => {
                        self.breaker.record(&result, invocation.clock.now());
                        Some(result)
                    }
                    () = lease.keep() => None,
                    never = task.teller.keep() => match never {},
                }
            }
        };
        match result {
            Some(result) => self.settle(task, result, log).await,
            None => self.yield_to_another(task, log).await,
        }
    }

    /// Why not to start the job: it is past its deadline, or as many workers as it has attempts have died of it.
    fn hopeless(&self, operation: &OperationRecord, now: Timestamp) -> Option<Refusal> {
        if now >= operation.deadline {
            return Some(out_of_time(self.tool));
        }
        let died = operation.claims.saturating_sub(1).saturating_sub(operation.failures.into());
        let what = "its workers ended before the work did";
        // To ask again is a claim too, and no attempt.
        (operation.ticket.is_none() && died >= self.settings.attempts.into())
            .then(|| Refusal::unexpected(self.tool.action(), what))
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
        let disposition = self.process(message, invocation, log).await.unwrap_or_else(|error| {
            tracing::error!(message_id = message.id, %error, "could not process a job");
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
