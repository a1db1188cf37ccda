//! The port of the log.

use std::fmt;

use shared::{port_error::PortFuture, timestamp::Timestamp};

use super::Entry;
use crate::record::{Logged, OperationRecord};

/// The entries between the first and the last one. They expire with their operation.
pub trait ProgressLog: fmt::Debug + Send + Sync {
    /// Appends `entries` in one write, if `holder` is as its claim or its hand-over left it: nobody has claimed, released,
    /// handed over or ended the operation since, it is before its deadline, and its log ends where `holder.logged` says.
    /// The entries are numbered from there on, without gaps, and not empty.
    ///
    /// `None` if nothing may be written any more.
    fn append<'a>(
        &'a self,
        holder: &'a OperationRecord,
        entries: &'a [Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Option<Appended>>;

    /// The entries of this creation of the operation with a number above `after`, in order. Strongly consistent.
    fn entries<'a>(&'a self, operation: &'a OperationRecord, after: u32) -> PortFuture<'a, Vec<Entry>>;
}

/// The result of [`ProgressLog::append`]: how far the log has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    Now(Logged),
    /// Nothing was written, for the log had come further: by an earlier call whose answer was lost, or by another writer.
    Before(Logged),
    /// Nothing was written, for this deployment keeps only what comes with the end of an operation.
    NotKept,
}

impl Appended {
    #[must_use]
    pub fn logged(self) -> Option<Logged> {
        match self {
            Self::Now(logged) | Self::Before(logged) => Some(logged),
            Self::NotKept => None,
        }
    }
}
