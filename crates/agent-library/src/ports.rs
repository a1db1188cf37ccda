//! What a store of agents must do.

use std::time::Duration;

use serde::Serialize;
use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};
use tokio::time::Instant;

use crate::{
    cursor::{Page, Place},
    head::{Head, NewAgent},
    search::Search,
    version::{NewVersion, Version},
};

/// How long a deleted agent can be had back.
pub const KEPT_AFTER_DELETION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[derive(Debug, Clone)]
pub enum Created {
    New(Box<Head>),
    /// The owner has, or has deleted, an agent of this id. `request` is the fingerprint that it was created with.
    Existing {
        request: Option<String>,
    },
    /// The owner has deleted an agent of this id, and cannot have it back: [`Library::purge`] frees the id.
    Expired,
}

#[derive(Debug, Clone)]
pub enum Saved {
    Now(Box<Head>),
    /// Somebody else has saved meanwhile; nothing was written. The newest head.
    Conflict(Box<Head>),
    /// The same work has saved it before, as the version of this number.
    Before(u32),
    /// Deleted meanwhile.
    Gone,
}

/// Counts of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Transferred {
    pub agents: usize,
    /// The time was up before all were transferred, or an agent was changed meanwhile: ask again.
    pub more: bool,
}

/// Counts of a sweep.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Agents whose time after their deletion is over.
    pub purged: usize,
    /// Texts in the bucket that no version has.
    pub orphans: usize,
}

/// What it takes to save an agent and to read it, each under its owner. No deleted agent is found.
///
/// A port of its own: a vtable refers to every method, and what generates agents links no sweep.
pub trait AgentStore: std::fmt::Debug + Send + Sync {
    fn create<'a>(&'a self, owner: &'a Owner, new: &'a NewAgent) -> PortFuture<'a, Created>;
    /// Adds a version if `head` still is the newest.
    fn save<'a>(&'a self, owner: &'a Owner, head: &'a Head, new: &'a NewVersion) -> PortFuture<'a, Saved>;
    fn head<'a>(&'a self, owner: &'a Owner, agent_id: &'a str) -> PortFuture<'a, Option<Head>>;
    /// The text of a version of an agent whose head was read: `body` is its hash.
    fn text<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, body: &'a str) -> PortFuture<'a, Option<String>>;
    /// A version of an agent whose head was read.
    fn version<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, number: u32) -> PortFuture<'a, Option<Version>>;
    /// The version that a piece of work has saved: see [`NewVersion::work`].
    fn saved_by<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, work: &'a str) -> PortFuture<'a, Option<u32>>;
}

/// All agents. Deleted ones are found by [`Self::undelete`] alone.
pub trait Library: AgentStore {
    /// Newest first. A page may have fewer than it may, though it is not the last one.
    fn heads<'a>(&'a self, owner: &'a Owner, search: &'a Search) -> PortFuture<'a, Page<Head, Place>>;
    /// Newest first, those before `before`.
    fn versions<'a>(
        &'a self,
        owner: &'a Owner,
        agent_id: &'a str,
        before: Option<u32>,
        limit: usize,
    ) -> PortFuture<'a, Page<Version, u32>>;
    /// Whether there is such an agent, deleted now or before.
    fn delete<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, bool>;
    /// The agent that is there again, or was never deleted.
    fn undelete<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<Head>>;
    /// Removes a deleted agent that its owner cannot have back.
    fn purge<'a>(&'a self, owner: &'a Owner, agent_id: &'a str, now: Timestamp) -> PortFuture<'a, ()>;
    /// Gives all agents of `from` that are not deleted to `to`, with their versions. May be repeated. An agent that `to` has
    /// already stays.
    fn transfer<'a>(
        &'a self,
        from: &'a Owner,
        to: &'a Owner,
        now: Timestamp,
        end: Instant,
    ) -> PortFuture<'a, Transferred>;
    /// Removes what nobody can have back, until `end`.
    fn sweep(&self, now: Timestamp, end: Instant) -> PortFuture<'_, Swept>;
}
