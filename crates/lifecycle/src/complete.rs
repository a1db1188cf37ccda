//! Completions from a generator that took a job over (CONTRACT 7), by HTTP or by queue.

use std::{sync::Arc, time::Duration};

use lambda::queue::{Consumer, Handled, Message};
use serde_json::value::RawValue;
use shared::{
    bad_request::BadRequest,
    error_type::ErrorType,
    failure::Failure,
    invocation::Invocation,
    json::{self, Object},
    port_error::PortError,
    refusal::Refusal,
    request_log::RequestLog,
};

use crate::{
    end::{Ending, completed, failed, session},
    lease::hide,
    ports::{ByTask, Finished, MessageVisibility},
    record::{By, OperationRecord, Outcome},
    request_options::parse_ids,
    save::{PATIENCE, ResultSaver, saved},
    settings::{POISON_PAUSE, Settings},
};

/// What is read of a completion.
const KEYS: [&str; 6] = ["operation_id", "task_id", "success", "result", "error", "error_type"];

/// The result if a completion has none or null.
const NO_RESULT: &str = r#"{"status":"completed"}"#;

/// The outcome in the log line of a completion that was applied, or came after the end.
pub const TAKEN: &str = "completion_taken";

#[derive(Clone, PartialEq, Eq)]
pub enum Completion {
    /// The result as JSON text.
    Succeeded(String),
    Failed {
        error_type: ErrorType,
        /// The generator's text, not sanitised.
        error: String,
    },
}

/// Leaves the result and the error's text out: they are long, and they belong to the caller.
impl std::fmt::Debug for Completion {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Succeeded(result) => write!(formatter, "Succeeded({} bytes)", result.len()),
            Self::Failed { error_type, .. } => write!(formatter, "Failed({error_type})"),
        }
    }
}

/// A completion, and the operation that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionRequest {
    pub operation_id: Option<String>,
    pub task_id: Option<String>,
    pub completion: Completion,
}

impl CompletionRequest {
    pub fn parse(body: &str) -> Result<Self, BadRequest> {
        if json::without_mark(body).trim_ascii().is_empty() {
            return Err(BadRequest::Empty);
        }
        let body = Object::parse_keys(body, &KEYS)?;
        let completion = Completion::from_object(&body)?;
        let (operation_id, task_id) = parse_ids(&body)?;
        Ok(Self { operation_id, task_id, completion })
    }
}

impl Completion {
    fn from_object(body: &Object<'_>) -> Result<Self, BadRequest> {
        let success = match body.get("success").map(RawValue::get) {
            Some("true") => true,
            Some("false") => false,
            _ => return Err(wrong(body, "success", "a boolean")),
        };
        let text = |field| match (body.get(field), body.string(field)) {
            (Some(_), None) => Err(wrong(body, field, "a string")),
            (_, text) => Ok(text.filter(|text| !text.is_empty())),
        };
        let (error, error_type) = (text("error")?, text("error_type")?);
        if success {
            return Ok(Self::Succeeded(body.get("result").map_or(NO_RESULT, RawValue::get).to_owned()));
        }
        Ok(Self::Failed {
            error_type: error_type.map_or(ErrorType::Unknown, |name| ErrorType::from_generator(&name)),
            error: error.map_or_else(|| "Unknown error from Agent Generator".to_owned(), std::borrow::Cow::into_owned),
        })
    }

    fn outcome(self, operation: &OperationRecord, request_id: &str) -> Outcome {
        let (tool, record) = (operation.tool, session(operation));
        match self {
            Self::Succeeded(result) => completed(result, tool, &record, request_id),
            Self::Failed { error_type, error } => {
                let failure = Failure::new(error_type, error);
                failed(&Refusal::Failed { action: tool.action(), failure }, tool, &record, request_id)
            }
        }
    }
}

/// Applies completions.
#[derive(Debug, Clone)]
pub struct Completions {
    pub ending: Ending,
    /// The completions queue.
    pub visibility: Arc<dyn MessageVisibility>,
    pub settings: Settings,
    /// `None`: a result is kept in its operation alone.
    pub saver: Option<Arc<dyn ResultSaver>>,
}

impl Completions {
    /// Ends the operation, unless it has ended, and announces the end. Saves the result first if that was asked for. After
    /// the deadline it ends with `timeout`.
    /// Returns the task id, or `None` if there is no such operation, or it is of another task than `task_id`.
    ///
    /// # Errors
    /// The platform failed. Send the same completion again.
    pub async fn complete(
        &self,
        operation_id: &str,
        task_id: Option<&str>,
        completion: Completion,
        invocation: Invocation<'_>,
    ) -> Result<Option<String>, PortError> {
        let Ending { store, .. } = &self.ending;
        let now = invocation.clock.now();
        let operation = store.get(operation_id, now).await?;
        let is_named = |operation: &OperationRecord| task_id.is_none_or(|task_id| task_id == operation.task_id);
        let Some(operation) = operation.filter(is_named) else { return Ok(None) };
        if operation.status_at(now).has_ended() {
            self.ending.settle(&operation, invocation).await?;
            return Ok(Some(operation.task_id));
        }
        let completion = match completion {
            Completion::Succeeded(result) => {
                let ports = (self.saver.as_deref(), &**store);
                Completion::Succeeded(saved(ports, &operation, result, invocation).await?)
            }
            failed @ Completion::Failed { .. } => failed,
        };
        let now = invocation.clock.now();
        if operation.status_at(now).has_ended() {
            self.ending.settle(&operation, invocation).await?;
            return Ok(Some(operation.task_id));
        }
        let outcome = completion.outcome(&operation, invocation.request_id);
        match store.finish(operation_id, By::Anyone(operation.creation), &outcome, now).await? {
            Finished::First(ended) | Finished::Already(ended) => {
                self.ending.announce(&ended).await?;
                Ok(Some(operation.task_id))
            }
            // It was withdrawn or has expired meanwhile.
            Finished::Unknown | Finished::Superseded => Ok(None),
        }
    }

    async fn message(
        &self,
        message: &Message,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<Handled, PortError> {
        let CompletionRequest { operation_id, task_id, completion } = match CompletionRequest::parse(&message.body) {
            Ok(parsed) => parsed,
            Err(reason) => {
                tracing::error!(message_id = message.id, %reason, "a completion is malformed");
                log.note_error(reason.error_type());
                hide(&*self.visibility, message, POISON_PAUSE).await;
                return Ok(Handled::Again);
            }
        };
        let named = match (operation_id, task_id.as_deref()) {
            (None, Some(task_id)) => self.ending.store.by_task(task_id, invocation.clock.now()).await?,
            (operation_id, _) => operation_id.map_or(ByTask::Nothing, ByTask::One),
        };
        let unknown = match named {
            ByTask::One(operation_id) => {
                if self.complete(&operation_id, task_id.as_deref(), completion, invocation).await?.is_some() {
                    log.operation_id = Some(operation_id);
                    log.note_outcome(TAKEN);
                    return Ok(Handled::Done);
                }
                "a completion matches no operation"
            }
            // The index by task lags behind, so a later receive may find it.
            ByTask::Nothing => "a completion matches no operation",
            ByTask::Several => "a completion names only a task, and several operations have it",
        };
        tracing::warn!(message_id = message.id, "{unknown}");
        log.note_error(ErrorType::NotFound);
        self.retry_later(message).await;
        Ok(Handled::Again)
    }

    async fn retry_later(&self, message: &Message) {
        hide(&*self.visibility, message, self.settings.retry_delay(message.receives, None)).await;
    }
}

impl Consumer for Completions {
    /// As long as it may take to save the result.
    const MINIMUM: Duration = PATIENCE;

    async fn consume<'a>(
        &'a self,
        message: &'a Message,
        invocation: Invocation<'a>,
        log: &'a mut RequestLog,
    ) -> Handled {
        match self.message(message, invocation, log).await {
            Ok(handled) => handled,
            Err(error) => {
                tracing::error!(message_id = message.id, %error, "could not apply a completion");
                log.note_error(error.error_type());
                self.retry_later(message).await;
                Handled::Again
            }
        }
    }

    async fn put_back<'a>(&'a self, message: &'a Message) {
        hide(&*self.visibility, message, Duration::ZERO).await;
    }
}

fn wrong(body: &Object<'_>, field: &'static str, expected: &'static str) -> BadRequest {
    BadRequest::WrongType { field, expected, found: body.get(field).map_or("null", json::kind) }
}
