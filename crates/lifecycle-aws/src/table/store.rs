//! The operations in a table of DynamoDB.
//!
//! An item per operation, and one per idempotency key that names its operation. The partition key of both is
//! `operation_id`; the index `task_id-index` finds operations by their task.

mod begin;
mod change;
mod expression;

use aws_sdk_dynamodb::Client;
use lifecycle::{
    ports::{Claim, Created, Finished, OperationStore},
    record::{Fence, NewOperation, OperationRecord, Outcome},
};
use shared::{
    port_error::{PortError, PortFuture},
    timestamp::Timestamp,
};

use self::expression::names;
use super::{
    item::{self, Item},
    objects::Objects,
    text::{Kind, Texts},
};
use crate::clients::{Clients, OnFirstUse, TABLE, malformed, on_first_use, port_error};

const TASK_INDEX: &str = "task_id-index";

/// A table, and the bucket for what is too long for its items.
#[derive(Debug, Clone)]
pub struct Table {
    client: OnFirstUse<Client>,
    name: String,
    texts: Texts,
}

impl Table {
    /// The table `name`, and the bucket `bucket`, which may be absent where neither requests nor outcomes are read or
    /// written.
    #[must_use]
    pub fn new(clients: &Clients, name: &str, bucket: Option<&str>) -> Self {
        let objects = bucket.map(|bucket| Objects::new(clients, bucket));
        Self { client: on_first_use(clients, Clients::dynamodb), name: name.to_owned(), texts: Texts::new(objects) }
    }

    /// Reads the attributes `projection` of an item, consistently.
    async fn read(&self, operation_id: &str, projection: &str) -> Result<Option<Item>, PortError> {
        let read = self.client.get_item().table_name(&self.name).key("operation_id", item::string(operation_id));
        let read = read.consistent_read(true).projection_expression(projection);
        let read = read.set_expression_attribute_names(Some(names(&[projection]))).send().await;
        Ok(read.map_err(|error| port_error(TABLE, &error))?.item)
    }

    async fn read_with_outcome(
        &self,
        operation_id: &str,
        now: Timestamp,
    ) -> Result<Option<(OperationRecord, Option<Outcome>)>, PortError> {
        let projection = format!("{}, #outcome, #outcome_key", item::RECORD);
        let item = self.read(operation_id, &projection).await?.unwrap_or_default();
        let Some(record) = there(&item, now) else { return Ok(None) };
        if !record.status.has_ended() {
            return Ok(Some((record, None)));
        }
        let body = self.texts.kept(Kind::Outcome, &item).await?;
        let outcome = item::outcome(&record, body).ok_or_else(malformed)?;
        Ok(Some((record, Some(outcome))))
    }

    async fn of_task(&self, task_id: &str, now: Timestamp) -> Result<Option<String>, PortError> {
        let condition = "#task_id = :task";
        let query = self.client.query().table_name(&self.name).index_name(TASK_INDEX);
        let query = query.key_condition_expression(condition).set_expression_attribute_names(Some(names(&[condition])));
        let mut pages = query.expression_attribute_values(":task", item::string(task_id)).into_paginator().send();
        let mut found = None;
        while let Some(page) = pages.next().await {
            for entry in page.map_err(|error| port_error(TABLE, &error))?.items() {
                let id = item::text(entry, "operation_id").ok_or_else(malformed)?;
                // The index holds keys alone, and lags behind: whether the operation is there, the table knows.
                if self.get(&id, now).await?.is_some() && found.replace(id).is_some() {
                    return Ok(None);
                }
            }
        }
        Ok(found)
    }
}

/// The operation that an item is, where it has not expired at `now`.
fn there(item: &Item, now: Timestamp) -> Option<OperationRecord> {
    item::record(item).filter(|record| now < record.expires_at)
}

/// A name for one write. The SDK repeats a write whose answer got lost; by this name it finds its own work.
fn write_name() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// Whether the write of this name was the last that began, claimed or ended the operation.
fn wrote(item: &Item, write: &str) -> bool {
    item::text(item, "written_by").is_some_and(|written| written == write)
}

impl OperationStore for Table {
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created> {
        Box::pin(self.begin(new))
    }

    fn withdraw<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        Box::pin(self.take_back(operation_id))
    }

    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>> {
        Box::pin(async move {
            let item = self.read(operation_id, item::RECORD).await?;
            Ok(item.and_then(|item| there(&item, now)))
        })
    }

    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>> {
        Box::pin(self.read_with_outcome(operation_id, now))
    }

    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<String>> {
        Box::pin(self.of_task(task_id, now))
    }

    fn claim<'a>(&'a self, operation_id: &'a str, now: Timestamp, until: Timestamp) -> PortFuture<'a, Claim> {
        Box::pin(self.take(operation_id, now, until))
    }

    fn extend<'a>(&'a self, operation_id: &'a str, fence: Fence, until: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.hold(operation_id, fence, until))
    }

    fn release<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.give_back(operation_id, fence, now))
    }

    fn hand_over<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.pass_on(operation_id, fence, now))
    }

    fn finish<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Option<Fence>,
        outcome: &'a Outcome,
        now: Timestamp,
    ) -> PortFuture<'a, Finished> {
        Box::pin(self.end(operation_id, fence, outcome, now))
    }

    fn announced<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        Box::pin(self.note_announced(operation_id))
    }
}
