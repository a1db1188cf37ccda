//! `operations`: callers read, watch, list and cancel their operations, and find one by its task. A generator that has
//! taken a job over tells what it does, and completes it, over HTTP or by queue. The sweep looks after what nobody else
//! does.

mod internal_key;
mod parameters;
mod refused;
mod saving;

use std::sync::Arc;

use lambda::{
    Function, QueueFunction, RequestFunction, Route,
    caller::api_key,
    function::{Http, Request},
    queue::{Batch, BatchResponse, Report, consume},
};
use lambda_http::http::header::RETRY_AFTER;
use lifecycle::{
    cancel::{CANCELLED, Cancellation, already_ended, cancel},
    complete::{CompletionRequest, Completions, TAKEN},
    list::list,
    progress::{ProgressLog, Reported, Watch, WatchAnswer, parse_events, report, watch},
    request_options::is_id,
    status::{RETRY_AFTER as ASK_AGAIN, StatusAnswer, status},
    sweep::Sweeper,
    task::{of_task, task_body},
};
use serde_json::{json, value::RawValue};
use shared::{
    action::Action, bad_request::BadRequest, caller::Owner, invocation::Invocation, json::Object, refusal::Refusal,
    reply::Reply, request_log::RequestLog,
};

pub use internal_key::InternalKey;
pub use refused::Refused;
pub use saving::Saving;

const LIST: &str = "operations";
const STATUS: &str = "operations/{operation_id}";
const EVENTS: &str = "operations/{operation_id}/events";
const CANCEL: &str = "operations/{operation_id}/cancel";
const COMPLETE: &str = "operations/{operation_id}/complete";
const TASK: &str = "tasks/{task_id}";
/// Served by `stream` if the stack has one.
const TASK_STREAM: &str = "tasks/{task_id}/stream";

#[derive(Debug, Clone)]
pub struct Operations {
    /// The [`Consumer`](lambda::queue::Consumer) of the completions queue.
    pub completions: Completions,
    /// Required to complete over HTTP.
    pub key: InternalKey,
    pub sweeper: Sweeper,
    pub progress: Arc<dyn ProgressLog>,
}

impl Operations {
    /// `GET /operations/{operation_id}`. An operation of another owner is reported as unknown.
    pub async fn status(
        &self,
        operation_id: &str,
        reader: Option<&Owner>,
        invocation: Invocation<'_>,
    ) -> Result<StatusAnswer, Refused> {
        check_id(operation_id)?;
        let found = status(&self.completions.ending, operation_id, reader, invocation).await?;
        found.ok_or(BadRequest::NoSuchOperation.into())
    }

    /// `POST /operations/{operation_id}/cancel`. An operation of another owner is reported as unknown.
    pub async fn cancel(
        &self,
        operation_id: &str,
        caller: Option<&Owner>,
        invocation: Invocation<'_>,
    ) -> Result<Cancellation, Refused> {
        check_id(operation_id)?;
        let cancelled = cancel(&self.completions.ending, operation_id, caller, invocation).await?;
        cancelled.ok_or(BadRequest::NoSuchOperation.into())
    }

    /// `GET /operations/{operation_id}/events`. An operation of another owner is reported as unknown.
    async fn watch(
        &self,
        operation_id: &str,
        reader: Option<&Owner>,
        asked: Watch,
        invocation: Invocation<'_>,
    ) -> Result<WatchAnswer, Refused> {
        check_id(operation_id)?;
        let ports = (&self.completions.ending, &*self.progress);
        let found = watch(ports, operation_id, reader, asked, invocation).await?;
        found.ok_or(BadRequest::NoSuchOperation.into())
    }

    /// `GET /operations`.
    async fn list(&self, http: Http<'_>, request: Request<'_>) -> Result<Reply, Refused> {
        let owner = http.owner.ok_or(BadRequest::NobodysOperations)?;
        let asked = parameters::listing(http.query)?;
        let body = list(&*self.completions.ending.store, owner, asked, request.clock.now()).await?;
        Ok(Reply::new(200, "operations", body))
    }

    /// `GET /tasks/{task_id}`. A task that only other owners have is reported as unknown.
    async fn task(
        &self,
        task_id: &str,
        http: Http<'_>,
        request: Request<'_>,
        log: &mut RequestLog,
    ) -> Result<Reply, Refused> {
        let now = request.clock.now();
        let found = if is_id(task_id) {
            of_task(&*self.completions.ending.store, task_id, http.owner, now).await?
        } else {
            None
        };
        let operation = found.ok_or(BadRequest::NoSuchTask)?;
        let is_open = !operation.status_at(now).has_ended();
        let reply = Reply::new(200, "task", task_body(&operation, now)?);
        log.operation_id = Some(operation.operation_id);
        Ok(waiting(reply, is_open.then_some(ASK_AGAIN)))
    }

    /// `POST /operations/{operation_id}/complete`. Returns the body of the answer.
    pub async fn complete(
        &self,
        operation_id: &str,
        key: Option<&str>,
        body: &str,
        invocation: Invocation<'_>,
    ) -> Result<String, Refused> {
        // First, so that a caller without the key learns nothing from the other checks.
        self.key.check(key).await?;
        let named = CompletionRequest::parse(body)?;
        check_id(operation_id)?;
        if named.operation_id.is_some_and(|named| named != operation_id) {
            return Err(BadRequest::NoSuchOperation.into());
        }
        let task_id = named.task_id.as_deref();
        let task_id = self.completions.complete(operation_id, task_id, named.completion, invocation).await?;
        let task_id = task_id.ok_or(BadRequest::NoSuchOperation)?;
        Ok(json!({"status": "ok", "task_id": task_id}).to_string())
    }

    /// `POST /operations/{operation_id}/events`. Returns the body of the answer.
    async fn report(
        &self,
        operation_id: &str,
        key: Option<&str>,
        body: &str,
        invocation: Invocation<'_>,
    ) -> Result<String, Refused> {
        self.key.check(key).await?;
        let told = parse_events(body)?;
        check_id(operation_id)?;
        let ports = (&self.completions.ending, &*self.progress);
        let Reported { task_id, taken, dropped } =
            report(ports, operation_id, &told, invocation).await?.ok_or(BadRequest::NoSuchOperation)?;
        Ok(json!({"status": "ok", "task_id": task_id, "taken": taken, "dropped": dropped}).to_string())
    }

    /// The scheduled payload `{"sweep": true}`. Returns the counts.
    async fn sweep(&self, payload: &str, invocation: Invocation<'_>) -> Result<Reply, Refused> {
        if Object::parse(payload).map_err(BadRequest::from)?.get("sweep").map(RawValue::get) != Some("true") {
            return Err(BadRequest::WrongForm { what: "payload of operations", form: r#"{"sweep": true}"# }.into());
        }
        let swept = self.sweeper.sweep(invocation).await?;
        Ok(Reply::new(200, "swept", json!(swept).to_string()))
    }
}

/// Rejects an invalid id, which could otherwise address another item of the table.
fn check_id(operation_id: &str) -> Result<(), BadRequest> {
    if is_id(operation_id) { Ok(()) } else { Err(BadRequest::NoSuchOperation) }
}

/// Adds `Retry-After`.
fn waiting(mut reply: Reply, seconds: Option<u32>) -> Reply {
    reply.headers.extend(seconds.map(|seconds| (RETRY_AFTER, seconds.into())));
    reply
}

impl Function for Operations {
    const ACTION: Action = Action::Operations;
}

impl RequestFunction for Operations {
    const ROUTES: &'static [Route] = &[
        Route { name: STATUS, method: "GET" },
        Route { name: EVENTS, method: "GET" },
        Route { name: EVENTS, method: "POST" },
        Route { name: CANCEL, method: "POST" },
        Route { name: COMPLETE, method: "POST" },
        Route { name: TASK, method: "GET" },
        Route { name: LIST, method: "GET" },
        Route { name: TASK_STREAM, method: "GET" },
    ];
    /// Allows for a large agent.
    const MAX_BODY: usize = 5 * 1024 * 1024;
    /// A sweep that fails is an error of the invocation, so that an alarm tells of it.
    const FAILS_ON_ERROR: bool = true;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let Some(http) = request.http else { return Ok(self.sweep(request.body, request.invocation()).await?) };
        if request.route == Some(LIST) {
            return Ok(self.list(http, request).await?);
        }
        let operation_id = http.parameter.ok_or(BadRequest::NoSuchOperation)?;
        if request.route == Some(TASK_STREAM) {
            return Err(BadRequest::NoStream.into());
        }
        if request.route == Some(TASK) {
            return Ok(self.task(operation_id, http, request, log).await?);
        }
        if request.route == Some(STATUS) {
            let answer = self.status(operation_id, http.owner, request.invocation()).await?;
            // Only now: an unknown id may be any text of the caller.
            log.operation_id = Some(operation_id.to_owned());
            return Ok(waiting(Reply::new(200, "operation", answer.body), answer.retry_after));
        }
        if request.route == Some(EVENTS) && http.method == "GET" {
            let asked = parameters::watch(http)?;
            let answer = self.watch(operation_id, http.owner, asked, request.invocation()).await?;
            log.operation_id = Some(operation_id.to_owned());
            return Ok(waiting(Reply::new(200, "events", answer.body), answer.retry_after));
        }
        if request.route == Some(CANCEL) {
            let cancellation = self.cancel(operation_id, http.owner, request.invocation()).await?;
            log.operation_id = Some(operation_id.to_owned());
            return match cancellation {
                Cancellation::Cancelled(operation) => Ok(Reply::new(200, CANCELLED, operation)),
                Cancellation::TooLate { status, operation } => Err(already_ended(status, operation)),
            };
        }
        let key = api_key(http.headers);
        let key = key.as_deref().and_then(|key| std::str::from_utf8(key).ok());
        let reply = if request.route == Some(EVENTS) {
            Reply::new(202, "events_taken", self.report(operation_id, key, request.body, request.invocation()).await?)
        } else {
            Reply::new(200, TAKEN, self.complete(operation_id, key, request.body, request.invocation()).await?)
        };
        log.operation_id = Some(operation_id.to_owned());
        Ok(reply)
    }
}

impl QueueFunction for Operations {
    async fn take<'a>(
        &'a self,
        batch: &'a Batch,
        invocation: Invocation<'a>,
        report: &'a mut Report<'_>,
    ) -> BatchResponse {
        consume(batch, &self.completions, invocation, report).await
    }
}
