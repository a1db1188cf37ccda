//! The log of operations, in a table of its own: an item for each write.
//!
//! Keyed by the operation and the number of the item's last entry, so that a read from any number on is one range. An
//! item is written in one transaction with the record of its operation, which says who may write and how far the log has
//! come. The entries that come with the end of an operation are in its own item, in the write of the end: most jobs are done
//! before anything is written here, and their log costs no write at all.

use std::collections::HashMap;

use aws::{
    clients::port_error,
    expression::{names, values},
    transaction::{BACKOFF, TRIES, Transacted, is_condition, transact},
};
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use lifecycle::{
    progress::{Appended, Entry, ProgressLog},
    record::{Logged, OperationRecord, Status},
};
use shared::{
    port_error::{PortError, PortFuture},
    timestamp::Timestamp,
};
use tokio::time::sleep;

use super::{
    change::creation,
    expression::{HELD, SAME, TAKEN_OVER},
    read::{Table, unexpired},
};
use crate::{
    faults::{PROGRESS, TABLE, conflict, malformed_entry},
    item,
};

/// The log, and the operations that it is of.
#[derive(Debug, Clone)]
pub struct Log {
    operations: Table,
    name: Option<String>,
}

impl Log {
    /// Without the name of a table of its own, it keeps what comes with the end of an operation.
    #[must_use]
    pub fn new(operations: &Table, name: Option<&str>) -> Self {
        Self { operations: operations.clone(), name: name.map(str::to_owned) }
    }

    async fn write(
        &self,
        table: &str,
        holder: &OperationRecord,
        entries: &[Entry],
        now: Timestamp,
    ) -> Result<Option<Appended>, PortError> {
        let last = entries.last().ok_or_else(malformed_entry)?.seq;
        let logged = holder.logged.with(last);
        let entries = item::from_entries(entries)?;
        for attempt in 0..TRIES {
            let writes = [self.advance(holder, logged, now)?, put(table, holder, last, &entries)?];
            let Transacted::Cancelled(reasons) = transact(&self.operations.client, writes.into(), TABLE).await? else {
                return Ok(Some(Appended::Now(logged)));
            };
            if let Some(reason) = reasons.iter().find(|reason| is_condition(reason)) {
                let record = reason.item.as_ref().and_then(|item| unexpired(item, now));
                return Ok(record
                    .filter(|record| record.is_held_like(holder, now))
                    .map(|record| Appended::Before(record.logged)));
            }
            sleep(BACKOFF.full_jitter(attempt)).await;
        }
        Err(conflict())
    }

    /// Notes in the operation's record how far the log comes, if whoever writes still holds the operation.
    fn advance(
        &self,
        holder: &OperationRecord,
        logged: Logged,
        now: Timestamp,
    ) -> Result<TransactWriteItem, PortError> {
        let held = if holder.handed_over { TAKEN_OVER } else { HELD };
        let condition =
            format!("{SAME} AND {held} AND #deadline > :now AND (attribute_not_exists(#logged) OR #logged = :before)");
        let update = "SET #logged = :last, #log_writes = :writes";
        let mut given = values([
            (":creation", creation(holder.creation)),
            (":fence", item::number(holder.claims)),
            (":now", item::time(now)),
            (":before", item::number(holder.logged.last.into())),
            (":last", item::number(logged.last.into())),
            (":writes", item::number(logged.writes.into())),
        ]);
        if holder.handed_over {
            given.extend(values([(":yes", AttributeValue::Bool(true)), (":running", item::status(Status::Running))]));
        }
        let update = Update::builder()
            .table_name(&self.operations.name)
            .key("operation_id", item::string(&holder.operation_id))
            .condition_expression(&condition)
            .update_expression(update)
            .set_expression_attribute_names(Some(names(&[&condition, update])))
            .set_expression_attribute_values(Some(given))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|_| malformed_entry())?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// What was written before the end.
    async fn written(&self, table: &str, operation: &OperationRecord, after: u32) -> Result<Vec<Entry>, PortError> {
        let (condition, filter) = ("#operation_id = :id AND #seq > :after", "#created_by = :creation");
        let query = self.operations.client.query().table_name(table).consistent_read(true);
        let query = query.key_condition_expression(condition).filter_expression(filter);
        let query = query.set_expression_attribute_names(Some(names(&[condition, filter])));
        let given: HashMap<String, AttributeValue> = values([
            (":id", item::string(&operation.operation_id)),
            (":after", item::number(after.into())),
            (":creation", creation(operation.creation)),
        ]);
        let mut pages = query.set_expression_attribute_values(Some(given)).into_paginator().send();
        let mut entries = Vec::new();
        while let Some(page) = pages.next().await {
            for item in page.map_err(|error| port_error(PROGRESS, &error))?.items() {
                entries.extend(item::to_entries(item, "entries")?);
            }
        }
        Ok(entries)
    }

    async fn read(&self, operation: &OperationRecord, after: u32) -> Result<Vec<Entry>, PortError> {
        let mut entries = match &self.name {
            Some(table) => self.written(table, operation, after).await?,
            None => Vec::new(),
        };
        // The first entry of all is not in the log.
        let read = entries.last().map_or(after.max(Logged::default().last), |entry| entry.seq);
        if operation.status.has_ended() && read < operation.logged.last {
            let last = self.last_entries(operation).await?;
            // A write of the log whose answer was lost told the first ones of these.
            entries.extend(last.into_iter().filter(|entry| entry.seq > read));
        }
        // An item is found by its last entry: the first ones may be old.
        entries.retain(|entry| entry.seq > after);
        Ok(entries)
    }

    /// The entries that came with the end, from the item of the operation.
    async fn last_entries(&self, operation: &OperationRecord) -> Result<Vec<Entry>, PortError> {
        let item = self.operations.read(&operation.operation_id, "#created_by, #last_entries").await?;
        // The operation may have expired since it was read.
        let created_by = creation(operation.creation);
        match item.filter(|item| item.get("created_by") == Some(&created_by)) {
            Some(item) => item::to_entries(&item, "last_entries"),
            None => Ok(Vec::new()),
        }
    }
}

impl ProgressLog for Log {
    fn append<'a>(
        &'a self,
        holder: &'a OperationRecord,
        entries: &'a [Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Option<Appended>> {
        Box::pin(async move {
            match &self.name {
                Some(table) => self.write(table, holder, entries, now).await,
                None => Ok(Some(Appended::NotKept)),
            }
        })
    }

    fn entries<'a>(&'a self, operation: &'a OperationRecord, after: u32) -> PortFuture<'a, Vec<Entry>> {
        Box::pin(self.read(operation, after))
    }
}

/// May overwrite an item of an earlier operation of this id, which nobody reads any more.
fn put(
    table: &str,
    holder: &OperationRecord,
    last: u32,
    entries: &AttributeValue,
) -> Result<TransactWriteItem, PortError> {
    let put = Put::builder()
        .table_name(table)
        .item("operation_id", item::string(&holder.operation_id))
        .item("seq", item::number(last.into()))
        .item("created_by", creation(holder.creation))
        .item("entries", entries.clone())
        .item("expires_at", item::expiry(holder.expires_at))
        .build()
        .map_err(|_| malformed_entry())?;
    Ok(TransactWriteItem::builder().put(put).build())
}
