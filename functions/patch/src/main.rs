//! Configuration -> generator and operations -> function -> Lambda.

use std::process::ExitCode;

use agent_offers::Offering;
use generator::config::Config;
use lifecycle::durable::WithOperations;
use patch::Patch;
use shared::environment::variable;

fn main() -> ExitCode {
    let targets = ["http_client", "lifecycle", "lifecycle_aws", "agent_library", "agent_offers"];
    lambda::start(&targets, async || {
        let upstream = generator::connect(&Config::from_env()?).await?;
        let (library, offering) = (agent_library_aws::store(variable)?, Offering::from_environment(variable)?);
        let work = Patch::new(upstream).with_library(library, offering);
        Ok(WithOperations::new(work, lifecycle_aws::platform(variable)?).into_service())
    })
}
