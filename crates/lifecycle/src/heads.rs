//! What a list tells of operations, and the places in it.

use std::{fmt, str::FromStr};

use shared::timestamp::Timestamp;

use crate::{
    record::{Status, Tool},
    request_options::is_id,
};

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

impl Head {
    /// Like [`OperationRecord::status_at`](crate::record::OperationRecord::status_at).
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        self.status.at(self.deadline, now)
    }

    pub(crate) fn position(&self) -> Position {
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
