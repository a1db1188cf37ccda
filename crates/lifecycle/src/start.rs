//! An operation begins: it is written down, then put on its queue, and the caller learns its id.

use std::sync::Arc;

use serde::Serialize;
use shared::{bad_request::BadRequest, caller::Owner, invocation::Clock, port_error::PortError, timestamp::Timestamp};

use super::{
    ports::{Created, JobQueue, OperationStore},
    record::{Fingerprint, NewOperation, OperationRecord, Status, Tool},
    settings::Settings,
};

/// Begins operations.
#[derive(Debug, Clone)]
pub struct Starter {
    /// Where they are written.
    pub store: Arc<dyn OperationStore>,
    /// Where they wait for a worker.
    pub jobs: Arc<dyn JobQueue>,
    /// How they are run.
    pub settings: Settings,
}

/// An operation that was accepted, now or before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Its id.
    pub operation_id: String,
    /// The id of the caller's task.
    pub task_id: String,
    /// What it makes.
    pub tool: Tool,
    /// The caller's session.
    pub session_id: Option<String>,
    /// The same request had been accepted before: nothing new has begun.
    pub is_replayed: bool,
}

/// Why an operation did not begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotStarted {
    /// Its id or its idempotency key stands for another request.
    #[error(transparent)]
    Refused(#[from] BadRequest),
    /// The platform failed: nothing has begun, and it may later.
    #[error(transparent)]
    Unavailable(#[from] PortError),
}

impl Starter {
    /// Writes an operation and puts it on the queue; where the same was asked before, finds it.
    ///
    /// # Errors
    /// What has its id or key is another request; or it could not be written or enqueued, and nothing of it stays.
    pub async fn start(&self, new: &NewOperation, clock: Clock) -> Result<Started, NotStarted> {
        match self.store.create(new).await? {
            Created::New => {
                if let Err(error) = self.jobs.enqueue(&new.operation_id).await {
                    return self.take_back(new, error, clock.now()).await;
                }
                Ok(Started::new(new))
            }
            Created::Existing(record) => {
                if !record.is_of(new.owner.as_ref(), &new.fingerprint) {
                    return Err(BadRequest::IdempotencyMismatch.into());
                }
                // Whoever began it may have died before it was enqueued. Twice on the queue does no harm.
                if self.is_forlorn(&record, clock.now()) {
                    self.jobs.enqueue(&record.operation_id).await?;
                }
                Ok(Started::before(&record))
            }
        }
    }

    /// Takes an operation back that could not be enqueued. That may have been an answer that got lost: where a worker has
    /// it already, it has begun.
    async fn take_back(&self, new: &NewOperation, error: PortError, now: Timestamp) -> Result<Started, NotStarted> {
        tracing::error!(operation_id = new.operation_id, %error, "an operation could not be enqueued");
        self.store.withdraw(&new.operation_id).await?;
        match self.store.get(&new.operation_id, now).await? {
            Some(record) if record.claims > 0 => Ok(Started::new(new)),
            _ => Err(error.into()),
        }
    }

    /// Nobody has claimed it for so long that it may be on no queue.
    fn is_forlorn(&self, record: &OperationRecord, now: Timestamp) -> bool {
        let waited = record.created_at.until(now);
        record.claims == 0 && record.status_at(now) == Status::Accepted && waited > self.settings.lease
    }
}

impl OperationRecord {
    /// Whether it is the operation of this request of this owner.
    pub(super) fn is_of(&self, owner: Option<&Owner>, fingerprint: &Fingerprint) -> bool {
        self.owner.as_ref() == owner && self.fingerprint == *fingerprint
    }
}

impl Started {
    fn new(new: &NewOperation) -> Self {
        Self {
            operation_id: new.operation_id.clone(),
            task_id: new.task_id.clone(),
            tool: new.tool,
            session_id: new.session_id.clone(),
            is_replayed: false,
        }
    }

    /// One that had begun before.
    pub(super) fn before(record: &OperationRecord) -> Self {
        Self {
            operation_id: record.operation_id.clone(),
            task_id: record.task_id.clone(),
            tool: record.tool,
            session_id: record.session_id.clone(),
            is_replayed: true,
        }
    }

    /// The body that tells the caller of it, the same each time: CONTRACT 6.
    ///
    /// # Errors
    /// Only where the JSON writer fails.
    pub fn body(&self) -> Result<String, serde_json::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            r#type: &'static str,
            status: &'static str,
            operation_id: &'a str,
            task_id: &'a str,
            tool_name: &'static str,
            message: &'static str,
            session_id: Option<&'a str>,
        }
        serde_json::to_string(&Body {
            r#type: "operation_started",
            status: Status::Accepted.name(),
            operation_id: &self.operation_id,
            task_id: &self.task_id,
            tool_name: self.tool.name(),
            message: match self.tool {
                Tool::GenerateAgent => "Agent generation started. You'll be notified when it's complete.",
                Tool::PatchAgent => "Agent edit started. You'll be notified when it's complete.",
            },
            session_id: self.session_id.as_deref(),
        })
    }
}
