//! Accepts an operation: writes it, enqueues it, and answers with its id (202).

use std::sync::Arc;

use serde::Serialize;
use shared::{bad_request::BadRequest, invocation::Clock, port_error::PortError, timestamp::Timestamp};

use crate::{
    ports::{Created, JobQueue, OperationStore},
    record::{NewOperation, OperationRecord, Status, Tool},
    settings::Settings,
};

#[derive(Debug, Clone)]
pub struct Starter {
    pub store: Arc<dyn OperationStore>,
    pub jobs: Arc<dyn JobQueue>,
    pub settings: Settings,
}

/// An accepted operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    pub operation_id: String,
    pub task_id: String,
    pub tool: Tool,
    pub session_id: Option<String>,
    /// The same request was accepted before, and nothing new was started.
    pub is_replayed: bool,
}

/// Why an operation was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotStarted {
    /// Its id or idempotency key belongs to another request.
    #[error(transparent)]
    Refused(#[from] BadRequest),
    /// The platform failed, and nothing was started. A repeat may succeed.
    #[error(transparent)]
    Unavailable(#[from] PortError),
}

impl Starter {
    /// Writes and enqueues an operation, or finds it if the same request came before. An operation that cannot be
    /// enqueued is deleted again.
    pub async fn start(&self, new: &NewOperation, clock: Clock) -> Result<Started, NotStarted> {
        match self.store.create(new).await? {
            Created::New => {
                if let Err(error) = self.jobs.enqueue(&new.operation_id, new.owner.as_ref()).await {
                    return self.withdraw(new, error, clock.now()).await;
                }
                Ok(Started::new(new))
            }
            Created::Existing(record) => {
                if !record.is_of(new.owner.as_ref(), &new.fingerprint) {
                    return Err(BadRequest::IdempotencyMismatch.into());
                }
                // The first request may have died before it enqueued the job. Enqueueing twice does no harm.
                if self.may_be_unqueued(&record, clock.now()) {
                    self.jobs.enqueue(&record.operation_id, record.owner.as_ref()).await?;
                }
                Ok(Started::replayed(&record))
            }
        }
    }

    /// Deletes an operation that could not be enqueued, unless a worker has claimed it: then the job was enqueued and
    /// only the queue's answer was lost.
    async fn withdraw(&self, new: &NewOperation, error: PortError, now: Timestamp) -> Result<Started, NotStarted> {
        tracing::error!(operation_id = new.operation_id, %error, "could not enqueue an operation");
        self.store.withdraw(&new.operation_id).await?;
        match self.store.get(&new.operation_id, now).await? {
            Some(record) if record.claims > 0 => Ok(Started::new(new)),
            _ => Err(error.into()),
        }
    }

    /// It has waited for longer than a lease, and no worker has ever claimed it.
    fn may_be_unqueued(&self, record: &OperationRecord, now: Timestamp) -> bool {
        let waited = record.created_at.until(now);
        record.claims == 0 && record.status_at(now) == Status::Accepted && waited > self.settings.lease
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

    pub(crate) fn replayed(record: &OperationRecord) -> Self {
        Self {
            operation_id: record.operation_id.clone(),
            task_id: record.task_id.clone(),
            tool: record.tool,
            session_id: record.session_id.clone(),
            is_replayed: true,
        }
    }

    /// The `operation_started` body of CONTRACT 6, identical for a replay.
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
