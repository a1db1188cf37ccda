//! What a webhook says: that an operation ended and how. The result is fetched from `GET /operations/{operation_id}`, with
//! the caller's own key.

use std::fmt::Write;

use lifecycle::record::{OperationRecord, Status};
use serde::Serialize;

/// A session of more bytes is left out: a webhook has at most 20 KB.
const MAX_SESSION: usize = 4 * 1024;

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    operation_id: &'a str,
    task_id: &'a str,
    tool_name: &'static str,
    status: &'static str,
    success: bool,
    error_type: Option<&'a str>,
    session_id: Option<&'a str>,
}

/// The body for an operation that ended: the same at every attempt. Its result, which can be megabytes, is not in it.
pub(crate) fn payload(operation: &OperationRecord) -> Result<String, serde_json::Error> {
    let success = operation.status == Status::Completed;
    serde_json::to_string(&Payload {
        r#type: if success { "operation.completed" } else { "operation.failed" },
        timestamp: operation.updated_at.rfc3339(),
        data: Data {
            operation_id: &operation.operation_id,
            task_id: &operation.task_id,
            tool_name: operation.tool.name(),
            status: operation.status.name(),
            success,
            error_type: operation.error_type.as_deref(),
            session_id: operation.session_id.as_deref().filter(|session| session.len() <= MAX_SESSION),
        },
    })
}

/// The `webhook-id`: the same at every attempt, by which a receiver tells a repeat. An operation's id may hold a full stop,
/// which separates what is signed: anything but letters, digits, `-` and `_` is written as its bytes in hexadecimal.
pub(crate) fn message_id(operation_id: &str) -> String {
    let mut id = String::from("msg_");
    for byte in operation_id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            id.push(byte.into());
        } else {
            // Writing to a string does not fail.
            let _ = write!(id, "~{byte:02x}");
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_tells_operations_apart_whatever_their_ids() {
        assert_eq!(message_id("6f1c-A_9"), "msg_6f1c-A_9");
        let odd = ["a.b", "a~2eb", "a b", "a\nb", "ä", ""];
        let ids: std::collections::BTreeSet<_> = odd.iter().map(|id| message_id(id)).collect();
        assert_eq!(ids.len(), odd.len());
        assert!(ids.iter().all(|id| id.is_ascii() && !id.contains(['.', ' ', '\n'])), "{ids:?}");
    }
}
