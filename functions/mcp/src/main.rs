//! Configuration -> the functions behind the tools -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use agent_offers::Offering;
use generator::{config::Config, keeping::Keeper, workbench::Workbench};
use lambda::Service;
use library::Agents;
use lifecycle::record::Tool;
use mcp::{Mcp, Platforms};
use shared::environment::{given, variable};

fn main() -> ExitCode {
    let targets = ["http_client", "lifecycle", "lifecycle_aws", "agent_library", "agent_offers"];
    lambda::start(&targets, async || {
        let config = Config::from_env()?;
        let upstream = generator::connect(&config).await?;
        let (keeper, workbench) = (Keeper::connect(&config).await?, Workbench::of(upstream.get()));
        let library = agent_library_aws::library(variable)?;
        let agents = library.map(|library| Agents { library: Arc::new(library), keeper: keeper.clone() });
        let platforms = lifecycle_aws::platforms([Tool::GenerateAgent, Tool::PatchAgent], variable)?;
        let platforms = platforms.map(|[generate, patch]| Platforms { generate, patch });
        let offering = Offering::from_environment(variable)?;
        let function = Mcp::new(upstream, (agents, offering), (keeper, workbench), platforms);
        Ok(Service::new(function.with_issuer(given(variable, "JWT_ISSUER"))).with_requests())
    })
}
