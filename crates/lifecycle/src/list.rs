//! `GET /operations`: a caller's own operations, newest first.

use std::{fmt, str::FromStr};

use serde::Serialize;
use shared::{caller::Owner, port_error::PortError, timestamp::Timestamp};

use crate::{
    ports::OperationStore,
    record::{Status, Tool},
    request_options::is_id,
};

/// Heads that one request looks at for those of a status.
const MOST_LOOKED_AT: usize = 1_000;
/// Of them in one query.
const AT_ONCE: usize = 100;

/// What the list tells of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub operation_id: String,
    pub task_id: String,
    pub tool: Tool,
    /// As stored; [`Self::status_at`] takes the deadline into account.
    pub status: Status,
    pub error_type: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deadline: Timestamp,
}

/// A place in the list, behind an operation. As text it is a cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    pub created_at: Timestamp,
    pub operation_id: String,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub heads: Vec<Head>,
    /// `None` if there is nothing behind these.
    pub next: Option<Position>,
}

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

impl Head {
    /// Like [`OperationRecord::status_at`](crate::record::OperationRecord::status_at).
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        self.status.at(self.deadline, now)
    }

    fn position(&self) -> Position {
        Position { created_at: self.created_at, operation_id: self.operation_id.clone() }
    }
}

/// Says nothing of the owner: a cursor of somebody else leads to a place among one's own.
impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}{}", self.created_at.0.to_bits(), self.operation_id)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct NotACursor;

impl FromStr for Position {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (time, operation_id) = text.split_at_checked(16).ok_or(NotACursor)?;
        let is_hex = time.bytes().all(|byte| byte.is_ascii_hexdigit());
        let created_at = u64::from_str_radix(time, 16).map(f64::from_bits).map_err(|_| NotACursor)?;
        // Of a real operation. The table could not read a number that is not finite.
        let is_time = (0.0..1e12).contains(&created_at);
        let position = Self { created_at: Timestamp(created_at), operation_id: operation_id.to_owned() };
        if is_hex && is_time && is_id(operation_id) { Ok(position) } else { Err(NotACursor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place_and_nothing_else_is_one() {
        let place = Position { created_at: Timestamp(1_795_000_000.125), operation_id: "a:b_c.d-E".to_owned() };
        assert_eq!(place.to_string().parse(), Ok(place));
        let time = format!("{:016x}", 1.0_f64.to_bits());
        for wrong in [
            "",
            "x",
            &time,
            &format!("{time}a/b"),
            &format!("{time}{}", "x".repeat(129)),
            &format!("{:016x}a", f64::NAN.to_bits()),
            &format!("{:016x}a", f64::MAX.to_bits()),
            &format!("{:016x}a", (-1.0_f64).to_bits()),
            "+00000000000000ba",
            "üüüüüüüüüüüüüüüüa",
        ] {
            assert_eq!(wrong.parse::<Position>(), Err(NotACursor), "{wrong}");
        }
    }
}
