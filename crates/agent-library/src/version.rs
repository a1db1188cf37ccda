//! The versions of an agent, and how each came about.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::{
    account::{Edit, LeftOut},
    json::{digest, first_chars, hash_of, size, to_raw},
    timestamp::Timestamp,
};

use crate::profile::Profile;

/// Of a person's wish, in Unicode characters.
const LONGEST_WISH: usize = 2_000;
/// Of the changes of one version, in bytes of JSON: a history of hundreds of versions stays small enough to read.
const LONGEST_CHANGES: usize = 32 * 1024;

/// An agent of more bytes, escaped as a gateway's answer has it, could not be read back: 6 MiB less 128 KiB for what surrounds it.
pub const LARGEST: usize = 6 * 1024 * 1024 - 128 * 1024;

/// Whether an answer has room for it.
#[must_use]
pub fn is_readable(agent: &RawValue) -> bool {
    size(agent.get()).is_ok_and(|size| size <= LARGEST)
}

/// The JSON of an agent, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentText {
    pub text: String,
    /// Hash of the bytes: what the text is stored under.
    pub body: String,
    /// Hash of the values: the same for the same content, however it is spelt.
    pub digest: String,
}

impl AgentText {
    /// `text` is a JSON object.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self { body: hash_of(text.as_bytes()), digest: digest("agent", &text), text }
    }
}

/// A version that is not saved yet.
#[derive(Debug, Clone)]
pub struct NewVersion {
    pub agent: AgentText,
    pub profile: Profile,
    pub story: Story,
    /// Names the work that made it, unlike any other: what the same work saves again is not saved twice.
    pub work: Option<String>,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Created,
    Replaced,
    Generated,
    Patched,
    Restored,
    Forked,
}

/// How a version came about.
#[derive(Clone, Serialize, Deserialize)]
pub struct Story {
    pub origin: Origin,
    /// The goal or the wish, in the person's own words: never logged.
    pub wish: Option<String>,
    pub operation_id: Option<String>,
    /// The version that was restored.
    pub restored: Option<u32>,
    /// Against the version before: a JSON list as `changes` of CONTRACT 4.
    pub changes: Box<RawValue>,
    /// Changes that the list has no room for.
    pub more_changes: usize,
    pub summary: Option<String>,
    /// What the goal or the wish asked for and the generator left out.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
}

/// Leaves out the person's words and the agent's.
impl std::fmt::Debug for Story {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Story").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Story {
    /// Without a version before.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        let changes = RawValue::NULL.to_owned();
        let (more_changes, left_out) = (0, Vec::new());
        Self { origin, wish: None, operation_id: None, restored: None, changes, more_changes, summary: None, left_out }
            .with_edit(&Edit::default())
    }

    /// With what differs from the version before, as far as there is room.
    #[must_use]
    pub fn with_edit(self, edit: &Edit) -> Self {
        let mut list = String::from("[");
        let mut fit = 0;
        for change in &edit.changes {
            let Ok(change) = to_raw(change) else { break };
            if list.len() + change.get().len() > LONGEST_CHANGES {
                break;
            }
            if fit > 0 {
                list.push(',');
            }
            list.push_str(change.get());
            fit += 1;
        }
        list.push(']');
        let changes = RawValue::from_string(list).unwrap_or(self.changes);
        let summary = Some(edit.summary.clone()).filter(|summary| !summary.is_empty());
        Self { changes, more_changes: edit.changes.len() - fit, summary, ..self }
    }

    /// With the person's words, cut if they are long.
    #[must_use]
    pub fn with_wish(self, wish: &str) -> Self {
        Self { wish: Some(first_chars(wish, LONGEST_WISH).to_owned()), ..self }
    }
}

/// A saved version: never changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    pub number: u32,
    pub body: String,
    pub digest: String,
    pub name: String,
    pub node_count: usize,
    pub story: Story,
    pub created_at: Timestamp,
}

impl Version {
    #[must_use]
    pub fn new(number: u32, new: &NewVersion) -> Self {
        Self {
            number,
            body: new.agent.body.clone(),
            digest: new.agent.digest.clone(),
            name: new.profile.name.clone(),
            node_count: new.profile.node_count,
            story: new.story.clone(),
            created_at: new.at,
        }
    }
}
