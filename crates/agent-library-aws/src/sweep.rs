//! Removes what nobody can have back: agents whose time after their deletion is over, and texts in the bucket that no version
//! has, because their writer died or lost.

use std::time::Duration;

use agent_library::ports::Swept;
use aws::{
    clients::port_error,
    expression::{names, values},
    item::{self, Item},
    objects::Listed,
};
use aws_sdk_dynamodb::{
    operation::{delete_item::DeleteItemError, query::builders::QueryFluentBuilder},
    types::AttributeValue,
};
use futures_util::future::try_join_all;
use shared::{port_error::PortError, timestamp::Timestamp};
use tokio::time::Instant;

use crate::{
    faults::{TABLE, malformed},
    items::{HEAD, PURGE, PURGE_INDEX, purge_at},
    shelf::Shelf,
    texts::{FOLDER, item_of_object},
};

/// For clocks that differ: an agent that can be had back by one of them is not purged by another.
const MARGIN: Duration = Duration::from_secs(60 * 60);
/// A text younger than this may be in the hands of a writer: an invocation lasts 15 minutes at most.
const YOUNGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Objects that are looked at, and items that are removed, at once.
const AT_ONCE: usize = 25;

impl Shelf {
    pub(crate) async fn clean(&self, now: Timestamp, end: Instant) -> Result<Swept, PortError> {
        let purged = self.purge_due(Timestamp(now.0 - MARGIN.as_secs_f64()), end).await?;
        let old = Timestamp(now.0 - YOUNGEST.as_secs_f64()).rfc3339();
        // From a random place on, and then what lies before it: a run that does not come round leaves no place to itself.
        let middle = format!("{FOLDER}{:032x}", fastrand::u128(..));
        let orphans =
            self.clear(&middle, None, &old, end).await? + self.clear(FOLDER, Some(&middle), &old, end).await?;
        Ok(Swept { purged, orphans })
    }

    async fn purge_due(&self, due: Timestamp, end: Instant) -> Result<usize, PortError> {
        let condition = "#purge = :purge AND #purge_at <= :due";
        let query = self.client.query().table_name(&self.table).index_name(PURGE_INDEX);
        let query = query.key_condition_expression(condition);
        let query = query.set_expression_attribute_names(Some(names(&[condition])));
        let given = values([(":purge", item::string(PURGE)), (":due", item::time(due))]);
        let mut pages = query.set_expression_attribute_values(Some(given)).into_paginator().send();
        let mut purged = 0;
        while let Some(page) = pages.next().await {
            for entry in page.map_err(|error| port_error(TABLE, &error))?.items() {
                if Instant::now() >= end {
                    return Ok(purged);
                }
                // The index lags behind: it may have been brought back.
                let is_purged = self.purge_if_due(item::text(entry, "pk").ok_or_else(malformed)?, due).await?;
                purged += usize::from(is_purged);
            }
        }
        Ok(purged)
    }

    /// Whether the agent was deleted, and cannot be had back since `due`.
    pub(crate) async fn purge_if_due(&self, partition: String, due: Timestamp) -> Result<bool, PortError> {
        let head = self.read(&partition, HEAD, "#purge_at, #life").await?.unwrap_or_default();
        let is_due = purge_at(&head).is_some_and(|at| at <= due);
        if is_due {
            self.purge(&partition, &item::text(&head, "life").ok_or_else(malformed)?).await?;
        }
        Ok(is_due)
    }

    /// Removes a deleted agent, its head last: what dies before that is done again.
    async fn purge(&self, partition: &str, life: &str) -> Result<(), PortError> {
        let mut pages = self.all_items(partition, "#sk, #life, #object").into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| port_error(TABLE, &error))?;
            for some in page.items().chunks(AT_ONCE) {
                try_join_all(some.iter().map(|entry| self.purge_one(partition, entry, life))).await?;
            }
        }
        self.erase(partition, HEAD, "#life = :life AND attribute_exists(#purge_at)", life).await
    }

    async fn purge_one(&self, partition: &str, entry: &Item, life: &str) -> Result<(), PortError> {
        let sort = item::text(entry, "sk").ok_or_else(malformed)?;
        if sort == HEAD || item::text(entry, "life").as_deref() != Some(life) {
            return Ok(());
        }
        if let Some(object) = item::text(entry, "object") {
            self.objects.delete(&object).await?;
        }
        self.erase(partition, &sort, "#life = :life", life).await
    }

    /// Removes an item of this life of the agent, and no item of a later one.
    async fn erase(&self, partition: &str, sort: &str, condition: &str, life: &str) -> Result<(), PortError> {
        let delete = self.client.delete_item().table_name(&self.table).key("pk", item::string(partition));
        let delete = delete.key("sk", item::string(sort)).condition_expression(condition);
        let delete = delete.set_expression_attribute_names(Some(names(&[condition])));
        match delete.expression_attribute_values(":life", item::string(life)).send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(DeleteItemError::ConditionalCheckFailedException(_)) => Ok(()),
                _ => Err(port_error(TABLE, &error)),
            },
        }
    }

    /// Every item of an agent.
    pub(crate) fn all_items(&self, partition: &str, projection: &str) -> QueryFluentBuilder {
        let condition = "#pk = :pk";
        let query = self.client.query().table_name(&self.table).consistent_read(true);
        let query = query.key_condition_expression(condition).projection_expression(projection);
        let query = query.set_expression_attribute_names(Some(names(&[condition, projection])));
        query.expression_attribute_values(":pk", AttributeValue::S(partition.to_owned()))
    }

    /// Deletes the orphans behind `start`, up to `until`.
    async fn clear(&self, start: &str, until: Option<&str>, old: &str, end: Instant) -> Result<usize, PortError> {
        let (mut start, mut orphans) = (start.to_owned(), 0);
        loop {
            let listed = self.objects.list(FOLDER, &start).await?;
            let Some(last) = listed.last() else { return Ok(orphans) };
            start.clone_from(&last.key);
            let is_wanted = |listed: &&Listed| until.is_none_or(|until| &*listed.key <= until);
            let wanted: Vec<&Listed> = listed.iter().filter(is_wanted).collect();
            for some in wanted.chunks(AT_ONCE) {
                if Instant::now() >= end {
                    return Ok(orphans);
                }
                let cleared = try_join_all(some.iter().map(|listed| self.clear_one(listed, old))).await?;
                orphans += cleared.into_iter().filter(|cleared| *cleared).count();
            }
            if wanted.len() < listed.len() {
                return Ok(orphans);
            }
        }
    }

    /// A key is never used again: what no item names and is old will not be named.
    async fn clear_one(&self, listed: &Listed, old: &str) -> Result<bool, PortError> {
        let Some((partition, sort)) = item_of_object(&listed.key).filter(|_| &*listed.modified < old) else {
            return Ok(false);
        };
        let item = self.read(&partition, &sort, "#object").await?.unwrap_or_default();
        if item::text(&item, "object").as_deref() == Some(&listed.key) {
            return Ok(false);
        }
        self.objects.delete(&listed.key).await?;
        Ok(true)
    }
}
