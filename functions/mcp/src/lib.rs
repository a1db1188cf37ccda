//! `mcp`: the Model Context Protocol over HTTP (CONTRACT 12), so that an assistant finds blocks, plans, builds, checks and
//! keeps agents in its person's name. The tools are the routes of the other functions, called in process: their rules,
//! limits and errors are the same. No session: every request stands for itself.

mod answer;
mod asked;
mod client;
mod fault;
mod http;
mod inner;
mod message;
mod metadata;
mod methods;
mod progress;
mod prompts;
mod questions;
mod resources;
mod stop;
mod tasks;
mod tools;

use std::sync::Arc;

use agent_library::ports::AgentStore;
use agent_offers::Offering;
use decompose::Decompose;
use generate::Generate;
use generator::{keeping::Keeper, workbench::Workbench};
use lambda::{Function, RequestFunction, Route, function::Request};
use library::Agents;
use lifecycle::durable::{Durable, Platform, WithOperations};
use patch::Patch;
use shared::{
    action::Action, port::AgentGenerator, refusal::Refusal, reply::Reply, request_log::RequestLog, upstream::Upstream,
};

use self::{
    asked::{Asked, BUILD, CHECK, MCP, Received},
    client::Client,
    message::{Message, logged_name},
    stop::Stop,
};

const RESOURCE: &str = ".well-known/oauth-protected-resource";
const RESOURCE_OF_MCP: &str = ".well-known/oauth-protected-resource/mcp";

/// The functions behind the tools.
pub struct Mcp<G: ?Sized = dyn AgentGenerator> {
    decompose: Decompose<G>,
    generate: WithOperations<Generate<G>>,
    patch: WithOperations<Patch<G>>,
    /// `None`: the stack keeps no agents.
    agents: Option<Agents>,
    keeper: Keeper,
    workbench: Workbench,
    /// Of the operations that `generate` begins; those of `patch` are in the same table. `None`: no background work.
    operations: Option<Platform>,
    /// Who issues the tokens that callers need.
    issuer: Option<String>,
}

/// Where operations are begun: each tool has a queue of its own.
pub struct Platforms {
    pub generate: Platform,
    pub patch: Platform,
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    #[must_use]
    pub fn new(
        upstream: Upstream<G>,
        (agents, offering): (Option<Agents>, Offering),
        (keeper, workbench): (Keeper, Workbench),
        platforms: Option<Platforms>,
    ) -> Self {
        let (generate, patch) = platforms.map(|both| (both.generate, both.patch)).unzip();
        let library = agents.as_ref().map(|agents| Arc::clone(&agents.library) as Arc<dyn AgentStore>);
        Self {
            decompose: Decompose::new(upstream.clone()).with_offering(offering.clone()),
            operations: generate.clone(),
            generate: WithOperations::new(
                Generate::new(upstream.clone()).with_library(library.clone(), offering.clone()),
                generate,
            ),
            patch: WithOperations::new(Patch::new(upstream).with_library(library, offering), patch),
            agents,
            keeper,
            workbench,
            issuer: None,
        }
    }

    /// Tells clients who issues the tokens that they need.
    #[must_use]
    pub fn with_issuer(self, issuer: Option<String>) -> Self {
        Self { issuer, ..self }
    }

    async fn serve_message(&self, asked: Asked<'_>, log: &mut RequestLog) -> Result<Reply, Refusal> {
        let message = match Message::parse(asked.request.body) {
            Ok(message) => message,
            Err(fault) => return answer::fault(None, &fault, false),
        };
        let client = match Client::of(&message, asked.http.headers) {
            Ok(client) => client,
            Err(fault) => return answer::fault(message.id, &fault, true),
        };
        log.tool = Some(logged_name(&message.method));
        log.client.clone_from(&client.name);
        let Some(id) = message.id else {
            // Nothing here waits for a notification: not even `notifications/cancelled`, for a request that is cancelled is
            // another invocation.
            return Ok(Reply::new(202, "notification", String::new()));
        };
        let received = Received { params: &message.params, client: &client, asked };
        match self.answer(&message, received, log).await {
            Ok(answered) => answer::result(id, &answered),
            Err(Stop::Fault(fault)) => answer::fault(Some(id), &fault, client.is_stateless),
            Err(Stop::Refused(refusal)) => Err(refusal),
        }
    }
}

impl<G: AgentGenerator + ?Sized> Function for Mcp<G> {
    const ACTION: Action = Action::Mcp;
}

impl<G: AgentGenerator + ?Sized> RequestFunction for Mcp<G> {
    const ROUTES: &'static [Route] = &[
        Route { name: MCP, method: "POST" },
        Route { name: CHECK, method: "POST" },
        Route { name: BUILD, method: "POST" },
        Route { name: RESOURCE, method: "GET" },
        Route { name: RESOURCE_OF_MCP, method: "GET" },
    ];
    /// As an agent that is to be patched.
    const MAX_BODY: usize = <Patch<G> as Durable>::MAX_BODY;
    /// A message without headers says neither its version nor its sender.
    const TAKES_PAYLOADS: bool = false;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        match (request.route, request.http) {
            (Some(MCP), Some(http)) => self.serve_message(Asked { request, http }, log).await,
            (Some(CHECK), Some(_)) => self.check(request, log).await,
            (Some(BUILD), Some(_)) => self.build(request, log).await,
            (Some(RESOURCE | RESOURCE_OF_MCP), Some(http)) => {
                metadata::protected_resource(self.issuer.as_deref(), Asked { request, http })
            }
            (route, _) => Err(lambda::function::no_route::<Self>(route.unwrap_or_default()).into()),
        }
    }
}
