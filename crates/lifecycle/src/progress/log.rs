//! The port of the log.

use std::fmt;

use shared::{port_error::PortFuture, timestamp::Timestamp};

use super::Entry;
use crate::record::{Logged, OperationRecord};

/// The entries between the first and the last one. They expire with their operation.
pub trait ProgressLog: fmt::Debug + Send + Sync {
    /// Appends `entries` in one write, if `holder` is as its claim left it: nobody has claimed, released, handed over or
    /// ended the operation since, it is before its deadline, and its log ends where `holder.logged` says. The entries are
    /// numbered from there on, without gaps, and not empty.
    ///
    /// Returns how far the log has come, and `None` if the claim is not the last one any more: then nothing was written.
    /// If an earlier write of this claim had succeeded and its answer was lost, nothing is written either, and the log has
    /// come as far as that write.
    fn append<'a>(
        &'a self,
        holder: &'a OperationRecord,
        entries: &'a [Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Option<Logged>>;

    /// The entries of this creation of the operation with a number above `after`, in order. Strongly consistent.
    fn entries<'a>(&'a self, operation: &'a OperationRecord, after: u32) -> PortFuture<'a, Vec<Entry>>;
}
