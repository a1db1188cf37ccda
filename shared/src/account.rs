//! What a result tells about its steps or its agent: what they do, what they need, what was left out, and what a patch
//! changed. CONTRACT 4.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// In Unicode characters, for each text of a [`LeftOut`].
const LONGEST: usize = 500;

/// Id of the block that declares an output of an agent.
pub const AGENT_OUTPUT: &str = "363ae599-353e-4804-937e-b2ee3cef3da4";

#[derive(Debug, Clone, Default)]
pub struct Account {
    /// At most [`LeftOut::MOST`].
    pub left_out: Vec<LeftOut>,
    pub requirements: Requirements,
    /// Plain words, at most 600 characters; empty if nothing is known.
    pub explanation: String,
    /// Only of a patched agent.
    pub edit: Option<Edit>,
}

/// A part of what the person asked for that the steps or the agent do not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// In the person's own words.
    pub text: String,
    pub reason: Reason,
    /// For the person.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    NoBlock,
    NotUnderstood,
    NeedsData,
    NotSupported,
}

impl LeftOut {
    /// More are not for a person to read.
    pub const MOST: usize = 50;

    /// Whether both texts are there and short enough to show.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        [&self.text, &self.message]
            .into_iter()
            .all(|text| !text.trim().is_empty() && (text.len() <= LONGEST || text.chars().nth(LONGEST).is_none()))
    }
}

/// What the person has to connect, supply and schedule before the agent runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requirements {
    pub credentials: Vec<Credential>,
    pub inputs: Vec<AgentInput>,
    /// A cron expression of five fields.
    pub schedule: Option<String>,
    /// As in the IANA database: `Europe/Berlin`.
    pub timezone: Option<String>,
    pub trigger: Option<Trigger>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credential {
    pub provider: String,
    /// The names of the blocks that need it.
    pub blocks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgentInput {
    pub name: String,
    pub description: String,
    /// A JSON type, `date`, `file` or `any`.
    pub r#type: &'static str,
    /// It has no default.
    pub required: bool,
}

/// What starts the agent instead of a person or a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// The block's name.
    pub block: String,
    pub description: String,
}

/// How a patched agent differs from the one before.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    pub changes: Vec<Change>,
    /// One sentence.
    pub summary: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Change {
    pub op: Op,
    pub what: What,
    /// Of the node, the link or the agent.
    pub id: Option<String>,
    pub name: Option<String>,
    /// The field that differs.
    pub path: Option<String>,
    /// Null if there was nothing; longer than 200 characters: cut, as a string.
    pub before: Option<Box<RawValue>>,
    pub after: Option<Box<RawValue>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    Added,
    Removed,
    Changed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Node,
    Link,
    /// What goes into an input of a node.
    Value,
    Agent,
}

/// How many parts that were left out a message names.
const NAMED: usize = 3;

/// A message with what was left out at its end.
pub(crate) fn with_left_out(mut message: String, left_out: &[LeftOut]) -> String {
    for (at, LeftOut { text, message: why, .. }) in left_out.iter().take(NAMED).enumerate() {
        message.push_str(if at == 0 { " I left out: " } else { "; " });
        message.push_str(&format!("\"{text}\" ({why})"));
    }
    match left_out.len().checked_sub(NAMED) {
        Some(more @ 1..) => message + &format!(" and {more} more"),
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(text: &str, message: &str) -> LeftOut {
        LeftOut { text: text.to_owned(), reason: Reason::NoBlock, message: message.to_owned() }
    }

    #[test]
    fn a_person_reads_what_was_left_out_three_parts_at_most() {
        let of = |count| {
            let parts: Vec<_> = (1..=count).map(|n| left_out(&format!("part {n}"), &format!("why {n}"))).collect();
            with_left_out("Done.".to_owned(), &parts)
        };
        assert_eq!(of(0), "Done.");
        assert_eq!(of(1), "Done. I left out: \"part 1\" (why 1)");
        assert_eq!(of(3), "Done. I left out: \"part 1\" (why 1); \"part 2\" (why 2); \"part 3\" (why 3)");
        assert_eq!(of(5), "Done. I left out: \"part 1\" (why 1); \"part 2\" (why 2); \"part 3\" (why 3) and 2 more");
    }

    #[test]
    fn a_text_that_is_blank_or_too_long_for_a_message_is_not_fit() {
        assert!(left_out("text me", "é".repeat(500).as_str()).is_fit());
        for (text, message) in [(" ", "why"), ("text", ""), ("text", &"x".repeat(501)), (&"x".repeat(501), "why")] {
            assert!(!left_out(text, message).is_fit(), "{text} {message}");
        }
    }

    #[test]
    fn a_reason_is_written_as_the_contract_names_it() {
        let all = [Reason::NoBlock, Reason::NotUnderstood, Reason::NeedsData, Reason::NotSupported];
        let names = r#"["no_block","not_understood","needs_data","not_supported"]"#;
        assert_eq!(serde_json::to_string(&all).unwrap(), names);
    }
}
