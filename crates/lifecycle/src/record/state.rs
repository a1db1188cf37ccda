//! The values that an operation's record is made of.

use serde::{Deserialize, Serialize};
use shared::action::Action;

/// What an operation makes, as the wire names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// A new agent: `POST /generate`.
    GenerateAgent,
    /// A changed agent: `POST /patch`.
    PatchAgent,
}

impl Tool {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GenerateAgent => "generate_agent",
            Self::PatchAgent => "patch_agent",
        }
    }

    /// The operation of the function that does it.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::GenerateAgent => Action::Generate,
            Self::PatchAgent => Action::Patch,
        }
    }
}

/// Where an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It waits for a worker.
    Accepted,
    /// A worker has it, or the generator has taken it over.
    Running,
    /// It ended with a result.
    Completed,
    /// It ended with an error.
    Failed,
}

impl Status {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing changes any more.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// A worker's claim on an operation. Every claim has a higher number than those before it; a write with an old number
/// changes nothing, so a worker that was thought dead cannot overwrite its successor's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fence(pub u64);

/// The SHA-256 of a request in canonical form, in hexadecimal: two requests are the same where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// Whether the world has been told that an operation ended: by an event on the bus, and by a job for its webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    /// It has not ended, or nobody was told yet.
    Due,
    /// Both were sent.
    Made,
}
