//! Results of the generator's work and their bodies: CONTRACT 4.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use crate::{
    action::Action,
    json::{self, Object},
    port::{Decomposition, Question},
};

#[derive(Debug)]
pub enum Success {
    /// `steps` is a JSON array.
    Instructions {
        steps: Box<RawValue>,
    },
    /// `action` selects the message.
    ClarifyingQuestions {
        action: Action,
        questions: Vec<Question>,
    },
    /// No block serves the goal.
    UnachievableGoal {
        reason: Option<String>,
        suggested_goal: Option<String>,
    },
    VagueGoal {
        suggested_goal: Option<String>,
    },
    AgentPreview {
        /// [`Action::Generate`] or [`Action::Patch`].
        action: Action,
        /// A JSON object.
        agent_json: Box<RawValue>,
    },
    /// `blocks` is a JSON array.
    Blocks {
        blocks: Box<RawValue>,
    },
}

/// The types of results that an operation stores.
const KEPT: [&str; 4] = ["agent_preview", "clarifying_questions", "unachievable_goal", "vague_goal"];

impl From<Decomposition> for Success {
    fn from(decomposition: Decomposition) -> Self {
        match decomposition {
            Decomposition::Instructions { steps } => Self::Instructions { steps },
            Decomposition::ClarifyingQuestions(questions) => {
                Self::ClarifyingQuestions { action: Action::Decompose, questions }
            }
            Decomposition::UnachievableGoal { reason, suggested_goal } => {
                Self::UnachievableGoal { reason, suggested_goal }
            }
            Decomposition::VagueGoal { suggested_goal } => Self::VagueGoal { suggested_goal },
        }
    }
}

impl Success {
    /// The body's `type`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Instructions { .. } => "instructions",
            Self::ClarifyingQuestions { .. } => "clarifying_questions",
            Self::UnachievableGoal { .. } => "unachievable_goal",
            Self::VagueGoal { .. } => "vague_goal",
            Self::AgentPreview { .. } => "agent_preview",
            Self::Blocks { .. } => "blocks",
        }
    }

    /// Parses the type of an operation's stored result; `None` if no operation has such results.
    #[must_use]
    pub fn kept(body: &str) -> Option<&'static str> {
        let found = Object::parse_keys(body, &["type"]).ok()?.string("type")?;
        KEPT.into_iter().find(|name| *name == found)
    }

    pub fn body(&self, session_id: Option<&str>) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Body { success: self, session_id })
    }
}

struct Body<'a> {
    success: &'a Success,
    session_id: Option<&'a str>,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.success.name())?;
        match self.success {
            Success::Instructions { steps } => {
                let count = counted(json::count(steps), "step");
                map.serialize_entry("message", &format!("I've broken the goal down into {count}."))?;
                map.serialize_entry("steps", steps)?;
            }
            Success::ClarifyingQuestions { action, questions } => {
                map.serialize_entry("message", action.words().questions)?;
                map.serialize_entry("questions", questions)?;
            }
            Success::UnachievableGoal { reason, suggested_goal } => {
                let message = "This goal cannot be accomplished with the available blocks.";
                map.serialize_entry("message", &explained(message, reason.as_deref(), suggested_goal.as_deref()))?;
                map.serialize_entry("reason", reason)?;
                map.serialize_entry("suggested_goal", suggested_goal)?;
            }
            Success::VagueGoal { suggested_goal } => {
                let message = "The goal is too vague to create a specific workflow.";
                map.serialize_entry("message", &explained(message, None, suggested_goal.as_deref()))?;
                map.serialize_entry("suggested_goal", suggested_goal)?;
            }
            Success::AgentPreview { action, agent_json } => {
                let agent = Object::of_keys(agent_json, &["name", "description", "nodes", "links"]).unwrap_or_default();
                let counts = |key| agent.get(key).map_or(0, json::count);
                let (nodes, links) = (counts("nodes"), counts("links"));
                let named = agent.text("name").filter(|name| !name.is_empty());
                let blocks = counted(nodes, "block");
                let (name, message) = match action {
                    Action::Patch => (
                        named.unwrap_or("Updated Agent".into()),
                        format!("I've updated the agent. The agent now has {blocks}."),
                    ),
                    _ => {
                        let name = named.unwrap_or("Generated Agent".into());
                        let message = format!("I've generated an agent called '{name}' with {blocks}.");
                        (name, message)
                    }
                };
                map.serialize_entry("message", &message)?;
                map.serialize_entry("agent_json", agent_json)?;
                map.serialize_entry("agent_name", &name)?;
                map.serialize_entry("description", &agent.text("description").unwrap_or_default())?;
                map.serialize_entry("node_count", &nodes)?;
                map.serialize_entry("link_count", &links)?;
            }
            Success::Blocks { blocks } => map.serialize_entry("blocks", blocks)?,
        }
        // The catalogue is not part of a conversation, so its body has neither message nor session.
        if !matches!(self.success, Success::Blocks { .. }) {
            map.serialize_entry("session_id", &self.session_id)?;
        }
        map.end()
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn explained(message: &str, reason: Option<&str>, suggestion: Option<&str>) -> String {
    let mut text = message.to_owned();
    if let Some(reason) = reason {
        text.push(' ');
        text.push_str(reason);
    }
    if let Some(suggestion) = suggestion {
        text.push_str(" Suggestion: ");
        text.push_str(suggestion);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    fn body(success: &Success) -> String {
        success.body(Some("s")).unwrap()
    }

    #[test]
    fn steps_pass_through_unchanged() {
        let steps = raw(r#"["a",{"z":1.0,"b":[1e5]}]"#);
        assert_eq!(
            body(&Success::Instructions { steps }),
            r#"{"type":"instructions","message":"I've broken the goal down into 2 steps.","steps":["a",{"z":1.0,"b":[1e5]}],"session_id":"s"}"#
        );
        assert!(body(&Success::Instructions { steps: raw("[7]") }).contains("into 1 step."));
    }

    #[test]
    fn an_absent_reason_or_suggestion_is_null_and_not_in_the_message() {
        let vague = Success::VagueGoal { suggested_goal: None };
        assert_eq!(
            body(&vague),
            r#"{"type":"vague_goal","message":"The goal is too vague to create a specific workflow.","suggested_goal":null,"session_id":"s"}"#
        );
        let unachievable =
            Success::UnachievableGoal { reason: Some("No oven.".into()), suggested_goal: Some("Order".into()) };
        assert!(body(&unachievable).contains("available blocks. No oven. Suggestion: Order\""));
    }

    #[test]
    fn an_agent_without_name_or_blocks_still_has_a_message() {
        let preview = |action, text| body(&Success::AgentPreview { action, agent_json: raw(text) });
        let bare = preview(Action::Generate, r#"{"name":"","nodes":{},"links":null}"#);
        assert!(bare.contains("I've generated an agent called 'Generated Agent' with 0 blocks."), "{bare}");
        assert!(bare.ends_with(r#""description":"","node_count":0,"link_count":0,"session_id":"s"}"#), "{bare}");
        let patched = preview(Action::Patch, r#"{"name":"N","description":"d","nodes":[{}],"links":[{},{}]}"#);
        assert!(patched.contains("I've updated the agent. The agent now has 1 block."), "{patched}");
        assert!(
            patched.ends_with(r#""agent_name":"N","description":"d","node_count":1,"link_count":2,"session_id":"s"}"#)
        );
    }
}
