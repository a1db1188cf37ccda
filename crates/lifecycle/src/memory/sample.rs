//! An operation to begin with.

use std::time::Duration;

use shared::{caller::Owner, timestamp::Timestamp};

use crate::record::{Fingerprint, NewOperation, Tool};

/// An agent that `owner` asks for `now`, as the task `task-of-` and the id. Its deadline is in half an hour, and it is
/// kept for an hour.
#[must_use]
pub fn new_operation(operation_id: &str, owner: &str, now: Timestamp) -> NewOperation {
    NewOperation {
        operation_id: operation_id.to_owned(),
        task_id: format!("task-of-{operation_id}"),
        tool: Tool::GenerateAgent,
        owner: Some(Owner(owner.to_owned())),
        idempotency_key: None,
        fingerprint: Fingerprint("fingerprint".to_owned()),
        request: "{}".to_owned(),
        callback_url: None,
        session_id: None,
        created_at: now,
        deadline: now.after(Duration::from_secs(1_800)),
        expires_at: now.after(Duration::from_secs(3_600)),
    }
}
