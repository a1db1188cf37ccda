//! A function of the set: what it brings, and what every one does alike around it.

use std::{
    future::{Future, ready},
    panic::AssertUnwindSafe,
};

use futures_util::FutureExt;
use lambda_http::http::HeaderMap;
use tokio::time::{Instant, timeout_at};

pub use crate::route::Route;
use crate::{
    action::Action,
    bad_request::BadRequest,
    caller::Owner,
    error_answer::ErrorAnswer,
    error_type::ErrorType,
    invocation::{Clock, Invocation},
    queue::{Batch, BatchResponse, Report},
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
    route,
};

/// A function of the set.
pub trait Function: Send + Sync + 'static {
    /// What it does.
    const ACTION: Action;
    /// The routes that it serves; the first is the one of `/`. None where it is not for HTTP.
    const ROUTES: &'static [Route];
    /// The most bytes that a request may have.
    const MAX_BODY: usize;
    /// Whether a request may come without HTTP: as the payload, or as the detail of an event.
    const TAKES_PAYLOADS: bool = true;
    /// Whether the error of a payload fails the invocation, instead of being its answer: where the platform sends it, and
    /// would take an error for a result.
    const FAILS_ON_ERROR: bool = false;

    /// Serves one request. What becomes known of it goes to `log` at once, so that its error has it too.
    fn serve<'a>(
        &'a self,
        request: Request<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Result<Reply, Refusal>> + Send + 'a;

    /// Takes the messages of its queue, and reports each; `None` where it has no queue.
    fn take<'a>(
        &'a self,
        _batch: &'a Batch,
        _invocation: Invocation<'a>,
        _report: &'a mut Report<'_>,
    ) -> impl Future<Output = Option<BatchResponse>> + Send + 'a {
        ready(None)
    }
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
pub(crate) async fn serve_safely<F: Function>(
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
pub fn no_route<F: Function>(name: &str) -> BadRequest {
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
