//! Caches the issuer's keys in the execution environment.
//!
//! Refreshes them every ten minutes, so that a withdrawn key stops working, and when a token names an unknown key, because
//! it may be new. While the issuer is down, cached keys work for a day. Uses the wall clock: a monotonic clock stops while
//! Lambda freezes the process.

use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use shared::{
    failure::Failure,
    invocation::{Clock, Invocation},
    request_log::RequestLog,
    timestamp::Timestamp,
};
use tokio::time::Instant;

use crate::{denied::Denied, key::Key, not_authenticated::NotAuthenticated, token::Token};

/// Keys are refreshed when older than this.
const REFRESH_AFTER: Duration = Duration::from_secs(10 * 60);
/// Keys are usable for this long while the issuer is down.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// Shortest interval between requests to the issuer, so that forged tokens cannot flood it.
const MIN_INTERVAL: Duration = Duration::from_secs(30);
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
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Key>,
    fetched_at: Option<Timestamp>,
    /// The last request to the issuer, answered or not.
    asked_at: Option<Timestamp>,
    /// Why that request failed.
    failure: Option<Failure>,
}

impl Known {
    /// Finds the key by the token's `kid`; without one, by its algorithm, if only one key has it. `None` if unknown.
    fn find(&self, token: &Token<'_>) -> Option<Result<Key, Denied>> {
        if token.key_id.is_none() {
            let mut fitting = self.keys.iter().filter(|key| key.algorithm() == token.algorithm);
            return fitting.next().filter(|_| fitting.next().is_none()).cloned().map(Ok);
        }
        let named = || self.keys.iter().filter(|key| key.id == token.key_id);
        let fitting = named().find(|key| key.algorithm() == token.algorithm).cloned();
        fitting.map(Ok).or_else(|| named().next().map(|_| Err(Denied::WrongAlgorithm)))
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
        Self { source, known: Mutex::default() }
    }

    /// Fetches the keys ahead of the first request. A failure is logged only.
    pub async fn prepare(&self, clock: Clock) {
        self.refresh(clock.now(), Instant::now() + TIMEOUT, &mut RequestLog::default()).await;
    }

    /// Finds the key that signed `token`, and refreshes the keys first if needed. Fails as unavailable if the key is unknown
    /// and the issuer is down: the key may be new.
    pub async fn key_for(
        &self,
        token: &Token<'_>,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<Key, NotAuthenticated> {
        let now = invocation.clock.now();
        let (found, must_refresh) = {
            let known = self.known();
            let found = known.find(token);
            let is_stale = found.is_none() || !is_within(known.fetched_at, REFRESH_AFTER, now);
            (found, is_stale && !is_within(known.asked_at, MIN_INTERVAL, now))
        };
        let found = if must_refresh {
            self.refresh(now, invocation.end.min(Instant::now() + TIMEOUT), log).await;
            self.known().find(token)
        } else {
            found
        };
        let known = self.known();
        match (found, &known.failure) {
            (Some(found), _) if is_within(known.fetched_at, MAX_AGE, now) => Ok(found?),
            (_, Some(failure)) => Err(NotAuthenticated::Unavailable(failure.clone())),
            (_, None) => Err(Denied::UnknownKey.into()),
        }
    }

    async fn refresh(&self, now: Timestamp, deadline: Instant, log: &mut RequestLog) {
        // Set first: this future may be cancelled before the answer.
        self.known().asked_at = Some(now);
        let answer = self.source.fetch(deadline, log).await;
        let mut known = self.known();
        match answer {
            Ok(keys) => *known = Known { keys, fetched_at: Some(now), asked_at: Some(now), failure: None },
            Err(failure) => {
                tracing::warn!(
                    error_type = failure.error_type.name(),
                    reason = failure.service_error,
                    "could not refresh the issuer's keys"
                );
                known.failure = Some(failure);
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
