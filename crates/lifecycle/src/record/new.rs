//! An operation as it begins.

use std::fmt;

use shared::{caller::Owner, timestamp::Timestamp};

use super::state::{Fingerprint, Tool};

/// An operation as it begins.
#[derive(Clone, PartialEq)]
pub struct NewOperation {
    /// Its id: of the caller, or a UUID.
    pub operation_id: String,
    /// The id of the caller's task: of the caller, or a UUID.
    pub task_id: String,
    /// What it makes.
    pub tool: Tool,
    /// Who may read it; nobody over HTTP where it is `None`.
    pub owner: Option<Owner>,
    /// The `Idempotency-Key` that it came with.
    pub idempotency_key: Option<String>,
    /// The request's fingerprint.
    pub fingerprint: Fingerprint,
    /// The request: a body of CONTRACT 3, as it came.
    pub request: String,
    /// Where to send the webhook.
    pub callback_url: Option<String>,
    /// The caller's session.
    pub session_id: Option<String>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it has failed with a time-out if nobody has ended it.
    pub deadline: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// Without what the caller wrote, and without the address and the key, which may be secrets of its own.
impl fmt::Debug for NewOperation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewOperation")
            .field("operation_id", &self.operation_id)
            .field("task_id", &self.task_id)
            .field("tool", &self.tool)
            .field("owner", &self.owner)
            .field("fingerprint", &self.fingerprint)
            .field("created_at", &self.created_at)
            .field("deadline", &self.deadline)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
