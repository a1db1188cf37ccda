//! `GET /operations/{operation_id}/events`: the answer to a caller who watches.

use std::time::Duration;

use serde::Serialize;
use shared::{backoff::Backoff, caller::Owner, invocation::Invocation, port_error::PortError};
use tokio::time::{Instant, sleep};

use super::{Entry, ProgressLog};
use crate::{
    end::{Ending, timed_out},
    ports::may_read,
    record::{Logged, OperationRecord},
    status::RETRY_AFTER,
};

/// Between two reads of an operation that a caller waits for.
const POLL: Backoff = Backoff { first: Duration::from_millis(300), longest: Duration::from_secs(2) };
/// Before the invocation's end, for the last read and the answer.
const RESERVE: Duration = Duration::from_secs(2);
/// Seconds to the next request of a caller who waits within each.
const AT_ONCE: u32 = 1;

/// What a caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watch {
    /// The number of the last entry that the caller has.
    pub after: u32,
    /// How long to wait if there is no newer one.
    pub wait: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchAnswer {
    pub body: String,
    /// `Retry-After` in seconds, if the operation has not ended.
    pub retry_after: Option<u32>,
}

#[derive(Serialize)]
struct Body<'a> {
    operation_id: &'a str,
    status: &'static str,
    events: &'a [Entry],
    /// For the next request's `after`.
    next: u32,
}

/// Reads the log of an operation of `reader`. `None` if it does not exist or belongs to another owner. Waits for something
/// new, but never past the end of the invocation. Ends an operation that is past its deadline, as [`status`](crate::status)
/// does.
pub async fn watch(
    (ending, log): (&Ending, &dyn ProgressLog),
    operation_id: &str,
    reader: Option<&Owner>,
    asked: Watch,
    invocation: Invocation<'_>,
) -> Result<Option<WatchAnswer>, PortError> {
    let limit = invocation.end.checked_sub(RESERVE).unwrap_or(invocation.end);
    let until = Instant::now().checked_add(asked.wait).map_or(limit, |until| until.min(limit));
    let mut polls = 0;
    let operation = loop {
        let now = invocation.clock.now();
        let found = ending.store.get(operation_id, now).await?;
        let Some(operation) = found.filter(|found| may_read(found.owner.as_ref(), reader)) else { return Ok(None) };
        let left = until.saturating_duration_since(Instant::now());
        if operation.status_at(now).has_ended() || operation.logged.last > asked.after || left.is_zero() {
            break operation;
        }
        sleep(POLL.wait(polls).min(left)).await;
        polls += 1;
    };
    let now = invocation.clock.now();
    let (operation, end) = end_of(ending, operation, asked.after, invocation).await?;
    let mut events = Vec::new();
    if asked.after < Logged::FIRST {
        events.push(Entry::accepted(&operation));
    }
    if operation.logged.last > asked.after.max(Logged::FIRST) {
        events.extend(log.entries(&operation, asked.after).await?);
    }
    // Nothing is logged after the end: the record that was read before the log knows all of it.
    events.extend(end.filter(|end| end.seq > asked.after));
    let status = operation.status_at(now);
    let next = events.last().map_or(asked.after, |entry| entry.seq);
    let body = Body { operation_id, status: status.name(), events: &events, next };
    let unwritable = |_| PortError { service: "progress log", code: "malformed entry".to_owned() };
    let body = serde_json::to_string(&body).map_err(unwritable)?;
    let retry_after = if asked.wait.is_zero() { RETRY_AFTER } else { AT_ONCE };
    Ok(Some(WatchAnswer { body, retry_after: (!status.has_ended()).then_some(retry_after) }))
}

/// The operation, and its last entry if it has ended and the caller has not seen that.
async fn end_of(
    ending: &Ending,
    operation: OperationRecord,
    after: u32,
    invocation: Invocation<'_>,
) -> Result<(OperationRecord, Option<Entry>), PortError> {
    let now = invocation.clock.now();
    if !operation.status_at(now).has_ended() {
        return Ok((operation, None));
    }
    ending.settle_in_passing(&operation, invocation).await;
    if operation.status.has_ended() && operation.logged.last < after {
        return Ok((operation, None));
    }
    let is_same = |found: &OperationRecord| found.creation == operation.creation;
    match ending.store.get_with_outcome(&operation.operation_id, now, &is_same).await? {
        Some((ended, Some(outcome))) => {
            let end = Entry::end(&ended, &outcome, ended.updated_at);
            Ok((ended, Some(end)))
        }
        // Its end could not be written down.
        _ => {
            let end = Entry::end(&operation, &timed_out(&operation, invocation.request_id), operation.deadline);
            Ok((operation, Some(end)))
        }
    }
}
