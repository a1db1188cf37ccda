//! An operation before it is written.

use std::{fmt, time::Duration};

use shared::{caller::Owner, timestamp::Timestamp};

use super::state::{Fingerprint, Tool};

/// A request that has not enqueued its job by then is dead: Lambda ends it after half a minute.
const FIRST_LOOK: Duration = Duration::from_secs(120);

#[derive(Clone, PartialEq)]
pub struct NewOperation {
    /// Chosen by the caller, else a UUID.
    pub operation_id: String,
    /// Chosen by the caller, else a UUID.
    pub task_id: String,
    pub tool: Tool,
    /// Who may read it. `None`: nobody can read it over HTTP.
    pub owner: Option<Owner>,
    pub idempotency_key: Option<String>,
    pub fingerprint: Fingerprint,
    /// The request body of CONTRACT 3, byte for byte.
    pub request: String,
    pub callback_url: Option<String>,
    pub session_id: Option<String>,
    pub created_at: Timestamp,
    /// An operation that has not ended by then has failed with `timeout`.
    pub deadline: Timestamp,
    /// The operation does not exist from then on.
    pub expires_at: Timestamp,
}

impl NewOperation {
    /// When a sweep first looks at it, if its end is not announced by then.
    #[must_use]
    pub fn due_at(&self) -> Timestamp {
        let first = self.created_at.after(FIRST_LOOK);
        if first < self.deadline { first } else { self.deadline }
    }
}

/// Leaves out the request, and the webhook address and the idempotency key, which may be secrets.
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
