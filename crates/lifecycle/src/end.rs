//! Outcomes, and their announcement: an operation ends once and is announced at least once.

use std::sync::Arc;

use lambda::response::MAX_RESPONSE;
use shared::{
    error_answer::ErrorAnswer, error_type::ErrorType, failure::Failure, json, port_error::PortError, refusal::Refusal,
    request_log::RequestLog,
};

use crate::{
    ports::{CallbackQueue, CompletionEvent, CompletionEvents, OperationStore},
    record::{Announcement, OperationRecord, Outcome, Status, Tool},
};

/// Room for what surrounds a result in a status answer: its other fields and the headers.
const ENVELOPE: usize = 16 * 1024;

/// The ports that an end goes through.
#[derive(Debug, Clone)]
pub struct Ending {
    pub store: Arc<dyn OperationStore>,
    pub events: Arc<dyn CompletionEvents>,
    pub callbacks: Arc<dyn CallbackQueue>,
}

impl Ending {
    /// Publishes the event and enqueues the webhook of an ended operation, unless that is done.
    ///
    /// # Errors
    /// The announcement stays due, and the next caller that finds the operation ended repeats it.
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
            self.callbacks.enqueue(&record.operation_id, record.owner.as_ref()).await?;
        }
        self.store.announced(&record.operation_id).await
    }
}

/// The outcome of a result; a failure if the status answer would exceed the platform's response limit.
pub(crate) fn completed(body: String, tool: Tool, record: &RequestLog, request_id: &str) -> Outcome {
    if json::size(&body).is_ok_and(|size| size <= MAX_RESPONSE - ENVELOPE) {
        return Outcome::Completed(body);
    }
    let text = "Agent Generator returned an answer that is larger than what the platform can send";
    let failure = Failure { upstream_status: record.upstream_status, ..Failure::new(ErrorType::InvalidResponse, text) };
    failed(&Refusal::Failed { action: tool.action(), failure }, tool, record, request_id)
}

pub(crate) fn failed(refusal: &Refusal, tool: Tool, record: &RequestLog, request_id: &str) -> Outcome {
    let answer = ErrorAnswer::new(refusal, tool.action(), record, request_id);
    // An error answer can always be written as JSON. If not, `null` keeps the status answer valid.
    let body = answer.json().unwrap_or_else(|_| "null".to_owned());
    Outcome::Failed { error_type: answer.error_type.name().to_owned(), body }
}

/// The outcome of an operation past its deadline.
pub(crate) fn timed_out(operation: &OperationRecord, request_id: &str) -> Outcome {
    failed(&out_of_time(operation.tool), operation.tool, &session(operation), request_id)
}

pub(crate) fn out_of_time(tool: Tool) -> Refusal {
    Refusal::out_of_time(tool.action())
}

/// The ids for the log line and the error body of an operation.
pub(crate) fn session(operation: &OperationRecord) -> RequestLog {
    let (session_id, operation_id) = (operation.session_id.clone(), Some(operation.operation_id.clone()));
    RequestLog { session_id, operation_id, ..RequestLog::default() }
}
