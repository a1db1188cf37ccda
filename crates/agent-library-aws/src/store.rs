//! The port on the table.

use agent_library::{
    cursor::{Page, Place},
    head::{Head, NewAgent},
    ports::{AgentStore, Created, Library, Saved, Swept, Transferred},
    search::Search,
    version::{NewVersion, Version},
};
use aws::item;
use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};
use tokio::time::Instant;

use crate::{
    items::{HEAD, live_head, parsed, partition, version_key, work_key},
    shelf::Shelf,
};

impl AgentStore for Shelf {
    fn create<'a>(&'a self, owner: &'a Owner, new: &'a NewAgent) -> PortFuture<'a, Created> {
        Box::pin(self.begin(owner, new))
    }

    fn save<'a>(&'a self, owner: &'a Owner, head: &'a Head, new: &'a NewVersion) -> PortFuture<'a, Saved> {
        Box::pin(self.add(owner, head, new))
    }

    fn head<'a>(&'a self, owner: &'a Owner, agent_id: &'a str) -> PortFuture<'a, Option<Head>> {
        Box::pin(async move {
            let item = self.read(&partition(owner, agent_id), HEAD, "#head, #purge_at").await?;
            item.map_or(Ok(None), |item| live_head(&item))
        })
    }

    fn text<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, body: &'a str) -> PortFuture<'a, Option<String>> {
        Box::pin(self.read_text(owner, agent_id, body))
    }

    fn version<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, number: u32) -> PortFuture<'a, Option<Version>> {
        Box::pin(async move {
            let item = self.read(&partition(owner, agent_id), &version_key(number), "#version").await?;
            item.map(|item| parsed(&item, "version")).transpose()
        })
    }

    fn saved_by<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, work: &'a str) -> PortFuture<'a, Option<u32>> {
        Box::pin(async move {
            let item = self.read(&partition(owner, agent_id), &work_key(work), "#version").await?;
            Ok(item.and_then(|item| item::parsed(&item, "version")))
        })
    }
}

impl Library for Shelf {
    fn heads<'a>(&'a self, owner: &'a Owner, search: &'a Search) -> PortFuture<'a, Page<Head, Place>> {
        Box::pin(self.find_heads(owner, search))
    }

    fn versions<'a>(
        &'a self,
        owner: &'a Owner,
        agent_id: &'a str,
        before: Option<u32>,
        limit: usize,
    ) -> PortFuture<'a, Page<Version, u32>> {
        Box::pin(self.find_versions(owner, agent_id, before, limit))
    }

    fn delete<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, bool> {
        self.remove(owner, agent_id, now)
    }

    fn undelete<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<Head>> {
        self.bring_back(owner, agent_id, now)
    }

    fn purge<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, ()> {
        Box::pin(async move { self.purge_if_due(partition(owner, agent_id), now).await.map(drop) })
    }

    fn transfer<'a>(
        &'a self,
        from: &'a Owner,
        to: &'a Owner,
        now: Timestamp,
        end: Instant,
    ) -> PortFuture<'a, Transferred> {
        Box::pin(self.move_all(from, to, now, end))
    }

    fn sweep(&self, now: Timestamp, end: Instant) -> PortFuture<'_, Swept> {
        Box::pin(self.clean(now, end))
    }
}
