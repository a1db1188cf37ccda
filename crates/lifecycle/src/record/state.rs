//! The values in an operation's record.

use serde::{Deserialize, Serialize};
use shared::action::Action;

/// What an operation makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// `POST /generate`.
    GenerateAgent,
    /// `POST /patch`.
    PatchAgent,
}

impl Tool {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GenerateAgent => "generate_agent",
            Self::PatchAgent => "patch_agent",
        }
    }

    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::GenerateAgent => Action::Generate,
            Self::PatchAgent => Action::Patch,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for a worker.
    Accepted,
    /// A worker holds the lease, or the generator has taken the job over.
    Running,
    Completed,
    Failed,
}

impl Status {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// Fencing token: the number of a worker's claim. Each claim has a higher number than the one before, and a write
/// with an old number is rejected, so a worker that was thought dead cannot overwrite its successor's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fence(pub u64);

/// The SHA-256 of a request in canonical form, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// Whether the end of an operation was announced: the event published and the webhook enqueued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    /// Not announced yet, or not ended yet.
    Due,
    Made,
}
