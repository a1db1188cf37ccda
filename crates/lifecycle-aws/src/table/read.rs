//! The table and its reads.

use aws::{
    clients::{Clients, OnFirstUse, on_first_use, port_error},
    expression::names,
    objects::Objects,
};
use aws_sdk_dynamodb::Client;
use lifecycle::{
    ports::MayRead,
    record::{OperationRecord, Outcome, Status},
};
use shared::{port_error::PortError, timestamp::Timestamp};

use crate::{
    faults::{TABLE, malformed},
    item::{self, Item},
    text::{BUCKET, Kind, Texts},
};

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

    pub(super) async fn read_request(
        &self,
        operation: &OperationRecord,
        now: Timestamp,
    ) -> Result<Option<String>, PortError> {
        let projection = format!("{}, #request, #request_key", item::RECORD);
        let item = self.read(&operation.operation_id, &projection).await?.unwrap_or_default();
        match unexpired(&item, now).filter(|record| record.creation == operation.creation) {
            Some(_) => self.texts.load(Kind::Request, &item).await.map(Some),
            None => Ok(None),
        }
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
}

/// The operation in an item, unless it has expired at `now`.
pub(super) fn unexpired(item: &Item, now: Timestamp) -> Option<OperationRecord> {
    item::to_record(item).filter(|record| now < record.expires_at)
}
