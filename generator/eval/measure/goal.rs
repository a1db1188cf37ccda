//! A goal and what a right answer to it is.

use std::error::Error;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Set {
    /// The planner may be tuned on it.
    Tune,
    /// Kept from the first planner: not tuned on.
    Test,
    /// Kept from the present planner: not tuned on, and its misses are not listed.
    Aside,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Agent,
    /// Questions.
    Ask,
    /// Unachievable.
    Refuse,
    Vague,
    /// Says that it reads English.
    Language,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Goal {
    pub(crate) id: String,
    pub(crate) goal: String,
    /// How it is written: an issue, a chat message, a list …
    pub(crate) source: String,
    /// `None` in a file that is not the project's own.
    pub(crate) set: Option<Set>,
    #[serde(flatten)]
    pub(crate) wanted: Wanted,
    pub(crate) if_understood: Option<Wanted>,
    /// A word of the name of each input that the agent must ask for; `a|b` if either is right.
    #[serde(default)]
    pub(crate) inputs: Vec<String>,
    /// Values of the goal that the agent must have somewhere: a text as part of a text (`a|b` if either is right), a
    /// number as a whole.
    #[serde(default)]
    pub(crate) values: Vec<Value>,
    /// The keyword of the expected question.
    pub(crate) about: Option<String>,
    /// Pieces of the goal that no agent has to do anything about.
    #[serde(default)]
    pub(crate) background: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Wanted {
    /// Each is right.
    pub(crate) answer: Vec<Kind>,
    /// Of each list the agent must have one block, without `Block`.
    #[serde(default)]
    pub(crate) blocks: Vec<Vec<String>>,
    /// `any` or the schedule; `a|b` if either is right.
    pub(crate) cron: Option<String>,
    /// What a refusal must name one word of.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    /// What `left_out` of an agent must name one word of.
    #[serde(default)]
    pub(crate) left_out: Vec<String>,
}

impl Wanted {
    pub(crate) fn allows(&self, kind: Kind) -> bool {
        self.answer.contains(&kind)
    }
}

/// One JSON value a line.
pub(crate) fn lines<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Box<dyn Error>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1).into()))
        .collect()
}
