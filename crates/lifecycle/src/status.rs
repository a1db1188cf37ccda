//! `GET /operations/{operation_id}`: the answer to a caller who polls.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;
use shared::{caller::Owner, invocation::Invocation, port_error::PortError};

use crate::{
    end::{Ending, timed_out},
    ports::may_read,
    progress::{Entry, ProgressLog},
    record::{Logged, OperationRecord, Outcome, Status},
};

/// Seconds between two polls.
pub const RETRY_AFTER: u32 = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusAnswer {
    pub status: Status,
    pub body: String,
    /// `Retry-After` in seconds, if the operation has not ended.
    pub retry_after: Option<u32>,
}

/// Reads an operation of `reader` in one read. `None` if it does not exist or belongs to another owner. Ends an operation
/// that is past its deadline, and announces an end that is not announced; the answer does not depend on either.
pub async fn status(
    ending: &Ending,
    operation_id: &str,
    reader: Option<&Owner>,
    invocation: Invocation<'_>,
) -> Result<Option<StatusAnswer>, PortError> {
    let Some((operation, outcome)) = find(ending, operation_id, reader, invocation).await? else { return Ok(None) };
    StatusAnswer::new(&operation, outcome.as_ref()).map(Some)
}

/// Like [`status`], with the newest entry of its log, for one more read, if it has not ended. A log that cannot be read
/// costs the entry alone.
pub async fn status_and_news(
    (ending, log): (&Ending, &dyn ProgressLog),
    operation_id: &str,
    reader: Option<&Owner>,
    invocation: Invocation<'_>,
) -> Result<Option<(StatusAnswer, Option<Entry>)>, PortError> {
    let Some((operation, outcome)) = find(ending, operation_id, reader, invocation).await? else { return Ok(None) };
    let news = if operation.status.has_ended() { None } else { newest(log, &operation).await };
    Ok(Some((StatusAnswer::new(&operation, outcome.as_ref())?, news)))
}

/// As they stand now.
async fn find(
    ending: &Ending,
    operation_id: &str,
    reader: Option<&Owner>,
    invocation: Invocation<'_>,
) -> Result<Option<(OperationRecord, Option<Outcome>)>, PortError> {
    let now = invocation.clock.now();
    let is_readers = |operation: &OperationRecord| may_read(operation.owner.as_ref(), reader);
    let found = ending.store.get_with_outcome(operation_id, now, &is_readers).await?;
    let Some((mut operation, mut outcome)) = found else { return Ok(None) };
    ending.settle_in_passing(&operation, invocation).await;
    let status = operation.status_at(now);
    if status != operation.status {
        outcome = Some(timed_out(&operation, invocation.request_id));
        (operation.status, operation.updated_at) = (status, operation.deadline);
    }
    Ok(Some((operation, outcome)))
}

async fn newest(log: &dyn ProgressLog, operation: &OperationRecord) -> Option<Entry> {
    let last = operation.logged.last;
    if last <= Logged::FIRST {
        return Some(Entry::accepted(operation));
    }
    match log.entries(operation, last - 1).await {
        Ok(mut entries) => entries.pop(),
        Err(error) => {
            tracing::warn!(operation_id = operation.operation_id, %error, "could not read the log of an operation");
            None
        }
    }
}

impl StatusAnswer {
    /// `outcome` is that of an operation that has ended.
    pub(crate) fn new(operation: &OperationRecord, outcome: Option<&Outcome>) -> Result<Self, PortError> {
        let status = operation.status;
        let body = serde_json::to_string(&Body { operation, outcome })
            .map_err(|_| PortError { service: "operations table", code: "malformed outcome".to_owned() })?;
        Ok(Self { status, body, retry_after: (!status.has_ended()).then_some(RETRY_AFTER) })
    }
}

struct Body<'a> {
    operation: &'a OperationRecord,
    outcome: Option<&'a Outcome>,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("operation_id", &self.operation.operation_id)?;
        map.serialize_entry("task_id", &self.operation.task_id)?;
        map.serialize_entry("tool_name", self.operation.tool.name())?;
        map.serialize_entry("status", self.operation.status.name())?;
        map.serialize_entry("created_at", &self.operation.created_at.rfc3339())?;
        map.serialize_entry("updated_at", &self.operation.updated_at.rfc3339())?;
        if let Some((outcome, body)) = self.outcome.and_then(|outcome| Some((outcome, outcome.body()?))) {
            let body: &RawValue = serde_json::from_str(body).map_err(serde::ser::Error::custom)?;
            map.serialize_entry(if outcome.error_type().is_none() { "result" } else { "error" }, body)?;
        }
        map.end()
    }
}
