//! Reads what is new in the log of one operation. Changes nothing: a function that only reads needs no other right.

use std::sync::Arc;

use shared::{invocation::Clock, port_error::PortError, timestamp::Timestamp};

use super::{Entry, ProgressLog, Told};
use crate::{
    end::timed_out,
    ports::OperationStore,
    record::{Logged, OperationRecord, Outcome},
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
    /// The entries above `after` of an operation that was just read, and its end if it has ended: nothing is logged
    /// after the end, so a record that was read before the log knows all of it.
    pub(super) async fn news(
        self,
        operation: OperationRecord,
        after: u32,
        clock: Clock,
        request_id: &str,
    ) -> Result<Vec<Entry>, PortError> {
        let (operation, end) = self.end_of(operation, after, clock, request_id).await?;
        let words = end.as_ref().and_then(|(outcome, _)| Told::closing_words(outcome));
        // All of it, to see whether somebody has told of the agent before.
        let from = if words.is_some() { 0 } else { after };
        let mut entries = Vec::new();
        if operation.logged.last > from.max(Logged::FIRST) {
            entries = self.log.entries(&operation, from).await?;
        }
        let is_told = entries.iter().any(|entry| matches!(entry.told, Told::Text { .. }));
        if let Some((outcome, at)) = end {
            entries.extend(Entry::ends(&operation, words.filter(|_| !is_told), &outcome, at));
        }
        if after < Logged::FIRST {
            entries.insert(0, Entry::accepted(&operation));
        }
        entries.retain(|entry| entry.seq > after);
        Ok(entries)
    }

    /// The operation, and how and when it ended, unless the caller has surely seen that.
    async fn end_of(
        self,
        operation: OperationRecord,
        after: u32,
        clock: Clock,
        request_id: &str,
    ) -> Result<(OperationRecord, Option<(Outcome, Timestamp)>), PortError> {
        let now = clock.now();
        // The closing words and the end are the last two, if there are both.
        let is_seen = operation.status.has_ended() && operation.logged.last.saturating_add(1) < after;
        if !operation.status_at(now).has_ended() || is_seen {
            return Ok((operation, None));
        }
        let is_same = |found: &OperationRecord| found.creation == operation.creation;
        match self.store.get_with_outcome(&operation.operation_id, now, &is_same).await? {
            Some((ended, Some(outcome))) => {
                let at = ended.updated_at;
                Ok((ended, Some((outcome, at))))
            }
            // Its end is not written down.
            _ => {
                let end = (timed_out(&operation, request_id), operation.deadline);
                Ok((operation, Some(end)))
            }
        }
    }
}
