//! An operation as it stands.

use std::fmt;

use shared::{caller::Owner, timestamp::Timestamp};

use super::{
    new::NewOperation,
    state::{Announcement, Fingerprint, Status, Tool},
};

/// An operation as it stands, without its request and its outcome's text.
#[derive(Clone, PartialEq)]
pub struct OperationRecord {
    /// Its id.
    pub operation_id: String,
    /// The id of the caller's task.
    pub task_id: String,
    /// What it makes.
    pub tool: Tool,
    /// Who may read it.
    pub owner: Option<Owner>,
    /// The request's fingerprint.
    pub fingerprint: Fingerprint,
    /// Where to send the webhook.
    pub callback_url: Option<String>,
    /// The caller's session.
    pub session_id: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// The class of the error that it ended with.
    pub error_type: Option<String>,
    /// How often a worker has claimed it, the current claim among them; also the number of the last claim.
    pub claims: u64,
    /// How often a worker has given it back after a failure that may pass.
    pub failures: u32,
    /// Until when the worker that has it is believed to live.
    pub leased_until: Option<Timestamp>,
    /// The generator has taken the job over: a completion will come, or nothing.
    pub handed_over: bool,
    /// What is still to be told of its end.
    pub announcement: Announcement,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it was last accepted, claimed, given back, handed over or ended.
    pub updated_at: Timestamp,
    /// When it has failed with a time-out if nobody has ended it.
    pub deadline: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// Without the webhook's address, which may be a secret of the caller's.
impl fmt::Debug for OperationRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OperationRecord")
            .field("operation_id", &self.operation_id)
            .field("task_id", &self.task_id)
            .field("tool", &self.tool)
            .field("owner", &self.owner)
            .field("fingerprint", &self.fingerprint)
            .field("has_callback", &self.callback_url.is_some())
            .field("session_id", &self.session_id)
            .field("status", &self.status)
            .field("error_type", &self.error_type)
            .field("claims", &self.claims)
            .field("failures", &self.failures)
            .field("leased_until", &self.leased_until)
            .field("handed_over", &self.handed_over)
            .field("announcement", &self.announcement)
            .field("created_at", &self.created_at)
            .field("updated_at", &self.updated_at)
            .field("deadline", &self.deadline)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

impl OperationRecord {
    /// How it stands when it was accepted.
    #[must_use]
    pub fn begun(new: &NewOperation) -> Self {
        Self {
            operation_id: new.operation_id.clone(),
            task_id: new.task_id.clone(),
            tool: new.tool,
            owner: new.owner.clone(),
            fingerprint: new.fingerprint.clone(),
            callback_url: new.callback_url.clone(),
            session_id: new.session_id.clone(),
            status: Status::Accepted,
            error_type: None,
            claims: 0,
            failures: 0,
            leased_until: None,
            handed_over: false,
            announcement: Announcement::Due,
            created_at: new.created_at,
            updated_at: new.created_at,
            deadline: new.deadline,
            expires_at: new.expires_at,
        }
    }

    /// Its status at `now`: what nobody has ended by its deadline has failed.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        if self.status.has_ended() || now < self.deadline { self.status } else { Status::Failed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_own_texts_show_in_no_log() {
        let time = Timestamp(0.0);
        let new = NewOperation {
            operation_id: "op".to_owned(),
            task_id: "task".to_owned(),
            tool: Tool::GenerateAgent,
            owner: None,
            idempotency_key: Some("hunter2".to_owned()),
            fingerprint: Fingerprint("0123".to_owned()),
            request: "hunter2".to_owned(),
            callback_url: Some("https://hunter2".to_owned()),
            session_id: None,
            created_at: time,
            deadline: time,
            expires_at: time,
        };
        let record = OperationRecord::begun(&new);
        for shown in [format!("{new:?}"), format!("{record:?}")] {
            assert!(shown.contains("\"op\"") && !shown.contains("hunter2"), "{shown}");
        }
    }
}
