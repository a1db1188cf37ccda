//! Starts a function's process: logging, the executor, the Runtime API.

use std::process::ExitCode;

use shared::environment::{BadConfig, given, variable};

use crate::{function::Function, origin, runtime_api::RuntimeApi, service::Service, telemetry};

/// Variables that Lambda sets for every function. None is needed here, but a log line tells that something else started
/// the process.
const PLATFORM: [&str; 3] =
    ["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"];

/// Prepares a function and serves events until Lambda ends the process: one at a time, or on Lambda Managed Instances up to
/// `AWS_LAMBDA_MAX_CONCURRENCY` at a time. A bad configuration is logged, reported to Lambda, and ends the process.
/// `log_targets` are the crates that log at the configured level; all others log errors only.
pub fn start<F: Function>(
    log_targets: &[&'static str],
    prepare: impl AsyncFnOnce() -> Result<Service<F>, BadConfig>,
) -> ExitCode {
    telemetry::start(log_targets);
    for name in PLATFORM {
        if given(variable, name).is_none() {
            tracing::warn!(variable = name, "{name} is not set: this is not Lambda");
        }
    }
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
        let api = RuntimeApi::from_environment(variable);
        let started = prepared(prepare).await.and_then(|service| Ok((service, api.as_ref().map_err(Clone::clone)?)));
        match started {
            Ok((service, api)) => {
                let reason = api.serve(&service).await;
                tracing::error!("the process ends: {reason}");
            }
            Err(error) => {
                tracing::error!(variable = error.variable, "{error}");
                if let Ok(api) = &api {
                    api.report_start_failure(&error).await;
                }
            }
        }
        ExitCode::FAILURE
    })
}

async fn prepared<F: Function>(
    prepare: impl AsyncFnOnce() -> Result<Service<F>, BadConfig>,
) -> Result<Service<F>, BadConfig> {
    let service = prepare().await?;
    Ok(service.with_allowed_origin(origin::from_environment(variable)?))
}
