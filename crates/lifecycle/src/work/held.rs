//! An operation that a worker has claimed, handed over, or lost.

use std::time::Duration;

use lambda::queue::Message;
use shared::{invocation::Invocation, port_error::PortError, request_log::RequestLog};

use super::worker::{Disposition, Worker};
use crate::{
    cancel::CANCELLED,
    lease::Lease,
    progress::Teller,
    record::{Fence, OperationRecord, Status},
};

/// SQS hides a message for at most 12 hours in all, including the time before this call.
pub(super) const LONGEST_HIDE: Duration = Duration::from_secs(11 * 60 * 60);

/// A claimed operation.
pub(super) struct Task<'a> {
    pub(super) message: &'a Message,
    pub(super) invocation: Invocation<'a>,
    pub(super) operation: &'a OperationRecord,
    pub(super) fence: Fence,
    pub(super) teller: &'a Teller<'a>,
}

impl<J> Worker<J> {
    pub(super) fn lease<'a>(&'a self, task: &Task<'a>) -> Lease<'a> {
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

    /// The generator has the job. Keeps the message until the operation has ended; if no completion comes, ends it at
    /// the deadline.
    pub(super) async fn watch(&self, operation_id: &str, invocation: Invocation<'_>) -> Result<Disposition, PortError> {
        let now = invocation.clock.now();
        let Some(operation) = self.ending.store.get(operation_id, now).await? else { return Ok(Disposition::Done) };
        if !operation.status.has_ended() && now < operation.deadline {
            let left = now.until(operation.deadline).saturating_add(Duration::from_secs(1));
            return Ok(Disposition::After(left.min(LONGEST_HIDE)));
        }
        self.ending.settle(&operation, invocation).await?;
        Ok(Disposition::Done)
    }

    /// The lease was lost: the operation has ended, or another worker has it.
    pub(super) async fn yield_to_another(
        &self,
        task: &Task<'_>,
        log: &mut RequestLog,
    ) -> Result<Disposition, PortError> {
        let now = task.invocation.clock.now();
        match self.ending.store.get(&task.operation.operation_id, now).await? {
            Some(operation) if operation.status.has_ended() => self.drop_ended(&operation, log).await,
            _ => Ok(Disposition::Left),
        }
    }

    /// Somebody else has ended the operation: nothing is left to do but to announce it.
    pub(super) async fn drop_ended(
        &self,
        operation: &OperationRecord,
        log: &mut RequestLog,
    ) -> Result<Disposition, PortError> {
        note_cancelled(operation, log);
        self.ending.announce(operation).await?;
        Ok(Disposition::Done)
    }
}

/// Notes in the job's log line that its result is dropped, if that is because its caller cancelled it.
pub(super) fn note_cancelled(operation: &OperationRecord, log: &mut RequestLog) {
    if operation.status == Status::Cancelled {
        log.operation_id = Some(operation.operation_id.clone());
        log.note_outcome(CANCELLED);
    }
}
