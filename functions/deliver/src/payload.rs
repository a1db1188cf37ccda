//! The body of a webhook: which operation ended, and how. Never the result, which can be megabytes: the receiver fetches
//! it from `GET /operations/{operation_id}` with its own key.

use std::fmt::Write;

use lifecycle::record::{OperationRecord, Status};
use serde::Serialize;

/// A longer session id, in bytes, is left out: Standard Webhooks recommends payloads below 20 KB.
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

/// Serialises the body; the same at every attempt.
pub(crate) fn payload(operation: &OperationRecord) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Payload {
        r#type: match operation.status {
            Status::Completed => "operation.completed",
            Status::Cancelled => "operation.cancelled",
            Status::Failed | Status::Accepted | Status::Running => "operation.failed",
        },
        timestamp: operation.updated_at.rfc3339(),
        data: Data {
            operation_id: &operation.operation_id,
            task_id: &operation.task_id,
            tool_name: operation.tool.name(),
            status: operation.status.name(),
            success: operation.status == Status::Completed,
            error_type: operation.error_type.as_deref(),
            session_id: operation.session_id.as_deref().filter(|session| session.len() <= MAX_SESSION),
        },
    })
}

/// Builds the `webhook-id`; the same at every attempt. Escapes everything but letters, digits, `-` and `_` as hexadecimal
/// bytes, because the signed text is separated by full stops.
pub(crate) fn message_id(operation_id: &str) -> String {
    let mut id = String::from("msg_");
    for byte in operation_id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            id.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(id, "~{byte:02x}");
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_operations_have_different_webhook_ids() {
        assert_eq!(message_id("6f1c-A_9"), "msg_6f1c-A_9");
        let odd = ["a.b", "a~2eb", "a b", "a\nb", "ä", ""];
        let ids: std::collections::BTreeSet<_> = odd.iter().map(|id| message_id(id)).collect();
        assert_eq!(ids.len(), odd.len());
        assert!(ids.iter().all(|id| id.is_ascii() && !id.contains(['.', ' ', '\n'])), "{ids:?}");
    }
}
