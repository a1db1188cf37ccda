//! A function whose work may outlive a request: which way a request goes, and how it is answered. CONTRACT 6.1.

use std::{future::Future, sync::Arc};

use lambda_http::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{LOCATION, RETRY_AFTER},
};
use tokio::time::Instant;

use super::{
    breaker::Breaker,
    end::Ending,
    job::{Assignment, Done, Job},
    ports::{JobQueue, MessageVisibility},
    record::{NewOperation, Outcome, Tool},
    remembered::{Answer, Remembering},
    settings::Settings,
    start::{NotStarted, Started, Starter},
    status,
    wish::{Way, Wish},
    work::Worker,
};
use crate::{
    action::Action,
    bad_request::BadRequest,
    callback::Lookup,
    caller::Owner,
    error_type::ErrorType,
    failure::Failure,
    function::{Function, Request, Route},
    http_answer::REPLAYED,
    invocation::Invocation,
    json::Object,
    port::OperationIds,
    port_error::PortError,
    queue::{Batch, BatchResponse, Report, consume},
    refusal::Refusal,
    reply::Reply,
    request::Fields,
    request_log::RequestLog,
    success::Success,
};

const PREFERENCE_APPLIED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("preference-applied"), HeaderValue::from_static("respond-async"));

/// What is done for a request, whether it waits or not.
pub trait Durable: Clone + Send + Sync + 'static {
    /// What it makes.
    const TOOL: Tool;
    /// The operation that it is.
    const ACTION: Action;
    /// Its routes.
    const ROUTES: &'static [Route];
    /// The most bytes that a request may have.
    const MAX_BODY: usize;

    /// Notes what is asked, and holds an opened body against the fields that this work reads.
    ///
    /// # Errors
    /// A text is too long, or a field has the wrong type.
    fn read<'a>(body: Object<'a>, log: &mut RequestLog) -> Result<Fields<'a>, BadRequest>;

    /// Looks whether the work could begin.
    ///
    /// # Errors
    /// Something is missing: a field, or the generator.
    fn check(&self, fields: &Fields<'_>) -> Result<(), Refusal>;

    /// Does the work, by `end` at the latest. It may be handed over where it is for an `operation`.
    fn work<'a>(
        &'a self,
        fields: &'a Fields<'a>,
        operation: Option<OperationIds<'a>>,
        end: Instant,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Result<Done, Refusal>> + Send + 'a;
}

impl<D: Durable> Job for D {
    async fn run<'a>(&'a self, assignment: Assignment<'a>, log: &'a mut RequestLog) -> Result<Done, Refusal> {
        let Assignment { operation_id, task_id, body, may_hand_over, end } = assignment;
        let fields = D::read(Fields::open(body, log)?, log)?;
        let operation = may_hand_over.then_some(OperationIds { operation_id, task_id });
        self.work(&fields, operation, end, log).await
    }
}

/// Where operations are kept and how they are run.
#[derive(Debug, Clone)]
pub struct Platform {
    /// How they end.
    pub ending: Ending,
    /// Where they wait for a worker.
    pub jobs: Arc<dyn JobQueue>,
    /// The queue that a worker's messages come from.
    pub visibility: Arc<dyn MessageVisibility>,
    /// Who knows where the name in a `callback_url` leads.
    pub lookup: Arc<dyn Lookup>,
    /// How they are run.
    pub settings: Settings,
}

/// A function that does `work` within a request, or as an operation where it has a platform.
#[derive(Debug, Clone)]
pub struct WithOperations<D> {
    work: D,
    platform: Option<Platform>,
    /// What the environment knows of the generator: kept from one batch to the next.
    breaker: Arc<Breaker>,
}

impl<D: Durable> WithOperations<D> {
    /// A function that does `work`; without a `platform` within requests alone.
    #[must_use]
    pub fn new(work: D, platform: Option<Platform>) -> Self {
        let settings = platform.as_ref().map(|platform| platform.settings.clone()).unwrap_or_default();
        Self { work, platform, breaker: Arc::new(Breaker::new(settings.retry_base)) }
    }

    async fn directly(
        &self,
        fields: &Fields<'_>,
        request: &Request<'_>,
        log: &mut RequestLog,
    ) -> Result<Reply, Refusal> {
        match self.work.work(fields, None, request.end, log).await? {
            Done::Reply(reply) => Ok(reply),
            Done::HandedOver => Err(Refusal::unexpected(D::ACTION, "nobody may take it over")),
        }
    }

    async fn start(
        &self,
        platform: &Platform,
        (new, prefers_async): (&NewOperation, bool),
        request: &Request<'_>,
        log: &mut RequestLog,
    ) -> Result<Reply, Refusal> {
        let starter = Starter {
            store: Arc::clone(&platform.ending.store),
            jobs: Arc::clone(&platform.jobs),
            settings: platform.settings.clone(),
        };
        log.operation_id = Some(new.operation_id.clone());
        let started = starter.start(new, request.clock).await.map_err(|error| not_started(error, D::ACTION))?;
        accepted(&started, prefers_async, request, log)
    }

    async fn remember(
        &self,
        platform: &Platform,
        new: &NewOperation,
        request: &Request<'_>,
        log: &mut RequestLog,
    ) -> Result<Reply, Refusal> {
        let Platform { ending, jobs, settings, .. } = platform.clone();
        let remembering = Remembering { ending, jobs, settings };
        let answer = remembering.run(&self.work, new, request.invocation(), log).await;
        match answer.map_err(|error| not_started(error, D::ACTION))? {
            Answer::Now(result) => result,
            Answer::Replayed(outcome) => replayed(outcome),
            Answer::Started(started) => accepted(&started, false, request, log),
        }
    }
}

impl<D: Durable> Function for WithOperations<D> {
    const ACTION: Action = D::ACTION;
    const ROUTES: &'static [Route] = D::ROUTES;
    const MAX_BODY: usize = D::MAX_BODY;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let fields = D::read(Fields::open(request.body, log)?, log)?;
        let default = Settings::default();
        let settings = self.platform.as_ref().map_or(&default, |platform| &platform.settings);
        let none = HeaderMap::new();
        let headers = request.http.map_or(&none, |http| http.headers);
        let wish = Wish::read(fields.object(), headers, &settings.trusted_hosts)?;
        self.work.check(&fields)?;
        let way = wish.way();
        let Some(platform) = self.platform.as_ref().filter(|_| way != Way::Direct) else {
            if way == Way::Direct || wish.is_dispensable() {
                return self.directly(&fields, &request, log).await;
            }
            return Err(unavailable("operations are not configured", D::ACTION));
        };
        if let Some(url) = wish.callback_url() {
            url.look_up(&*platform.lookup).await.map_err(BadRequest::from)?;
        }
        let prefers_async = wish.prefers_async();
        let owner = match request.http {
            Some(http) => http.owner.cloned(),
            None => Owner::from_body(fields.object()),
        };
        let new = wish.operation(D::TOOL, owner, (request.body, fields.object()), settings, request.clock.now());
        match way {
            Way::Async => self.start(platform, (&new, prefers_async), &request, log).await,
            _ => self.remember(platform, &new, &request, log).await,
        }
    }

    async fn take<'a>(
        &'a self,
        batch: &'a Batch,
        invocation: Invocation<'a>,
        report: &'a mut Report<'_>,
    ) -> Option<BatchResponse> {
        let Platform { ending, visibility, settings, .. } = self.platform.clone()?;
        let (job, breaker) = (self.work.clone(), Arc::clone(&self.breaker));
        let worker = Worker { job, tool: D::TOOL, ending, visibility, settings, breaker };
        Some(consume(batch, &worker, invocation, report).await)
    }
}

/// The answer that an operation was accepted: now, or before.
fn accepted(
    started: &Started,
    prefers_async: bool,
    request: &Request<'_>,
    log: &mut RequestLog,
) -> Result<Reply, Refusal> {
    let unwritable = || Refusal::unexpected(started.tool.action(), "the answer could not be written");
    log.operation_id = Some(started.operation_id.clone());
    let mut reply = Reply::new(202, "operation_started", started.body().map_err(|_| unwritable())?);
    let base = request.http.map(|http| http.base).unwrap_or_default();
    let location = HeaderValue::from_str(&format!("{base}/operations/{}", started.operation_id));
    reply.headers.insert(LOCATION, location.map_err(|_| unwritable())?);
    reply.headers.insert(RETRY_AFTER, status::RETRY_AFTER.into());
    reply.headers.extend(prefers_async.then_some(PREFERENCE_APPLIED));
    reply.headers.extend(started.is_replayed.then_some(REPLAYED));
    Ok(reply)
}

/// The answer that the same request was given before.
fn replayed(outcome: Outcome) -> Result<Reply, Refusal> {
    match outcome {
        Outcome::Completed(body) => {
            let mut reply = Reply::new(200, Success::kept(&body).unwrap_or("completed"), body);
            reply.headers.extend([REPLAYED]);
            Ok(reply)
        }
        Outcome::Failed { error_type, body } => {
            Err(Refusal::Replayed { error_type: ErrorType::named(&error_type), body })
        }
    }
}

fn not_started(error: NotStarted, action: Action) -> Refusal {
    match error {
        NotStarted::Refused(bad) => bad.into(),
        NotStarted::Unavailable(error) => platform_failed(&error, action),
    }
}

/// The refusal where the platform did not do what it was asked.
#[must_use]
pub fn platform_failed(error: &PortError, action: Action) -> Refusal {
    unavailable(&format!("operations are not available: {error}"), action)
}

fn unavailable(why: &str, action: Action) -> Refusal {
    Refusal::Failed { action, failure: Failure::new(ErrorType::ServiceUnavailable, why) }
}
