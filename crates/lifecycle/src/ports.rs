//! What operations need of a platform. Each port has an adapter for AWS and one in memory, and both pass the same tests.

use std::{fmt, time::Duration};

use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};

use super::record::{Fence, NewOperation, OperationRecord, Outcome};

/// The operations. Every change is one conditional write; every read is consistent, except [`Self::by_task`].
/// What has expired is not there, whether the platform has removed it yet or not.
pub trait OperationStore: fmt::Debug + Send + Sync {
    /// Writes a new operation, unless there is one with this id, or one of the same owner with this idempotency key.
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created>;

    /// Takes back an operation that waits for a worker: it could not be enqueued, or was given back by a request that did the
    /// work itself. Its idempotency key is free again. What a worker has, or what ended, stays.
    fn withdraw<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()>;

    /// The operation of this id as it stands at `now`. One read.
    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>>;

    /// The same, with its outcome where it has ended. One read of the table; a long outcome is read from where it lies.
    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>>;

    /// The id of the operation of this task; may lag behind by moments. `None` where there is none, or more than one.
    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<String>>;

    /// Claims an operation for a worker until `until`, where nobody has it: its lease has run out or was given back, it
    /// was not handed over, and it has not ended.
    fn claim<'a>(&'a self, operation_id: &'a str, now: Timestamp, until: Timestamp) -> PortFuture<'a, Claim>;

    /// Extends the lease of the claim `fence`, run out or not. False where that is not the last claim any more, was given back
    /// or handed over, or the operation ended.
    fn extend<'a>(&'a self, operation_id: &'a str, fence: Fence, until: Timestamp) -> PortFuture<'a, bool>;

    /// Gives an operation back after a failure that may pass: accepted again, one failure more, no lease. False as for
    /// [`Self::extend`]; true, and no second failure, where this claim has given it back already.
    fn release<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool>;

    /// The generator has taken the job over: it stays running, without a lease. False as for [`Self::extend`]; true where
    /// this claim has handed it over already.
    fn hand_over<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool>;

    /// Ends an operation. With a `fence` (a worker) only where that is the last claim; without (a completion, a deadline)
    /// whoever has it. The first end stays.
    fn finish<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Option<Fence>,
        outcome: &'a Outcome,
        now: Timestamp,
    ) -> PortFuture<'a, Finished>;

    /// Notes that the end was announced.
    fn announced<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()>;
}

/// What became of [`OperationStore::create`].
#[derive(Debug, Clone, PartialEq)]
pub enum Created {
    /// It is there now.
    New,
    /// There is one with this id or key already.
    Existing(Box<OperationRecord>),
}

/// What became of [`OperationStore::claim`].
#[derive(Clone, PartialEq)]
pub enum Claim {
    /// It is the worker's.
    Taken {
        /// The operation as it stands now.
        record: Box<OperationRecord>,
        /// The number of the claim.
        fence: Fence,
        /// The request, as it came.
        request: String,
    },
    /// Another worker has it.
    Busy {
        /// Until when that one is believed to live.
        until: Timestamp,
    },
    /// The generator has it.
    HandedOver,
    /// It has ended.
    Ended(Box<OperationRecord>),
    /// There is none.
    Unknown,
}

/// Without the request, which is a caller's own.
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

/// What became of [`OperationStore::finish`].
#[derive(Debug, Clone, PartialEq)]
pub enum Finished {
    /// This end is its end.
    First(Box<OperationRecord>),
    /// It had ended before; that end stays.
    Already(Box<OperationRecord>),
    /// Another worker has claimed it since: nothing was changed.
    Superseded,
    /// There is none.
    Unknown,
}

/// The queue on which jobs wait for a worker.
pub trait JobQueue: fmt::Debug + Send + Sync {
    /// Puts a job on the queue: the operation's id alone.
    fn enqueue<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()>;
}

/// What a worker asks of the queue that a message came from.
pub trait MessageVisibility: fmt::Debug + Send + Sync {
    /// Hides the message for this much longer, from now on; at most twelve hours.
    fn hide<'a>(&'a self, receipt_handle: &'a str, time: Duration) -> PortFuture<'a, ()>;
}

/// Who is told that an operation ended.
pub trait CompletionEvents: fmt::Debug + Send + Sync {
    /// Puts an event on the bus.
    fn publish<'a>(&'a self, event: &'a CompletionEvent) -> PortFuture<'a, ()>;
}

/// The `detail` of the event that tells of an operation's end, of the detail-type that [`Self::detail_type`] is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CompletionEvent {
    /// Its id.
    pub operation_id: String,
    /// The id of the caller's task.
    pub task_id: String,
    /// What it made.
    pub tool_name: String,
    /// Whether it has a result.
    pub success: bool,
    /// The class of its error.
    pub error_type: Option<String>,
}

impl CompletionEvent {
    /// The event's `source`.
    pub const SOURCE: &'static str = "agent-generator.operations";

    /// The event's `detail-type`.
    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        if self.success { "Operation Completed" } else { "Operation Failed" }
    }
}

/// The queue on which webhooks wait for their delivery.
pub trait CallbackQueue: fmt::Debug + Send + Sync {
    /// Puts a delivery on the queue: the operation's id alone.
    fn enqueue<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()>;
}

/// Whether `reader` may see what belongs to `owner`: what belongs to nobody is seen by nobody over HTTP.
#[must_use]
pub fn may_read(owner: Option<&Owner>, reader: Option<&Owner>) -> bool {
    owner.is_some() && owner == reader
}
