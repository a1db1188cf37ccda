//! The work of an operation, run by a worker or within a request, and what to do with its result.

use std::{fmt, future::Future, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use shared::{
    action::Action,
    backoff::Backoff,
    caller::Owner,
    invocation::{Clock, Invocation},
    port::{Draft, Drafted, OperationIds, Ticket},
    port_error::{PortError, PortFuture},
    progress::Progress,
    refusal::Refusal,
    reply::Reply,
    request_log::RequestLog,
    success::{Saving, Success},
};
use tokio::time::{Instant, sleep, timeout_at};

use crate::record::{Creation, OperationRecord, Tool};

/// Part of an invocation reserved for storing the outcome; if less than 20 s are left, a tenth of them.
const RESERVE: Duration = Duration::from_secs(2);
/// For writes that must not be lost. The longest wait is short, because the outcome may have cost half an hour.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(250), longest: Duration::from_secs(10) };

pub trait Job: Send + Sync {
    /// Does the work, by `assignment.end` at the latest. Notes facts in `log` as soon as they are known, so that they
    /// survive a panic.
    fn run<'a>(
        &'a self,
        assignment: Assignment<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Result<Done, Refusal>> + Send + 'a;
}

#[derive(Clone, Copy)]
pub struct Assignment<'a> {
    pub ids: OperationIds<'a>,
    /// Tells the operation from others that had its id.
    pub creation: Creation,
    pub owner: Option<&'a Owner>,
    /// A request body of CONTRACT 3.
    pub body: &'a str,
    /// Where a worker's job tells its steps; the generator may take that over (202). `None` if a request waits for the
    /// result.
    pub progress: Option<&'a dyn Progress>,
    pub clock: Clock,
    pub end: Instant,
}

impl<'a> Assignment<'a> {
    pub(crate) fn new(
        operation: &'a OperationRecord,
        body: &'a str,
        progress: Option<&'a dyn Progress>,
        invocation: Invocation<'_>,
    ) -> Self {
        let (ids, creation, owner) = (operation.ids(), operation.creation, operation.owner.as_ref());
        Self { ids, creation, owner, body, progress, clock: invocation.clock, end: work_end(operation, invocation) }
    }
}

/// Leaves out the body, which belongs to the caller.
impl fmt::Debug for Assignment<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Assignment").field("ids", &self.ids).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub enum Done {
    Reply(Reply),
    /// The generator has taken the job over and will report its end by a completion. With what it takes to finish the work
    /// then, in at most [`Ticket::LONGEST`] bytes.
    HandedOver(Option<String>),
    /// The generator is at it, and is asked again with this ticket.
    Later(Ticket),
}

impl Done {
    /// `saving` is what became of an agent that was to be saved.
    pub fn drafted(
        action: Action,
        drafted: Drafted,
        saving: Option<Saving>,
        log: &RequestLog,
    ) -> Result<Self, Refusal> {
        let success = match drafted {
            Drafted::HandedOver => return Ok(Self::HandedOver(None)),
            Drafted::Later(ticket) => return Ok(Self::Later(ticket)),
            Drafted::Now(Draft::Agent(agent_json, account)) => {
                Success::AgentPreview { action, agent_json, account, saving }
            }
            Drafted::Now(Draft::ClarifyingQuestions(questions)) => Success::ClarifyingQuestions { action, questions },
        };
        Reply::from_success(&success, action, log.session_id.as_deref()).map(Self::Reply)
    }
}

/// The end of the work: before the operation's deadline, and early enough in the invocation to store the outcome.
fn work_end(operation: &OperationRecord, invocation: Invocation<'_>) -> Instant {
    let left = invocation.end.saturating_duration_since(Instant::now());
    let limit = invocation.end.checked_sub(RESERVE.min(left / 10)).unwrap_or(invocation.end);
    invocation.clock.instant(operation.deadline, limit)
}

/// Runs the job, and drops it at the end of its time. Turns a panic into `unexpected_error`.
/// # Errors
/// The work failed, or had not ended in time.
pub async fn run_safely<J: Job>(
    job: &J,
    tool: Tool,
    assignment: Assignment<'_>,
    log: &mut RequestLog,
) -> Result<Done, Refusal> {
    // Unwind safe: the log is only read afterwards, and no field of it is ever half written.
    let done = AssertUnwindSafe(timeout_at(assignment.end, job.run(assignment, log))).catch_unwind().await;
    match done {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err(Refusal::out_of_time(tool.action())),
        Err(_) => Err(Refusal::unexpected(tool.action(), "a fault in the function")),
    }
}

pub(crate) fn note(result: &Result<Done, Refusal>, log: &mut RequestLog) {
    match result {
        Ok(Done::Reply(reply)) => log.note_reply(reply),
        Ok(Done::HandedOver(_) | Done::Later(_)) => log.note_outcome("handed_over"),
        Err(refusal) => log.note_refusal(refusal),
    }
}

/// Whether a retry may succeed. Not for a bad request or a missing generator.
#[must_use]
pub fn is_transient(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Failed { failure, .. } => failure.error_type.is_retryable(failure.upstream_status),
        Refusal::Bad(_)
        | Refusal::NotConfigured
        | Refusal::Replayed { .. }
        | Refusal::Invalid { .. }
        | Refusal::Ended { .. } => false,
    }
}

/// Repeats a write until it succeeds or the next attempt would come after `end`.
pub(crate) async fn persist<'a, T>(end: Instant, write: impl Fn() -> PortFuture<'a, T>) -> Result<T, PortError> {
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
        tracing::warn!(%error, "a write failed, repeating it");
        sleep(wait).await;
        failures += 1;
    }
}
