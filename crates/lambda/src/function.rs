//! The traits that a function implements, and how every request is served: deadline, panics, error answer.

use std::{future::Future, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use lambda_http::http::HeaderMap;
use shared::{
    action::Action,
    bad_request::BadRequest,
    caller::Owner,
    error_answer::ErrorAnswer,
    error_type::ErrorType,
    invocation::{Clock, Invocation},
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
};
use tokio::time::{Instant, timeout_at};

use crate::{
    query::Query,
    queue::{Batch, BatchResponse, Report},
    route::{self, Route},
    stream::Answer,
};

/// A Lambda function. Implement [`RequestFunction`], [`QueueFunction`] or both as well.
pub trait Function: Send + Sync + 'static {
    /// The function's name in log lines, metrics and error codes.
    const ACTION: Action;
}

/// A function that serves requests: over HTTP, as a direct payload, or as the `detail` of an EventBridge event.
pub trait RequestFunction: Function {
    /// The first route also serves `/`. Empty if the function does not take HTTP.
    const ROUTES: &'static [Route];
    /// In bytes.
    const MAX_BODY: usize;
    /// Whether the function takes requests without HTTP.
    const TAKES_PAYLOADS: bool = true;
    /// Whether API Gateway asks the function as a Lambda authorizer.
    const IS_AUTHORIZER: bool = false;
    /// Whether a payload that fails fails the invocation. True for an authorizer: the gateway would take an error for a
    /// policy.
    const FAILS_ON_ERROR: bool = Self::IS_AUTHORIZER;

    /// Serves one request. Write to `log` as soon as something is known, so that error answers and log lines have it.
    fn serve<'a>(
        &'a self,
        request: Request<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Result<Reply, Refusal>> + Send + 'a;
}

/// A function that can write its answer piece by piece. It sits behind a gateway that streams: whatever it answers over
/// HTTP goes there in the streaming format, errors and whole answers too.
pub trait StreamFunction: RequestFunction {
    /// Answers a request that asks for a stream. `None`: [`RequestFunction::serve`] answers it.
    fn stream<'a>(
        &'a self,
        request: Request<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Result<Option<Answer>, Refusal>> + Send + 'a;
}

pub trait QueueFunction: Function {
    /// Processes a batch. Calls `report` once for each message with an outcome: it writes the log line.
    fn take<'a>(
        &'a self,
        batch: &'a Batch,
        invocation: Invocation<'a>,
        report: &'a mut Report<'_>,
    ) -> impl Future<Output = BatchResponse> + Send + 'a;
}

/// A request, whatever event it came by.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `None` without HTTP.
    pub route: Option<&'static str>,
    /// Not yet validated. Empty if the route takes no body.
    pub body: &'a str,
    /// When the answer must be ready.
    pub end: Instant,
    pub clock: Clock,
    pub request_id: &'a str,
    pub http: Option<Http<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Http<'a> {
    pub headers: &'a HeaderMap,
    pub query: &'a Query,
    /// `None` for a caller whom the gateway does not name.
    pub owner: Option<&'a Owner>,
    /// The route's: `GET` for a `HEAD`.
    pub method: &'static str,
    /// The value of the route's first `{…}` segment.
    pub parameter: Option<&'a str>,
    /// The values of all of them.
    pub parameters: &'a [String],
    /// The stage and base path that the caller sees before the route; may be empty. `None` if other routes are not
    /// found behind it.
    pub base: Option<&'a str>,
}

impl<'a> Request<'a> {
    #[must_use]
    pub fn invocation(&self) -> Invocation<'a> {
        Invocation { clock: self.clock, end: self.end, request_id: self.request_id }
    }
}

/// Does the `work` of a request; turns a panic or a missed deadline into a refusal.
pub(crate) async fn safely<T>(
    action: Action,
    end: Instant,
    work: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    // Unwind-safe: after a panic the log is only read, and each of its fields is valid at any time.
    match AssertUnwindSafe(timeout_at(end, work)).catch_unwind().await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Refusal::out_of_time(action)),
        Err(_) => Err(Refusal::unexpected(action, "a fault in the function")),
    }
}

/// Serves `request` by [`safely`].
pub(crate) async fn serve_safely<F: RequestFunction>(
    function: &F,
    request: Request<'_>,
    log: &mut RequestLog,
) -> Result<Reply, Refusal> {
    safely(F::ACTION, request.end, function.serve(request, log)).await
}

/// Builds the error for an unknown route.
#[must_use]
pub fn no_route<F: RequestFunction>(name: &str) -> BadRequest {
    route::not_found(F::ROUTES, name)
}

/// The hint for a timeout over HTTP: CONTRACT 5.
const MORE_TIME: &str = "Send the header Prefer: respond-async to give the work more time.";

/// Builds the error answer. Only callers over HTTP can ask for more time, so only they get the hint.
pub(crate) fn error_answer<F: Function>(
    refusal: &Refusal,
    log: &RequestLog,
    request_id: &str,
    over_http: bool,
) -> ErrorAnswer {
    let answer = ErrorAnswer::new(refusal, F::ACTION, log, request_id);
    let can_outlive_a_request = matches!(F::ACTION, Action::Generate | Action::Patch);
    if over_http && can_outlive_a_request && answer.error_type == ErrorType::Timeout {
        return answer.with_hint(MORE_TIME);
    }
    answer
}
