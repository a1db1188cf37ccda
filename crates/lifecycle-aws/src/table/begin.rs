//! Creates an operation, and withdraws one that is still `accepted`.

use std::collections::HashMap;

use aws::{
    clients::port_error,
    expression::{names, values},
    transaction::{BACKOFF, TRIES, Transacted, is_condition, transact},
};
use aws_sdk_dynamodb::{
    operation::{delete_item::DeleteItemError, put_item::PutItemError},
    types::{AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem},
};
use lifecycle::{
    ports::{Created, Withdrawn},
    record::{Creation, Fence, NewOperation, Status},
};
use shared::port_error::PortError;
use tokio::time::sleep;

use super::{
    change::creation,
    expression::{FORSAKEN, FREE, SAME},
    read::Table,
};
use crate::{
    faults::{TABLE, conflict, malformed},
    item::{self, Item},
    text::Kind,
};

impl Table {
    pub(super) async fn begin(&self, new: &NewOperation) -> Result<Created, PortError> {
        let creation = Creation::unique();
        let mut item = item::from_operation(new, creation);
        let (attribute, request) = self.texts.store(Kind::Request, &new.request).await?;
        item.insert(attribute.to_owned(), request);
        match item::from_key(new) {
            None => self.begin_without_key(new, item, creation).await,
            Some(key) => self.begin_with_key(new, item, key, creation).await,
        }
    }

    async fn begin_without_key(
        &self,
        new: &NewOperation,
        item: Item,
        creation: Creation,
    ) -> Result<Created, PortError> {
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
        let Err(error) = put else { return Ok(Created::New(creation)) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                existing(refused.item.as_ref().ok_or_else(malformed)?, creation)
            }
            _ => Err(port_error(TABLE, &error)),
        }
    }

    async fn begin_with_key(
        &self,
        new: &NewOperation,
        item: Item,
        key: Item,
        creation: Creation,
    ) -> Result<Created, PortError> {
        for attempt in 0..TRIES {
            let puts = [self.put(new, item.clone())?, self.put(new, key.clone())?];
            let Transacted::Cancelled(reasons) = transact(&self.client, puts.into(), TABLE).await? else {
                return Ok(Created::New(creation));
            };
            let mut refused = reasons.iter().map(|reason| reason.item.as_ref().filter(|_| is_condition(reason)));
            let (of_operation, of_key) = (refused.next().flatten(), refused.next().flatten());
            if let Some(item) = of_operation {
                return existing(item, creation);
            }
            if let Some(item) = of_key {
                let id = item::text(item, "names").ok_or_else(malformed)?;
                // If it was withdrawn since, the key is free now.
                if let Some(record) = self.read_record(&id, new.created_at).await? {
                    return Ok(Created::Existing(Box::new(record)));
                }
            }
            sleep(BACKOFF.full_jitter(attempt)).await;
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

    pub(super) async fn take_back(&self, operation_id: &str, fence: Fence) -> Result<Withdrawn, PortError> {
        let item = self.read(operation_id, "#key_item").await?;
        let key = item.and_then(|item| item::text(&item, "key_item"));
        let condition = format!("{SAME} AND {FORSAKEN}");
        let Some(key) = key else { return self.take_back_without_key(operation_id, fence, &condition).await };
        for attempt in 0..TRIES {
            let of_operation = Delete::builder()
                .table_name(&self.name)
                .key("operation_id", item::string(operation_id))
                .condition_expression(&condition)
                .set_expression_attribute_names(Some(names(&[&condition])))
                .set_expression_attribute_values(Some(forsaken(fence)))
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            let of_key = Delete::builder().table_name(&self.name).key("operation_id", item::string(key.as_str()));
            let [of_operation, of_key] = [of_operation.build(), of_key.build()].map(|delete| {
                delete.map(|delete| TransactWriteItem::builder().delete(delete).build()).map_err(|_| malformed())
            });
            let Transacted::Cancelled(reasons) = transact(&self.client, vec![of_operation?, of_key?], TABLE).await?
            else {
                return Ok(Withdrawn::Gone);
            };
            if let Some(reason) = reasons.iter().find(|reason| is_condition(reason)) {
                return Ok(kept(reason.item.as_ref(), fence));
            }
            sleep(BACKOFF.full_jitter(attempt)).await;
        }
        Err(conflict())
    }

    async fn take_back_without_key(
        &self,
        operation_id: &str,
        fence: Fence,
        condition: &str,
    ) -> Result<Withdrawn, PortError> {
        let delete = self.client.delete_item().table_name(&self.name);
        let delete = delete.key("operation_id", item::string(operation_id)).condition_expression(condition);
        let delete = delete.set_expression_attribute_names(Some(names(&[condition])));
        let delete = delete.set_expression_attribute_values(Some(forsaken(fence)));
        let deleted = delete.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = deleted.send().await else { return Ok(Withdrawn::Gone) };
        match error.as_service_error() {
            Some(DeleteItemError::ConditionalCheckFailedException(refused)) => Ok(kept(refused.item.as_ref(), fence)),
            _ => Err(port_error(TABLE, &error)),
        }
    }
}

/// Values for [`SAME`] and [`FORSAKEN`].
fn forsaken(fence: Fence) -> HashMap<String, AttributeValue> {
    values([
        (":creation", creation(fence.creation)),
        (":fence", item::number(fence.claim)),
        (":accepted", item::status(Status::Accepted)),
        (":running", item::status(Status::Running)),
        (":no", AttributeValue::Bool(false)),
    ])
}

/// What a failed condition shows: an earlier attempt has deleted the operation, or it stays.
fn kept(item: Option<&Item>, fence: Fence) -> Withdrawn {
    let Some(item) = item else { return Withdrawn::Gone };
    item::to_record(item).and_then(|record| record.withdrawal_refused(fence)).unwrap_or(Withdrawn::Kept)
}

/// The operation that failed the condition, unless this very call created it and its answer was lost.
fn existing(item: &Item, creation: Creation) -> Result<Created, PortError> {
    let record = item::to_record(item).ok_or_else(malformed)?;
    Ok(if record.creation == creation { Created::New(creation) } else { Created::Existing(Box::new(record)) })
}
