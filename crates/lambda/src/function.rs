//! What a Lambda function of the set implements, and what every one does alike around it.

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
    queue::{Batch, BatchResponse, Report},
    route::{self, Route},
};

/// A Lambda function of the set. What it takes is a trait each: [`RequestFunction`], [`QueueFunction`].
pub trait Function: Send + Sync + 'static {
    /// Names it in log lines, metrics and error codes.
    const ACTION: Action;
}

/// A function that answers requests: over HTTP, as the payload, or as the detail of an event.
pub trait RequestFunction: Function {
    /// The first is the one of `/`. Empty if the function does not take HTTP.
    const ROUTES: &'static [Route];
    /// The most bytes of a body.
    const MAX_BODY: usize;
    /// Whether a request may come without HTTP.
    const TAKES_PAYLOADS: bool = true;
    /// Whether the error of a payload fails the invocation, instead of being its answer: for senders that would take an
    /// error for a result.
    const FAILS_ON_ERROR: bool = false;

    /// Serves one request. What becomes known of it goes to `log` at once, so that its error has it too.
    fn serve<'a>(
        &'a self,
        request: Request<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Result<Reply, Refusal>> + Send + 'a;
}

/// A function that takes the messages of a queue.
pub trait QueueFunction: Function {
    /// Takes a batch and reports each message that something became of.
    fn take<'a>(
        &'a self,
        batch: &'a Batch,
        invocation: Invocation<'a>,
        report: &'a mut Report<'_>,
    ) -> impl Future<Output = BatchResponse> + Send + 'a;
}

/// A request whose envelope has been opened.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The route, where it came over HTTP.
    pub route: Option<&'static str>,
    /// The body: JSON, if all is well. Empty where the route takes none.
    pub body: &'a str,
    /// When the answer has to be ready.
    pub end: Instant,
    /// The time of day.
    pub clock: Clock,
    /// Lambda's id of the invocation.
    pub request_id: &'a str,
    /// What else came with it, where it came over HTTP.
    pub http: Option<Http<'a>>,
}

/// What comes with a request over HTTP.
#[derive(Debug, Clone, Copy)]
pub struct Http<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Who sends it, where that is known.
    pub owner: Option<&'a Owner>,
    /// The segment of the path that stands where the route has braces.
    pub parameter: Option<&'a str>,
    /// What the caller sees before the route: a stage or base path, or nothing.
    pub base: &'a str,
}

impl<'a> Request<'a> {
    /// The invocation that serves it.
    #[must_use]
    pub fn invocation(&self) -> Invocation<'a> {
        Invocation { clock: self.clock, end: self.end, request_id: self.request_id }
    }
}

/// Serves `request`, by its end at the latest, and answers a panic as the fault of our own that it is.
pub(crate) async fn serve_safely<F: RequestFunction>(
    function: &F,
    request: Request<'_>,
    log: &mut RequestLog,
) -> Result<Reply, Refusal> {
    // The log is only read after a panic, and each of its fields is whole at any time.
    // Whatever it waits for must not cost the caller its answer: a table, a name of the caller's.
    let served = AssertUnwindSafe(timeout_at(request.end, function.serve(request, log))).catch_unwind().await;
    match served {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Refusal::out_of_time(F::ACTION)),
        Err(_) => Err(Refusal::unexpected(F::ACTION, "a fault in the function")),
    }
}

/// The error that there is no route of this name.
#[must_use]
pub fn no_route<F: RequestFunction>(name: &str) -> BadRequest {
    route::none(F::ROUTES, name)
}

/// The hint of CONTRACT 5 for work that did not fit into a request.
const MORE_TIME: &str = "Send the header Prefer: respond-async to give the work more time.";

/// The error that `refusal` is; `over_http` where a caller could have asked for more time.
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
