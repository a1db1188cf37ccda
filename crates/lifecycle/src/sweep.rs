//! Looks after operations that nobody else looks after: those past their deadline, those whose end is not announced, and
//! those whose job may not be queued. Run it every minute.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use shared::{invocation::Invocation, port_error::PortError};
use tokio::time::{sleep_until, timeout};

use crate::{
    end::Ending,
    ports::JobQueue,
    record::{OperationRecord, Status, Tool},
};

/// The most operations of one run; the next one goes on.
const MOST: usize = 1_000;
const AT_ONCE: usize = 16;
/// So that one operation that hangs does not stop the others.
const LONGEST: Duration = Duration::from_secs(3);
/// Before the invocation's end, for the answer.
const RESERVE: Duration = Duration::from_millis(500);

#[derive(Debug, Clone)]
pub struct Sweeper {
    pub ending: Ending,
    /// The jobs queue of each tool. A job without a queue is not enqueued again.
    pub jobs: Vec<(Tool, Arc<dyn JobQueue>)>,
}

/// How many operations a run looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Swept {
    pub done: usize,
    /// The next run tries them again.
    pub failed: usize,
}

impl Sweeper {
    /// Looks at the operations that are due, until `invocation` ends.
    ///
    /// # Errors
    /// The store could not tell which are due. A failure with one operation is counted instead.
    pub async fn sweep(&self, invocation: Invocation<'_>) -> Result<Swept, PortError> {
        let due = self.ending.store.due(invocation.clock.now(), MOST).await?;
        let looks = stream::iter(due).map(|operation_id| self.look_safely(operation_id, invocation));
        let end = invocation.end.checked_sub(RESERVE).unwrap_or(invocation.end);
        let results = looks.buffer_unordered(AT_ONCE).take_until(sleep_until(end));
        let count = |swept: Swept, is_done: bool| async move {
            Swept { done: swept.done + usize::from(is_done), failed: swept.failed + usize::from(!is_done) }
        };
        Ok(results.fold(Swept::default(), count).await)
    }

    async fn look_safely(&self, operation_id: String, invocation: Invocation<'_>) -> bool {
        match timeout(LONGEST, self.look(&operation_id, invocation)).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => tracing::error!(operation_id, %error, "a sweep could not look after an operation"),
            Err(_) => tracing::error!(operation_id, "a sweep ran out of time for an operation"),
        }
        false
    }

    async fn look(&self, operation_id: &str, invocation: Invocation<'_>) -> Result<(), PortError> {
        let now = invocation.clock.now();
        // The index lags behind: the operation may be gone.
        let Some(operation) = self.ending.store.get(operation_id, now).await? else { return Ok(()) };
        if operation.status_at(now).has_ended() {
            return self.ending.settle(&operation, invocation).await;
        }
        match self.queue(&operation) {
            Some(jobs) => {
                jobs.enqueue(operation_id, operation.owner.as_ref()).await?;
                self.ending.store.promise(&operation, now).await.map(drop)
            }
            None => self.ending.store.look_again(&operation).await,
        }
    }

    /// Where to enqueue a job that may not be queued: its request may have died before that.
    fn queue(&self, operation: &OperationRecord) -> Option<&dyn JobQueue> {
        let may_be_unqueued = operation.status == Status::Accepted && operation.claims == 0 && !operation.is_promised;
        let queue = self.jobs.iter().find(|(tool, _)| may_be_unqueued && *tool == operation.tool);
        queue.map(|(_, jobs)| &**jobs)
    }
}
