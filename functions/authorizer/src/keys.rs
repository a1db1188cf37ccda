//! The issuer's keys, as this environment remembers them.
//!
//! They are asked for anew every ten minutes, so that a key which the issuer gave up stops counting; and when a token names
//! one that is not among them, for the issuer may have got a new one. While the issuer cannot be reached, those that are
//! known go on counting for a day. By the time of day: a monotonic clock stands still while Lambda has the process frozen.

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

use crate::{Unchecked, denied::Denied, key::Key, token::Token};

/// Keys are not asked for again within this.
const FRESH: Duration = Duration::from_secs(10 * 60);
/// Without an answer of the issuer's they count for so long.
const GOOD: Duration = Duration::from_secs(24 * 60 * 60);
/// The issuer is asked no more often than this, whatever tokens come: nobody may turn us against it.
const PAUSE: Duration = Duration::from_secs(30);
/// The issuer has this long. A caller waits for it, and the gateway for us.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where the keys come from.
pub trait KeySource: Send + Sync + 'static {
    /// The keys that the issuer has now, by `deadline` at the latest. What it took goes to `log`.
    fn read(&self, deadline: Instant, log: &mut RequestLog) -> impl Future<Output = Result<Vec<Key>, Failure>> + Send;
}

/// The keys of an issuer.
#[derive(Debug)]
pub struct IssuerKeys<S> {
    source: S,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Key>,
    /// When the issuer answered last.
    answered: Option<Timestamp>,
    /// When it was asked last.
    asked: Option<Timestamp>,
    /// Why it did not answer then.
    failure: Option<Failure>,
}

impl Known {
    /// The key that `token` names; where it names none, the only one of its algorithm. `None` where it is not known.
    fn of(&self, token: &Token<'_>) -> Option<Result<Key, Denied>> {
        if token.key_id.is_none() {
            let mut fitting = self.keys.iter().filter(|key| key.algorithm() == token.algorithm);
            return fitting.next().filter(|_| fitting.next().is_none()).cloned().map(Ok);
        }
        let named = || self.keys.iter().filter(|key| key.id == token.key_id);
        let fitting = named().find(|key| key.algorithm() == token.algorithm).cloned();
        fitting.map(Ok).or_else(|| named().next().map(|_| Err(Denied::WrongAlgorithm)))
    }
}

/// Whether `time` is less than `most` ago; or ahead, where the clock was put back.
fn is_within(time: Option<Timestamp>, most: Duration, now: Timestamp) -> bool {
    time.is_some_and(|time| time.until(now).max(now.until(time)) < most)
}

impl<S: KeySource> IssuerKeys<S> {
    /// The keys that `source` has; it is asked when the first is needed.
    #[must_use]
    pub fn new(source: S) -> Self {
        Self { source, known: Mutex::default() }
    }

    /// Asks for the keys before anybody needs them.
    pub async fn prepare(&self, clock: Clock) {
        self.renew(clock.now(), Instant::now() + PATIENCE, &mut RequestLog::default()).await;
    }

    /// The key that `token` names.
    ///
    /// # Errors
    /// The issuer has none of this name for this algorithm; or whether it has cannot be known, for it does not answer.
    pub async fn of(
        &self,
        token: &Token<'_>,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<Key, Unchecked> {
        let now = invocation.clock.now();
        let (found, must_ask) = {
            let known = self.known();
            let found = known.of(token);
            let must_ask = found.is_none() || !is_within(known.answered, FRESH, now);
            (found, must_ask && !is_within(known.asked, PAUSE, now))
        };
        let found = if must_ask {
            self.renew(now, invocation.end.min(Instant::now() + PATIENCE), log).await;
            self.known().of(token)
        } else {
            found
        };
        let known = self.known();
        match (found, &known.failure) {
            (Some(found), _) if is_within(known.answered, GOOD, now) => Ok(found?),
            // It may be a key that the issuer has only now.
            (_, Some(failure)) => Err(Unchecked::Unavailable(failure.clone())),
            (_, None) => Err(Denied::UnknownKey.into()),
        }
    }

    /// Asks the issuer; what it says takes the place of what is known.
    async fn renew(&self, now: Timestamp, deadline: Instant, log: &mut RequestLog) {
        // Before the answer: it may never come.
        self.known().asked = Some(now);
        let answer = self.source.read(deadline, log).await;
        let mut known = self.known();
        match answer {
            Ok(keys) => *known = Known { keys, answered: Some(now), asked: Some(now), failure: None },
            Err(failure) => {
                tracing::warn!(
                    error_type = failure.error_type.name(),
                    reason = failure.service_error,
                    "the issuer's keys could not be renewed"
                );
                known.failure = Some(failure);
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
