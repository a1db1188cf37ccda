//! The values in an operation's record.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use shared::{action::Action, timestamp::Timestamp};

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
    /// Its caller has stopped it.
    Cancelled,
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
            Self::Cancelled => "cancelled",
        }
    }

    /// At `now`: what has not ended by its deadline has failed.
    pub(crate) fn at(self, deadline: Timestamp, now: Timestamp) -> Self {
        if self.has_ended() || now < deadline { self } else { Self::Failed }
    }

    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// Unique to one creation of an operation. An id may be used again after a withdrawal, so a write that is repeated or
/// delayed names the creation too: it must not hit the successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Creation(u128);

impl Creation {
    /// Of items that were written before creations had names.
    pub const UNNAMED: Self = Self(0);

    #[must_use]
    pub fn unique() -> Self {
        Self(fastrand::u128(1..))
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for Creation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl FromStr for Creation {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

/// Fencing token: a creation and the number of its last claim, 0 before the first. Each claim has a higher number than
/// the one before, and a write with an old number is rejected, so a worker that was thought dead cannot overwrite its
/// successor's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    pub creation: Creation,
    pub claim: u64,
}

/// Who ends an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A worker or a request: only if its claim is the last one.
    Claim(Fence),
    /// A completion, the caller, or the deadline: whatever the last claim is.
    Anyone(Creation),
}

impl By {
    #[must_use]
    pub fn creation(self) -> Creation {
        match self {
            Self::Claim(fence) => fence.creation,
            Self::Anyone(creation) => creation,
        }
    }

    /// The claim that must be the last one.
    #[must_use]
    pub fn claim(self) -> Option<u64> {
        match self {
            Self::Claim(fence) => Some(fence.claim),
            Self::Anyone(_) => None,
        }
    }
}

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

/// How far the log of an operation has come: part of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logged {
    /// The number of the last entry.
    pub last: u32,
    pub writes: u32,
}

impl Default for Logged {
    fn default() -> Self {
        Self { last: Self::FIRST, writes: 0 }
    }
}

impl Logged {
    /// The number of the first entry, which every operation has.
    pub(crate) const FIRST: u32 = 1;

    /// After one more write, up to the entry `last`.
    #[must_use]
    pub fn with(self, last: u32) -> Self {
        Self { last, writes: self.writes.saturating_add(1) }
    }
}
