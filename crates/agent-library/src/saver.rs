//! Saves what a generator has made: once for a piece of work that may be repeated, and never at the cost of the result.

use std::{sync::Arc, time::Duration};

use serde_json::value::RawValue;
use shared::{
    account::{Account, LeftOut},
    action::Action,
    backoff::Backoff,
    bad_request::BadRequest,
    caller::Owner,
    error_type::ErrorType,
    failure::Failure,
    port::{Draft, Drafted},
    port_error::PortError,
    refusal::Refusal,
    success::Saving,
    timestamp::Timestamp,
};
use tokio::time::{Instant, sleep, timeout_at};

use crate::{
    head::{Head, NewAgent, etag, is_agent_id},
    ports::{AgentStore, Created, Saved},
    profile::Profile,
    version::{AgentText, NewVersion, Story, is_readable},
};

/// Between two attempts at a write.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(5) };
/// The longest that a result waits for its agent to be saved, while a caller waits for it, and in the background.
pub const IN_REQUEST: Duration = Duration::from_secs(5);
pub const IN_BACKGROUND: Duration = Duration::from_secs(30);
/// Before the end of the work: what is not saved by then is answered in time.
const RESERVE: Duration = Duration::from_millis(250);
/// Of the list of what was left out.
const MOST_LEFT_OUT: usize = 10;

/// The library of one caller, for one piece of work.
#[derive(Debug, Clone, Copy)]
pub struct Saver<'a> {
    pub store: &'a Arc<dyn AgentStore>,
    pub owner: &'a Owner,
    /// See [`NewVersion::work`]. `None` if nothing repeats it.
    pub work: Option<&'a str>,
    /// How long an outage of the library may delay the result.
    pub patience: Duration,
    /// When the work must have ended.
    pub end: Instant,
}

/// An agent that a generator has made.
#[derive(Debug, Clone)]
pub struct Made<'a> {
    pub agent: &'a RawValue,
    pub account: &'a Account,
    pub story: Story,
    pub at: Timestamp,
}

/// A version that was read in order to be changed.
#[derive(Debug)]
pub struct Base {
    /// As it was then: the newest version, which need not be the one that was read.
    pub head: Head,
    pub version: u32,
    pub etag: String,
    pub agent: Box<RawValue>,
}

/// What the same work has saved before it was cut off.
#[derive(Debug)]
pub struct Earlier {
    pub agent: Box<RawValue>,
    /// The version before.
    pub before: Option<Box<RawValue>>,
    pub left_out: Vec<LeftOut>,
    pub saving: Saving,
}

/// What a piece of work has in the library once it has tried to save.
#[derive(Debug)]
pub enum Settled {
    /// What it has made just now, or why not.
    Now(Saving),
    /// Another attempt at the same work came first: what that has made is the result.
    Before(Earlier),
}

impl Earlier {
    /// As a generator would have given it, `account` told again.
    #[must_use]
    pub fn drafted(self, account: Box<Account>) -> (Drafted, Saving) {
        let account = Box::new(Account { left_out: self.left_out, ..*account });
        (Drafted::Now(Draft::Agent(self.agent, account)), self.saving)
    }
}

impl Saver<'_> {
    /// The version of this number of the caller's agent, or the newest.
    ///
    /// # Errors
    /// There is none, or the library failed.
    pub async fn read(&self, agent_id: &str, number: Option<u32>) -> Result<Base, Refusal> {
        if !is_agent_id(agent_id) {
            return Err(BadRequest::NoSuchAgent.into());
        }
        let head = self.store.head(self.owner, agent_id).await.map_err(unavailable)?.ok_or(BadRequest::NoSuchAgent)?;
        let (version, body, digest) = match number.filter(|number| *number != head.version) {
            None => (head.version, head.body.clone(), head.digest.clone()),
            Some(number) => {
                let version = self.store.version(self.owner, agent_id, number).await.map_err(unavailable)?;
                let version = version.ok_or(BadRequest::NoSuchVersion { version: number })?;
                (number, version.body, version.digest)
            }
        };
        let agent = self.text(agent_id, &body).await?;
        Ok(Base { head, version, etag: etag(version, &digest), agent })
    }

    /// What this work has saved as or to this agent, if it was begun before.
    ///
    /// # Errors
    /// The library failed.
    pub async fn earlier(&self, agent_id: &str) -> Result<Option<Earlier>, Refusal> {
        let Some(work) = self.work.filter(|_| is_agent_id(agent_id)) else { return Ok(None) };
        let Some(number) = self.store.saved_by(self.owner, agent_id, work).await.map_err(unavailable)? else {
            return Ok(None);
        };
        let read = |number| async move {
            let version = self.store.version(self.owner, agent_id, number).await.map_err(unavailable)?;
            Ok::<_, Refusal>(version.ok_or(BadRequest::NoSuchAgent)?)
        };
        let version = read(number).await?;
        let before = match number.checked_sub(1).filter(|number| *number > 0) {
            Some(number) => Some(self.text(agent_id, &read(number).await?.body).await?),
            None => None,
        };
        let saving = saved(agent_id, number, &version.digest);
        let agent = self.text(agent_id, &version.body).await?;
        Ok(Some(Earlier { agent, before, left_out: version.story.left_out, saving }))
    }

    /// Saves a new agent.
    ///
    /// # Errors
    /// Another attempt at this work has saved, and what it has saved cannot be read.
    pub async fn create(&self, agent_id: String, made: Made<'_>) -> Result<Settled, Refusal> {
        if !is_readable(made.agent) {
            return Ok(Settled::Now(not_saved(None, &BadRequest::AgentTooLarge)));
        }
        let request = self.work.map(str::to_owned);
        let new = NewAgent { agent_id, first: self.version(made), forked_from: None, request };
        Ok(Settled::Now(match self.persist(|| self.store.create(self.owner, &new)).await {
            Ok(Created::New(head)) => saved(&head.agent_id, head.version, &head.digest),
            // Its id is new, or that of this work.
            Ok(Created::Existing { request }) if request == new.request => {
                return self.settled(&new.agent_id, 1, &new.first.agent).await;
            }
            Ok(Created::Existing { .. } | Created::Expired) => not_saved(None, &BadRequest::IdempotencyMismatch),
            Err(error_type) => failed(None, error_type),
        }))
    }

    /// Saves a new version of an agent if `base` still is its newest one. The same content makes no version.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub async fn change(&self, base: &Base, made: Made<'_>) -> Result<Settled, Refusal> {
        let head = &base.head;
        let id = Some(head.agent_id.as_str());
        if !is_readable(made.agent) {
            return Ok(Settled::Now(not_saved(id, &BadRequest::AgentTooLarge)));
        }
        let new = self.version(made);
        if new.agent.digest == head.digest {
            return Ok(Settled::Now(saved(&head.agent_id, head.version, &head.digest)));
        }
        if base.version != head.version {
            return Ok(Settled::Now(not_saved(id, &conflict(head))));
        }
        Ok(Settled::Now(match self.persist(|| self.store.save(self.owner, head, &new)).await {
            Ok(Saved::Now(head)) => saved(&head.agent_id, head.version, &head.digest),
            Ok(Saved::Before(number)) => return self.settled(&head.agent_id, number, &new.agent).await,
            Ok(Saved::Conflict(newest)) if newest.digest == new.agent.digest => {
                saved(&newest.agent_id, newest.version, &newest.digest)
            }
            Ok(Saved::Conflict(newest)) => not_saved(id, &conflict(&newest)),
            Ok(Saved::Gone) => not_saved(id, &BadRequest::NoSuchAgent),
            Err(error_type) => failed(id, error_type),
        }))
    }

    /// An attempt at this work has saved this version: this one, whose answer was lost, or another, because one of the two was
    /// thought dead. Both may have made something, and only what was saved may be the result.
    async fn settled(&self, agent_id: &str, version: u32, made: &AgentText) -> Result<Settled, Refusal> {
        let saving = saved(agent_id, version, &made.digest);
        Ok(match self.earlier(agent_id).await? {
            Some(earlier) if earlier.saving != saving => Settled::Before(earlier),
            _ => Settled::Now(saving),
        })
    }

    fn version(&self, made: Made<'_>) -> NewVersion {
        let Made { agent, account, mut story, at } = made;
        story.left_out = account.left_out.iter().take(MOST_LEFT_OUT).cloned().collect();
        let profile = Profile::new(agent, &account.requirements);
        let work = self.work.map(str::to_owned);
        NewVersion { agent: AgentText::new(agent.get().to_owned()), profile, story, work, at }
    }

    /// Repeats a write until it succeeds or the time is up. Every write here can be repeated. An attempt that is cut off says less
    /// than one that failed before it.
    async fn persist<T, F>(&self, write: impl Fn() -> F) -> Result<T, ErrorType>
    where
        F: Future<Output = Result<T, PortError>>,
    {
        let end = self.end.checked_sub(RESERVE).unwrap_or(self.end).min(Instant::now() + self.patience);
        let (mut failures, mut known) = (0, ErrorType::Timeout);
        loop {
            let error = match timeout_at(end, write()).await {
                Ok(Ok(written)) => return Ok(written),
                Ok(Err(error)) => error,
                Err(_) => {
                    tracing::error!("could not save an agent in time");
                    return Err(known);
                }
            };
            let wait = BACKOFF.half_jitter(failures);
            let is_hopeless = error.error_type() != ErrorType::ServiceUnavailable;
            if is_hopeless || Instant::now().checked_add(wait).is_none_or(|next| next >= end) {
                tracing::error!(%error, "could not save an agent");
                return Err(error.error_type());
            }
            tracing::warn!(%error, "could not save an agent, trying again");
            sleep(wait).await;
            (failures, known) = (failures + 1, error.error_type());
        }
    }

    async fn text(&self, agent_id: &str, body: &str) -> Result<Box<RawValue>, Refusal> {
        text(&**self.store, self.owner, agent_id, body).await
    }
}

/// The library and the owner for work that needs both.
///
/// # Errors
/// The stack has no library, or the caller has no name.
pub fn library_of<'a>(
    store: Option<&'a Arc<dyn AgentStore>>,
    owner: Option<&'a Owner>,
) -> Result<(&'a Arc<dyn AgentStore>, &'a Owner), Refusal> {
    Ok((store.ok_or_else(not_configured)?, owner.ok_or(BadRequest::NobodysAgents)?))
}

/// The refusal of a stack without a library.
#[must_use]
pub fn not_configured() -> Refusal {
    let failure = Failure::new(ErrorType::ServiceNotConfigured, "the stack has no library");
    Refusal::Failed { action: Action::Library, failure }
}

/// The text of a version.
///
/// # Errors
/// The agent was deleted for good since its head was read, or the library failed.
pub async fn text(store: &dyn AgentStore, owner: &Owner, agent_id: &str, body: &str) -> Result<Box<RawValue>, Refusal> {
    let text = store.text(owner, agent_id, body).await.map_err(unavailable)?.ok_or(BadRequest::NoSuchAgent)?;
    RawValue::from_string(text).map_err(|_| Refusal::unexpected(Action::Library, "a kept agent is not JSON"))
}

/// The refusal after the store has failed.
#[must_use]
pub fn unavailable(error: PortError) -> Refusal {
    let failure = Failure::new(error.error_type(), format!("the library is not available: {error}"));
    Refusal::Failed { action: Action::Library, failure }
}

/// What becomes of an agent after its work was refused.
#[must_use]
pub fn refused(agent_id: Option<&str>, refusal: &Refusal) -> Saving {
    match refusal {
        Refusal::Bad(why) => not_saved(agent_id, why),
        other => failed(agent_id, other.error_type()),
    }
}

/// The refusal of a change that was not made to the newest version.
#[must_use]
pub fn conflict(newest: &Head) -> BadRequest {
    BadRequest::VersionConflict { newest: newest.version, etag: newest.etag() }
}

fn saved(agent_id: &str, version: u32, digest: &str) -> Saving {
    Saving::Saved { agent_id: agent_id.to_owned(), version, etag: etag(version, digest) }
}

fn not_saved(agent_id: Option<&str>, why: &BadRequest) -> Saving {
    Saving::NotSaved { agent_id: agent_id.map(str::to_owned), error_type: why.error_type(), reason: why.to_string() }
}

fn failed(agent_id: Option<&str>, error_type: ErrorType) -> Saving {
    let reason = error_type.message(Action::Library);
    Saving::NotSaved { agent_id: agent_id.map(str::to_owned), error_type, reason }
}
