//! The port in memory, for tests.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};
use tokio::time::Instant;

use crate::{
    cursor::{Page, Place},
    head::{Head, NewAgent},
    ports::{Created, KEPT_AFTER_DELETION, Library, Saved, Swept, Transferred},
    search::Search,
    version::{NewVersion, Version},
};

#[derive(Debug, Clone)]
struct Kept {
    head: Head,
    /// Oldest first.
    versions: Vec<Version>,
    texts: HashMap<String, String>,
    request: Option<String>,
    purge_at: Option<Timestamp>,
}

type Agents = BTreeMap<(String, String), Kept>;

#[derive(Debug, Default)]
pub struct MemoryLibrary(Mutex<Agents>);

impl MemoryLibrary {
    fn agents(&self) -> MutexGuard<'_, Agents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(owner: &Owner, agent_id: &str) -> (String, String) {
    (owner.0.clone(), agent_id.to_owned())
}

fn ready<'a, T: Send + 'a>(value: T) -> PortFuture<'a, T> {
    Box::pin(async { Ok(value) })
}

impl Library for MemoryLibrary {
    fn create<'a>(&'a self, owner: &'a Owner, new: &'a NewAgent) -> PortFuture<'a, Created> {
        let mut agents = self.agents();
        let key = key(owner, &new.agent_id);
        if let Some(kept) = agents.get(&key)
            && kept.purge_at.is_none_or(|at| at > new.first.at)
        {
            return ready(Created::Existing { request: kept.request.clone() });
        }
        let head = Head::new(new);
        let kept = Kept {
            head: head.clone(),
            versions: vec![Version::new(1, &new.first)],
            texts: HashMap::from([(head.body.clone(), new.first.agent.text.clone())]),
            request: new.request.clone(),
            purge_at: None,
        };
        agents.insert(key, kept);
        ready(Created::New(Box::new(head)))
    }

    fn save<'a>(&'a self, owner: &'a Owner, head: &'a Head, new: &'a NewVersion) -> PortFuture<'a, Saved> {
        let mut agents = self.agents();
        let kept = agents.get_mut(&key(owner, &head.agent_id)).filter(|kept| kept.purge_at.is_none());
        let Some(kept) = kept.filter(|kept| kept.head.creation == head.creation) else { return ready(Saved::Gone) };
        if kept.head.version != head.version {
            return ready(Saved::Conflict(Box::new(kept.head.clone())));
        }
        let (head, version) = head.with(new);
        kept.texts.insert(version.body.clone(), new.agent.text.clone());
        kept.versions.push(version);
        kept.head = head.clone();
        ready(Saved::Now(Box::new(head)))
    }

    fn head<'a>(&'a self, owner: &'a Owner, agent_id: &'a str) -> PortFuture<'a, Option<Head>> {
        let agents = self.agents();
        let kept = agents.get(&key(owner, agent_id)).filter(|kept| kept.purge_at.is_none());
        ready(kept.map(|kept| kept.head.clone()))
    }

    fn text<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, body: &'a str) -> PortFuture<'a, Option<String>> {
        ready(self.agents().get(&key(owner, agent_id)).and_then(|kept| kept.texts.get(body).cloned()))
    }

    fn version<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, number: u32) -> PortFuture<'a, Option<Version>> {
        let agents = self.agents();
        let kept = agents.get(&key(owner, agent_id));
        ready(kept.and_then(|kept| kept.versions.iter().find(|version| version.number == number).cloned()))
    }

    fn heads<'a>(&'a self, owner: &'a Owner, search: &'a Search) -> PortFuture<'a, Page<Head, Place>> {
        let agents = self.agents();
        let own = agents.iter().filter(|((name, _), kept)| *name == owner.0 && kept.purge_at.is_none());
        let place = |head: &Head| Place { updated: head.updated_ms(), agent_id: head.agent_id.clone() };
        let mut found: Vec<Head> = own
            .map(|(_, kept)| kept.head.clone())
            .filter(|head| search.finds(&head.profile))
            .filter(|head| search.after.as_ref().is_none_or(|after| place(head) < *after))
            .collect();
        found.sort_by_key(|head| std::cmp::Reverse(place(head)));
        let has_more = found.len() > search.limit;
        found.truncate(search.limit);
        let next = found.last().map(place).filter(|_| has_more);
        ready(Page { items: found, next })
    }

    fn versions<'a>(
        &'a self,
        owner: &'a Owner,
        agent_id: &'a str,
        before: Option<u32>,
        limit: usize,
    ) -> PortFuture<'a, Page<Version, u32>> {
        let agents = self.agents();
        let all = agents.get(&key(owner, agent_id)).map(|kept| &*kept.versions).unwrap_or_default();
        let newest = all.iter().rev().filter(|version| before.is_none_or(|before| version.number < before));
        let items: Vec<Version> = newest.take(limit).cloned().collect();
        let next = items.last().map(|version| version.number).filter(|number| *number > 1);
        ready(Page { items, next })
    }

    fn delete<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, bool> {
        let mut agents = self.agents();
        let kept = agents.get_mut(&key(owner, agent_id));
        let Some(kept) = kept.filter(|kept| kept.purge_at.is_none_or(|at| at > now)) else { return ready(false) };
        kept.purge_at.get_or_insert(now.after(KEPT_AFTER_DELETION));
        ready(true)
    }

    fn undelete<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<Head>> {
        let mut agents = self.agents();
        let kept = agents.get_mut(&key(owner, agent_id));
        let kept = kept.filter(|kept| kept.purge_at.is_none_or(|at| at > now));
        ready(kept.map(|kept| {
            kept.purge_at = None;
            kept.head.clone()
        }))
    }

    fn transfer<'a>(&'a self, from: &'a Owner, to: &'a Owner, _: Timestamp, _: Instant) -> PortFuture<'a, Transferred> {
        let mut agents = self.agents();
        let is_moved = |(owner, id): &&(String, String), kept: &Kept| {
            *owner == from.0 && kept.purge_at.is_none() && !agents.contains_key(&key(to, id))
        };
        let moved: Vec<_> =
            agents.iter().filter(|(key, kept)| is_moved(key, kept)).map(|(key, _)| key.clone()).collect();
        for old in &moved {
            if let Some(kept) = agents.remove(old) {
                agents.insert(key(to, &old.1), kept);
            }
        }
        ready(Transferred { agents: moved.len(), more: false })
    }

    fn sweep(&self, now: Timestamp, _: Instant) -> PortFuture<'_, Swept> {
        let mut agents = self.agents();
        let before = agents.len();
        agents.retain(|_, kept| kept.purge_at.is_none_or(|at| at > now));
        ready(Swept { purged: before - agents.len(), orphans: 0 })
    }
}
