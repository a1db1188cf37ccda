//! Creation, new versions, deletion: one conditional write each.

use agent_library::{
    head::{Head, NewAgent},
    index::{OFFER, owner_key},
    ports::{Created, KEPT_AFTER_DELETION, Saved},
    search::searched,
    version::{NewVersion, Version},
};
use aws::{
    clients::port_error,
    expression::{names, values},
    item::{self, Item},
    transaction::{BACKOFF, TRIES, Transacted, is_condition, transact},
};
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};
use shared::{
    caller::Owner,
    port_error::{PortError, PortFuture},
    timestamp::Timestamp,
};
use tokio::time::sleep;

use crate::{
    faults::{TABLE, conflict, malformed},
    items::{self, HEAD, PURGE, live_head, partition, purge_at},
    shelf::Shelf,
};

/// The place of a mark among the writes of a save.
const MARK: usize = 3;

impl Shelf {
    pub(crate) async fn begin(&self, owner: &Owner, new: &NewAgent) -> Result<Created, PortError> {
        let (partition, head, write) = (partition(owner, &new.agent_id), Head::new(new), new_write_id());
        let mut of_head = items::of_head(&partition, owner, &head, &write)?;
        if let Some(request) = &new.request {
            of_head.insert("request".to_owned(), item::string(request));
        }
        let of_version = items::of_version(&partition, &head.creation, &Version::new(1, &new.first))?;
        let of_text = self.text_item(owner, &new.agent_id, &head.creation, &new.first.agent).await?;
        for attempt in 0..TRIES {
            let mut puts = vec![
                self.put(of_head.clone(), true)?,
                self.put(of_version.clone(), true)?,
                self.put(of_text.clone(), false)?,
            ];
            puts.extend(self.mark(&partition, &head, &new.first)?);
            let Transacted::Cancelled(reasons) = transact(&self.client, puts, TABLE).await? else {
                return Ok(Created::New(Box::new(head)));
            };
            let existing =
                reasons.first().filter(|reason| is_condition(reason)).and_then(|reason| reason.item.as_ref());
            if let Some(existing) = existing {
                if item::text(existing, "written_by").as_deref() == Some(&write) {
                    return Ok(Created::New(Box::new(head)));
                }
                let is_there = purge_at(existing).is_none_or(|at| at > new.first.at);
                let existing = Created::Existing { request: item::text(existing, "request") };
                return Ok(if is_there { existing } else { Created::Expired });
            }
            sleep(BACKOFF.full_jitter(attempt)).await;
        }
        Err(conflict())
    }

    pub(crate) async fn add(&self, owner: &Owner, head: &Head, new: &NewVersion) -> Result<Saved, PortError> {
        let (partition, write) = (partition(owner, &head.agent_id), new_write_id());
        let (next, version) = head.with(new);
        let of_version = items::of_version(&partition, &head.creation, &version)?;
        let of_text = self.text_item(owner, &head.agent_id, &head.creation, &new.agent).await?;
        for attempt in 0..TRIES {
            let mut writes = vec![
                self.advance(&partition, (head, &next), &write)?,
                self.put(of_version.clone(), true)?,
                self.put(of_text.clone(), false)?,
            ];
            writes.extend(self.mark(&partition, &next, new)?);
            let Transacted::Cancelled(reasons) = transact(&self.client, writes, TABLE).await? else {
                return Ok(Saved::Now(Box::new(next)));
            };
            if let Some(reason) = reasons.first().filter(|reason| is_condition(reason)) {
                let Some(item) = &reason.item else { return Ok(Saved::Gone) };
                if item::text(item, "written_by").as_deref() == Some(&write) {
                    return Ok(Saved::Now(Box::new(next)));
                }
            }
            if let Some(number) = reasons.get(MARK).and_then(|reason| item::parsed(reason.item.as_ref()?, "version")) {
                return Ok(Saved::Before(number));
            }
            if let Some(item) = reasons.first().filter(|reason| is_condition(reason)).and_then(|it| it.item.as_ref()) {
                let newest = live_head(item)?.filter(|newest| newest.creation == head.creation);
                return Ok(newest.map_or(Saved::Gone, |newest| Saved::Conflict(Box::new(newest))));
            }
            sleep(BACKOFF.full_jitter(attempt)).await;
        }
        Err(conflict())
    }

    /// Says that the work of `new`, if it has a name, has saved the newest version of `head`, unless it has saved one before.
    fn mark(&self, partition: &str, head: &Head, new: &NewVersion) -> Result<Option<TransactWriteItem>, PortError> {
        let item = |work: &String| items::of_work(partition, &head.creation, work, head.version);
        new.work.as_ref().map(|work| self.put(item(work), true)).transpose()
    }

    /// Makes `next` the head if `head` still is.
    fn advance(
        &self,
        partition: &str,
        (head, next): (&Head, &Head),
        write: &str,
    ) -> Result<TransactWriteItem, PortError> {
        let set = "SET #head = :head, #version = :after, #updated = :updated, #search = :search, #written_by = :write";
        let text = serde_json::to_string(next).map_err(|_| malformed())?;
        let offer = items::offer(next)?;
        let update = format!("{set}{}", if offer.is_some() { ", #offer = :offer" } else { " REMOVE #offer" });
        let mut given = values([
            (":head", item::string(text)),
            (":after", item::number(next.version.into())),
            (":updated", item::number(next.updated_ms())),
            (":search", item::string(searched(&next.profile))),
            (":write", item::string(write)),
        ]);
        given.extend(offer.map(|offer| (format!(":{OFFER}"), offer)));
        self.update_newest(partition, head, &update, given)
    }

    /// Changes the item of `head` if that still is the head, and the agent is not deleted.
    pub(crate) fn update_newest(
        &self,
        partition: &str,
        head: &Head,
        update: &str,
        mut given: Item,
    ) -> Result<TransactWriteItem, PortError> {
        let condition = "#version = :before AND #life = :life AND attribute_not_exists(#purge_at)";
        given.extend(values([(":before", item::number(head.version.into())), (":life", item::string(&head.creation))]));
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", item::string(partition))
            .key("sk", item::string(HEAD))
            .condition_expression(condition)
            .update_expression(update)
            .set_expression_attribute_names(Some(names(&[condition, update])))
            .set_expression_attribute_values(Some(given))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|_| malformed())?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    pub(crate) fn put(&self, item: Item, is_new: bool) -> Result<TransactWriteItem, PortError> {
        let mut put = Put::builder().table_name(&self.table).set_item(Some(item));
        if is_new {
            let condition = "attribute_not_exists(#pk)";
            put = put.condition_expression(condition).set_expression_attribute_names(Some(names(&[condition])));
            put = put.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        }
        Ok(TransactWriteItem::builder().put(put.build().map_err(|_| malformed())?).build())
    }

    /// Takes the agent out of the owner's list and puts it on that of what goes for good.
    pub(crate) fn remove<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(async move {
            let condition = "attribute_exists(#pk) AND attribute_not_exists(#purge_at)";
            let update = "SET #purge_at = :at, #purge = :purge REMOVE #owner";
            let given =
                values([(":at", item::expiry(now.after(KEPT_AFTER_DELETION))), (":purge", item::string(PURGE))]);
            let partition = partition(owner, agent_id);
            match self.change(&partition, condition, update, given).await? {
                Ok(_) => Ok(true),
                Err(item) => Ok(purge_at(&item).is_some_and(|at| at > now)),
            }
        })
    }

    pub(crate) fn bring_back<'a>(
        &'a self,
        owner: &'a Owner,
        agent_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<Head>> {
        Box::pin(async move {
            let update = "SET #owner = :owner REMOVE #purge_at, #purge";
            let given = values([(":owner", item::string(owner_key(owner))), (":now", item::time(now))]);
            let partition = partition(owner, agent_id);
            match self.change(&partition, "#purge_at > :now", update, given).await? {
                Ok(item) => live_head(&item),
                Err(item) if item.is_empty() => Ok(None),
                Err(item) => live_head(&item),
            }
        })
    }

    /// The head's item after the change, or, if the condition failed, as it is; empty if there is none.
    async fn change(
        &self,
        partition: &str,
        condition: &str,
        update: &str,
        values: Item,
    ) -> Result<Result<Item, Item>, PortError> {
        let changed = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", item::string(partition))
            .key("sk", item::string(HEAD))
            .condition_expression(condition)
            .update_expression(update)
            .set_expression_attribute_names(Some(names(&[condition, update])))
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match changed {
            Ok(changed) => Ok(Ok(changed.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Err(refused.item.clone().unwrap_or_default()))
                }
                _ => Err(port_error(TABLE, &error)),
            },
        }
    }
}

/// The SDK repeats a write whose answer was lost; the repeat then fails its condition, and the id in the head shows that the
/// write was done.
pub(crate) fn new_write_id() -> String {
    format!("{:032x}", fastrand::u128(..))
}
