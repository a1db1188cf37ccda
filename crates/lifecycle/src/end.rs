//! An operation ends, once, and the world is told of it, at least once.

use std::sync::Arc;

use lambda::response::MAX_RESPONSE;
use shared::{
    error_answer::ErrorAnswer, error_type::ErrorType, failure::Failure, json, port_error::PortError, refusal::Refusal,
    request_log::RequestLog,
};

use super::{
    ports::{CallbackQueue, CompletionEvent, CompletionEvents, OperationStore},
    record::{Announcement, OperationRecord, Outcome, Status, Tool},
};

/// What stands around a result where it is read: the other fields of a status, and the answer's headers.
const ENVELOPE: usize = 16 * 1024;

/// How operations end.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Where their end is written.
    pub store: Arc<dyn OperationStore>,
    /// Who is told of it.
    pub events: Arc<dyn CompletionEvents>,
    /// Where webhooks wait for their delivery.
    pub callbacks: Arc<dyn CallbackQueue>,
}

impl Ending {
    /// Tells that an operation ended, unless that is done: an event, then a job for the webhook, where one is wished.
    ///
    /// # Errors
    /// The platform failed; whoever finds the operation ended next tells of it.
    pub async fn announce(&self, record: &OperationRecord) -> Result<(), PortError> {
        if !record.status.has_ended() || record.announcement == Announcement::Made {
            return Ok(());
        }
        let event = CompletionEvent {
            operation_id: record.operation_id.clone(),
            task_id: record.task_id.clone(),
            tool_name: record.tool.name().to_owned(),
            success: record.status == Status::Completed,
            error_type: record.error_type.clone(),
        };
        self.events.publish(&event).await?;
        if record.callback_url.is_some() {
            self.callbacks.enqueue(&record.operation_id).await?;
        }
        self.store.announced(&record.operation_id).await
    }
}

/// The outcome that a result is, or an error where the answer with it would be longer than the platform sends.
pub(super) fn completed(body: String, tool: Tool, record: &RequestLog, request_id: &str) -> Outcome {
    if json::size(&body).is_ok_and(|size| size <= MAX_RESPONSE - ENVELOPE) {
        return Outcome::Completed(body);
    }
    let text = "Agent Generator returned an answer that is larger than what the platform can send";
    let failure = Failure { upstream_status: record.upstream_status, ..Failure::new(ErrorType::InvalidResponse, text) };
    failed(&Refusal::Failed { action: tool.action(), failure }, tool, record, request_id)
}

/// The outcome that a refusal is.
pub(super) fn failed(refusal: &Refusal, tool: Tool, record: &RequestLog, request_id: &str) -> Outcome {
    let answer = ErrorAnswer::new(refusal, tool.action(), record, request_id);
    // The writer fails for nothing that an error holds; a status with this in it is JSON all the same.
    let body = answer.json().unwrap_or_else(|_| "null".to_owned());
    Outcome::Failed { error_type: answer.error_type.name().to_owned(), body }
}

/// The outcome of an operation that nobody has ended by its deadline.
pub(super) fn timed_out(operation: &OperationRecord, request_id: &str) -> Outcome {
    failed(&out_of_time(operation.tool), operation.tool, &session(operation), request_id)
}

/// The refusal of work that was not done in time.
pub(super) fn out_of_time(tool: Tool) -> Refusal {
    Refusal::out_of_time(tool.action())
}

/// What is known of an operation's request without reading that.
pub(super) fn session(operation: &OperationRecord) -> RequestLog {
    let (session_id, operation_id) = (operation.session_id.clone(), Some(operation.operation_id.clone()));
    RequestLog { session_id, operation_id, ..RequestLog::default() }
}
