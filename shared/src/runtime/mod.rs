//! From an event to an answer, under the Lambda runtime.

mod call;
mod http;
mod payload;
mod queue;

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lambda_http::http::HeaderValue;
use lambda_runtime::{Context, Diagnostic, LambdaEvent, Runtime, service_fn};
use lambda_runtime_api_client::{Client, body::Body};

use self::call::Call;
use crate::{
    config::Config, either::Either, environment::BadConfig, error_answer::ErrorAnswer, error_type::ErrorType,
    failure::Failure, function::Function, port::AgentGenerator, refusal::Refusal, remote::RemoteGenerator,
    request_log::RequestLog, response::Response, telemetry, trigger::Event, upstream::Upstream,
};

/// This much of an invocation's time is kept for the answer itself.
pub const RESERVE: Duration = Duration::from_millis(500);
/// Lambda's error type for an event that the function does not take.
const UNKNOWN_EVENT: &str = "Runtime.UnknownEvent";

/// Runs a function that asks a generator and nobody else; see [`start`].
pub fn run<F: Function, B: AgentGenerator>(
    function: impl FnOnce(Upstream<Either<RemoteGenerator, B>>) -> F,
    builtin: impl FnOnce(&Config, Option<&str>) -> Result<B, BadConfig>,
) -> ExitCode {
    start(async |config| Ok(function(Upstream::connect(config, builtin).await?)))
}

/// Runs a function until Lambda ends it: reads the configuration, prepares the function, and serves events, one by one, or
/// on Lambda Managed Instances as many at a time as `AWS_LAMBDA_MAX_CONCURRENCY` says. A configuration that does not hold is
/// logged, reported to Lambda, and ends the process.
pub fn start<F: Function>(prepare: impl AsyncFnOnce(&Config) -> Result<F, BadConfig>) -> ExitCode {
    telemetry::start();
    // One thread, and no workers to start. It is enough for many invocations at once as well: each waits for a generator, and
    // takes well under a millisecond of the processor.
    let executor = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(executor) => executor,
        Err(error) => {
            tracing::error!(%error, "the executor could not be started");
            return ExitCode::FAILURE;
        }
    };
    executor.block_on(async {
        let prepared = async { Service::prepare(Config::from_env()?, prepare).await };
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
        .run_concurrent()
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
        prepare: impl AsyncFnOnce(&Config) -> Result<F, BadConfig>,
    ) -> Result<Self, BadConfig> {
        let function = prepare(&config).await?;
        Ok(Self { allowed_origin: config.allowed_origin, ..Self::new(function) })
    }

    /// Serves one event.
    ///
    /// # Errors
    /// The event is none that the function takes, or an EventBridge event whose work failed: Lambda's own retries and
    /// failure destination take over.
    pub async fn handle(&self, event: Event, context: &Context) -> Result<Response, Diagnostic> {
        let call = Call::of(context, !self.is_warm.swap(true, Ordering::Relaxed));
        match event {
            Event::Http(http) if !F::ROUTES.is_empty() => self.http(http, &call).await,
            Event::Http(_) => Err(unknown::<F>(NO_HTTP, &call)),
            Event::Direct(body) if F::TAKES_PAYLOADS && !F::FAILS_ON_ERROR => self.direct(&body, &call).await,
            Event::Direct(body) | Event::EventBridge(body) if F::TAKES_PAYLOADS => self.or_fail(&body, &call).await,
            Event::Direct(_) | Event::EventBridge(_) => Err(unknown::<F>(NO_PAYLOAD, &call)),
            Event::Queue(batch) => self.queue(&batch, &call).await,
            Event::Unknown(reason) => Err(unknown::<F>(reason, &call)),
        }
    }
}

const NO_HTTP: &str = "The event is a request of API Gateway or a Function URL, which this function does not take.";
const NO_PAYLOAD: &str = "The event is a request body, which this function does not take.";

/// The error that an event is which `F` does not take.
fn unknown<F: Function>(reason: &str, call: &Call<'_>) -> Diagnostic {
    tracing::error!(request_id = call.invocation.request_id, "{reason}");
    let what_it_takes = match (F::ROUTES, F::TAKES_PAYLOADS) {
        ([], false) => "Messages come from its queue.",
        ([], true) => "API Gateway asks it as a Lambda authorizer.",
        (_, true) => "Send a request of API Gateway, or a request body as the payload.",
        (_, false) => "Send a request of API Gateway.",
    };
    Diagnostic { error_type: UNKNOWN_EVENT.to_owned(), error_message: format!("{reason} {what_it_takes}") }
}

fn too_large<F: Function>(record: &RequestLog) -> Refusal {
    let text = "Agent Generator returned an answer that is larger than what the platform can send";
    let failure = Failure { upstream_status: record.upstream_status, ..Failure::new(ErrorType::InvalidResponse, text) };
    Refusal::Failed { action: F::ACTION, failure }
}

fn unwritable(error: &ErrorAnswer) -> Diagnostic {
    Diagnostic { error_type: error.error_type.name().to_owned(), error_message: error.message.clone() }
}
