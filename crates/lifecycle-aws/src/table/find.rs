//! Finds operations by their indexes, all of which lag behind the table.

use aws::{
    clients::port_error,
    expression::{names, values},
};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use futures_util::future::try_join_all;
use lifecycle::{
    heads::{Page, Position},
    ports::ByTask,
    record::OperationRecord,
};
use shared::{caller::Owner, port_error::PortError, timestamp::Timestamp};

use super::read::Table;
use crate::{
    faults::{TABLE, malformed},
    item::{self, SHARDS},
};

/// The newest of a task come last. It also has their owners.
const TASK_INDEX: &str = "task_id-index";
/// The newest of an owner come last. It has what the list tells of each, and none that nobody owns.
const OWNER_INDEX: &str = "owner-index";
/// Has an operation from its creation until its end is announced.
const DUE_INDEX: &str = "due-index";

/// Keys that one query looks at for the newest of a task. Only other callers who chose the same task make a second query
/// necessary.
const OF_TASK: i32 = 250;

impl Table {
    fn query(&self, index: &str) -> QueryFluentBuilder {
        self.client.query().table_name(&self.name).index_name(index)
    }

    pub(super) async fn find_by_task(&self, task_id: &str, now: Timestamp) -> Result<ByTask, PortError> {
        let condition = "#task_id = :task";
        let query = self.query(TASK_INDEX).key_condition_expression(condition);
        let query = query.set_expression_attribute_names(Some(names(&[condition])));
        let mut pages = query.expression_attribute_values(":task", item::string(task_id)).into_paginator().send();
        let mut found = ByTask::Nothing;
        while let Some(page) = pages.next().await {
            for entry in page.map_err(|error| port_error(TABLE, &error))?.items() {
                let id = item::text(entry, "operation_id").ok_or_else(malformed)?;
                // The index lags behind, so ask the table whether the operation still exists.
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

    pub(super) async fn find_newest_of_task(
        &self,
        owner: &Owner,
        task_id: &str,
        now: Timestamp,
    ) -> Result<Option<OperationRecord>, PortError> {
        let (condition, filter) = ("#task_id = :task", "#owner = :owner");
        let query = self.query(TASK_INDEX).scan_index_forward(false).limit(OF_TASK);
        let query = query.key_condition_expression(condition).filter_expression(filter);
        let query = query.set_expression_attribute_names(Some(names(&[condition, filter])));
        let given = values([(":task", item::string(task_id)), (":owner", item::string(owner.0.as_str()))]);
        let mut pages = query.set_expression_attribute_values(Some(given)).into_paginator().send();
        while let Some(page) = pages.next().await {
            for entry in page.map_err(|error| port_error(TABLE, &error))?.items() {
                let id = item::text(entry, "operation_id").ok_or_else(malformed)?;
                // It may have been withdrawn, and its id used again.
                let is_its =
                    |record: &OperationRecord| record.owner.as_ref() == Some(owner) && record.task_id == task_id;
                if let Some(record) = self.read_record(&id, now).await?.filter(is_its) {
                    return Ok(Some(record));
                }
            }
        }
        Ok(None)
    }

    pub(super) async fn find_of_owner(
        &self,
        owner: &Owner,
        after: Option<&Position>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Page, PortError> {
        let (condition, filter) = ("#owner = :owner", "#expires_at > :now");
        let query = self.query(OWNER_INDEX).scan_index_forward(false).limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let query = query.key_condition_expression(condition).filter_expression(filter);
        let query = query.set_expression_attribute_names(Some(names(&[condition, filter])));
        let given = values([(":owner", item::string(owner.0.as_str())), (":now", item::time(now))]);
        let start = after.map(|after| item::from_position(owner, after));
        let query = query.set_expression_attribute_values(Some(given)).set_exclusive_start_key(start);
        let page = query.send().await.map_err(|error| port_error(TABLE, &error))?;
        let heads = page.items().iter().map(|entry| item::to_head(entry).ok_or_else(malformed));
        let next = page.last_evaluated_key().map(|entry| item::to_position(entry).ok_or_else(malformed));
        Ok(Page { heads: heads.collect::<Result<_, _>>()?, next: next.transpose()? })
    }

    /// The first of each shard, so that all advance.
    pub(super) async fn find_due(&self, now: Timestamp, limit: usize) -> Result<Vec<String>, PortError> {
        let condition = "#shard = :shard AND #due_at <= :now";
        let of_each = i32::try_from(limit.div_ceil(SHARDS)).unwrap_or(i32::MAX);
        let pages = (0..SHARDS).map(|shard| {
            let query = self.query(DUE_INDEX).limit(of_each).key_condition_expression(condition);
            let query = query.set_expression_attribute_names(Some(names(&[condition])));
            let given = values([(":shard", item::shard(shard)), (":now", item::time(now))]);
            query.set_expression_attribute_values(Some(given)).send()
        });
        let pages = try_join_all(pages).await.map_err(|error| port_error(TABLE, &error))?;
        Ok(pages.iter().flat_map(|page| page.items()).filter_map(|entry| item::text(entry, "operation_id")).collect())
    }
}
