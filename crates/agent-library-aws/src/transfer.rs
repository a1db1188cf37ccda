//! From one owner to another. First everything but the head is copied, then one transaction makes the copy the agent and
//! leaves the rest to the sweep: whatever dies in between, the agent has one owner, and asking again goes on.

use std::collections::HashSet;

use agent_library::{head::Head, ports::Transferred, search::Search};
use aws::{
    clients::port_error,
    expression::values,
    item::{self, Item},
    transaction::{Transacted, transact},
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use shared::{caller::Owner, port_error::PortError, timestamp::Timestamp};
use tokio::time::Instant;

use crate::{
    faults::{TABLE, malformed},
    items::{self, HEAD, PURGE, partition},
    shelf::Shelf,
    texts::{item_of_object, object_key},
    write::new_write_id,
};

/// Agents that are read at once.
const PAGE: usize = 25;

impl Shelf {
    pub(crate) async fn move_all(
        &self,
        from: &Owner,
        to: &Owner,
        now: Timestamp,
        end: Instant,
    ) -> Result<Transferred, PortError> {
        let mut search = Search::new("", PAGE, None);
        let (mut agents, mut more) = (0, false);
        loop {
            let page = self.find_heads(from, &search).await?;
            for head in &page.items {
                if Instant::now() >= end {
                    return Ok(Transferred { agents, more: true });
                }
                // `to` has it already.
                if self.read(&partition(to, &head.agent_id), HEAD, "#sk").await?.is_some() {
                    continue;
                }
                if self.move_one((from, to), head, now, end).await? {
                    agents += 1;
                } else {
                    more = true;
                }
            }
            if page.next.is_none() {
                return Ok(Transferred { agents, more });
            }
            search.after = page.next;
        }
    }

    /// Whether it has moved. It has not if it is changed meanwhile or the time is up; what is copied by then is not copied again.
    async fn move_one(
        &self,
        (from, to): (&Owner, &Owner),
        head: &Head,
        now: Timestamp,
        end: Instant,
    ) -> Result<bool, PortError> {
        let (old, new) = (partition(from, &head.agent_id), partition(to, &head.agent_id));
        let copied = self.copied(&new, &head.creation).await?;
        let mut pages = self.all_items(&old, "#pk, #sk, #life, #version, #text, #object").into_paginator().send();
        while let Some(page) = pages.next().await {
            for item in page.map_err(|error| port_error(TABLE, &error))?.items.unwrap_or_default() {
                let sort = item::text(&item, "sk").ok_or_else(malformed)?;
                if sort == HEAD || copied.contains(&sort) {
                    continue;
                }
                if Instant::now() >= end {
                    return Ok(false);
                }
                self.copy(item, to, &new, &head.agent_id).await?;
            }
        }
        let writes =
            vec![self.put(items::of_head(&new, to, head, &new_write_id())?, true)?, self.leave(&old, head, now)?];
        Ok(matches!(transact(&self.client, writes, TABLE).await?, Transacted::Done))
    }

    /// The keys of what an earlier attempt has copied: neither versions nor texts ever change.
    async fn copied(&self, partition: &str, life: &str) -> Result<HashSet<String>, PortError> {
        let mut sorts = HashSet::new();
        let mut pages = self.all_items(partition, "#sk, #life").into_paginator().send();
        while let Some(page) = pages.next().await {
            for item in page.map_err(|error| port_error(TABLE, &error))?.items() {
                if item::text(item, "life").as_deref() == Some(life) {
                    sorts.extend(item::text(item, "sk"));
                }
            }
        }
        Ok(sorts)
    }

    async fn copy(&self, mut item: Item, to: &Owner, partition: &str, agent_id: &str) -> Result<(), PortError> {
        if let Some(object) = item::text(&item, "object") {
            let (_, sort) = item_of_object(&object).ok_or_else(malformed)?;
            let copy = object_key(to, agent_id, sort.trim_start_matches("T#"));
            self.objects.put(&copy, &self.objects.get(&object).await?).await?;
            item.insert("object".to_owned(), item::string(copy));
        }
        item.insert("pk".to_owned(), item::string(partition));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        put.map(drop).map_err(|error| port_error(TABLE, &error))
    }

    /// Ends the old agent at once, without a way back.
    fn leave(&self, partition: &str, head: &Head, now: Timestamp) -> Result<TransactWriteItem, PortError> {
        let update = "SET #purge_at = :now, #purge = :purge REMOVE #owner";
        let given = values([(":now", item::time(Timestamp(now.0.floor()))), (":purge", item::string(PURGE))]);
        self.update_newest(partition, head, update, given)
    }
}
