//! The table and its reads.

use aws::{
    clients::{Clients, OnFirstUse, on_first_use, port_error},
    expression::{names, values},
    objects::Objects,
};
use aws_sdk_dynamodb::Client;
use futures_util::future::try_join_all;
use lifecycle::{
    ports::{ByTask, MayRead},
    record::{OperationRecord, Outcome, Status},
};
use shared::{port_error::PortError, timestamp::Timestamp};

use crate::{
    faults::{TABLE, malformed},
    item::{self, Item, SHARDS},
    text::{BUCKET, Kind, Texts},
};

const TASK_INDEX: &str = "task_id-index";
/// Has an operation from its creation until its end is announced.
const DUE_INDEX: &str = "due-index";

/// The table, and the bucket for texts that are too long for an item.
#[derive(Debug, Clone)]
pub struct Table {
    pub(super) client: OnFirstUse<Client>,
    pub(super) name: String,
    pub(super) texts: Texts,
}

impl Table {
    /// `bucket` may be `None` if the function neither reads nor writes requests and outcomes.
    #[must_use]
    pub fn new(clients: &Clients, name: &str, bucket: Option<&str>) -> Self {
        let objects = bucket.map(|bucket| Objects::new(clients, bucket, BUCKET));
        Self { client: on_first_use(clients, Clients::dynamodb), name: name.to_owned(), texts: Texts::new(objects) }
    }

    /// Reads the attributes in `projection`, strongly consistent.
    pub(super) async fn read(&self, operation_id: &str, projection: &str) -> Result<Option<Item>, PortError> {
        let read = self.client.get_item().table_name(&self.name).key("operation_id", item::string(operation_id));
        let read = read.consistent_read(true).projection_expression(projection);
        let read = read.set_expression_attribute_names(Some(names(&[projection]))).send().await;
        Ok(read.map_err(|error| port_error(TABLE, &error))?.item)
    }

    pub(super) async fn read_record(
        &self,
        operation_id: &str,
        now: Timestamp,
    ) -> Result<Option<OperationRecord>, PortError> {
        let item = self.read(operation_id, item::RECORD).await?;
        Ok(item.and_then(|item| unexpired(&item, now)))
    }

    pub(super) async fn read_with_outcome(
        &self,
        operation_id: &str,
        now: Timestamp,
        may_read: MayRead<'_>,
    ) -> Result<Option<(OperationRecord, Option<Outcome>)>, PortError> {
        let projection = format!("{}, #outcome, #outcome_key", item::RECORD);
        let item = self.read(operation_id, &projection).await?.unwrap_or_default();
        let Some(record) = unexpired(&item, now).filter(|record| may_read(record)) else { return Ok(None) };
        if !record.status.has_ended() {
            return Ok(Some((record, None)));
        }
        let body = match record.status {
            Status::Cancelled => None,
            _ => Some(self.texts.load(Kind::Outcome, &item).await?),
        };
        let outcome = item::to_outcome(&record, body).ok_or_else(malformed)?;
        Ok(Some((record, Some(outcome))))
    }

    pub(super) async fn find_by_task(&self, task_id: &str, now: Timestamp) -> Result<ByTask, PortError> {
        let condition = "#task_id = :task";
        let query = self.client.query().table_name(&self.name).index_name(TASK_INDEX);
        let query = query.key_condition_expression(condition).set_expression_attribute_names(Some(names(&[condition])));
        let mut pages = query.expression_attribute_values(":task", item::string(task_id)).into_paginator().send();
        let mut found = ByTask::Nothing;
        while let Some(page) = pages.next().await {
            for entry in page.map_err(|error| port_error(TABLE, &error))?.items() {
                let id = item::text(entry, "operation_id").ok_or_else(malformed)?;
                // The index holds only keys and lags behind, so ask the table whether the operation still exists.
                if self.read_record(&id, now).await?.is_none() {
                    continue;
                }
                if found != ByTask::Nothing {
                    return Ok(ByTask::Several);
                }
                found = ByTask::One(id);
            }
        }
        Ok(found)
    }

    /// The first of each shard, so that all advance.
    pub(super) async fn find_due(&self, now: Timestamp, limit: usize) -> Result<Vec<String>, PortError> {
        let condition = "#shard = :shard AND #due_at <= :now";
        let of_each = i32::try_from(limit.div_ceil(SHARDS)).unwrap_or(i32::MAX);
        let pages = (0..SHARDS).map(|shard| {
            let query = self.client.query().table_name(&self.name).index_name(DUE_INDEX).limit(of_each);
            let query = query.key_condition_expression(condition);
            let query = query.set_expression_attribute_names(Some(names(&[condition])));
            let given = values([(":shard", item::shard(shard)), (":now", item::time(now))]);
            query.set_expression_attribute_values(Some(given)).send()
        });
        let pages = try_join_all(pages).await.map_err(|error| port_error(TABLE, &error))?;
        Ok(pages.iter().flat_map(|page| page.items()).filter_map(|entry| item::text(entry, "operation_id")).collect())
    }
}

/// The operation in an item, unless it has expired at `now`.
pub(super) fn unexpired(item: &Item, now: Timestamp) -> Option<OperationRecord> {
    item::to_record(item).filter(|record| now < record.expires_at)
}
