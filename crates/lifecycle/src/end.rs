//! Outcomes, and their announcement: an operation ends once and is announced at least once.

use std::{sync::Arc, time::Duration};

use futures_util::future::join;
use lambda::response::MAX_RESPONSE;
use shared::{
    error_answer::ErrorAnswer, error_type::ErrorType, failure::Failure, invocation::Invocation, json,
    port_error::PortError, refusal::Refusal, request_log::RequestLog,
};
use tokio::time::{Instant, timeout};

use crate::{
    ports::{CallbackQueue, CompletionEvent, CompletionEvents, Finished, OperationStore},
    record::{Announcement, By, OperationRecord, Outcome, Status, Tool},
};

/// The longest that an answer waits for an announcement.
const IN_PASSING: Duration = Duration::from_secs(2);

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
    /// Publishes the event and enqueues the webhook of an ended operation, unless that is done. Neither waits for the
    /// other.
    ///
    /// # Errors
    /// The announcement stays due, and whoever finds the operation next repeats both.
    pub async fn announce(&self, record: &OperationRecord) -> Result<(), PortError> {
        if !record.status.has_ended() || record.announcement == Announcement::Made {
            return Ok(());
        }
        let event = CompletionEvent {
            operation_id: record.operation_id.clone(),
            task_id: record.task_id.clone(),
            tool_name: record.tool.name().to_owned(),
            status: record.status,
            success: record.status == Status::Completed,
            error_type: record.error_type.clone(),
        };
        let webhook = async {
            match &record.callback_url {
                Some(_) => self.callbacks.enqueue(&record.operation_id, record.owner.as_ref()).await,
                None => Ok(()),
            }
        };
        let (published, enqueued) = join(self.events.publish(&event), webhook).await;
        published.and(enqueued)?;
        self.store.announced(&record.operation_id, record.creation).await
    }

    /// Ends an operation that is past its deadline, and announces an end that is not announced yet.
    pub(crate) async fn settle(&self, record: &OperationRecord, invocation: Invocation<'_>) -> Result<(), PortError> {
        if record.status.has_ended() {
            return self.announce(record).await;
        }
        if invocation.clock.now() < record.deadline {
            return Ok(());
        }
        let outcome = timed_out(record, invocation.request_id);
        let by = By::Anyone(record.creation);
        // Readers have been told since the deadline that it ended then.
        match self.store.finish(&record.operation_id, by, &outcome, record.deadline).await? {
            Finished::First(ended) | Finished::Already(ended) => self.announce(&ended).await,
            Finished::Superseded | Finished::Unknown => Ok(()),
        }
    }

    /// Like [`Self::settle`], for an answer that must not wait for it: gives up after 2 s, or half of the time that is
    /// left. False if the end is not announced; a sweep then does it.
    pub(crate) async fn settle_in_passing(&self, record: &OperationRecord, invocation: Invocation<'_>) -> bool {
        let left = invocation.end.saturating_duration_since(Instant::now());
        let operation_id = &record.operation_id;
        match timeout(IN_PASSING.min(left / 2), self.settle(record, invocation)).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => tracing::error!(operation_id, %error, "could not announce an end"),
            Err(_) => tracing::error!(operation_id, "could not announce an end in time"),
        }
        false
    }
}

/// Whether the status answer with this result can be sent.
pub(crate) fn fits(body: &str) -> bool {
    json::size(body).is_ok_and(|size| size <= MAX_RESPONSE - ENVELOPE)
}

/// The outcome of a result; a failure if the status answer would exceed the platform's response limit.
pub(crate) fn completed(body: String, tool: Tool, record: &RequestLog, request_id: &str) -> Outcome {
    if fits(&body) {
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
