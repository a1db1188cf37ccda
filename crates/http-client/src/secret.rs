//! Sources of secrets, and a cache in front of them.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use futures_util::lock::Mutex as Turn;
use secrecy::{ExposeSecret, SecretString};
use shared::port_error::{PortError, PortFuture};

pub trait SecretSource: fmt::Debug + Send + Sync {
    /// The current secret, or one that a cache may still hold: keep an old secret valid that long after a rotation.
    fn read(&self) -> PortFuture<'_, SecretString>;
}

impl SecretSource for SecretString {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async { Ok(self.clone()) })
    }
}

/// Least time between two fetches for a refused secret, so that a secret which stays wrong is not fetched on every
/// request.
const PAUSE: Duration = Duration::from_secs(10);

/// Caches a secret. Concurrent readers wait for one fetch.
#[derive(Debug)]
pub struct CachedSecret<S> {
    source: S,
    time: Duration,
    pause: Duration,
    cached: Mutex<Option<(SystemTime, SecretString)>>,
    /// Held during a fetch; has the time of the last fetch for a refused secret.
    fetching: Turn<Option<SystemTime>>,
}

impl<S: SecretSource> CachedSecret<S> {
    pub fn new(source: S, time: Duration) -> Self {
        Self { source, time, pause: PAUSE, cached: Mutex::default(), fetching: Turn::default() }
    }

    /// Caches until [`Self::replacement_for`] reports the secret as refused.
    pub fn until_refused(source: S) -> Self {
        Self::new(source, Duration::MAX)
    }

    fn cached(&self) -> Option<SecretString> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, secret) = cached.as_ref()?;
        is_within(self.time, *since).then(|| secret.clone())
    }

    async fn fetch(&self) -> Result<SecretString, PortError> {
        let secret = self.source.read().await?;
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = Some((SystemTime::now(), secret.clone()));
        Ok(secret)
    }

    /// Fetches a replacement for a secret that a service refused. `None` if the secret has not changed, or if the last
    /// such fetch was less than 10 s ago.
    pub async fn replacement_for(&self, refused: &SecretString) -> Result<Option<SecretString>, PortError> {
        let is_other = |secret: &SecretString| secret.expose_secret() != refused.expose_secret();
        let mut last = self.fetching.lock().await;
        if let Some(newer) = self.cached().filter(is_other) {
            return Ok(Some(newer));
        }
        if last.is_some_and(|last| is_within(self.pause, last)) {
            return Ok(None);
        }
        *last = Some(SystemTime::now());
        Ok(Some(self.fetch().await?).filter(is_other))
    }
}

impl<S: SecretSource> SecretSource for CachedSecret<S> {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async {
            if let Some(secret) = self.cached() {
                return Ok(secret);
            }
            let _turn = self.fetching.lock().await;
            match self.cached() {
                Some(secret) => Ok(secret),
                None => self.fetch().await,
            }
        })
    }
}

/// By wall-clock time, because the monotonic clock stops while Lambda has the process frozen.
fn is_within(time: Duration, since: SystemTime) -> bool {
    since.elapsed().is_ok_and(|age| age < time)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use secrecy::ExposeSecret;

    use super::*;

    /// Gives another secret each time; the second read fails.
    #[derive(Debug, Default)]
    struct Rotating(AtomicUsize);

    impl SecretSource for Rotating {
        fn read(&self) -> PortFuture<'_, SecretString> {
            let time = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            Box::pin(async move {
                tokio::task::yield_now().await;
                match time {
                    2 => Err(PortError { service: "secrets", code: "ThrottlingException".to_owned() }),
                    time => Ok(SecretString::from(format!("secret {time}"))),
                }
            })
        }
    }

    async fn read(source: &impl SecretSource) -> Option<String> {
        source.read().await.ok().map(|secret| secret.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn a_secret_is_not_fetched_for_every_request() {
        let source = CachedSecret::new(Rotating::default(), Duration::from_secs(300));
        for _ in 0..3 {
            assert_eq!(read(&source).await.as_deref(), Some("secret 1"));
        }
    }

    #[tokio::test]
    async fn an_expired_secret_is_fetched_again_and_not_used_if_that_fails() {
        let source = CachedSecret::new(Rotating::default(), Duration::ZERO);
        let read = [read(&source).await, read(&source).await, read(&source).await];
        assert_eq!(read.map(|secret| secret.unwrap_or_default()), ["secret 1", "", "secret 3"]);
    }

    async fn replacement_for(source: &CachedSecret<Rotating>, refused: &str) -> Option<String> {
        let newer = source.replacement_for(&refused.into()).await.ok().flatten();
        newer.map(|secret| secret.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn a_secret_that_keeps_being_refused_is_not_fetched_every_time() {
        let source = CachedSecret {
            pause: Duration::from_secs(300),
            ..CachedSecret::until_refused(Rotating(AtomicUsize::new(2)))
        };
        assert_eq!(read(&source).await.as_deref(), Some("secret 3"));
        assert_eq!(replacement_for(&source, "secret 3").await.as_deref(), Some("secret 4"));
        for _ in 0..3 {
            assert_eq!(replacement_for(&source, "secret 4").await, None);
        }
        assert_eq!(
            replacement_for(&source, "secret 3").await.as_deref(),
            Some("secret 4"),
            "a cached replacement costs no call"
        );
        assert_eq!(source.source.0.load(Ordering::Relaxed), 4);
        let later = CachedSecret { pause: Duration::ZERO, ..source };
        assert_eq!(replacement_for(&later, "secret 4").await.as_deref(), Some("secret 5"));
    }

    #[tokio::test]
    async fn concurrent_requests_fetch_a_secret_once() {
        let source = CachedSecret::until_refused(Rotating(AtomicUsize::new(2)));
        let (one, two, three) = tokio::join!(read(&source), read(&source), read(&source));
        assert_eq!([one, two, three].map(Option::unwrap_or_default), ["secret 3"; 3]);
        let refused = || replacement_for(&source, "secret 3");
        let (one, two, three) = tokio::join!(refused(), refused(), refused());
        assert_eq!([one, two, three].map(Option::unwrap_or_default), ["secret 4"; 3]);
    }

    #[tokio::test]
    async fn a_cached_secret_does_not_show_in_debug() {
        let source = CachedSecret::new(SecretString::from("hunter2"), Duration::from_secs(300));
        assert_eq!(read(&source).await.as_deref(), Some("hunter2"));
        assert!(!format!("{source:?}").contains("hunter2"));
    }
}
