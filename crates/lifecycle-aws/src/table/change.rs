//! Changes of state: one conditional write each. A failed condition returns the current item, which shows the reason
//! without another read.

use std::collections::HashMap;

use aws::{
    clients::port_error,
    expression::{names, values},
    transaction::{BACKOFF, TRIES},
};
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use lifecycle::{
    ports::{Claim, Finished},
    progress::Entry,
    record::{By, Creation, Fence, OperationRecord, Outcome, Status},
};
use shared::{port_error::PortError, timestamp::Timestamp};
use tokio::time::sleep;

use super::{
    expression::{CLAIMABLE, EXISTS, HELD, NOT_ENDED, SAME},
    read::{Table, unexpired},
    write_id::{new_write_id, wrote},
};
use crate::{
    faults::{TABLE, conflict, malformed},
    item::{self, Item},
    text::Kind,
};

struct Change<'a> {
    condition: &'a str,
    update: &'a str,
    values: HashMap<String, AttributeValue>,
}

enum Changed {
    /// The item after the change; empty unless it was asked for.
    Done(Item),
    /// The condition failed on this item; empty if there is none.
    Refused(Item),
}

impl Table {
    async fn change(&self, operation_id: &str, change: Change<'_>) -> Result<Changed, PortError> {
        self.change_until_decided(operation_id, change, ReturnValue::None).await
    }

    /// Returns the item with the texts of its request and outcome: use it only if the item is needed.
    async fn change_and_read(&self, operation_id: &str, change: Change<'_>) -> Result<Changed, PortError> {
        self.change_until_decided(operation_id, change, ReturnValue::AllNew).await
    }

    async fn change_until_decided(
        &self,
        operation_id: &str,
        change: Change<'_>,
        returned: ReturnValue,
    ) -> Result<Changed, PortError> {
        for attempt in 0..TRIES {
            match self.try_to_change(operation_id, &change, &returned).await? {
                Some(changed) => return Ok(changed),
                None => sleep(BACKOFF.full_jitter(attempt)).await,
            }
        }
        Err(conflict())
    }

    /// `None` if a transaction, such as a write of the log, has the item just now.
    async fn try_to_change(
        &self,
        operation_id: &str,
        change: &Change<'_>,
        returned: &ReturnValue,
    ) -> Result<Option<Changed>, PortError> {
        let Change { condition, update, values } = change;
        let changed = self
            .client
            .update_item()
            .table_name(&self.name)
            .key("operation_id", item::string(operation_id))
            .condition_expression(*condition)
            .update_expression(*update)
            .set_expression_attribute_names(Some(names(&[condition, update])))
            .set_expression_attribute_values(Some(values.clone()))
            .return_values(returned.clone())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match changed {
            Ok(done) => Ok(Some(Changed::Done(done.attributes.unwrap_or_default()))),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Some(Changed::Refused(refused.item.clone().unwrap_or_default())))
                }
                Some(UpdateItemError::TransactionConflictException(_)) => Ok(None),
                _ => Err(port_error(TABLE, &error)),
            },
        }
    }

    pub(super) async fn take(&self, operation_id: &str, now: Timestamp, until: Timestamp) -> Result<Claim, PortError> {
        let write_id = new_write_id();
        let change = Change {
            condition: &format!("{EXISTS} AND {NOT_ENDED} AND {CLAIMABLE}"),
            update: "SET #status = :running, #leased_until = :until, #updated_at = :now, #written_by = :write \
                     ADD #claims :one",
            values: values([
                (":now", item::time(now)),
                (":until", item::time(until)),
                (":accepted", item::status(Status::Accepted)),
                (":running", item::status(Status::Running)),
                (":no", AttributeValue::Bool(false)),
                (":one", item::number(1)),
                (":write", item::string(write_id.as_str())),
            ]),
        };
        let item = match self.change_and_read(operation_id, change).await? {
            Changed::Done(item) => item,
            Changed::Refused(item) if wrote(&item, &write_id) => item,
            Changed::Refused(item) => {
                let refused = unexpired(&item, now).map(|record| record.claim_refused(now).ok_or_else(malformed));
                return refused.unwrap_or(Ok(Claim::Unknown));
            }
        };
        let record = item::to_record(&item).ok_or_else(malformed)?;
        let request = self.texts.load(Kind::Request, &item).await?;
        Ok(Claim::Taken { fence: record.fence(), record: Box::new(record), request })
    }

    pub(super) async fn hold(&self, operation_id: &str, fence: Fence, until: Timestamp) -> Result<bool, PortError> {
        let change = Change {
            condition: &format!("{SAME} AND {HELD}"),
            update: "SET #leased_until = :until",
            values: values([
                (":creation", creation(fence.creation)),
                (":fence", item::number(fence.claim)),
                (":until", item::time(until)),
            ]),
        };
        Ok(matches!(self.change(operation_id, change).await?, Changed::Done(_)))
    }

    pub(super) async fn give_back(&self, operation_id: &str, fence: Fence, now: Timestamp) -> Result<bool, PortError> {
        let change = Change {
            condition: &format!("{EXISTS} AND {SAME} AND {HELD}"),
            update: "SET #status = :accepted, #updated_at = :now REMOVE #leased_until, #ticket ADD #failures :one",
            values: values([
                (":now", item::time(now)),
                (":creation", creation(fence.creation)),
                (":fence", item::number(fence.claim)),
                (":accepted", item::status(Status::Accepted)),
                (":one", item::number(1)),
            ]),
        };
        let changed = self.change(operation_id, change).await?;
        Ok(is_made(&changed, now, |record| record.was_released_by(fence)))
    }

    pub(super) async fn pass_on(
        &self,
        operation_id: &str,
        fence: Fence,
        ticket: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, PortError> {
        let with_ticket = if ticket.is_some() { ", #ticket = :ticket" } else { "" };
        let mut change = Change {
            condition: &format!("{EXISTS} AND {SAME} AND {HELD}"),
            update: &format!("SET #handed_over = :yes, #updated_at = :now{with_ticket} REMOVE #leased_until"),
            values: values([
                (":now", item::time(now)),
                (":creation", creation(fence.creation)),
                (":fence", item::number(fence.claim)),
                (":yes", AttributeValue::Bool(true)),
            ]),
        };
        change.values.extend(ticket.map(|ticket| (":ticket".to_owned(), item::string(ticket))));
        let changed = self.change(operation_id, change).await?;
        Ok(is_made(&changed, now, |record| record.was_handed_over_by(fence)))
    }

    pub(super) async fn set_aside(
        &self,
        operation_id: &str,
        fence: Fence,
        ticket: &str,
        now: Timestamp,
    ) -> Result<bool, PortError> {
        let change = Change {
            condition: &format!("{EXISTS} AND {SAME} AND {HELD}"),
            update: "SET #ticket = :ticket, #updated_at = :now REMOVE #leased_until",
            values: values([
                (":now", item::time(now)),
                (":creation", creation(fence.creation)),
                (":fence", item::number(fence.claim)),
                (":ticket", item::string(ticket)),
            ]),
        };
        let changed = self.change(operation_id, change).await?;
        Ok(is_made(&changed, now, |record| record.was_put_off_by(fence, ticket)))
    }

    pub(super) async fn end(
        &self,
        (operation_id, by): (&str, By),
        outcome: &Outcome,
        told: &[Entry],
        now: Timestamp,
    ) -> Result<Finished, PortError> {
        let write_id = new_write_id();
        let mut condition = format!("{EXISTS} AND {SAME} AND {NOT_ENDED}");
        let mut update = "SET #status = :status, #updated_at = :now, #written_by = :write".to_owned();
        let mut values = values([
            (":now", item::time(now)),
            (":accepted", item::status(Status::Accepted)),
            (":running", item::status(Status::Running)),
            (":status", item::status(outcome.status())),
            (":creation", creation(by.creation())),
            (":write", item::string(write_id.as_str())),
        ]);
        if let Some(body) = outcome.body() {
            let (attribute, text) = self.texts.store(Kind::Outcome, body).await?;
            update.push_str(&format!(", #{attribute} = :text"));
            values.insert(":text".to_owned(), text);
        }
        if let Some(error_type) = outcome.error_type() {
            update.push_str(", #error_type = :error_type");
            values.insert(":error_type".to_owned(), item::string(error_type));
        }
        if let Some(last) = told.last() {
            update.push_str(", #logged = :last, #last_entries = :entries");
            values.insert(":last".to_owned(), item::number(last.seq.into()));
            values.insert(":entries".to_owned(), item::from_entries(told)?);
        }
        update.push_str(" REMOVE #leased_until");
        if let Some(claim) = by.claim() {
            condition.push_str(" AND #claims = :fence");
            values.insert(":fence".to_owned(), item::number(claim));
        }
        let change = Change { condition: &condition, update: &update, values };
        let item = match self.change_and_read(operation_id, change).await? {
            Changed::Done(item) => item,
            Changed::Refused(item) if wrote(&item, &write_id) => item,
            Changed::Refused(item) => {
                let refused = unexpired(&item, now).map(|record| record.finish_refused(by).ok_or_else(malformed));
                return refused.unwrap_or(Ok(Finished::Unknown));
            }
        };
        Ok(Finished::First(Box::new(item::to_record(&item).ok_or_else(malformed)?)))
    }

    pub(super) async fn note_announced(&self, operation_id: &str, of: Creation) -> Result<(), PortError> {
        let change = Change {
            condition: &format!("{SAME} AND #status IN (:completed, :failed, :cancelled)"),
            update: "SET #announced = :yes REMOVE #due_at",
            values: values([
                (":creation", creation(of)),
                (":completed", item::status(Status::Completed)),
                (":failed", item::status(Status::Failed)),
                (":cancelled", item::status(Status::Cancelled)),
                (":yes", AttributeValue::Bool(true)),
            ]),
        };
        self.change(operation_id, change).await.map(drop)
    }

    pub(super) async fn note_queued(&self, operation: &OperationRecord, now: Timestamp) -> Result<bool, PortError> {
        let change = Change {
            condition: &format!("{EXISTS} AND {SAME} AND {NOT_ENDED}"),
            update: "SET #promised = :yes, #due_at = :deadline",
            values: open(operation, [(":now", item::time(now)), (":yes", AttributeValue::Bool(true))]),
        };
        let changed = self.change(&operation.operation_id, change).await?;
        Ok(is_made(&changed, now, |record| record.creation == operation.creation))
    }

    pub(super) async fn put_off(&self, operation: &OperationRecord) -> Result<(), PortError> {
        let change = Change {
            condition: &format!("{SAME} AND {NOT_ENDED}"),
            update: "SET #due_at = :deadline",
            values: open(operation, []),
        };
        self.change(&operation.operation_id, change).await.map(drop)
    }
}

pub(super) fn creation(creation: Creation) -> AttributeValue {
    item::string(creation.to_string())
}

/// Values for [`SAME`], [`NOT_ENDED`] and the deadline, and these.
fn open<const N: usize>(
    operation: &OperationRecord,
    others: [(&str, AttributeValue); N],
) -> HashMap<String, AttributeValue> {
    let mut all = values(others);
    all.extend(values([
        (":creation", creation(operation.creation)),
        (":accepted", item::status(Status::Accepted)),
        (":running", item::status(Status::Running)),
        (":deadline", item::time(operation.deadline)),
    ]));
    all
}

/// Whether the change was made now, or, if `before` says so, by an earlier call whose answer was lost.
fn is_made(changed: &Changed, now: Timestamp, before: impl FnOnce(&OperationRecord) -> bool) -> bool {
    match changed {
        Changed::Done(_) => true,
        Changed::Refused(item) => unexpired(item, now).as_ref().is_some_and(before),
    }
}
