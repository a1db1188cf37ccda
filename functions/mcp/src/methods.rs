//! The methods of the protocol.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json, value::RawValue};
use shared::{action::Action, json::Object, port::AgentGenerator, refusal::Refusal, request_log::RequestLog};

use crate::{
    Asked, Mcp,
    answer::{Answered, Complete, public},
    client::{Client, TASKS, WITH_HANDSHAKE, supported},
    fault::{Code, Fault},
    message::Message,
    prompts, resources, tools,
};

const INSTRUCTIONS: &str = include_str!("../data/instructions.md");

/// Why a message has no result.
pub(crate) enum Stop {
    Fault(Fault),
    /// Outside of a tool: the answer is an error of HTTP.
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

const METHODS: [&str; 14] = [
    "initialize",
    "ping",
    "server/discover",
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "prompts/list",
    "prompts/get",
    "tasks/get",
    "tasks/update",
    "tasks/cancel",
    "notifications/initialized",
];

/// A method's name for the log, which has no texts of callers.
pub(crate) fn logged_name(method: &str) -> &'static str {
    METHODS.into_iter().find(|known| *known == method).unwrap_or("another method")
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(crate) async fn answer(
        &self,
        message: &Message<'_>,
        client: &Client,
        asked: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<Answered, Stop> {
        let params = &message.params;
        Ok(match &*message.method {
            "initialize" => Answered::new("initialized", &self.initialized(message))?,
            "ping" => Answered::new("pong", &Complete::new(json!({})))?,
            "server/discover" => Answered::new("discovered", &self.discovered())?,
            "tools/list" => Answered::new("tools", &public(tools::list()?))?,
            "tools/call" => self.call(params, client, asked, log).await?,
            "resources/list" => Answered::new("resources", &public(resources::list()))?,
            "resources/templates/list" => Answered::new("resource_templates", &public(resources::templates()))?,
            "resources/read" => self.read(params, client, asked, log).await?,
            "prompts/list" => Answered::new("prompts", &public(prompts::list()?))?,
            "prompts/get" => prompts::get(params)?,
            "tasks/get" => self.task(params, client, asked, log).await?,
            "tasks/update" => self.update_task(params, client, asked, log).await?,
            "tasks/cancel" => self.cancel_task(params, client, asked, log).await?,
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

/// The text of a required parameter.
pub(crate) fn required<'a>(params: &Object<'a>, name: &str) -> Result<Cow<'a, str>, Fault> {
    params.string(name).ok_or_else(|| Fault::new(Code::InvalidParams, format!("params.{name} must be a string.")))
}

/// The capability that a client must have stated to use tasks.
pub(crate) fn without_tasks() -> Fault {
    let data = json!({"requiredCapabilities": {"extensions": {TASKS: {}}}});
    Fault { data: Some(data), ..Fault::new(Code::MissingCapability, format!("The client must state {TASKS}.")) }
}

/// As JSON that is written already.
pub(crate) fn embedded(text: &'static str) -> Result<&'static RawValue, Refusal> {
    serde_json::from_str(text).map_err(|_| Refusal::unexpected(Action::Mcp, "an embedded table is broken"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_caller_gets_into_the_log_as_the_name_of_a_method() {
        assert_eq!((logged_name("tools/list"), logged_name("my secret")), ("tools/list", "another method"));
        assert!(METHODS.iter().all(|method| logged_name(method) == *method));
    }
}
