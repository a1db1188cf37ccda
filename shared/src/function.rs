//! A function of the set: what it brings, and what every one does alike around it.

use std::{future::Future, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use tokio::time::Instant;

use crate::{
    bad_request::BadRequest,
    error_type::ErrorType,
    operation::Operation,
    record::Record,
    refusal::{ErrorAnswer, MAX_ASKED, Refusal},
    success::Success,
};

/// A route that a function serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The path's last segment.
    pub name: &'static str,
    /// The method that it takes.
    pub method: &'static str,
}

/// A function of the set.
pub trait Function: Send + Sync + 'static {
    /// What it does.
    const OPERATION: Operation;
    /// The routes that it serves; the first is the one of `/`.
    const ROUTES: &'static [Route];
    /// The most bytes that a request may have.
    const MAX_BODY: usize;

    /// Serves one request. What becomes known of it goes to `record` at once, so that its error has it too.
    fn serve<'a>(
        &'a self,
        request: Request<'a>,
        record: &'a mut Record,
    ) -> impl Future<Output = Result<Reply, Refusal>> + Send + 'a;
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
}

/// A result, ready to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// What the log line calls it.
    pub outcome: &'static str,
    /// The JSON body.
    pub body: String,
    /// Where the body tells of a failure without being an error, its class.
    pub error_type: Option<ErrorType>,
}

impl Reply {
    /// A result of CONTRACT 4.
    ///
    /// # Errors
    /// Only where the JSON writer fails.
    pub fn of(success: &Success, operation: Operation, record: &Record) -> Result<Self, Refusal> {
        let body = success
            .body(record.session_id.as_deref())
            .map_err(|_| Refusal::unexpected(operation, "the answer could not be written"))?;
        Ok(Self { status: 200, outcome: success.name(), body, error_type: None })
    }
}

/// Serves `request`, and answers a panic as the fault of our own that it is.
pub(crate) async fn serve_safely<F: Function>(
    function: &F,
    request: Request<'_>,
    record: &mut Record,
) -> Result<Reply, Refusal> {
    // The record is only read after a panic, and each of its fields is whole at any time.
    let served = AssertUnwindSafe(function.serve(request, record)).catch_unwind().await;
    served.unwrap_or_else(|_| Err(Refusal::unexpected(F::OPERATION, "a fault in the function")))
}

/// The route at the end of `path`, whatever stage or base path stands before it.
///
/// # Errors
/// There is no such route, or it takes another method.
pub(crate) fn route<F: Function>(method: &str, path: &str) -> Result<Route, BadRequest> {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let found = match name {
        "" => F::ROUTES.first(),
        name => F::ROUTES.iter().find(|route| route.name == name),
    };
    let route = found.ok_or_else(|| no_route::<F>(name))?;
    if route.method != method {
        let method = printable(method, MAX_METHOD);
        return Err(BadRequest::MethodNotAllowed { route: route.name, method, allow: route.method });
    }
    Ok(*route)
}

/// The error that there is no route of this name.
#[must_use]
pub fn no_route<F: Function>(name: &str) -> BadRequest {
    let served: Vec<_> = F::ROUTES.iter().map(|route| format!("{} /{}", route.method, route.name)).collect();
    BadRequest::NotFound { route: format!("/{}", printable(name, MAX_ASKED)), served: served.join(" and ") }
}

/// An unknown method is repeated up to this many characters.
const MAX_METHOD: usize = 20;

fn printable(text: &str, limit: usize) -> String {
    text.chars().filter(|character| !character.is_control()).take(limit).collect()
}

/// The hint of CONTRACT 5 for work that did not fit into a request.
const MORE_TIME: &str = "Send the header Prefer: respond-async to give the work more time.";

/// The error that `refusal` is; `over_http` where a caller could have asked for more time.
pub(crate) fn error_answer<F: Function>(
    refusal: &Refusal,
    record: &Record,
    request_id: &str,
    over_http: bool,
) -> ErrorAnswer {
    let answer = ErrorAnswer::new(refusal, F::OPERATION, record, request_id);
    let can_outlive_a_request = matches!(F::OPERATION, Operation::Generate | Operation::Patch);
    if over_http && can_outlive_a_request && answer.error_type == ErrorType::Timeout {
        return answer.with_hint(MORE_TIME);
    }
    answer
}
