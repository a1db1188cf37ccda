//! Configuration -> generator and operations -> function -> Lambda.

use std::process::ExitCode;

use generator::config::Config;
use lifecycle::durable::WithOperations;
use patch::Patch;
use shared::environment::variable;

fn main() -> ExitCode {
    lambda::start(&["http_client", "lifecycle", "lifecycle_aws"], async || {
        let upstream = generator::connect(&Config::from_env()?).await?;
        Ok(WithOperations::new(Patch::new(upstream), lifecycle_aws::platform(variable)?).into_service())
    })
}
