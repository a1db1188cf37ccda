//! From an event to an answer, under the Lambda runtime.

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use lambda_http::http::HeaderValue;
use lambda_runtime::{Context, Diagnostic, LambdaEvent, Runtime, service_fn};
use lambda_runtime_api_client::{Client, body::Body};
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{
    bad_request::BadRequest,
    config::{BadConfig, Config},
    error_type::ErrorType,
    function::{Function, Reply, Request, error_answer, serve_safely},
    generator::{AgentGenerator, Failure},
    http_answer::{self, Envelope},
    record::Record,
    refusal::{ErrorAnswer, Refusal},
    response::Response,
    telemetry::{self, Served},
    trigger::{Event, HttpEvent},
    upstream::Upstream,
};

/// This much of an invocation's time is kept for the answer itself.
pub const RESERVE: Duration = Duration::from_millis(500);
/// Lambda's error type for an event that the function does not take.
const UNKNOWN_EVENT: &str = "Runtime.UnknownEvent";

/// Runs a function until Lambda ends it: reads the configuration, prepares the generator, and serves events one by one.
/// A configuration that does not hold is logged, reported to Lambda, and ends the process.
pub fn run<F: Function>(
    function: impl FnOnce(Upstream) -> F,
    builtin: impl FnOnce(&Config, Option<&str>) -> Result<Arc<dyn AgentGenerator>, BadConfig>,
) -> ExitCode {
    telemetry::start();
    // One invocation at a time needs one thread; no worker threads are started.
    let executor = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(executor) => executor,
        Err(error) => {
            tracing::error!(%error, "the executor could not be started");
            return ExitCode::FAILURE;
        }
    };
    executor.block_on(async {
        let prepared = async { Service::prepare(Config::from_env()?, function, builtin).await };
        let service = match prepared.await {
            Ok(service) => service,
            Err(error) => {
                tracing::error!(variable = error.variable, "{error}");
                report_start_failure(&error).await;
                return ExitCode::FAILURE;
            }
        };
        let service = Arc::new(service);
        let ended = Runtime::new(service_fn(move |event: LambdaEvent<Event>| {
            let service = Arc::clone(&service);
            async move { service.handle(event.payload, &event.context).await }
        }))
        .run()
        .await;
        match ended {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                tracing::error!(%error, "the Lambda runtime ended");
                ExitCode::FAILURE
            }
        }
    })
}

/// Tells Lambda why the function does not start, so that whoever invokes it reads the reason and not only its log.
async fn report_start_failure(error: &BadConfig) {
    const ERROR_TYPE: &str = "Runtime.BadConfiguration";
    let diagnostic = Diagnostic { error_type: ERROR_TYPE.to_owned(), error_message: error.to_string() };
    let request = lambda_http::http::Request::post("/2018-06-01/runtime/init/error")
        .header("lambda-runtime-function-error-type", ERROR_TYPE)
        .body(Body::from(serde_json::to_string(&diagnostic).unwrap_or_default()));
    // Outside Lambda nobody listens; the log has the reason in any case.
    if let (Ok(request), true) = (request, std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some())
        && let Ok(client) = Client::builder().build()
    {
        let _ = client.call(request).await;
    }
}

/// A function and what its environment remembers.
#[derive(Debug)]
pub struct Service<F> {
    function: F,
    allowed_origin: Option<HeaderValue>,
    is_warm: AtomicBool,
}

impl<F: Function> Service<F> {
    /// A service that has not served yet.
    #[must_use]
    pub fn new(function: F) -> Self {
        Self { function, allowed_origin: None, is_warm: AtomicBool::new(false) }
    }

    /// A service as `config` has it.
    async fn prepare(
        config: Config,
        function: impl FnOnce(Upstream) -> F,
        builtin: impl FnOnce(&Config, Option<&str>) -> Result<Arc<dyn AgentGenerator>, BadConfig>,
    ) -> Result<Self, BadConfig> {
        let upstream = Upstream::connect(&config, builtin).await?;
        Ok(Self { allowed_origin: config.allowed_origin, ..Self::new(function(upstream)) })
    }

    /// Serves one event.
    ///
    /// # Errors
    /// The event is none that the function takes, or an EventBridge event whose work failed: Lambda's own retries and
    /// failure destination take over.
    pub async fn handle(&self, event: Event, context: &Context) -> Result<Response, Diagnostic> {
        let invocation = Invocation {
            start: Instant::now(),
            end: end(context),
            request_id: &context.request_id,
            trace: context.xray_trace_id.as_deref(),
            is_cold_start: !self.is_warm.swap(true, Ordering::Relaxed),
        };
        match event {
            Event::Http(http) => self.http(http, &invocation).await,
            Event::Direct(body) => self.direct(&body, &invocation).await,
            Event::EventBridge(detail) => self.event_bridge(&detail, &invocation).await,
            Event::Unknown(reason) => {
                tracing::error!(request_id = invocation.request_id, "{reason}");
                let message = format!("{reason} Send a request of API Gateway, or a request body as the payload.");
                Err(Diagnostic { error_type: UNKNOWN_EVENT.to_owned(), error_message: message })
            }
        }
    }

    async fn http(&self, mut event: HttpEvent, invocation: &Invocation<'_>) -> Result<Response, Diagnostic> {
        let envelope = Envelope {
            gateway: event.gateway,
            request_id: invocation.request_id,
            allowed_origin: self.allowed_origin.as_ref(),
        };
        let mut record = Record::default();
        let result = match http_answer::open::<F>(&mut event) {
            Ok((route, body)) => {
                let request = Request { route: Some(route.name), body: &body, end: invocation.end };
                serve_safely(&self.function, request, &mut record).await
            }
            Err(bad) => Err(bad.into()),
        };
        let refusal = match result {
            Ok(reply) => {
                let told = Told::of(&reply);
                let length = reply.body.len();
                let response = envelope.reply(reply);
                if response.fits(length) {
                    invocation.report::<F>(&told, &record);
                    return Ok(response);
                }
                too_large::<F>(&record)
            }
            Err(refusal) => refusal,
        };
        let error = error_answer::<F>(&refusal, &record, invocation.request_id, true);
        invocation.report::<F>(&Told::error(&error, &refusal), &record);
        let as_problem = http_answer::wants_problem(&event.headers);
        envelope.error(&error, as_problem).map_err(|_| unwritable(&error))
    }

    async fn direct(&self, body: &str, invocation: &Invocation<'_>) -> Result<Response, Diagnostic> {
        match self.payload(body, invocation).await {
            Ok(response) => Ok(response),
            Err(error) => {
                error.json().and_then(RawValue::from_string).map(Response::Payload).map_err(|_| unwritable(&error))
            }
        }
    }

    async fn event_bridge(&self, detail: &str, invocation: &Invocation<'_>) -> Result<Response, Diagnostic> {
        self.payload(detail, invocation).await.map_err(|error| Diagnostic {
            error_type: error.error_type.name().to_owned(),
            error_message: error.message,
        })
    }

    /// Serves a request body that came without HTTP.
    async fn payload(&self, body: &str, invocation: &Invocation<'_>) -> Result<Response, ErrorAnswer> {
        let mut record = Record::default();
        let result = if body.len() > F::MAX_BODY {
            Err(BadRequest::BodyTooLarge { limit: F::MAX_BODY }.into())
        } else {
            let request = Request { route: None, body, end: invocation.end };
            serve_safely(&self.function, request, &mut record).await
        };
        let written = result.and_then(|reply| {
            let told = Told::of(&reply);
            let length = reply.body.len();
            let payload = RawValue::from_string(reply.body)
                .map_err(|_| Refusal::unexpected(F::OPERATION, "the answer could not be written"))?;
            let response = Response::Payload(payload);
            if response.fits(length) { Ok((told, response)) } else { Err(too_large::<F>(&record)) }
        });
        match written {
            Ok((told, response)) => {
                invocation.report::<F>(&told, &record);
                Ok(response)
            }
            Err(refusal) => {
                let error = error_answer::<F>(&refusal, &record, invocation.request_id, false);
                invocation.report::<F>(&Told::error(&error, &refusal), &record);
                Err(error)
            }
        }
    }
}

/// What holds for one invocation.
struct Invocation<'a> {
    start: Instant,
    end: Instant,
    request_id: &'a str,
    trace: Option<&'a str>,
    is_cold_start: bool,
}

impl Invocation<'_> {
    fn report<F: Function>(&self, told: &Told<'_>, record: &Record) {
        Served {
            operation: F::OPERATION.words().name,
            outcome: told.outcome,
            error_type: told.error_type.as_ref(),
            service_error: told.service_error,
            upstream_status: record.upstream_status,
            upstream_time: record.upstream_time,
            total_time: self.start.elapsed(),
            attempts: record.attempts,
            model: record.model.as_ref(),
            request_id: self.request_id,
            is_cold_start: self.is_cold_start,
            trace: self.trace,
        }
        .report();
    }
}

/// What the log line tells of the outcome.
struct Told<'a> {
    outcome: &'static str,
    error_type: Option<ErrorType>,
    service_error: Option<&'a str>,
}

impl<'a> Told<'a> {
    fn of(reply: &Reply) -> Self {
        Self { outcome: reply.outcome, error_type: reply.error_type.clone(), service_error: None }
    }

    fn error(error: &ErrorAnswer, refusal: &'a Refusal) -> Self {
        let service_error = match refusal {
            Refusal::Failed { failure, .. } => Some(failure.service_error.as_str()),
            Refusal::Bad(_) | Refusal::NotConfigured => None,
        };
        Self { outcome: "error", error_type: Some(error.error_type.clone()), service_error }
    }
}

/// When the answer has to be ready: the invocation's deadline less the reserve, on the monotonic clock from here on.
fn end(context: &Context) -> Instant {
    let left = context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    Instant::now() + left.saturating_sub(RESERVE)
}

fn too_large<F: Function>(record: &Record) -> Refusal {
    let text = "Agent Generator returned an answer that is larger than what the platform can send";
    let failure = Failure { upstream_status: record.upstream_status, ..Failure::new(ErrorType::InvalidResponse, text) };
    Refusal::Failed { operation: F::OPERATION, failure }
}

fn unwritable(error: &ErrorAnswer) -> Diagnostic {
    Diagnostic { error_type: error.error_type.name().to_owned(), error_message: error.message.clone() }
}
