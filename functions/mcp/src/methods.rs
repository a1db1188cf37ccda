//! The methods of the protocol.

use serde::Serialize;
use serde_json::{Value, json};
use shared::{port::AgentGenerator, request_log::RequestLog};

use crate::{
    Mcp,
    answer::{Answered, Complete, public},
    asked::Received,
    client::{TASKS, WITH_HANDSHAKE, supported},
    fault::{Code, Fault},
    message::Message,
    prompts, resources,
    stop::Stop,
    tools,
};

const INSTRUCTIONS: &str = include_str!("../data/instructions.md");

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(crate) async fn answer(
        &self,
        message: &Message<'_>,
        received: Received<'_>,
        log: &mut RequestLog,
    ) -> Result<Answered, Stop> {
        Ok(match &*message.method {
            "initialize" => Answered::new("initialized", &self.initialized(message))?,
            "ping" if received.client.is_stateless => Answered::new("pong", &Complete::new(json!({})))?,
            // Older clients take an empty result, and no field in it.
            "ping" => Answered::new("pong", &json!({}))?,
            "server/discover" => Answered::new("discovered", &self.discovered())?,
            "tools/list" => Answered::new("tools", &public(tools::list()?))?,
            "tools/call" => self.call(received, log).await?,
            "resources/list" => Answered::new("resources", &public(resources::list()))?,
            "resources/templates/list" => Answered::new("resource_templates", &public(resources::templates()))?,
            "resources/read" => self.read(received, log).await?,
            "prompts/list" => Answered::new("prompts", &public(prompts::list()?))?,
            "prompts/get" => prompts::get(received.params)?,
            "tasks/get" => self.task(received, log).await?,
            "tasks/update" => self.update_task(received, log).await?,
            "tasks/cancel" => self.cancel_task(received, log).await?,
            _ => return Err(Fault::new(Code::MethodNotFound, "There is no such method.").into()),
        })
    }

    /// The version that the client asks for, if it is known here; else the newest that has a handshake.
    fn initialized(&self, message: &Message<'_>) -> impl Serialize {
        let wanted = message.params.string("protocolVersion");
        let version = WITH_HANDSHAKE.into_iter().find(|known| wanted.as_deref() == Some(*known));
        json!({
            "protocolVersion": version.unwrap_or(WITH_HANDSHAKE[0]),
            "capabilities": Self::capabilities(false),
            "serverInfo": server(),
            "instructions": INSTRUCTIONS,
        })
    }

    fn discovered(&self) -> impl Serialize {
        public(json!({
            "supportedVersions": supported(),
            "capabilities": Self::capabilities(true),
            "instructions": INSTRUCTIONS,
            "_meta": {"io.modelcontextprotocol/serverInfo": server()},
        }))
    }

    fn capabilities(is_stateless: bool) -> Value {
        let mut capabilities = json!({"tools": {}, "resources": {}, "prompts": {}});
        if let Some(capabilities) = capabilities.as_object_mut().filter(|_| is_stateless) {
            capabilities.insert("extensions".to_owned(), json!({TASKS: {}}));
        }
        capabilities
    }
}

fn server() -> Value {
    json!({"name": "agent-generator", "title": "Agent Generator", "version": env!("CARGO_PKG_VERSION")})
}
