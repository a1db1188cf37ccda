//! The work of an operation, whoever does it and whenever.

use std::{fmt, future::Future, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use shared::{
    action::Action,
    backoff::Backoff,
    invocation::Invocation,
    port::{Draft, Drafted},
    port_error::{PortError, PortFuture},
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
    success::Success,
};
use tokio::time::{Instant, sleep};

use super::record::{OperationRecord, Tool};

/// This much of an invocation is kept for writing down how the work ended; of a short one a tenth.
const RESERVE: Duration = Duration::from_secs(2);
/// Between attempts at a write that must not be lost. The longest wait is short: what waits may have cost half an hour.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(250), longest: Duration::from_secs(10) };

/// What a function does for an operation.
pub trait Job: Send + Sync {
    /// Does the work, by the assignment's end at the latest. What becomes known of it goes to `log` at once.
    fn run<'a>(
        &'a self,
        assignment: Assignment<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Result<Done, Refusal>> + Send + 'a;
}

/// Work for an operation.
#[derive(Clone, Copy)]
pub struct Assignment<'a> {
    /// The operation's id.
    pub operation_id: &'a str,
    /// The id of the caller's task.
    pub task_id: &'a str,
    /// The request: a body of CONTRACT 3.
    pub body: &'a str,
    /// Whether the generator may take it over: nobody waits for it within a request.
    pub may_hand_over: bool,
    /// When the work has to be done.
    pub end: Instant,
}

/// Without the request, which is a caller's own.
impl fmt::Debug for Assignment<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Assignment")
            .field("operation_id", &self.operation_id)
            .field("task_id", &self.task_id)
            .finish_non_exhaustive()
    }
}

/// What became of the work.
#[derive(Debug)]
pub enum Done {
    /// It has a result.
    Reply(Reply),
    /// The generator has taken it over, and a completion will come.
    HandedOver,
}

impl Done {
    /// What became of a draft.
    ///
    /// # Errors
    /// Only where the JSON writer fails.
    pub fn drafted(action: Action, drafted: Drafted, log: &RequestLog) -> Result<Self, Refusal> {
        let success = match drafted {
            Drafted::HandedOver => return Ok(Self::HandedOver),
            Drafted::Now(Draft::Agent(agent_json)) => Success::AgentPreview { action, agent_json },
            Drafted::Now(Draft::ClarifyingQuestions(questions)) => Success::ClarifyingQuestions { action, questions },
        };
        Reply::from_success(&success, action, log.session_id.as_deref()).map(Self::Reply)
    }
}

/// When the work for `operation` has to be done: so early that its end can be written down, and not after its deadline.
pub(super) fn work_end(operation: &OperationRecord, invocation: Invocation<'_>) -> Instant {
    let left = invocation.end.saturating_duration_since(Instant::now());
    let limit = invocation.end.checked_sub(RESERVE.min(left / 10)).unwrap_or(invocation.end);
    invocation.clock.instant(operation.deadline, limit)
}

/// Does the work, and answers a panic as the fault of our own that it is.
pub(super) async fn run_safely<J: Job>(
    job: &J,
    tool: Tool,
    assignment: Assignment<'_>,
    log: &mut RequestLog,
) -> Result<Done, Refusal> {
    // The log is only read after a panic, and each of its fields is whole at any time.
    let done = AssertUnwindSafe(job.run(assignment, log)).catch_unwind().await;
    done.unwrap_or_else(|_| Err(Refusal::unexpected(tool.action(), "a fault in the function")))
}

/// Notes what became of the work.
pub(super) fn note(result: &Result<Done, Refusal>, log: &mut RequestLog) {
    match result {
        Ok(Done::Reply(reply)) => log.note_reply(reply),
        Ok(Done::HandedOver) => log.note_outcome("handed_over"),
        Err(refusal) => log.note_refusal(refusal),
    }
}

/// Whether the same work may succeed later. A request that is wrong stays so, and so does a missing generator.
pub(super) fn may_pass(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Failed { failure, .. } => failure.error_type.is_retryable(failure.upstream_status),
        Refusal::Bad(_) | Refusal::NotConfigured | Refusal::Replayed { .. } => false,
    }
}

/// Makes a write that must not be lost, again and again until the platform takes it or the time is up.
pub(super) async fn persist<'a, T>(end: Instant, write: impl Fn() -> PortFuture<'a, T>) -> Result<T, PortError> {
    let mut failures = 0;
    loop {
        let error = match write().await {
            Ok(written) => return Ok(written),
            Err(error) => error,
        };
        let wait = BACKOFF.wait(failures);
        if Instant::now().checked_add(wait).is_none_or(|next| next >= end) {
            return Err(error);
        }
        tracing::warn!(%error, "a write failed and is repeated");
        sleep(wait).await;
        failures += 1;
    }
}
