//! Results of the generator's work and their bodies: CONTRACT 4.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use crate::{
    account::{Account, with_left_out},
    action::Action,
    error_type::ErrorType,
    json::{self, Object},
    port::{Decomposition, Question},
};

#[derive(Debug)]
pub enum Success {
    /// `steps` is a JSON array.
    Instructions {
        steps: Box<RawValue>,
        account: Box<Account>,
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
        account: Box<Account>,
        /// `None` if the library has nothing to do with it.
        saving: Option<Saving>,
    },
    /// `blocks` is a JSON array.
    Blocks {
        blocks: Box<RawValue>,
    },
}

/// How an agent stands to the caller's library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    Saved {
        agent_id: String,
        version: u32,
        etag: String,
    },
    /// It was not to be saved. The version of a kept agent that it came out of.
    NotWanted {
        agent_id: String,
        version: u32,
        etag: String,
    },
    /// The agent is in the answer alone.
    NotSaved {
        agent_id: Option<String>,
        error_type: ErrorType,
        reason: String,
    },
}

/// The message and the summary of a patch after which the agent is as it was.
pub const NOTHING_CHANGED: &str = "Nothing had to be changed in the agent.";

/// The types of results that an operation stores.
const KEPT: [&str; 4] = ["agent_preview", "clarifying_questions", "unachievable_goal", "vague_goal"];

impl From<Decomposition> for Success {
    fn from(decomposition: Decomposition) -> Self {
        match decomposition {
            Decomposition::Instructions { steps, account } => Self::Instructions { steps, account },
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
            Success::Instructions { steps, account } => {
                let count = counted(json::count(steps), "step");
                let message = format!("I've broken the goal down into {count}.");
                map.serialize_entry("message", &with_left_out(message, &account.left_out))?;
                map.serialize_entry("steps", steps)?;
                tell(&mut map, account)?;
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
            Success::AgentPreview { action, agent_json, account, saving } => {
                let agent = Object::of_keys(agent_json, &["name", "description", "nodes", "links"]).unwrap_or_default();
                let counts = |key| agent.get(key).map_or(0, json::count);
                let (nodes, links) = (counts("nodes"), counts("links"));
                let named = agent.text("name").filter(|name| !name.is_empty());
                let blocks = counted(nodes, "block");
                let (name, message) = match action {
                    Action::Patch => {
                        let unchanged = account.edit.as_ref().is_some_and(|edit| edit.changes.is_empty());
                        let message = if unchanged {
                            NOTHING_CHANGED.to_owned()
                        } else {
                            format!("I've updated the agent. The agent now has {blocks}.")
                        };
                        (named.unwrap_or("Updated Agent".into()), message)
                    }
                    _ => {
                        let name = named.unwrap_or("Generated Agent".into());
                        let message = format!("I've generated an agent called '{name}' with {blocks}.");
                        (name, message)
                    }
                };
                let message = with_reason(with_left_out(message, &account.left_out), saving.as_ref());
                map.serialize_entry("message", &message)?;
                map.serialize_entry("agent_json", agent_json)?;
                map.serialize_entry("agent_name", &name)?;
                map.serialize_entry("description", &agent.text("description").unwrap_or_default())?;
                map.serialize_entry("node_count", &nodes)?;
                map.serialize_entry("link_count", &links)?;
                tell(&mut map, account)?;
                if let Some(edit) = &account.edit {
                    map.serialize_entry("changes", &edit.changes)?;
                    map.serialize_entry("summary", &edit.summary)?;
                }
                if let Some(saving) = saving {
                    tell_saving(&mut map, saving)?;
                }
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

fn tell<M: SerializeMap>(map: &mut M, account: &Account) -> Result<(), M::Error> {
    map.serialize_entry("left_out", &account.left_out)?;
    map.serialize_entry("requirements", &account.requirements)?;
    map.serialize_entry("explanation", &account.explanation)
}

/// The same keys whatever became of it.
fn tell_saving<M: SerializeMap>(map: &mut M, saving: &Saving) -> Result<(), M::Error> {
    let (agent_id, of_version, error_type) = match saving {
        Saving::Saved { agent_id, version, etag } | Saving::NotWanted { agent_id, version, etag } => {
            (Some(agent_id), Some((version, etag)), None)
        }
        Saving::NotSaved { agent_id, error_type, .. } => (agent_id.as_ref(), None, Some(error_type.name())),
    };
    map.serialize_entry("saved", &matches!(saving, Saving::Saved { .. }))?;
    map.serialize_entry("agent_id", &agent_id)?;
    map.serialize_entry("version", &of_version.map(|(version, _)| version))?;
    map.serialize_entry("etag", &of_version.map(|(_, etag)| etag))?;
    map.serialize_entry("error_type", &error_type)
}

fn with_reason(message: String, saving: Option<&Saving>) -> String {
    match saving {
        Some(Saving::NotSaved { reason, .. }) => format!("{message} I could not save it. {reason}"),
        _ => message,
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
    use crate::account::{Change, Edit, LeftOut, Op, Reason, What};

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    fn preview(action: Action, agent: &str, account: Box<Account>, saving: Option<Saving>) -> Success {
        Success::AgentPreview { action, agent_json: raw(agent), account, saving }
    }

    const NOTHING_TOLD: &str = r#""left_out":[],"requirements":{"credentials":[],"inputs":[],"schedule":null,"timezone":null,"trigger":null},"explanation":"""#;

    fn body(success: &Success) -> String {
        success.body(Some("s")).unwrap()
    }

    #[test]
    fn steps_pass_through_unchanged() {
        let steps = raw(r#"["a",{"z":1.0,"b":[1e5]}]"#);
        assert_eq!(
            body(&Success::Instructions { steps, account: Box::default() }),
            format!(
                r#"{{"type":"instructions","message":"I've broken the goal down into 2 steps.","steps":["a",{{"z":1.0,"b":[1e5]}}],{NOTHING_TOLD},"session_id":"s"}}"#
            )
        );
        let one = Success::Instructions { steps: raw("[7]"), account: Box::default() };
        assert!(body(&one).contains("into 1 step."));
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
        let preview = |action, text| body(&preview(action, text, Box::default(), None));
        let bare = preview(Action::Generate, r#"{"name":"","nodes":{},"links":null}"#);
        assert!(bare.contains("I've generated an agent called 'Generated Agent' with 0 blocks."), "{bare}");
        let end = format!(r#""description":"","node_count":0,"link_count":0,{NOTHING_TOLD},"session_id":"s"}}"#);
        assert!(bare.ends_with(&end), "{bare}");
        let patched = preview(Action::Patch, r#"{"name":"N","description":"d","nodes":[{}],"links":[{},{}]}"#);
        assert!(patched.contains("I've updated the agent. The agent now has 1 block."), "{patched}");
        let end = format!(
            r#""agent_name":"N","description":"d","node_count":1,"link_count":2,{NOTHING_TOLD},"session_id":"s"}}"#
        );
        assert!(patched.ends_with(&end), "{patched}");
    }

    #[test]
    fn an_agent_that_was_to_be_saved_says_what_became_of_that() {
        let agent_id = "id".to_owned();
        let told = |saving| body(&preview(Action::Generate, "{}", Box::default(), Some(saving)));
        let saved = told(Saving::Saved { agent_id: agent_id.clone(), version: 2, etag: "\"2-a\"".to_owned() });
        let end = r#","saved":true,"agent_id":"id","version":2,"etag":"\"2-a\"","error_type":null,"session_id":"s"}"#;
        assert!(saved.ends_with(end), "{saved}");
        let (error_type, reason) = (ErrorType::VersionConflict, "It has been changed meanwhile.".to_owned());
        let lost = told(Saving::NotSaved { agent_id: Some(agent_id), error_type, reason });
        let end = r#","saved":false,"agent_id":"id","version":null,"etag":null,"error_type":"version_conflict","session_id":"s"}"#;
        assert!(lost.ends_with(end), "{lost}");
        assert!(lost.contains(" with 0 blocks. I could not save it. It has been changed meanwhile.\""), "{lost}");
    }

    #[test]
    fn a_patch_tells_what_it_changed_and_says_so_if_that_is_nothing() {
        let told = |changes| {
            let edit = Edit { changes, summary: "What came of it.".to_owned() };
            let account = Box::new(Account { edit: Some(edit), ..Account::default() });
            body(&preview(Action::Patch, "{}", account, None))
        };
        let nothing = told(Vec::new());
        assert!(nothing.contains(r#""message":"Nothing had to be changed in the agent.""#), "{nothing}");
        assert!(nothing.ends_with(r#""changes":[],"summary":"What came of it.","session_id":"s"}"#), "{nothing}");
        let change = Change {
            op: Op::Changed,
            what: What::Value,
            id: Some("n".to_owned()),
            name: None,
            path: Some("channel".to_owned()),
            before: Some(raw("1e5")),
            after: None,
        };
        let changed = told(vec![change]);
        assert!(changed.contains("I've updated the agent."), "{changed}");
        assert!(
            changed.contains(
                r#"[{"op":"changed","what":"value","id":"n","name":null,"path":"channel","before":1e5,"after":null}]"#
            ),
            "{changed}"
        );
    }

    #[test]
    fn steps_that_leave_a_part_out_say_so_in_the_message_and_as_data() {
        let part = LeftOut { text: "fax it".into(), reason: Reason::NoBlock, message: "No block sends a fax.".into() };
        let account = Box::new(Account { left_out: vec![part], ..Account::default() });
        let body = body(&Success::Instructions { steps: raw("[]"), account });
        assert!(body.contains(r#"0 steps. I left out: \"fax it\" (No block sends a fax.)""#), "{body}");
        let list = r#""left_out":[{"text":"fax it","reason":"no_block","message":"No block sends a fax."}]"#;
        assert!(body.contains(list), "{body}");
    }
}
