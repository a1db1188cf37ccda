//! Caches the issuer's keys in the execution environment.
//!
//! Refreshes them every ten minutes, so that a withdrawn key stops working, and when a token names an unknown key, because
//! it may be new. While the issuer is down, cached keys work for a day. Only a key that the issuer has just been asked for
//! is called unknown: the gateway keeps that answer for a minute. Uses the wall clock: a monotonic clock stops while Lambda
//! freezes the process.

use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::lock::Mutex as Turn;
use shared::{
    backoff::Backoff,
    error_type::ErrorType,
    failure::Failure,
    invocation::{Clock, Invocation},
    request_log::RequestLog,
    timestamp::Timestamp,
};
use tokio::time::{Instant, timeout_at};

use crate::{denied::Denied, key::Key, not_authenticated::NotAuthenticated, token::Token};

/// Keys are refreshed when older than this.
const REFRESH_AFTER: Duration = Duration::from_secs(10 * 60);
/// Keys are usable for this long while the issuer is down.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// Between attempts to refresh keys that are usable: each may take a caller's time.
const REFRESH_INTERVAL: Duration = Duration::from_secs(30);
/// Between fetches that tokens cause, on average, so that forged tokens cannot flood the issuer.
const UNKNOWN_INTERVAL: Duration = Duration::from_secs(5);
/// Twenty such fetches may come at once, if there were none for long.
const MAX_DEBT: Duration = UNKNOWN_INTERVAL.saturating_mul(20);
/// After a failure, before an unknown key is asked for again. With half jitter: 1 to 2 s.
const AFTER_FAILURE: Backoff = Backoff { first: Duration::from_secs(2), longest: Duration::from_secs(2) };
/// How long a caller, and the gateway, wait for the issuer.
const TIMEOUT: Duration = Duration::from_secs(3);

pub trait KeySource: Send + Sync + 'static {
    /// Fetches the issuer's current keys by `deadline`. Adds attempts and time to `log`.
    fn fetch(&self, deadline: Instant, log: &mut RequestLog) -> impl Future<Output = Result<Vec<Key>, Failure>> + Send;
}

#[derive(Debug)]
pub struct IssuerKeys<S> {
    source: S,
    known: Mutex<Known>,
    /// Held while the issuer is asked: by one task at a time.
    fetching: Turn<()>,
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Key>,
    fetched_at: Option<Timestamp>,
    /// The end of the last attempt to fetch, or its begin if it was cancelled.
    asked_at: Option<Timestamp>,
    /// Why that attempt failed.
    failure: Option<Failure>,
    /// From `asked_at` until an unknown key may be asked for.
    pause: Duration,
    /// The key that the keys were last fetched for, and when.
    looked_for: Option<(KeyId, Timestamp)>,
    /// See [`Self::debt`].
    paid_until: Option<Timestamp>,
}

/// A token's `kid`.
type KeyId = Option<String>;

/// What a token's `kid` finds.
struct Found {
    key: Result<Key, Denied>,
    /// Fetched less than ten minutes ago.
    is_current: bool,
}

impl Known {
    /// `None` if the key is unknown, or the keys are older than a day.
    fn find(&self, token: &Token<'_>, now: Timestamp) -> Option<Found> {
        let key = self.named_by(token).filter(|_| is_within(self.fetched_at, MAX_AGE, now))?;
        Some(Found { key, is_current: is_within(self.fetched_at, REFRESH_AFTER, now) })
    }

    /// Finds the key by the token's `kid`; without one, by its algorithm, if only one key has it.
    fn named_by(&self, token: &Token<'_>) -> Option<Result<Key, Denied>> {
        if token.key_id.is_none() {
            let mut fitting = self.keys.iter().filter(|key| key.algorithm() == token.algorithm);
            return fitting.next().filter(|_| fitting.next().is_none()).cloned().map(Ok);
        }
        let named = || self.keys.iter().filter(|key| key.id == token.key_id);
        let fitting = named().find(|key| key.algorithm() == token.algorithm).cloned();
        fitting.map(Ok).or_else(|| named().next().map(|_| Err(Denied::WrongAlgorithm)))
    }

    /// Whether the issuer may be asked because the keys are old.
    fn may_refresh(&self, now: Timestamp) -> bool {
        !is_within(self.asked_at, REFRESH_INTERVAL, now)
    }

    /// Whether the issuer may be asked for an unknown key.
    fn may_look_for(&self, key: &KeyId, now: Timestamp) -> bool {
        let is_too_often = self.debt(now) + UNKNOWN_INTERVAL > MAX_DEBT;
        !is_within(self.asked_at, self.pause, now) && !self.has_just_looked_for(key, now) && !is_too_often
    }

    /// What the fetches that tokens caused would still take if each took [`UNKNOWN_INTERVAL`].
    fn debt(&self, now: Timestamp) -> Duration {
        let debt = self.paid_until.map_or(Duration::ZERO, |end| now.until(end));
        // So large a debt means that the clock was set back.
        if debt > MAX_DEBT * 2 { Duration::ZERO } else { debt }
    }

    fn has_just_looked_for(&self, key: &KeyId, now: Timestamp) -> bool {
        self.looked_for.as_ref().is_some_and(|(last, at)| last == key && is_within(Some(*at), UNKNOWN_INTERVAL, now))
    }

    /// Why a token gets no key. It is denied only if the issuer was just asked for its key: any other may be new.
    fn refusal(&self, key: &KeyId, now: Timestamp) -> NotAuthenticated {
        if self.has_just_looked_for(key, now) {
            return Denied::UnknownKey.into();
        }
        let too_early = "the token's key is not known, and it is too early to ask the issuer again";
        let failure = self.failure.clone();
        NotAuthenticated::Unavailable(failure.unwrap_or_else(|| Failure::new(ErrorType::ServiceUnavailable, too_early)))
    }
}

/// Whether `time` is less than `limit` from `now`, in either direction: the clock may have been set back.
fn is_within(time: Option<Timestamp>, limit: Duration, now: Timestamp) -> bool {
    time.is_some_and(|time| time.until(now).max(now.until(time)) < limit)
}

impl<S: KeySource> IssuerKeys<S> {
    /// Fetches nothing until [`Self::prepare`] or [`Self::key_for`].
    #[must_use]
    pub fn new(source: S) -> Self {
        Self { source, known: Mutex::default(), fetching: Turn::default() }
    }

    /// Fetches the keys ahead of the first request. A failure is logged only.
    pub async fn prepare(&self, clock: Clock) {
        self.refresh(None, clock, Instant::now() + TIMEOUT, &mut RequestLog::default()).await;
    }

    /// Whether [`Self::key_for`] would not ask the issuer.
    #[must_use]
    pub fn has_key_for(&self, token: &Token<'_>, now: Timestamp) -> bool {
        self.known().find(token, now).is_some_and(|found| found.is_current)
    }

    /// Finds the key that signed `token`, and refreshes the keys first if needed. Fails as unavailable if the key is unknown
    /// and the issuer could not be asked for it: the key may be new.
    pub async fn key_for(
        &self,
        token: &Token<'_>,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<Key, NotAuthenticated> {
        let Invocation { clock, end, .. } = invocation;
        let deadline = end.min(Instant::now() + TIMEOUT);
        let found = self.known().find(token, clock.now());
        let turn = match found {
            Some(Found { key, is_current: true }) => return Ok(key?),
            // Another task refreshes them.
            Some(_) => self.fetching.try_lock(),
            None => timeout_at(deadline, self.fetching.lock()).await.ok(),
        };
        // Looks again, for another task may just have fetched it.
        let must_ask = turn.is_some() && {
            let (known, now) = (self.known(), clock.now());
            match known.find(token, now) {
                Some(found) => !found.is_current && known.may_refresh(now),
                None => known.may_look_for(&token.key_id, now),
            }
        };
        if must_ask {
            self.refresh(Some(&token.key_id), clock, deadline, log).await;
        }
        drop(turn);
        let (known, now) = (self.known(), clock.now());
        match known.find(token, now) {
            Some(found) => Ok(found.key?),
            None => Err(known.refusal(&token.key_id, now)),
        }
    }

    /// Asks the issuer; `key` is the one that is wanted.
    async fn refresh(&self, key: Option<&KeyId>, clock: Clock, deadline: Instant, log: &mut RequestLog) {
        {
            // Set first: this future may be cancelled before the answer.
            let mut known = self.known();
            known.asked_at = Some(clock.now());
            known.pause = AFTER_FAILURE.half_jitter(0);
        }
        let answer = self.source.fetch(deadline, log).await;
        let (mut known, now) = (self.known(), clock.now());
        known.asked_at = Some(now);
        match answer {
            Ok(keys) => {
                (known.keys, known.fetched_at) = (keys, Some(now));
                (known.failure, known.pause) = (None, Duration::ZERO);
                if let Some(key) = key {
                    known.paid_until = Some(now.after(known.debt(now) + UNKNOWN_INTERVAL));
                    known.looked_for = Some((key.clone(), now));
                }
            }
            Err(failure) => {
                tracing::warn!(
                    error_type = failure.error_type.name(),
                    reason = failure.service_error,
                    "could not refresh the issuer's keys"
                );
                known.failure = Some(failure);
                known.looked_for = None;
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
