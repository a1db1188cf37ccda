//! `GET /tasks/{task_id}`: an operation by the id of its task, which its caller chose.

use serde::Serialize;
use shared::{caller::Owner, port_error::PortError, timestamp::Timestamp};

use crate::{ports::OperationStore, record::OperationRecord};

/// Finds the newest operation of `reader` with this task, in one query and one read. `None` if `reader` has none, or has
/// no name. An operation that began a moment ago may be missed.
pub async fn of_task(
    store: &dyn OperationStore,
    task_id: &str,
    reader: Option<&Owner>,
    now: Timestamp,
) -> Result<Option<OperationRecord>, PortError> {
    match reader {
        Some(reader) => store.newest_of_task(reader, task_id, now).await,
        None => Ok(None),
    }
}

/// The body of the answer.
pub fn task_body(operation: &OperationRecord, now: Timestamp) -> Result<String, PortError> {
    #[derive(Serialize)]
    struct Body<'a> {
        task_id: &'a str,
        session_id: Option<&'a str>,
        status: &'static str,
        tool_name: &'static str,
        operation_id: &'a str,
        created_at: String,
    }
    let body = Body {
        task_id: &operation.task_id,
        session_id: operation.session_id.as_deref(),
        status: operation.status_at(now).name(),
        tool_name: operation.tool.name(),
        operation_id: &operation.operation_id,
        created_at: operation.created_at.rfc3339(),
    };
    serde_json::to_string(&body)
        .map_err(|_| PortError { service: "operations table", code: "malformed operation".to_owned() })
}
