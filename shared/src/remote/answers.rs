//! For tests and fuzzing: what an answer of a remote generator is read as, without a network.

use serde_json::value::RawValue;

use super::{Decomposition, Draft, Drafted, Failure, Health, wire};
use crate::exchange::Reply;

/// As the answer to decompose.
///
/// # Errors
/// The failure that it is.
pub fn decomposition(reply: &Reply) -> Result<Decomposition, Failure> {
    wire::read(reply, wire::decomposition)
}

/// As the answer to generate and to patch.
///
/// # Errors
/// The failure that it is.
pub fn draft(reply: &Reply) -> Result<Draft, Failure> {
    wire::read(reply, wire::draft)
}

/// Whether it takes the job of an operation over.
#[must_use]
pub fn takes_over(reply: &Reply) -> bool {
    matches!(wire::drafted(reply), Ok(Drafted::HandedOver))
}

/// As the answer to blocks.
///
/// # Errors
/// The failure that it is.
pub fn blocks(reply: &Reply) -> Result<Box<RawValue>, Failure> {
    wire::read(reply, wire::blocks)
}

/// As the answer to health.
///
/// # Errors
/// The failure that it is.
pub fn health(reply: &Reply) -> Result<Health, Failure> {
    wire::read(reply, wire::health)
}
