//! A function's process: logging, the executor, the Runtime API.

use std::{process::ExitCode, sync::Arc};

use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use lambda_runtime_api_client::{Client, body::Body};
use shared::environment::{BadConfig, variable};

use crate::{function::Function, origin, service::Service, telemetry, trigger::Event};

/// Runs a function until Lambda ends it: prepares it and serves events, one by one, or on Lambda Managed Instances as many
/// at a time as `AWS_LAMBDA_MAX_CONCURRENCY` says. A bad configuration is logged, reported to Lambda, and ends the
/// process. `log_targets` are the crates whose events are logged from the configured level on.
pub fn start<F: Function>(
    log_targets: &[&'static str],
    prepare: impl AsyncFnOnce() -> Result<Service<F>, BadConfig>,
) -> ExitCode {
    telemetry::start(log_targets);
    // One thread, and no workers to start. It is enough for many invocations at once as well: each waits for a generator,
    // and takes well under a millisecond of the processor.
    let executor = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(executor) => executor,
        Err(error) => {
            tracing::error!(%error, "the executor could not be started");
            return ExitCode::FAILURE;
        }
    };
    executor.block_on(async {
        let service = match prepared(prepare).await {
            Ok(service) => Arc::new(service),
            Err(error) => {
                tracing::error!(variable = error.variable, "{error}");
                report_start_failure(&error).await;
                return ExitCode::FAILURE;
            }
        };
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

async fn prepared<F: Function>(
    prepare: impl AsyncFnOnce() -> Result<Service<F>, BadConfig>,
) -> Result<Service<F>, BadConfig> {
    let service = prepare().await?;
    Ok(service.with_allowed_origin(origin::from_environment(variable)?))
}

/// Tells Lambda why the function does not start, so that invokers read the reason, and not only its log.
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
