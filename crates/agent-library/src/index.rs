//! What an index tells of an agent, so that one query of it finds the agents that a new one may use.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::{caller::Owner, json::hash_of};

use crate::head::Head;

/// The agents of an owner that are not deleted, by the time of their last change.
pub const OWNER_INDEX: &str = "owner-index";
/// The same agents, each with its [`Offer`]. An index of its own: a search of a list pays for every byte of the index that it
/// looks at, and an offer is many times longer than a name and a description.
pub const OFFER_INDEX: &str = "offer-index";
/// The attribute that holds an [`Offer`] as JSON.
pub const OFFER: &str = "offer";

/// Half of a hash: owners are callers' names, of any characters and length, and every entry of an index has it twice.
#[must_use]
pub fn owner_key(owner: &Owner) -> String {
    hash_of(owner.0.as_bytes()).chars().take(32).collect()
}

/// An agent that can be a step of another. Its id and version are those of the library, not those in its JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Offer {
    pub graph_id: String,
    pub graph_version: u32,
    pub name: String,
    pub description: String,
    pub input_schema: Box<RawValue>,
    pub output_schema: Box<RawValue>,
    /// The ids of the agents that it runs itself.
    pub runs: Vec<String>,
}

impl Offer {
    /// `None` for an agent that cannot be a step.
    #[must_use]
    pub fn new(head: &Head) -> Option<Self> {
        let profile = &head.profile;
        let interface = profile.interface.as_ref()?;
        Some(Self {
            graph_id: head.agent_id.clone(),
            graph_version: head.version,
            name: profile.name.clone(),
            description: profile.description.clone(),
            input_schema: interface.input_schema.clone(),
            output_schema: interface.output_schema.clone(),
            runs: profile.runs.clone()?,
        })
    }
}
