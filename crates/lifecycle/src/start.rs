//! Accepts an operation: writes it, enqueues it, and answers with its id (202).

use std::sync::Arc;

use serde::Serialize;
use shared::{bad_request::BadRequest, invocation::Invocation, port_error::PortError};

use crate::{
    end::Ending,
    ports::{Created, JobQueue, Withdrawn},
    record::{Creation, Fence, NewOperation, OperationRecord, Status, Tool},
};

/// How often an operation may vanish between finding it and relying on it.
const TRIES: usize = 4;

#[derive(Debug, Clone)]
pub struct Starter {
    pub ending: Ending,
    pub jobs: Arc<dyn JobQueue>,
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
    /// Writes and enqueues an operation, or finds it if the same request came before. Succeeds only once the operation
    /// cannot be withdrawn any more, by whomever.
    pub async fn start(&self, new: &NewOperation, invocation: Invocation<'_>) -> Result<Started, NotStarted> {
        for _ in 0..TRIES {
            match self.ending.store.create(new).await? {
                Created::New(creation) => return self.enqueue(new, creation).await,
                Created::Existing(record) if !record.is_of(new.owner.as_ref(), &new.fingerprint) => {
                    return Err(BadRequest::IdempotencyMismatch.into());
                }
                Created::Existing(record) => {
                    if self.rely_on(&record, invocation).await? {
                        return Ok(Started::replayed(&record));
                    }
                }
            }
        }
        Err(PortError { service: "operations table", code: "conflict".to_owned() }.into())
    }

    /// Enqueues a new operation, else takes it back. That fails if a worker has claimed it (only the queue's answer was
    /// lost) or a repeat has enqueued it and relies on it: then it is started all the same.
    async fn enqueue(&self, new: &NewOperation, creation: Creation) -> Result<Started, NotStarted> {
        let Err(error) = self.jobs.enqueue(&new.operation_id, new.owner.as_ref()).await else {
            return Ok(Started::new(new));
        };
        tracing::error!(operation_id = new.operation_id, %error, "could not enqueue an operation");
        match self.ending.store.withdraw(&new.operation_id, Fence { creation, claim: 0 }).await? {
            Withdrawn::Gone => Err(error.into()),
            Withdrawn::Kept => Ok(Started::new(new)),
        }
    }

    /// Makes sure that a repeat may be answered with 202. The first request may have died before it enqueued the job, may
    /// be about to take the operation back, or may do the work itself and fail. Enqueueing twice does no harm. False if
    /// the operation is gone.
    async fn rely_on(&self, record: &OperationRecord, invocation: Invocation<'_>) -> Result<bool, PortError> {
        let now = invocation.clock.now();
        if record.status_at(now).has_ended() {
            self.ending.settle_in_passing(record, invocation).await;
            return Ok(true);
        }
        if record.handed_over || record.is_promised {
            return Ok(true);
        }
        self.jobs.enqueue(&record.operation_id, record.owner.as_ref()).await?;
        self.ending.store.promise(record, now).await
    }
}

impl Started {
    pub(crate) fn new(new: &NewOperation) -> Self {
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
