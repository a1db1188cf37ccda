//! `operations`: how work stands that outlives a request, and its end when a generator tells of it, by HTTP or by queue.

mod internal_key;

use lambda::{
    Function, QueueFunction, RequestFunction, Route,
    caller::API_KEY,
    function::Request,
    queue::{Batch, BatchResponse, Report, consume},
};
use lambda_http::http::header::RETRY_AFTER;
use lifecycle::{
    complete::{Completion, Completions, TAKEN},
    durable::platform_failed,
    request_options::is_id,
    status::{StatusAnswer, status},
};
use serde_json::json;
use shared::{
    action::Action, bad_request::BadRequest, caller::Owner, invocation::Invocation, port_error::PortError,
    refusal::Refusal, reply::Reply, request_log::RequestLog,
};

pub use internal_key::InternalKey;

const STATUS: &str = "operations/{operation_id}";
const COMPLETE: &str = "operations/{operation_id}/complete";

/// The function. Its queue's [`Consumer`](lambda::queue::Consumer) is [`Self::completions`].
#[derive(Debug, Clone)]
pub struct Operations {
    /// Takes completions.
    pub completions: Completions,
    /// The key of those who may complete over HTTP.
    pub key: InternalKey,
}

/// Why a request was not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// What is wrong with it.
    #[error(transparent)]
    Bad(#[from] BadRequest),
    /// There is no internal key.
    #[error("no internal key is configured")]
    NotConfigured,
    /// The platform failed; it may not later.
    #[error(transparent)]
    Platform(#[from] PortError),
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Bad(bad) => bad.into(),
            Refused::NotConfigured => Self::NotConfigured,
            Refused::Platform(error) => platform_failed(&error, Operations::ACTION),
        }
    }
}

impl Operations {
    /// How an operation of `reader` stands: `GET /operations/{operation_id}`.
    ///
    /// # Errors
    /// There is none of this id, or it is another's, which is the same to a caller; or the platform failed.
    pub async fn status(
        &self,
        operation_id: &str,
        reader: Option<&Owner>,
        invocation: Invocation<'_>,
    ) -> Result<StatusAnswer, Refused> {
        check_id(operation_id)?;
        let found = status(&*self.completions.ending.store, operation_id, reader, invocation).await?;
        found.ok_or(BadRequest::NoSuchOperation.into())
    }

    /// Ends an operation, for a caller who brings `key`: `POST /operations/{operation_id}/complete`. Gives back the body
    /// of the answer.
    ///
    /// # Errors
    /// The key is not configured or not right; the body is none; there is no such operation; or the platform failed.
    pub async fn complete(
        &self,
        operation_id: &str,
        key: Option<&str>,
        body: &str,
        invocation: Invocation<'_>,
    ) -> Result<String, Refused> {
        // Before anything is looked at: who has no key learns nothing.
        self.key.check(key).await?;
        let completion = Completion::parse(body)?;
        check_id(operation_id)?;
        let task_id = self.completions.complete(operation_id, completion, invocation).await?;
        let task_id = task_id.ok_or(BadRequest::NoSuchOperation)?;
        Ok(json!({"status": "ok", "task_id": task_id}).to_string())
    }
}

/// What is no id leads to no operation, and must not lead to anything else in the table.
fn check_id(operation_id: &str) -> Result<(), BadRequest> {
    if is_id(operation_id) { Ok(()) } else { Err(BadRequest::NoSuchOperation) }
}

impl Function for Operations {
    const ACTION: Action = Action::Operations;
}

impl RequestFunction for Operations {
    const ROUTES: &'static [Route] = &[Route { name: STATUS, method: "GET" }, Route { name: COMPLETE, method: "POST" }];
    /// An agent may be large.
    const MAX_BODY: usize = 5 * 1024 * 1024;
    const TAKES_PAYLOADS: bool = false;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let named = request.http.and_then(|http| Some((http, http.parameter?)));
        let (http, operation_id) = named.ok_or(BadRequest::NoSuchOperation)?;
        if request.route == Some(STATUS) {
            let answer = self.status(operation_id, http.owner, request.invocation()).await?;
            // Only now: what leads nowhere may be any text of the caller's.
            log.operation_id = Some(operation_id.to_owned());
            let mut reply = Reply::new(200, "operation", answer.body);
            reply.headers.extend(answer.retry_after.map(|seconds| (RETRY_AFTER, seconds.into())));
            return Ok(reply);
        }
        let key = http.headers.get(API_KEY).and_then(|key| key.to_str().ok());
        let body = self.complete(operation_id, key, request.body, request.invocation()).await?;
        log.operation_id = Some(operation_id.to_owned());
        Ok(Reply::new(200, TAKEN, body))
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
