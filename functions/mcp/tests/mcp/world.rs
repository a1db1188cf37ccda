//! What sets a test up: the function with everything kept in memory, and two clients, an old one and a new one.

use std::sync::Arc;

use agent_library::memory::MemoryLibrary;
use agent_offers::Offering;
use generator::{Builtin, keeping::Keeper, validator::Scope, workbench::Workbench};
use lambda::Service;
use library::Agents;
use lifecycle::memory::MemoryPlatform;
use mcp::{Mcp, Platforms};
use serde_json::{Value, json};
use shared::{port::AgentGenerator, upstream::Upstream};
use test_support::{Scripted, handled, rest_with};

use crate::schema;

pub(crate) const NEW: &str = "2026-07-28";
pub(crate) const OLD: &str = "2025-11-25";

pub(crate) struct World {
    service: Service<Mcp>,
    pub(crate) platform: MemoryPlatform,
    pub(crate) library: Arc<MemoryLibrary>,
}

/// How a deployment is set up.
#[derive(Default)]
struct Stack {
    /// Keeps no agents, and does nothing in the background.
    is_bare: bool,
    offers_agents: bool,
    issuer: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: u64,
    pub(crate) body: Value,
}

impl World {
    /// Plans by rules.
    pub(crate) fn new() -> Self {
        Self::with(Arc::new(Builtin::new()))
    }

    pub(crate) fn scripted(generator: Scripted) -> Self {
        Self::with(Arc::new(generator))
    }

    pub(crate) fn with(generator: Arc<dyn AgentGenerator>) -> Self {
        Self::of(generator, Stack::default())
    }

    /// Offers kept agents to this generator as steps of others.
    pub(crate) fn offering(generator: Arc<dyn AgentGenerator>) -> Self {
        Self::of(generator, Stack { offers_agents: true, ..Stack::default() })
    }

    /// Plans by rules, without a library and without background work.
    pub(crate) fn bare() -> Self {
        Self::of(Arc::new(Builtin::new()), Stack { is_bare: true, ..Stack::default() })
    }

    /// Plans by rules, for callers with tokens of this issuer.
    pub(crate) fn issued_by(issuer: &str) -> Self {
        Self::of(Arc::new(Builtin::new()), Stack { issuer: Some(issuer.to_owned()), ..Stack::default() })
    }

    fn of(generator: Arc<dyn AgentGenerator>, stack: Stack) -> Self {
        let (platform, library) = (MemoryPlatform::default(), Arc::<MemoryLibrary>::default());
        let platforms = Platforms { generate: platform.platform(), patch: platform.platform() };
        let keeper = Keeper::new(Scope::OwnWork);
        let agents = Agents { library: Arc::<MemoryLibrary>::clone(&library), keeper: keeper.clone() };
        let offering = if stack.offers_agents {
            Offering::new(Arc::<MemoryLibrary>::clone(&library))
        } else {
            Offering::default()
        };
        let upstream: Upstream = Upstream::new(Some(generator), std::time::Duration::from_secs(600));
        let function = Mcp::new(
            upstream,
            ((!stack.is_bare).then_some(agents), offering),
            (keeper, Workbench::new(Builtin::new())),
            (!stack.is_bare).then_some(platforms),
        );
        Self { service: Service::new(function.with_issuer(stack.issuer)).with_requests(), platform, library }
    }

    /// A message. Whatever a tool answers is held against what the tool promises.
    pub(crate) async fn send(&self, caller: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let answer = self.request(caller, rest_with("POST", "/mcp", body, headers)).await;
        schema::check_answer(&serde_json::from_str(body).unwrap_or_default(), &answer.body);
        answer
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.request("key-1", rest_with("GET", path, "", headers)).await
    }

    async fn request(&self, caller: &str, mut event: Value) -> Answer {
        event["requestContext"]["identity"]["apiKeyId"] = json!(caller);
        self.handle(&event).await
    }

    /// A request to a route beside the protocol's.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.handle(&rest_with("POST", path, body, &[])).await
    }

    async fn handle(&self, event: &Value) -> Answer {
        let answer = handled(&self.service, event.to_string().as_bytes()).await.unwrap();
        let text = answer["body"].as_str().unwrap();
        Answer { status: answer["statusCode"].as_u64().unwrap(), body: serde_json::from_str(text).unwrap_or_default() }
    }

    /// A request of revision 2026-07-28 by a client with these capabilities.
    pub(crate) async fn ask_as(&self, method: &str, mut params: Value, capabilities: Value) -> Answer {
        let name = ["name", "uri", "taskId"].iter().find_map(|key| params[key].as_str()).unwrap_or_default().to_owned();
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": NEW,
            "io.modelcontextprotocol/clientCapabilities": capabilities,
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        });
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
        let headers = [("MCP-Protocol-Version", NEW), ("Mcp-Method", method), ("Mcp-Name", &name)];
        self.send("key-1", &body, &headers).await
    }

    pub(crate) async fn ask(&self, method: &str, params: Value) -> Answer {
        self.ask_as(method, params, json!({})).await
    }

    /// The result of a tool.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask("tools/call", json!({"name": tool, "arguments": arguments})).await;
        assert_eq!(answer.status, 200, "{tool}: {}", answer.body);
        answer.body["result"].clone()
    }

    /// What a tool gives.
    pub(crate) async fn give(&self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments).await;
        assert_eq!(result["isError"], false, "{tool}: {result}");
        result["structuredContent"].clone()
    }

    /// What a model reads of a tool that fails.
    pub(crate) async fn refuse(&self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments).await;
        assert_eq!(result["isError"], true, "{tool}: {result}");
        serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap()
    }
}

/// More than an answer has room for.
pub(crate) fn large_agent() -> Value {
    let node =
        |at: usize| json!({"id": format!("n-{at}"), "block_id": "b", "input_default": {"name": "x\"".repeat(100)}});
    let nodes: Vec<Value> = (0..200).map(node).collect();
    json!({"id": "a", "name": "Large", "version": 1, "is_active": true, "nodes": nodes, "links": []})
}
