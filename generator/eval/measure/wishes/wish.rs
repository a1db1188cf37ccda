//! A wish for a change of an agent, and what a right answer to it is.

use std::{collections::BTreeMap, error::Error};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{
    super::goal::{Set, lines},
    agents::{large, shuffled, stored_agents},
};

const WISHES: &str = include_str!("../../wishes.jsonl");

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// The changed agent, or the same one if nothing is to be done.
    Agent,
    /// Questions.
    Ask,
    /// An error that says why.
    Refuse,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Wish {
    pub(crate) id: String,
    pub(crate) kind: String,
    /// `None` in a file that is not the project's own.
    pub(crate) set: Option<Set>,
    #[serde(alias = "changes")]
    pub(crate) wish: String,
    /// The name of a stored agent, or the agent itself.
    pub(crate) agent: Value,
    /// The nodes are listed in another order than they run in.
    #[serde(default)]
    pub(crate) shuffled: bool,
    /// The agent is made 300 nodes large.
    #[serde(default)]
    pub(crate) large: bool,
    /// What the three wordings of one wish have in common.
    pub(crate) same: Option<String>,
    pub(crate) expect: Expect,
    /// What the answer must say beside the agent: `a|b` if either is right.
    #[serde(default)]
    pub(crate) says: Vec<String>,
    /// At most so many steps may differ.
    pub(crate) touches: Option<usize>,
}

/// Another answer than an agent is right if `answer` lists it, and nothing else is looked at then. Blocks are named without
/// `Block`, unknown ones by their id; `A|B` is either.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Expect {
    pub(crate) answer: Vec<Answer>,
    /// Named twice: there are two.
    #[serde(default)]
    pub(crate) has_blocks: Vec<String>,
    #[serde(default)]
    pub(crate) lacks_blocks: Vec<String>,
    pub(crate) name: Option<String>,
    /// `Some(None)`: no schedule; `a|b` if either is right.
    #[serde(default, deserialize_with = "given")]
    pub(crate) cron: Option<Option<String>>,
    /// `Block.field`, or `Block#Title.field` for one step of several: some node has the value, itself or by an input of the
    /// agent that is linked to it. The field `@title` is the title of the step, the block `agent` the agent itself. Instead
    /// of a value: `{"$has": [texts]}`, `{"$lacks": [texts]}`, `{"$in": [values]}`, `{"$none": value}` (no node has it).
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Value>,
    /// `["A.output", "B.input"]`: there is such a link, or a chain through blocks that only convert. `*` is any.
    #[serde(default)]
    pub(crate) links: Vec<(String, String)>,
    /// The wish says too little, so that the question what should be changed is a right one.
    #[serde(default)]
    pub(crate) vague: bool,
    /// What nothing above names is as it was.
    #[serde(default)]
    pub(crate) untouched: bool,
}

/// Tells `null` from nothing.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The wishes that belong to the project.
pub(crate) fn own_wishes() -> Result<Vec<Wish>, Box<dyn Error>> {
    wishes(WISHES)
}

/// One wish a line, each with its agent as it is sent.
pub(crate) fn wishes(text: &str) -> Result<Vec<Wish>, Box<dyn Error>> {
    let stored = stored_agents()?;
    let mut wishes: Vec<Wish> = lines(text)?;
    for wish in &mut wishes {
        if let Some(name) = wish.agent.as_str() {
            wish.agent = stored.get(name).ok_or_else(|| format!("{}: there is no agent {name}", wish.id))?.clone();
        }
        if wish.large {
            wish.agent = large(&wish.agent);
        }
        if wish.shuffled {
            wish.agent = shuffled(&wish.agent);
        }
    }
    Ok(wishes)
}
