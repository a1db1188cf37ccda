//! Starts a function's process: logging, the executor, the Runtime API.

use std::{process::ExitCode, sync::Arc};

use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use lambda_runtime_api_client::{Client, body::Body};
use shared::environment::{BadConfig, variable};

use crate::{function::Function, origin, service::Service, telemetry, trigger::Event};

/// Prepares a function and serves events until Lambda ends the process: one at a time, or on Lambda Managed Instances up to
/// `AWS_LAMBDA_MAX_CONCURRENCY` at a time. A bad configuration is logged, reported to Lambda, and ends the process.
/// `log_targets` are the crates that log at the configured level; all others log errors only.
pub fn start<F: Function>(
    log_targets: &[&'static str],
    prepare: impl AsyncFnOnce() -> Result<Service<F>, BadConfig>,
) -> ExitCode {
    telemetry::start(log_targets);
    // One thread is enough even for concurrent invocations: each mostly waits for a generator and needs well under a
    // millisecond of CPU.
    let executor = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(executor) => executor,
        Err(error) => {
            tracing::error!(%error, "could not start the executor");
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
                tracing::error!(%error, "the Lambda runtime stopped with an error");
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

/// Reports to Lambda why the function does not start, so that invokers see the reason, not only the log.
async fn report_start_failure(error: &BadConfig) {
    const ERROR_TYPE: &str = "Runtime.BadConfiguration";
    let diagnostic = Diagnostic { error_type: ERROR_TYPE.to_owned(), error_message: error.to_string() };
    let request = lambda_http::http::Request::post("/2018-06-01/runtime/init/error")
        .header("lambda-runtime-function-error-type", ERROR_TYPE)
        .body(Body::from(serde_json::to_string(&diagnostic).unwrap_or_default()));
    // Best effort: the log has the reason too.
    if let (Ok(request), true) = (request, std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some())
        && let Ok(client) = Client::builder().build()
    {
        let _ = client.call(request).await;
    }
}
