//! A function whose work may outlive a request: picks the mode of each request and builds the answer (CONTRACT 6.1).

use std::{borrow::Cow, future::Future, sync::Arc};

use lambda::{
    Function, QueueFunction, REPLAYED, RequestFunction, Route, Service,
    function::Request,
    queue::{Batch, BatchResponse, Report, consume},
};
use lambda_http::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{IF_MATCH, LOCATION, RETRY_AFTER},
};
use shared::{
    action::Action,
    bad_request::BadRequest,
    caller::Owner,
    error_answer::ErrorAnswer,
    error_type::ErrorType,
    failure::Failure,
    invocation::{Clock, Invocation},
    json::Object,
    port::{Background, OperationIds},
    port_error::PortError,
    refusal::Refusal,
    reply::Reply,
    request::Fields,
    request_log::RequestLog,
    success::Success,
};
use tokio::time::Instant;

use crate::{
    breaker::Breaker,
    callback::Lookup,
    cancel::already_ended,
    end::{Ending, session},
    idempotent::{Answer, IdempotentRunner},
    job::{Assignment, Done, Job},
    ports::{JobQueue, MessageVisibility},
    progress::ProgressLog,
    record::{Creation, NewOperation, OperationRecord, Outcome, Status, Tool},
    request_options::{Mode, RequestOptions},
    settings::Settings,
    start::{NotStarted, Started, Starter},
    status::{self, StatusAnswer},
    work::Worker,
};

const PREFERENCE_APPLIED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("preference-applied"), HeaderValue::from_static("respond-async"));

/// For whom work is done, as which operation, and until when.
#[derive(Clone, Copy)]
pub struct WorkContext<'a> {
    /// `None`: of a caller without a name, who can keep nothing.
    pub owner: Option<&'a Owner>,
    /// The id of the operation, and the name of this one among all that ever have that id. `None` if nothing repeats the work.
    pub operation: Option<(&'a str, Creation)>,
    /// Of a worker's job, which may hand it over and tells it its steps.
    pub background: Option<Background<'a>>,
    pub clock: Clock,
    /// The work must have ended by then.
    pub end: Instant,
}

impl<'a> WorkContext<'a> {
    /// Of a job whose generator is at it, with the generator's own ticket.
    #[must_use]
    pub fn with_ticket(self, ticket: Option<&'a str>) -> Self {
        let background = self.background.map(|background| {
            let ids = OperationIds { ticket, ..background.ids };
            Background { ids, ..background }
        });
        Self { background, ..self }
    }

    /// Names the work unlike any other that its owner ever orders; a repeat of it has the same name.
    #[must_use]
    pub fn work_name(&self) -> Option<String> {
        self.operation.map(|(operation_id, creation)| format!("{operation_id}.{creation}"))
    }
}

/// Work that runs within a request or in the background. Implement this to get both, with idempotency.
pub trait Durable: Clone + Send + Sync + 'static {
    const TOOL: Tool;
    const ACTION: Action;
    const ROUTES: &'static [Route];
    /// Bytes.
    const MAX_BODY: usize;

    /// The parsed request.
    type Input<'a>: Send;

    /// Checks types and lengths of the fields that this work reads. Notes the request in `log`.
    fn check_fields<'a>(body: Object<'a>, log: &mut RequestLog) -> Result<Fields<'a>, BadRequest>;

    /// # Errors
    /// A required field is missing or blank.
    fn parse<'a>(fields: &Fields<'a>) -> Result<Self::Input<'a>, BadRequest>;

    /// Called before anything is accepted; [`Self::work`] cannot rely on it.
    ///
    /// # Errors
    /// No generator is configured, or not what the request needs besides; or the caller may not ask for that.
    fn check(&self, input: &Self::Input<'_>, owner: Option<&Owner>) -> Result<(), Refusal>;

    fn work<'a>(
        &'a self,
        input: Self::Input<'a>,
        context: WorkContext<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Result<Done, Refusal>> + Send + 'a;
}

impl<D: Durable> Job for D {
    async fn run<'a>(&'a self, assignment: Assignment<'a>, log: &'a mut RequestLog) -> Result<Done, Refusal> {
        let Assignment { ids, creation, owner, body, progress, clock, end } = assignment;
        let background = progress.map(|progress| Background { ids, progress });
        let context = WorkContext { owner, operation: Some((ids.operation_id, creation)), background, clock, end };
        let fields = D::check_fields(Fields::open(body, log)?, log)?;
        self.work(D::parse(&fields)?, context, log).await
    }
}

/// The ports and settings that operations need.
#[derive(Debug, Clone)]
pub struct Platform {
    pub ending: Ending,
    pub log: Arc<dyn ProgressLog>,
    pub jobs: Arc<dyn JobQueue>,
    /// The jobs queue, for the messages that a worker receives.
    pub visibility: Arc<dyn MessageVisibility>,
    /// Resolves the host of a `callback_url`.
    pub lookup: Arc<dyn Lookup>,
    pub settings: Settings,
}

/// A function that does `work` within requests and, if it has a platform, as operations.
#[derive(Debug, Clone)]
pub struct WithOperations<D> {
    work: D,
    platform: Option<Platform>,
    /// Outlives a batch.
    breaker: Arc<Breaker>,
}

impl<D: Durable> WithOperations<D> {
    #[must_use]
    pub fn new(work: D, platform: Option<Platform>) -> Self {
        let settings = platform.as_ref().map(|platform| platform.settings.clone()).unwrap_or_default();
        Self { work, platform, breaker: Arc::new(Breaker::new(settings.retry_base)) }
    }

    /// Serves requests, and the jobs queue if there is a platform.
    #[must_use]
    pub fn into_service(self) -> Service<Self> {
        let has_queue = self.platform.is_some();
        let service = Service::new(self).with_requests();
        if has_queue { service.with_queue() } else { service }
    }

    async fn serve_directly<'a>(
        &'a self,
        input: D::Input<'a>,
        (owner, request): (Option<&'a Owner>, &'a Request<'a>),
        log: &'a mut RequestLog,
    ) -> Result<Reply, Refusal> {
        let (clock, end) = (request.clock, request.end);
        let context = WorkContext { owner, operation: None, background: None, clock, end };
        match self.work.work(input, context, log).await? {
            Done::Reply(reply) => Ok(reply),
            Done::HandedOver(_) | Done::Later(_) => {
                Err(Refusal::unexpected(D::ACTION, "a job within a request was handed over"))
            }
        }
    }

    async fn start(
        &self,
        platform: &Platform,
        (new, prefers_async): (&NewOperation, bool),
        request: &Request<'_>,
        log: &mut RequestLog,
    ) -> Result<Reply, Refusal> {
        let starter = Starter { ending: platform.ending.clone(), jobs: Arc::clone(&platform.jobs) };
        // Written first: an operation whose answer cannot be written must not begin.
        let answer = accepted(&Started::new(new), prefers_async, request, log)?;
        let started = starter.start(new, request.invocation()).await;
        let started = started.map_err(|error| not_started(error, D::ACTION))?;
        if started.is_replayed { accepted(&started, prefers_async, request, log) } else { Ok(answer) }
    }

    async fn run_idempotently(
        &self,
        platform: &Platform,
        new: &NewOperation,
        request: &Request<'_>,
        log: &mut RequestLog,
    ) -> Result<Reply, Refusal> {
        let Platform { ending, jobs, settings, .. } = platform.clone();
        let runner = IdempotentRunner { ending, jobs, settings };
        let answer = runner.run(&self.work, new, request.invocation(), log).await;
        match answer.map_err(|error| not_started(error, D::ACTION))? {
            Answer::Now(result) => result,
            Answer::Replayed(operation, outcome) => replayed(&operation, outcome, request.request_id),
            Answer::Started(started) => accepted(&started, false, request, log),
        }
    }
}

impl<D: Durable> Function for WithOperations<D> {
    const ACTION: Action = D::ACTION;
}

impl<D: Durable> RequestFunction for WithOperations<D> {
    const ROUTES: &'static [Route] = D::ROUTES;
    const MAX_BODY: usize = D::MAX_BODY;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let none = HeaderMap::new();
        let headers = request.http.map_or(&none, |http| http.headers);
        let body = with_if_match(request.body, headers);
        let fields = D::check_fields(Fields::open(&body, log)?, log)?;
        let default = Settings::default();
        let settings = self.platform.as_ref().map_or(&default, |platform| &platform.settings);
        let options = RequestOptions::parse(fields.object(), headers, &settings.trusted_hosts)?;
        let input = D::parse(&fields)?;
        let owner = match request.http {
            Some(http) => http.owner.cloned(),
            None => Owner::from_body(fields.object())?,
        };
        self.work.check(&input, owner.as_ref())?;
        let mode = options.mode();
        let Some(platform) = self.platform.as_ref().filter(|_| mode != Mode::Direct) else {
            if mode == Mode::Direct || options.may_be_served_synchronously() {
                return self.serve_directly(input, (owner.as_ref(), &request), log).await;
            }
            let failure = Failure::new(ErrorType::ServiceUnavailable, "operations are not configured");
            return Err(Refusal::Failed { action: D::ACTION, failure });
        };
        // What nobody owns, nobody could read; and callers without a name would share their keys and ids.
        if request.http.is_some() && owner.is_none() {
            return Err(BadRequest::Unnamed.into());
        }
        if let Some(url) = options.callback_url() {
            url.look_up(&*platform.lookup).await.map_err(BadRequest::from)?;
        }
        let prefers_async = options.prefers_async();
        let new = options.operation(D::TOOL, owner, (&body, fields.object()), settings, request.clock.now());
        match mode {
            Mode::Async => self.start(platform, (&new, prefers_async), &request, log).await,
            _ => self.run_idempotently(platform, &new, &request, log).await,
        }
    }
}

impl<D: Durable> QueueFunction for WithOperations<D> {
    /// Without a platform, which [`Self::into_service`] rules out, every message stays on the queue.
    async fn take<'a>(
        &'a self,
        batch: &'a Batch,
        invocation: Invocation<'a>,
        report: &'a mut Report<'_>,
    ) -> BatchResponse {
        let Some(Platform { ending, log, visibility, settings, .. }) = self.platform.clone() else {
            return BatchResponse::all_again(batch);
        };
        let (job, breaker) = (self.work.clone(), Arc::clone(&self.breaker));
        let worker = Worker { job, tool: D::TOOL, ending, log, visibility, settings, breaker };
        consume(batch, &worker, invocation, report).await
    }
}

/// What is stored of a request is its body alone, so `If-Match` goes into that, over what it says itself.
fn with_if_match<'a>(body: &'a str, headers: &HeaderMap) -> Cow<'a, str> {
    let lists: Vec<&str> = headers.get_all(IF_MATCH).iter().filter_map(|value| value.to_str().ok()).collect();
    // What is not an object is refused as it is.
    let Some(start) = body.trim_end().strip_suffix('}').filter(|_| !lists.is_empty()) else { return body.into() };
    let comma = if start.trim_end().ends_with('{') { "" } else { "," };
    format!("{start}{comma}\"if_match\":{}}}", serde_json::Value::from(lists.join(","))).into()
}

/// The 202 answer.
fn accepted(
    started: &Started,
    prefers_async: bool,
    request: &Request<'_>,
    log: &mut RequestLog,
) -> Result<Reply, Refusal> {
    let unwritable = || Refusal::unexpected(started.tool.action(), "the answer could not be written");
    log.operation_id = Some(started.operation_id.clone());
    let mut reply = Reply::new(202, "operation_started", started.body().map_err(|_| unwritable())?);
    if let Some(base) = request.http.and_then(|http| http.base) {
        let location = HeaderValue::from_str(&format!("{base}/operations/{}", started.operation_id));
        reply.headers.insert(LOCATION, location.map_err(|_| unwritable())?);
    }
    reply.headers.insert(RETRY_AFTER, status::RETRY_AFTER.into());
    reply.headers.extend(prefers_async.then_some(PREFERENCE_APPLIED));
    reply.headers.extend(started.is_replayed.then_some(REPLAYED));
    Ok(reply)
}

/// The stored answer to the same request.
fn replayed(operation: &OperationRecord, outcome: Outcome, request_id: &str) -> Result<Reply, Refusal> {
    match outcome {
        Outcome::Completed(body) => {
            let mut reply = Reply::new(200, Success::kept(&body).unwrap_or("completed"), body);
            reply.headers.extend([REPLAYED]);
            Ok(reply)
        }
        Outcome::Failed { error_type, body } => {
            Err(Refusal::Replayed { error_type: ErrorType::named(&error_type), body })
        }
        Outcome::Cancelled => {
            let action = operation.tool.action();
            let unwritable = || Refusal::unexpected(action, "the answer could not be written");
            let told = StatusAnswer::new(operation, None).map_err(|_| unwritable())?;
            let refusal = already_ended(Status::Cancelled, told.body);
            let answer = ErrorAnswer::new(&refusal, action, &session(operation), request_id);
            let body = answer.json().map_err(|_| unwritable())?;
            Err(Refusal::Replayed { error_type: answer.error_type, body })
        }
    }
}

fn not_started(error: NotStarted, action: Action) -> Refusal {
    match error {
        NotStarted::Refused(bad) => bad.into(),
        NotStarted::Unavailable(error) => platform_failed(&error, action),
    }
}

/// The refusal after a port has failed.
#[must_use]
pub fn platform_failed(error: &PortError, action: Action) -> Refusal {
    let failure = Failure::new(error.error_type(), format!("operations are not available: {error}"));
    Refusal::Failed { action, failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_a_caller_names_in_a_header_reaches_the_worker_too() {
        let headers = |value| HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static(value))]);
        let merged = |body| with_if_match(body, &headers(r#""2-b""#)).into_owned();
        assert_eq!(merged("{ }\n"), r#"{ "if_match":"\"2-b\""}"#);
        let body = merged(r#"{"if_match":"x","a":{}}"#);
        let object = Object::parse(&body).unwrap();
        assert_eq!((object.string("if_match").as_deref(), object.has("a")), (Some(r#""2-b""#), true));
        for body in ["", "[1]", "{\"a\"", "7"] {
            assert_eq!(merged(body), body);
        }
        assert_eq!(with_if_match("{}", &HeaderMap::new()), "{}");
    }

    #[test]
    fn a_caller_repeats_after_an_outage_but_not_after_a_fault_of_ours() {
        let outage = PortError { service: "operations table", code: "ThrottlingException".to_owned() };
        for (error, class, retryable) in [
            (outage, ErrorType::ServiceUnavailable, true),
            (PortError::malformed_call("operations table"), ErrorType::UnexpectedError, false),
        ] {
            let told = platform_failed(&error, Action::Generate).error_type();
            assert_eq!((told.is_retryable(None), told), (retryable, class), "{error}");
        }
    }
}
