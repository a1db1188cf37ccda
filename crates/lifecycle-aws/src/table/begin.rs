//! How an operation begins, and how one that waits is taken back.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{
    operation::{delete_item::DeleteItemError, put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::{AttributeValue, CancellationReason, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem},
};
use lifecycle::{
    ports::{Created, OperationStore},
    record::{NewOperation, Status},
};
use shared::port_error::PortError;
use tokio::time::sleep;

use super::{
    Table,
    expression::{FREE, WAITS, names, values},
    write_name, wrote,
};
use crate::{
    clients::{TABLE, malformed, port_error},
    item::{self, Item},
    text::Kind,
};

/// How often a write of two items is tried that others cross. Of twenty at once one is through at the first try, and the
/// others see it.
const TRIES: u32 = 8;
const LONGEST_WAIT: Duration = Duration::from_millis(200);

/// What became of a write of two items.
enum Transacted {
    /// Both were written.
    Done,
    /// None was, for these reasons: one per item, in order.
    Cancelled(Vec<CancellationReason>),
}

impl Table {
    pub(super) async fn begin(&self, new: &NewOperation) -> Result<Created, PortError> {
        let write = write_name();
        let mut item = item::of_operation(new, &write);
        let (attribute, request) = self.texts.keep(Kind::Request, &new.request).await?;
        item.insert(attribute.to_owned(), request);
        match item::of_key(new) {
            None => self.begin_without_key(new, item, &write).await,
            Some(key) => self.begin_with_key(new, item, key, &write).await,
        }
    }

    async fn begin_without_key(&self, new: &NewOperation, item: Item, write: &str) -> Result<Created, PortError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(FREE)
            .set_expression_attribute_names(Some(names(&[FREE])))
            .set_expression_attribute_values(Some(values([(":now", item::time(new.created_at))])))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = put else { return Ok(Created::New) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                existing(refused.item.as_ref().ok_or_else(malformed)?, write)
            }
            _ => Err(port_error(TABLE, &error)),
        }
    }

    async fn begin_with_key(
        &self,
        new: &NewOperation,
        item: Item,
        key: Item,
        write: &str,
    ) -> Result<Created, PortError> {
        for attempt in 0..TRIES {
            let puts = [self.put(new, item.clone())?, self.put(new, key.clone())?];
            let Transacted::Cancelled(reasons) = self.transact(puts).await? else { return Ok(Created::New) };
            let mut refused = reasons.iter().map(|reason| reason.item.as_ref().filter(|_| is_condition(reason)));
            let (of_operation, of_key) = (refused.next().flatten(), refused.next().flatten());
            if let Some(item) = of_operation {
                return existing(item, write);
            }
            if let Some(item) = of_key {
                let id = item::text(item, "names").ok_or_else(malformed)?;
                // Withdrawn since: the key is free now.
                if let Some(record) = self.get(&id, new.created_at).await? {
                    return Ok(Created::Existing(Box::new(record)));
                }
            }
            crossed(attempt).await;
        }
        Err(conflict())
    }

    fn put(&self, new: &NewOperation, item: Item) -> Result<TransactWriteItem, PortError> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(FREE)
            .set_expression_attribute_names(Some(names(&[FREE])))
            .set_expression_attribute_values(Some(values([(":now", item::time(new.created_at))])))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|_| malformed())?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Writes all or none.
    async fn transact(&self, items: [TransactWriteItem; 2]) -> Result<Transacted, PortError> {
        let written = self.client.transact_write_items().set_transact_items(Some(items.into())).send().await;
        let Err(error) = written else { return Ok(Transacted::Done) };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled))
                if cancelled.cancellation_reasons().iter().all(|reason| is_condition(reason) || is_passing(reason)) =>
            {
                Ok(Transacted::Cancelled(cancelled.cancellation_reasons().to_vec()))
            }
            _ => Err(port_error(TABLE, &error)),
        }
    }

    pub(super) async fn take_back(&self, operation_id: &str) -> Result<(), PortError> {
        let item = self.read(operation_id, "#key_item").await?;
        let Some(key) = item.and_then(|item| item::text(&item, "key_item")) else {
            return self.take_back_without_key(operation_id).await;
        };
        for attempt in 0..TRIES {
            let of_operation = Delete::builder()
                .table_name(&self.name)
                .key("operation_id", item::string(operation_id))
                .condition_expression(WAITS)
                .set_expression_attribute_names(Some(names(&[WAITS])))
                .set_expression_attribute_values(Some(waits()));
            let of_key = Delete::builder().table_name(&self.name).key("operation_id", item::string(key.as_str()));
            let [of_operation, of_key] = [of_operation.build(), of_key.build()].map(|delete| {
                delete.map(|delete| TransactWriteItem::builder().delete(delete).build()).map_err(|_| malformed())
            });
            match self.transact([of_operation?, of_key?]).await? {
                Transacted::Done => return Ok(()),
                Transacted::Cancelled(reasons) if reasons.iter().any(is_condition) => return Ok(()),
                Transacted::Cancelled(_) => crossed(attempt).await,
            }
        }
        Err(conflict())
    }

    async fn take_back_without_key(&self, operation_id: &str) -> Result<(), PortError> {
        let delete = self.client.delete_item().table_name(&self.name);
        let delete = delete.key("operation_id", item::string(operation_id)).condition_expression(WAITS);
        let delete = delete.set_expression_attribute_names(Some(names(&[WAITS])));
        let deleted = delete.set_expression_attribute_values(Some(waits())).send().await;
        let Err(error) = deleted else { return Ok(()) };
        match error.as_service_error() {
            Some(DeleteItemError::ConditionalCheckFailedException(_)) => Ok(()),
            _ => Err(port_error(TABLE, &error)),
        }
    }
}

/// The values of [`WAITS`].
fn waits() -> HashMap<String, AttributeValue> {
    values([(":accepted", item::status(Status::Accepted))])
}

/// The operation that stood in the way; unless it is our own work, of a call whose answer got lost.
fn existing(item: &Item, write: &str) -> Result<Created, PortError> {
    if wrote(item, write) {
        return Ok(Created::New);
    }
    item::record(item).map(|record| Created::Existing(Box::new(record))).ok_or_else(malformed)
}

/// Others crossed every try.
fn conflict() -> PortError {
    PortError { service: TABLE, code: "TransactionConflict".to_owned() }
}

fn is_condition(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}

/// Nothing was wrong with this item, or nothing that the next try may not find gone.
fn is_passing(reason: &CancellationReason) -> bool {
    matches!(
        reason.code(),
        None | Some("None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded")
    )
}

/// Waits for another's write that crossed ours.
async fn crossed(attempt: u32) {
    let longest = LONGEST_WAIT.min(Duration::from_millis(10).saturating_mul(1 << attempt.min(8)));
    sleep(longest.mul_f64(fastrand::f64())).await;
}
