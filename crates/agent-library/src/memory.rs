//! The port in memory, for tests.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use shared::{
    caller::Owner,
    port_error::{PortError, PortFuture},
    timestamp::Timestamp,
};
use tokio::time::Instant;

use crate::{
    cursor::{Page, Place},
    head::{Head, NewAgent},
    ports::{AgentStore, Created, KEPT_AFTER_DELETION, Library, Saved, Swept, Transferred},
    search::Search,
    version::{NewVersion, Version},
};

#[derive(Debug, Clone)]
struct Kept {
    head: Head,
    /// Oldest first.
    versions: Vec<Version>,
    texts: HashMap<String, String>,
    /// Work -> the version that it saved.
    works: HashMap<String, u32>,
    request: Option<String>,
    purge_at: Option<Timestamp>,
}

type Agents = BTreeMap<(String, String), Kept>;

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does nothing, and fails.
    Refused,
    /// It does its work, and fails all the same.
    AnswerLost,
    /// It never ends.
    Hangs,
}

#[derive(Debug, Default)]
pub struct MemoryLibrary {
    agents: Mutex<Agents>,
    /// Of the calls to come.
    faults: Mutex<VecDeque<Option<Fault>>>,
    rivals: Mutex<VecDeque<NewVersion>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MemoryLibrary {
    /// Of the calls to come, so many end like this.
    pub fn plan(&self, fault: Fault, times: usize) {
        self.plan_after(0, fault, times);
    }

    /// Like [`Self::plan`], after so many that succeed.
    pub fn plan_after(&self, successes: usize, fault: Fault, times: usize) {
        let good = std::iter::repeat_n(None, successes);
        lock(&self.faults).extend(good.chain(std::iter::repeat_n(Some(fault), times)));
    }

    /// Somebody else saves this version just before the next creation or change.
    pub fn interfere(&self, rival: NewVersion) {
        lock(&self.rivals).push_back(rival);
    }

    fn agents(&self) -> MutexGuard<'_, Agents> {
        lock(&self.agents)
    }

    fn call<'a, T: Send + 'a>(&self, work: impl FnOnce() -> T) -> PortFuture<'a, T> {
        let fault = lock(&self.faults).pop_front().flatten();
        if fault == Some(Fault::Hangs) {
            return Box::pin(std::future::pending());
        }
        let done = (fault != Some(Fault::Refused)).then(work);
        let failed = PortError { service: "library", code: "scripted".to_owned() };
        let result = done.filter(|_| fault.is_none()).ok_or(failed);
        Box::pin(async { result })
    }

    fn create_now(&self, owner: &Owner, new: &NewAgent) -> Created {
        let mut agents = self.agents();
        let key = key(owner, &new.agent_id);
        if let Some(rival) = lock(&self.rivals).pop_front() {
            agents.insert(key.clone(), Kept::new(&NewAgent { first: rival, ..new.clone() }));
        }
        if let Some(kept) = agents.get(&key) {
            let is_there = kept.purge_at.is_none_or(|at| at > new.first.at);
            let existing = Created::Existing { request: kept.request.clone() };
            return if is_there { existing } else { Created::Expired };
        }
        let kept = Kept::new(new);
        let head = kept.head.clone();
        agents.insert(key, kept);
        Created::New(Box::new(head))
    }

    fn save_now(&self, owner: &Owner, head: &Head, new: &NewVersion) -> Saved {
        let mut agents = self.agents();
        let kept = agents.get_mut(&key(owner, &head.agent_id)).filter(|kept| kept.purge_at.is_none());
        let Some(kept) = kept.filter(|kept| kept.head.creation == head.creation) else { return Saved::Gone };
        if let Some(rival) = lock(&self.rivals).pop_front() {
            kept.add(&rival);
        }
        if let Some(number) = new.work.as_ref().and_then(|work| kept.works.get(work)) {
            return Saved::Before(*number);
        }
        if kept.head.version != head.version {
            return Saved::Conflict(Box::new(kept.head.clone()));
        }
        kept.add(new);
        Saved::Now(Box::new(kept.head.clone()))
    }
}

impl Kept {
    fn new(new: &NewAgent) -> Self {
        let head = Head::new(new);
        Self {
            versions: vec![Version::new(1, &new.first)],
            texts: HashMap::from([(head.body.clone(), new.first.agent.text.clone())]),
            works: new.first.work.iter().map(|work| (work.clone(), 1)).collect(),
            request: new.request.clone(),
            purge_at: None,
            head,
        }
    }

    fn add(&mut self, new: &NewVersion) {
        let (head, version) = self.head.with(new);
        self.texts.insert(version.body.clone(), new.agent.text.clone());
        self.works.extend(new.work.iter().map(|work| (work.clone(), version.number)));
        self.versions.push(version);
        self.head = head;
    }
}

fn key(owner: &Owner, agent_id: &str) -> (String, String) {
    (owner.0.clone(), agent_id.to_owned())
}

fn ready<'a, T: Send + 'a>(value: T) -> PortFuture<'a, T> {
    Box::pin(async { Ok(value) })
}

impl AgentStore for MemoryLibrary {
    fn create<'a>(&'a self, owner: &'a Owner, new: &'a NewAgent) -> PortFuture<'a, Created> {
        self.call(|| self.create_now(owner, new))
    }

    fn save<'a>(&'a self, owner: &'a Owner, head: &'a Head, new: &'a NewVersion) -> PortFuture<'a, Saved> {
        self.call(|| self.save_now(owner, head, new))
    }

    fn head<'a>(&'a self, owner: &'a Owner, agent_id: &'a str) -> PortFuture<'a, Option<Head>> {
        self.call(|| {
            let agents = self.agents();
            let kept = agents.get(&key(owner, agent_id)).filter(|kept| kept.purge_at.is_none());
            kept.map(|kept| kept.head.clone())
        })
    }

    fn text<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, body: &'a str) -> PortFuture<'a, Option<String>> {
        self.call(|| self.agents().get(&key(owner, agent_id)).and_then(|kept| kept.texts.get(body).cloned()))
    }

    fn version<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, number: u32) -> PortFuture<'a, Option<Version>> {
        self.call(|| {
            let agents = self.agents();
            let kept = agents.get(&key(owner, agent_id));
            kept.and_then(|kept| kept.versions.iter().find(|version| version.number == number).cloned())
        })
    }

    fn saved_by<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, work: &'a str) -> PortFuture<'a, Option<u32>> {
        self.call(|| self.agents().get(&key(owner, agent_id)).and_then(|kept| kept.works.get(work).copied()))
    }
}

impl Library for MemoryLibrary {
    fn heads<'a>(&'a self, owner: &'a Owner, search: &'a Search) -> PortFuture<'a, Page<Head, Place>> {
        self.call(|| {
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
            Page { items: found, next }
        })
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

    fn purge<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, ()> {
        let mut agents = self.agents();
        let key = key(owner, agent_id);
        if agents.get(&key).is_some_and(|kept| kept.purge_at.is_some_and(|at| at <= now)) {
            agents.remove(&key);
        }
        ready(())
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
