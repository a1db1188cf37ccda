//! Configuration -> the functions behind the tools -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use generator::{config::Config, keeping::Keeper};
use lambda::Service;
use library::Agents;
use lifecycle::record::Tool;
use mcp::{Mcp, Platforms};
use shared::environment::variable;

fn main() -> ExitCode {
    lambda::start(&["http_client", "lifecycle", "lifecycle_aws"], async || {
        let config = Config::from_env()?;
        let upstream = generator::connect(&config).await?;
        let keeper = Keeper::connect(&config).await?;
        let library = agent_library_aws::library(variable)?;
        let agents = library.map(|library| Agents { library: Arc::new(library), keeper: keeper.clone() });
        let platforms = lifecycle_aws::platforms([Tool::GenerateAgent, Tool::PatchAgent], variable)?;
        let platforms = platforms.map(|[generate, patch]| Platforms { generate, patch });
        Ok(Service::new(Mcp::new(upstream, agents, keeper, platforms)).with_requests())
    })
}
