//! Resources: the directory of blocks, and kept agents as JSON and as a diagram.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};
use shared::{error_type::ErrorType, port::AgentGenerator, refusal::Refusal, request_log::RequestLog};

use crate::{
    Mcp,
    answer::{Answered, private, public},
    asked::{Asked, Received},
    fault::{Code, Fault},
    inner::{Inner, opened},
    message::required,
    stop::Stop,
};

const BLOCKS: &str = "agents://blocks";
const AGENT: &str = "agents://agents/";
const DIAGRAM: &str = "/diagram";

pub(crate) fn list() -> impl Serialize {
    json!({"resources": [{
        "uri": BLOCKS, "name": "blocks", "title": "Directory of blocks", "mimeType": "text/plain",
        "description": "The names of all blocks that agents are built of, one a line.",
    }]})
}

pub(crate) fn templates() -> impl Serialize {
    json!({"resourceTemplates": [
        {
            "uriTemplate": format!("{AGENT}{{agent_id}}"), "name": "agent", "title": "A kept agent",
            "mimeType": "application/json", "description": "The newest version of a kept agent, as JSON.",
        },
        {
            "uriTemplate": format!("{AGENT}{{agent_id}}{DIAGRAM}"), "name": "diagram", "title": "Diagram of a kept agent",
            "mimeType": "text/vnd.mermaid", "description": "The newest version of a kept agent, as a Mermaid flowchart.",
        },
    ]})
}

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(crate) async fn read(&self, received: Received<'_>, log: &mut RequestLog) -> Result<Answered, Stop> {
        let Received { params, client, asked } = received;
        let uri = required(params, "uri")?;
        if uri == BLOCKS {
            let text = self.keeper.block_names();
            return Ok(Answered::new("resource", &public(contents(&uri, "text/plain", text)))?);
        }
        let code = if client.is_stateless { Code::InvalidParams } else { Code::ResourceNotFound };
        let missing = || Fault { data: Some(json!({"uri": uri})), ..Fault::new(code, "Resource not found") };
        let path = uri.strip_prefix(AGENT).ok_or_else(missing)?;
        let (agent_id, is_diagram) = match path.strip_suffix(DIAGRAM) {
            Some(agent_id) => (agent_id, true),
            None => (path, false),
        };
        let text = match self.agent_text(agent_id, is_diagram, asked, log).await {
            Ok(text) => text,
            Err(Refusal::Bad(_)) => return Err(missing().into()),
            Err(refusal) if refusal.error_type() == ErrorType::ServiceNotConfigured => return Err(missing().into()),
            Err(refusal) => {
                log.note_refusal(&refusal);
                let message = "The library cannot be read at the moment. Please try again.";
                return Err(Fault::new(Code::Internal, message).into());
            }
        };
        let kind = if is_diagram { "text/vnd.mermaid" } else { "application/json" };
        Ok(Answered::new("resource", &private(contents(&uri, kind, text)))?)
    }

    async fn agent_text(
        &self,
        agent_id: &str,
        is_diagram: bool,
        asked: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<String, Refusal> {
        let format = if is_diagram { "mermaid" } else { "json" };
        let inner = Inner {
            route: "agents/{agent_id}",
            method: "GET",
            parameters: vec![agent_id.to_owned()],
            query: vec![("format", format.to_owned())],
            ..Inner::default()
        };
        let reply = inner.ask(self.library()?, asked, log).await?;
        if is_diagram {
            return Ok(reply.body);
        }
        let agent = opened(&reply.body)?.get("agent_json").map(|agent| Cow::Borrowed(agent.get()));
        Ok(agent.unwrap_or_default().into_owned())
    }
}

fn contents(uri: &str, kind: &str, text: String) -> Value {
    json!({"contents": [{"uri": uri, "mimeType": kind, "text": text}]})
}
