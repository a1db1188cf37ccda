//! What operations need from a platform. The adapters in memory and on AWS pass the same tests.

use std::{fmt, time::Duration};

use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};

use crate::{
    heads::{Page, Position},
    progress::Entry,
    record::{By, Creation, Fence, NewOperation, OperationRecord, Outcome, Status},
};

/// Every change is one conditional write, which names the operation's [`Creation`]: a repeated or delayed one cannot hit
/// a later operation of the same id. Every read is strongly consistent, except [`Self::by_task`],
/// [`Self::newest_of_task`], [`Self::of_owner`] and [`Self::due`]. An expired operation does not exist, even if the platform has not removed
/// it yet.
pub trait OperationStore: fmt::Debug + Send + Sync {
    /// Writes a new operation, unless one exists with this id, or with this owner and idempotency key.
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created>;

    /// Deletes an operation and frees its idempotency key, if `fence` is its last claim and nobody relies on it: it was
    /// neither promised, handed over nor ended. Use it if the job could not be enqueued, or if the request that ran it
    /// failed.
    fn withdraw<'a>(&'a self, operation_id: &'a str, fence: Fence) -> PortFuture<'a, Withdrawn>;

    /// Notes that the job is queued, so that the operation cannot be withdrawn any more, and that a sweep need not look
    /// at it before its deadline. False if the operation does not exist any more. Changes nothing if it has ended.
    fn promise<'a>(&'a self, operation: &'a OperationRecord, now: Timestamp) -> PortFuture<'a, bool>;

    /// One read.
    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>>;

    /// The body of its request, byte for byte. One read, and a second one for a long body. `None` if it does not exist any more.
    fn request<'a>(&'a self, operation: &'a OperationRecord, now: Timestamp) -> PortFuture<'a, Option<String>>;

    /// Like [`Self::get`], with the outcome if it has ended. One read, and a second one for a long outcome. `None` if
    /// `may_read` says no: then no outcome is fetched.
    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
        may_read: MayRead<'a>,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>>;

    /// Finds the operation of a task, whoever owns it. Eventually consistent.
    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, ByTask>;

    /// The operation of a task that `owner` began last. Eventually consistent. Costs the same however many operations the
    /// owner has.
    fn newest_of_task<'a>(
        &'a self,
        owner: &'a Owner,
        task_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<OperationRecord>>;

    /// The operations of `owner` behind `after`, or from the newest on. At most `limit`, which may be fewer although there
    /// are more. Eventually consistent.
    fn of_owner<'a>(
        &'a self,
        owner: &'a Owner,
        after: Option<&'a Position>,
        limit: usize,
        now: Timestamp,
    ) -> PortFuture<'a, Page>;

    /// Gives a worker the lease until `until`, if nobody holds it: it lapsed or was released, and the operation was
    /// neither handed over nor ended.
    fn claim<'a>(&'a self, operation_id: &'a str, now: Timestamp, until: Timestamp) -> PortFuture<'a, Claim>;

    /// Extends the lease of the claim `fence`, even if it has lapsed. False if there is a later claim, or if the
    /// operation was released, handed over or ended.
    fn extend<'a>(&'a self, operation_id: &'a str, fence: Fence, until: Timestamp) -> PortFuture<'a, bool>;

    /// Ends the lease after a transient failure: the operation is `accepted` again, with one more failure and no ticket. False as for
    /// [`Self::extend`]. Idempotent: a repeat by the same claim is true and does not count a second failure.
    fn release<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool>;

    /// Notes that the generator has taken the job over, and what it takes to finish it: the operation stays `running`, without
    /// a lease. False as for [`Self::extend`]. Idempotent.
    fn hand_over<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Fence,
        ticket: Option<&'a str>,
        now: Timestamp,
    ) -> PortFuture<'a, bool>;

    /// Notes that the generator is at it, and what it takes to ask it again: the operation stays `running`, without a lease,
    /// and can be claimed. False as for [`Self::extend`]. Idempotent.
    fn put_off<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Fence,
        ticket: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, bool>;

    /// Ends an operation, unless it has ended.
    fn finish<'a>(
        &'a self,
        operation_id: &'a str,
        by: By,
        outcome: &'a Outcome,
        now: Timestamp,
    ) -> PortFuture<'a, Finished> {
        self.finish_telling(operation_id, by, outcome, &[], now)
    }

    /// Like [`Self::finish`], and completes the log in the same write. `told` goes on where the log is known to end: its
    /// first entries may be in the log already, by a write of the same claim whose answer was lost.
    fn finish_telling<'a>(
        &'a self,
        operation_id: &'a str,
        by: By,
        outcome: &'a Outcome,
        told: &'a [Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Finished>;

    /// Sets [`Announcement::Made`](crate::record::Announcement::Made) if it has ended. A sweep does not look at it again.
    fn announced<'a>(&'a self, operation_id: &'a str, creation: Creation) -> PortFuture<'a, ()>;

    /// The ids of operations at which a sweep should look, `limit` at most: new ones whose end is not announced two
    /// minutes after their creation, and those past their deadline. Eventually consistent.
    fn due<'a>(&'a self, now: Timestamp, limit: usize) -> PortFuture<'a, Vec<String>>;

    /// Takes an operation that has not ended out of [`Self::due`] until its deadline.
    fn look_again<'a>(&'a self, operation: &'a OperationRecord) -> PortFuture<'a, ()>;
}

/// Whether a caller may read this operation.
pub type MayRead<'a> = &'a (dyn Fn(&OperationRecord) -> bool + Send + Sync);

/// The result of [`OperationStore::create`].
#[derive(Debug, Clone, PartialEq)]
pub enum Created {
    New(Creation),
    /// Nothing was written: this operation has the same id or key.
    Existing(Box<OperationRecord>),
}

/// The result of [`OperationStore::withdraw`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    /// The operation does not exist any more.
    Gone,
    /// Nothing was deleted: somebody has claimed it, ended it, or relies on it.
    Kept,
}

/// The result of [`OperationStore::by_task`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByTask {
    Nothing,
    One(String),
    /// Open or ended ones, of one owner or of several.
    Several,
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
    /// It does not exist any more.
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
    /// An end.
    pub status: Status,
    pub success: bool,
    pub error_type: Option<String>,
}

impl CompletionEvent {
    pub const SOURCE: &'static str = "agent-generator.operations";

    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        match self.status {
            Status::Completed => "Operation Completed",
            Status::Cancelled => "Operation Cancelled",
            Status::Failed | Status::Accepted | Status::Running => "Operation Failed",
        }
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
