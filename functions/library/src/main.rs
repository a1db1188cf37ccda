//! Configuration -> library -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use generator::{config::Config, keeping::Keeper};
use lambda::Service;
use library::Agents;
use shared::environment::{BadConfig, variable};

fn main() -> ExitCode {
    lambda::start(&["http_client", "agent_library"], async || {
        let missing = || BadConfig::new("LIBRARY_TABLE", "must be set for the library");
        let library = agent_library_aws::library(variable)?.ok_or_else(missing)?;
        let keeper = Keeper::connect(&Config::from_env()?).await?;
        Ok(Service::new(Agents { library: Arc::new(library), keeper }).with_requests())
    })
}
