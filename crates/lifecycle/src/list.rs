//! `GET /operations`: a caller's own operations, newest first.

use serde::Serialize;
use shared::{caller::Owner, port_error::PortError, timestamp::Timestamp};

use crate::{
    heads::{Head, Position},
    ports::OperationStore,
    record::Status,
};

/// Heads that one request looks at for those of a status.
const MOST_LOOKED_AT: usize = 1_000;
/// Of them in one query.
const AT_ONCE: usize = 100;

/// What a caller asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    pub status: Option<Status>,
    /// At least 1.
    pub limit: usize,
    pub after: Option<Position>,
}

/// Lists operations of `owner`, of one status if it is asked for: then a page may have fewer than the limit, and others
/// behind it. An operation that changed a moment ago may show as it was before.
///
/// Returns the body of the answer.
pub async fn list(
    store: &dyn OperationStore,
    owner: &Owner,
    asked: Listing,
    now: Timestamp,
) -> Result<String, PortError> {
    let at_once = if asked.status.is_some() { AT_ONCE } else { asked.limit };
    let (mut found, mut looked_at, mut next) = (Vec::new(), 0, asked.after);
    loop {
        let page = store.of_owner(owner, next.as_ref(), at_once, now).await?;
        looked_at += at_once;
        next = page.next;
        let count = page.heads.len();
        let matching = |head: &Head| asked.status.is_none_or(|status| status == head.status_at(now));
        for (number, head) in page.heads.into_iter().enumerate().filter(|(_, head)| matching(head)) {
            let is_last = found.len() + 1 >= asked.limit;
            if is_last && number + 1 < count {
                next = Some(head.position());
            }
            found.push(head);
            if is_last {
                return body(&found, next.as_ref(), now);
            }
        }
        if next.is_none() || looked_at >= MOST_LOOKED_AT {
            return body(&found, next.as_ref(), now);
        }
    }
}

fn body(heads: &[Head], next: Option<&Position>, now: Timestamp) -> Result<String, PortError> {
    #[derive(Serialize)]
    struct Body<'a> {
        operations: Vec<Told<'a>>,
        next: Option<String>,
    }
    #[derive(Serialize)]
    struct Told<'a> {
        operation_id: &'a str,
        task_id: &'a str,
        tool_name: &'static str,
        status: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        error_type: Option<&'a str>,
        created_at: String,
        updated_at: String,
    }
    let told = |head: &'_ Head| {
        let status = head.status_at(now);
        let is_late = status != head.status;
        (status, if is_late { head.deadline } else { head.updated_at }, is_late)
    };
    let operations = heads.iter().map(|head| {
        let (status, updated_at, is_late) = told(head);
        Told {
            operation_id: &head.operation_id,
            task_id: &head.task_id,
            tool_name: head.tool.name(),
            status: status.name(),
            error_type: if is_late { Some("timeout") } else { head.error_type.as_deref() },
            created_at: head.created_at.rfc3339(),
            updated_at: updated_at.rfc3339(),
        }
    });
    let body = Body { operations: operations.collect(), next: next.map(Position::to_string) };
    serde_json::to_string(&body)
        .map_err(|_| PortError { service: "operations table", code: "malformed operation".to_owned() })
}
