//! What operations need from a platform. The adapters in memory and on AWS pass the same tests.

use std::{fmt, time::Duration};

use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};

use crate::record::{Fence, NewOperation, OperationRecord, Outcome};

/// Every change is one conditional write. Every read is strongly consistent, except [`Self::by_task`]. An expired
/// operation does not exist, even if the platform has not removed it yet.
pub trait OperationStore: fmt::Debug + Send + Sync {
    /// Writes a new operation, unless one exists with this id, or with this owner and idempotency key.
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created>;

    /// Deletes an operation that is `accepted`, and frees its idempotency key. Use it if the operation could not be
    /// enqueued, or if the request that ran it failed and released it. Leaves a running or ended operation alone.
    fn withdraw<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()>;

    /// One read.
    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>>;

    /// Like [`Self::get`], with the outcome if it has ended. One read, and a second one for a long outcome.
    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>>;

    /// The id of the only operation of this task, else `None`. Eventually consistent.
    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<String>>;

    /// Gives a worker the lease until `until`, if nobody holds it: it lapsed or was released, and the operation was
    /// neither handed over nor ended.
    fn claim<'a>(&'a self, operation_id: &'a str, now: Timestamp, until: Timestamp) -> PortFuture<'a, Claim>;

    /// Extends the lease of the claim `fence`, even if it has lapsed. False if there is a later claim, or if the
    /// operation was released, handed over or ended.
    fn extend<'a>(&'a self, operation_id: &'a str, fence: Fence, until: Timestamp) -> PortFuture<'a, bool>;

    /// Ends the lease after a transient failure: the operation is `accepted` again, with one more failure. False as for
    /// [`Self::extend`]. Idempotent: a repeat by the same claim is true and does not count a second failure.
    fn release<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool>;

    /// Notes that the generator has taken the job over: the operation stays `running`, without a lease. False as for
    /// [`Self::extend`]. Idempotent.
    fn hand_over<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool>;

    /// Ends an operation, unless it has ended. With a `fence` (a worker), only if that is the last claim; without one
    /// (a completion, the deadline), whichever claim is the last.
    fn finish<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Option<Fence>,
        outcome: &'a Outcome,
        now: Timestamp,
    ) -> PortFuture<'a, Finished>;

    /// Sets [`Announcement::Made`](crate::record::Announcement::Made).
    fn announced<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()>;
}

/// The result of [`OperationStore::create`].
#[derive(Debug, Clone, PartialEq)]
pub enum Created {
    New,
    /// Nothing was written: this operation has the same id or key.
    Existing(Box<OperationRecord>),
}

/// The result of [`OperationStore::claim`].
#[derive(Clone, PartialEq)]
pub enum Claim {
    Taken {
        /// The operation after the claim.
        record: Box<OperationRecord>,
        fence: Fence,
        /// The request body, byte for byte.
        request: String,
    },
    /// Another worker holds the lease.
    Busy {
        until: Timestamp,
    },
    HandedOver,
    Ended(Box<OperationRecord>),
    Unknown,
}

/// Leaves out the request, which belongs to the caller.
impl fmt::Debug for Claim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { record, fence, request } => {
                write!(formatter, "Taken({record:?}, {fence:?}, {} bytes)", request.len())
            }
            Self::Busy { until } => write!(formatter, "Busy({until:?})"),
            Self::HandedOver => formatter.write_str("HandedOver"),
            Self::Ended(record) => write!(formatter, "Ended({record:?})"),
            Self::Unknown => formatter.write_str("Unknown"),
        }
    }
}

/// The result of [`OperationStore::finish`].
#[derive(Debug, Clone, PartialEq)]
pub enum Finished {
    /// This outcome was stored.
    First(Box<OperationRecord>),
    /// Nothing was written: the operation had ended before.
    Already(Box<OperationRecord>),
    /// Nothing was written: another worker has claimed it since.
    Superseded,
    Unknown,
}

/// Holds the jobs that wait for a worker.
pub trait JobQueue: fmt::Debug + Send + Sync {
    /// Sends the operation's id and nothing else. A queue serves owners in turn: one with many messages does not hold up
    /// the others.
    fn enqueue<'a>(&'a self, operation_id: &'a str, owner: Option<&'a Owner>) -> PortFuture<'a, ()>;
}

/// The visibility timeout of a message received from a queue.
pub trait MessageVisibility: fmt::Debug + Send + Sync {
    /// Hides the message from now on for `time`, at most 12 hours in all since it was received.
    fn hide<'a>(&'a self, receipt_handle: &'a str, time: Duration) -> PortFuture<'a, ()>;
}

/// The event bus.
pub trait CompletionEvents: fmt::Debug + Send + Sync {
    fn publish<'a>(&'a self, event: &'a CompletionEvent) -> PortFuture<'a, ()>;
}

/// The `detail` of the event that announces the end of an operation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CompletionEvent {
    pub operation_id: String,
    pub task_id: String,
    pub tool_name: String,
    pub success: bool,
    pub error_type: Option<String>,
}

impl CompletionEvent {
    pub const SOURCE: &'static str = "agent-generator.operations";

    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        if self.success { "Operation Completed" } else { "Operation Failed" }
    }
}

/// Holds the webhooks that wait for delivery.
pub trait CallbackQueue: fmt::Debug + Send + Sync {
    /// Sends the operation's id and nothing else. A queue serves owners in turn: one with many messages does not hold up
    /// the others.
    fn enqueue<'a>(&'a self, operation_id: &'a str, owner: Option<&'a Owner>) -> PortFuture<'a, ()>;
}

/// Whether `reader` owns the operation. Over HTTP nobody can read an operation without an owner.
#[must_use]
pub fn may_read(owner: Option<&Owner>, reader: Option<&Owner>) -> bool {
    owner.is_some() && owner == reader
}
