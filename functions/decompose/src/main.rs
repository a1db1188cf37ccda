//! Configuration -> generator -> function -> Lambda.

use std::process::ExitCode;

use agent_offers::Offering;
use decompose::Decompose;
use generator::config::Config;
use lambda::Service;
use shared::environment::variable;

fn main() -> ExitCode {
    lambda::start(&["http_client", "agent_offers"], async || {
        let upstream = generator::connect(&Config::from_env()?).await?;
        let offering = Offering::from_environment(variable)?;
        Ok(Service::new(Decompose::new(upstream).with_offering(offering)).with_requests())
    })
}
