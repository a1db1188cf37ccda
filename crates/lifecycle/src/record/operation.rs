//! An operation as it is stored.

use std::fmt;

use shared::{caller::Owner, port::OperationIds, timestamp::Timestamp};

use super::{
    new::NewOperation,
    state::{Announcement, Creation, Fence, Fingerprint, Logged, Status, Tool},
};

/// A stored operation, without the texts of its request and outcome.
#[derive(Clone, PartialEq)]
pub struct OperationRecord {
    pub operation_id: String,
    pub creation: Creation,
    pub task_id: String,
    pub tool: Tool,
    /// Who may read it. `None`: nobody can read it over HTTP.
    pub owner: Option<Owner>,
    pub fingerprint: Fingerprint,
    pub callback_url: Option<String>,
    pub session_id: Option<String>,
    /// As stored; [`Self::status_at`] takes the deadline into account.
    pub status: Status,
    /// Set if it failed.
    pub error_type: Option<String>,
    /// The number of claims so far, which is the [`Fence`](super::Fence) of the last one.
    pub claims: u64,
    /// How often a worker released it after a transient failure.
    pub failures: u32,
    /// Set while a worker holds it. The lease may have lapsed.
    pub leased_until: Option<Timestamp>,
    /// The generator has taken the job over: a completion ends it, or the deadline does.
    pub handed_over: bool,
    /// The generator is at it: what it takes to ask it again, or to finish what it brings itself.
    pub ticket: Option<String>,
    /// Its job is certainly queued, and a repeat may have been answered with 202: it cannot be withdrawn any more.
    pub is_promised: bool,
    pub announcement: Announcement,
    pub logged: Logged,
    pub created_at: Timestamp,
    /// When it was last accepted, claimed, released, handed over or ended.
    pub updated_at: Timestamp,
    /// If it has not ended by then, it has failed with `timeout`.
    pub deadline: Timestamp,
    /// It does not exist from then on.
    pub expires_at: Timestamp,
}

/// Leaves out the webhook address, which may hold a secret.
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
            .field("has_ticket", &self.ticket.is_some())
            .field("is_promised", &self.is_promised)
            .field("announcement", &self.announcement)
            .field("logged", &self.logged)
            .field("created_at", &self.created_at)
            .field("updated_at", &self.updated_at)
            .field("deadline", &self.deadline)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

impl OperationRecord {
    #[must_use]
    pub fn ids(&self) -> OperationIds<'_> {
        OperationIds { operation_id: &self.operation_id, task_id: &self.task_id, ticket: self.ticket.as_deref() }
    }

    /// The record of a new operation.
    #[must_use]
    pub fn accepted(new: &NewOperation, creation: Creation) -> Self {
        Self {
            operation_id: new.operation_id.clone(),
            creation,
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
            ticket: None,
            is_promised: false,
            announcement: Announcement::Due,
            logged: Logged::default(),
            created_at: new.created_at,
            updated_at: new.created_at,
            deadline: new.deadline,
            expires_at: new.expires_at,
        }
    }

    /// Whether it was created by this request of this owner.
    pub(crate) fn is_of(&self, owner: Option<&Owner>, fingerprint: &Fingerprint) -> bool {
        self.owner.as_ref() == owner && self.fingerprint == *fingerprint
    }

    /// The fence of its last claim.
    #[must_use]
    pub fn fence(&self) -> Fence {
        Fence { creation: self.creation, claim: self.claims }
    }

    /// The status at `now`: an operation that has not ended by its deadline has failed.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        self.status.at(self.deadline, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_texts_do_not_show_in_a_log() {
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
        let record = OperationRecord::accepted(&new, Creation::unique());
        for shown in [format!("{new:?}"), format!("{record:?}")] {
            assert!(shown.contains("\"op\"") && !shown.contains("hunter2"), "{shown}");
        }
    }
}
