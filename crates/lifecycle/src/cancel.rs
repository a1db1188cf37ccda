//! `POST /operations/{operation_id}/cancel`: a caller stops its own operation.
//!
//! A cancellation is an outcome like any other, so the first end wins. Nobody is interrupted: a worker learns with its
//! next renewal of the lease, a queued job when it is claimed, and a generator that took the job over when it completes
//! it.

use shared::{caller::Owner, invocation::Invocation, port_error::PortError, refusal::Refusal};

use crate::{
    end::Ending,
    ports::{Finished, may_read},
    record::{By, OperationRecord, Outcome, Status},
    status::{StatusAnswer, status},
};

/// The outcome in the log lines of a request that cancels, and of a job that was cancelled.
pub const CANCELLED: &str = "cancelled";

/// The answer to a caller who cancels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cancellation {
    /// The body of the status answer: it is cancelled, now or before.
    Cancelled(String),
    /// It completed or failed before.
    TooLate {
        status: Status,
        /// The body of the status answer.
        operation: String,
    },
}

/// Cancels an operation of `caller`, and announces the end; the answer does not depend on the announcement. `None` if it
/// does not exist or belongs to another owner. Past its deadline an operation has failed and is too late to cancel.
///
/// # Errors
/// The platform failed. Repeat the request: to cancel twice is no error.
pub async fn cancel(
    ending: &Ending,
    operation_id: &str,
    caller: Option<&Owner>,
    invocation: Invocation<'_>,
) -> Result<Option<Cancellation>, PortError> {
    let now = invocation.clock.now();
    let is_callers = |operation: &OperationRecord| may_read(operation.owner.as_ref(), caller);
    let Some(operation) = ending.store.get(operation_id, now).await?.filter(is_callers) else { return Ok(None) };
    if !operation.status_at(now).has_ended() {
        let by = By::Anyone(operation.creation);
        match ending.store.finish(operation_id, by, &Outcome::Cancelled, now).await? {
            Finished::First(ended) => {
                ending.settle_in_passing(&ended, invocation).await;
                let answer = StatusAnswer::new(&ended, None)?;
                return Ok(Some(Cancellation::Cancelled(answer.body)));
            }
            Finished::Already(_) => {}
            // It was withdrawn or has expired meanwhile.
            Finished::Unknown | Finished::Superseded => return Ok(None),
        }
    }
    let Some(answer) = status(ending, operation_id, caller, invocation).await? else { return Ok(None) };
    Ok(Some(match answer.status {
        Status::Cancelled => Cancellation::Cancelled(answer.body),
        status => Cancellation::TooLate { status, operation: answer.body },
    }))
}

/// Builds the error for an operation that has ended otherwise than its caller wants.
#[must_use]
pub fn already_ended(status: Status, operation: String) -> Refusal {
    let message = match status {
        Status::Completed => "This operation cannot be cancelled: it has completed.",
        Status::Cancelled => "This operation was cancelled. Please send the request with a new id or key.",
        Status::Failed | Status::Accepted | Status::Running => "This operation cannot be cancelled: it has failed.",
    };
    Refusal::Ended { message, operation }
}
