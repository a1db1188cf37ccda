//! `GET /operations/{operation_id}/events`: the answer to a caller who watches.

use std::time::Duration;

use serde::Serialize;
use shared::{backoff::Backoff, caller::Owner, invocation::Invocation, port_error::PortError};
use tokio::time::{Instant, sleep};

use super::{
    Entry, ProgressLog,
    read::{LogReader, Ports},
};
use crate::{end::Ending, ports::may_read, record::OperationRecord, status::RETRY_AFTER};

/// Between two reads of an operation that a caller waits for.
pub(super) const POLL: Backoff = Backoff { first: Duration::from_millis(300), longest: Duration::from_secs(2) };
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
    let ports = Ports { store: &*ending.store, log };
    let Some(operation) = wait(ports, operation_id, reader, asked, invocation).await? else { return Ok(None) };
    if operation.status_at(invocation.clock.now()).has_ended() {
        ending.settle_in_passing(&operation, invocation).await;
    }
    answer(ports, operation, asked, invocation).await.map(Some)
}

/// Like [`watch`], for a function that may only read: changes nothing, and announces no end.
pub async fn only_watch(
    log_reader: &LogReader,
    operation_id: &str,
    reader: Option<&Owner>,
    asked: Watch,
    invocation: Invocation<'_>,
) -> Result<Option<WatchAnswer>, PortError> {
    let ports = log_reader.ports();
    let Some(operation) = wait(ports, operation_id, reader, asked, invocation).await? else { return Ok(None) };
    answer(ports, operation, asked, invocation).await.map(Some)
}

/// Reads the operation until it has something new, or has ended, or the time is over.
async fn wait(
    ports: Ports<'_>,
    operation_id: &str,
    reader: Option<&Owner>,
    asked: Watch,
    invocation: Invocation<'_>,
) -> Result<Option<OperationRecord>, PortError> {
    let limit = invocation.end.checked_sub(RESERVE).unwrap_or(invocation.end);
    let until = Instant::now().checked_add(asked.wait).map_or(limit, |until| until.min(limit));
    let mut polls = 0;
    loop {
        let now = invocation.clock.now();
        let found = ports.store.get(operation_id, now).await?;
        let Some(operation) = found.filter(|found| may_read(found.owner.as_ref(), reader)) else { return Ok(None) };
        let left = until.saturating_duration_since(Instant::now());
        if operation.status_at(now).has_ended() || operation.logged.last > asked.after || left.is_zero() {
            return Ok(Some(operation));
        }
        sleep(POLL.wait(polls).min(left)).await;
        polls += 1;
    }
}

async fn answer(
    ports: Ports<'_>,
    operation: OperationRecord,
    asked: Watch,
    invocation: Invocation<'_>,
) -> Result<WatchAnswer, PortError> {
    let operation_id = operation.operation_id.clone();
    let status = operation.status_at(invocation.clock.now());
    let events = ports.news(operation, asked.after, invocation.clock, invocation.request_id).await?;
    let next = events.last().map_or(asked.after, |entry| entry.seq);
    let body = Body { operation_id: &operation_id, status: status.name(), events: &events, next };
    let unwritable = |_| PortError { service: "progress log", code: "malformed entry".to_owned() };
    let body = serde_json::to_string(&body).map_err(unwritable)?;
    let retry_after = if asked.wait.is_zero() { RETRY_AFTER } else { AT_ONCE };
    Ok(WatchAnswer { body, retry_after: (!status.has_ended()).then_some(retry_after) })
}
