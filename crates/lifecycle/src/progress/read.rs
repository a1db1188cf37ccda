//! Reads what is new in the log of one operation. Changes nothing: a function that only reads needs no other right.

use std::sync::Arc;

use shared::{invocation::Clock, port_error::PortError};

use super::{Entry, ProgressLog};
use crate::{
    end::timed_out,
    ports::OperationStore,
    record::{Logged, OperationRecord},
};

/// The ports from which an operation and its log are read.
#[derive(Debug, Clone)]
pub struct LogReader {
    pub store: Arc<dyn OperationStore>,
    pub log: Arc<dyn ProgressLog>,
}

impl LogReader {
    pub(super) fn ports(&self) -> Ports<'_> {
        Ports { store: &*self.store, log: &*self.log }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Ports<'a> {
    pub(super) store: &'a dyn OperationStore,
    pub(super) log: &'a dyn ProgressLog,
}

impl Ports<'_> {
    /// The entries above `after` of an operation that was just read, and the last one if it has ended: nothing is logged
    /// after the end, so a record that was read before the log knows all of it.
    pub(super) async fn news(
        self,
        operation: OperationRecord,
        after: u32,
        clock: Clock,
        request_id: &str,
    ) -> Result<Vec<Entry>, PortError> {
        let (operation, end) = self.end_of(operation, after, clock, request_id).await?;
        let mut entries = Vec::new();
        if after < Logged::FIRST {
            entries.push(Entry::accepted(&operation));
        }
        if operation.logged.last > after.max(Logged::FIRST) {
            entries.extend(self.log.entries(&operation, after).await?);
        }
        entries.extend(end.filter(|end| end.seq > after));
        Ok(entries)
    }

    /// The operation, and its last entry if it has ended and the caller has not seen that.
    async fn end_of(
        self,
        operation: OperationRecord,
        after: u32,
        clock: Clock,
        request_id: &str,
    ) -> Result<(OperationRecord, Option<Entry>), PortError> {
        let now = clock.now();
        if !operation.status_at(now).has_ended() || (operation.status.has_ended() && operation.logged.last < after) {
            return Ok((operation, None));
        }
        let is_same = |found: &OperationRecord| found.creation == operation.creation;
        match self.store.get_with_outcome(&operation.operation_id, now, &is_same).await? {
            Some((ended, Some(outcome))) => {
                let end = Entry::end(&ended, &outcome, ended.updated_at);
                Ok((ended, Some(end)))
            }
            // Its end is not written down.
            _ => {
                let end = Entry::end(&operation, &timed_out(&operation, request_id), operation.deadline);
                Ok((operation, Some(end)))
            }
        }
    }
}
