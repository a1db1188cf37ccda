//! The head of an agent: its newest version, and what a list tells of it.

use serde::{Deserialize, Serialize};
use shared::{caller::Owner, json::hash_of, timestamp::Timestamp};

use crate::{
    profile::Profile,
    version::{NewVersion, Version},
};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Head {
    pub agent_id: String,
    /// Tells an agent from an earlier one of its id.
    pub creation: String,
    /// The newest.
    pub version: u32,
    pub body: String,
    pub digest: String,
    pub profile: Profile,
    pub forked_from: Option<Source>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The version of an agent that another one was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub agent_id: String,
    pub version: u32,
}

/// An agent that is not saved yet.
#[derive(Debug, Clone)]
pub struct NewAgent {
    pub agent_id: String,
    pub first: NewVersion,
    pub forked_from: Option<Source>,
    /// Fingerprint of the request, if a repeat shall be known as one.
    pub request: Option<String>,
}

impl Head {
    #[must_use]
    pub fn new(new: &NewAgent) -> Self {
        Self {
            agent_id: new.agent_id.clone(),
            creation: format!("{:032x}", fastrand::u128(..)),
            version: 1,
            body: new.first.agent.body.clone(),
            digest: new.first.agent.digest.clone(),
            profile: new.first.profile.clone(),
            forked_from: new.forked_from.clone(),
            created_at: in_milliseconds(new.first.at),
            updated_at: in_milliseconds(new.first.at),
        }
    }

    /// With one version more. Time does not run backwards, whatever a clock says: lists are in its order.
    #[must_use]
    pub fn with(&self, new: &NewVersion) -> (Self, Version) {
        let version = Version::new(self.version + 1, new);
        let now = in_milliseconds(new.at);
        let head = Self {
            version: version.number,
            body: version.body.clone(),
            digest: version.digest.clone(),
            profile: new.profile.clone(),
            updated_at: if now < self.updated_at { self.updated_at } else { now },
            ..self.clone()
        };
        (head, version)
    }

    /// Of the newest version.
    #[must_use]
    pub fn etag(&self) -> String {
        etag(self.version, &self.digest)
    }

    /// `updated_at` in milliseconds.
    #[must_use]
    pub fn updated_ms(&self) -> u64 {
        (self.updated_at.0 * 1e3).round() as u64
    }
}

/// A strong entity tag: every version has its own.
#[must_use]
pub fn etag(version: u32, digest: &str) -> String {
    format!("\"{version}-{}\"", digest.get(..16).unwrap_or(digest))
}

/// Ids are UUIDs; a longer text would not fit the table's keys.
const LONGEST_ID: usize = 64;

/// Whether an agent can have this id.
#[must_use]
pub fn is_agent_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// An id that is always the same for this owner and `seed`, and looks like the others.
#[must_use]
pub fn id_from(owner: &Owner, seed: &str) -> String {
    let hash = hash_of(format!("{}\n{seed}", owner.0).as_bytes());
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hash.get(part).unwrap_or_default());
    parts.join("-")
}

/// As times are shown and lists are ordered.
fn in_milliseconds(time: Timestamp) -> Timestamp {
    Timestamp((time.0 * 1e3).round() / 1e3)
}
