//! Writes of several items at once.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, TransactWriteItem},
};
use shared::{backoff::Backoff, port_error::PortError};

use crate::clients::port_error;

/// Attempts at a transaction that conflicts with others. Of twenty concurrent ones, one succeeds at the first attempt
/// and the others then find its item.
pub const TRIES: u32 = 8;
/// Between them, with full jitter.
pub const BACKOFF: Backoff = Backoff { first: Duration::from_millis(10), longest: Duration::from_millis(200) };

pub enum Transacted {
    Done,
    /// Nothing was written. One reason per item, in order.
    Cancelled(Vec<CancellationReason>),
}

/// # Errors
/// The table failed, or refused the call for what is in it. A failed condition or a conflict is no error.
pub async fn transact(
    client: &Client,
    items: Vec<TransactWriteItem>,
    service: &'static str,
) -> Result<Transacted, PortError> {
    let written = client.transact_write_items().set_transact_items(Some(items)).send().await;
    let Err(error) = written else { return Ok(Transacted::Done) };
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled))
            if cancelled.cancellation_reasons().iter().all(|reason| is_condition(reason) || is_transient(reason)) =>
        {
            Ok(Transacted::Cancelled(cancelled.cancellation_reasons().to_vec()))
        }
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled))
            if cancelled.cancellation_reasons().iter().any(is_malformed) =>
        {
            Err(PortError::malformed_call(service))
        }
        _ => Err(port_error(service, &error)),
    }
}

#[must_use]
pub fn is_condition(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}

fn is_malformed(reason: &CancellationReason) -> bool {
    reason.code() == Some("ValidationError")
}

/// This item is fine, or the next attempt may succeed.
fn is_transient(reason: &CancellationReason) -> bool {
    matches!(
        reason.code(),
        None | Some("None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded")
    )
}
