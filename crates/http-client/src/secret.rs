//! Secrets, as functions get them.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use futures_util::lock::Mutex as Turn;
use secrecy::{ExposeSecret, SecretString};
use shared::port_error::{PortError, PortFuture};

/// Where a secret is kept.
pub trait SecretSource: fmt::Debug + Send + Sync {
    /// The secret as it is at present, give or take what a source may keep it for. Whoever changes one waits that long
    /// before the old one is invalid.
    fn read(&self) -> PortFuture<'_, SecretString>;
}

/// A secret that this process has already.
impl SecretSource for SecretString {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async { Ok(self.clone()) })
    }
}

/// Whoever is refused with a secret is told at most this often what has taken its place: a secret that is wrong, and stays
/// so, must not lead to a call of its source with every request.
const PAUSE: Duration = Duration::from_secs(10);

/// A source that is not asked for every request: what it said is kept for a while. Who needs it while it is being asked
/// waits for that answer.
#[derive(Debug)]
pub struct CachedSecret<S> {
    source: S,
    time: Duration,
    pause: Duration,
    kept: Mutex<Option<(SystemTime, SecretString)>>,
    /// Held while the source is asked: when that was last done for a secret that was refused.
    asking: Turn<Option<SystemTime>>,
}

impl<S: SecretSource> CachedSecret<S> {
    /// What `source` says, kept for `time`.
    pub fn new(source: S, time: Duration) -> Self {
        Self { source, time, pause: PAUSE, kept: Mutex::default(), asking: Turn::default() }
    }

    /// What `source` says, kept until it is refused.
    pub fn for_ever(source: S) -> Self {
        Self::new(source, Duration::MAX)
    }

    fn kept(&self) -> Option<SecretString> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, secret) = kept.as_ref()?;
        is_within(self.time, *since).then(|| secret.clone())
    }

    async fn fetch(&self) -> Result<SecretString, PortError> {
        let secret = self.source.read().await?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((SystemTime::now(), secret.clone()));
        Ok(secret)
    }

    /// The secret that has taken the place of `refused`, which nobody takes any more; `None` where it has not changed, or
    /// where the source was asked just now.
    ///
    /// # Errors
    /// As the source.
    pub async fn instead_of(&self, refused: &SecretString) -> Result<Option<SecretString>, PortError> {
        let is_other = |secret: &SecretString| secret.expose_secret() != refused.expose_secret();
        let mut last = self.asking.lock().await;
        if let Some(newer) = self.kept().filter(is_other) {
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
            if let Some(secret) = self.kept() {
                return Ok(secret);
            }
            let _turn = self.asking.lock().await;
            match self.kept() {
                Some(secret) => Ok(secret),
                None => self.fetch().await,
            }
        })
    }
}

/// By the time of day: a monotonic clock stands still while Lambda has the process frozen.
fn is_within(time: Duration, since: SystemTime) -> bool {
    since.elapsed().is_ok_and(|age| age < time)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use secrecy::ExposeSecret;

    use super::*;

    /// A secret that is another each time, and cannot be had the second time.
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
    async fn a_secret_that_was_changed_is_read_anew_and_the_old_one_is_not_used_instead() {
        let source = CachedSecret::new(Rotating::default(), Duration::ZERO);
        let read = [read(&source).await, read(&source).await, read(&source).await];
        assert_eq!(read.map(|secret| secret.unwrap_or_default()), ["secret 1", "", "secret 3"]);
    }

    /// The secret that takes the place of this one, where there is one.
    async fn instead_of(source: &CachedSecret<Rotating>, refused: &str) -> Option<String> {
        let newer = source.instead_of(&refused.into()).await.ok().flatten();
        newer.map(|secret| secret.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn a_secret_that_is_refused_again_and_again_is_not_fetched_as_often() {
        let source =
            CachedSecret { pause: Duration::from_secs(300), ..CachedSecret::for_ever(Rotating(AtomicUsize::new(2))) };
        assert_eq!(read(&source).await.as_deref(), Some("secret 3"));
        assert_eq!(instead_of(&source, "secret 3").await.as_deref(), Some("secret 4"));
        for _ in 0..3 {
            assert_eq!(instead_of(&source, "secret 4").await, None);
        }
        assert_eq!(instead_of(&source, "secret 3").await.as_deref(), Some("secret 4"), "what is known costs no call");
        assert_eq!(source.source.0.load(Ordering::Relaxed), 4);
        let later = CachedSecret { pause: Duration::ZERO, ..source };
        assert_eq!(instead_of(&later, "secret 4").await.as_deref(), Some("secret 5"));
    }

    #[tokio::test]
    async fn many_requests_at_once_fetch_a_secret_once() {
        let source = CachedSecret::for_ever(Rotating(AtomicUsize::new(2)));
        let (one, two, three) = tokio::join!(read(&source), read(&source), read(&source));
        assert_eq!([one, two, three].map(Option::unwrap_or_default), ["secret 3"; 3]);
        let refused = || instead_of(&source, "secret 3");
        let (one, two, three) = tokio::join!(refused(), refused(), refused());
        assert_eq!([one, two, three].map(Option::unwrap_or_default), ["secret 4"; 3]);
    }

    #[tokio::test]
    async fn a_kept_secret_does_not_show() {
        let source = CachedSecret::new(SecretString::from("hunter2"), Duration::from_secs(300));
        assert_eq!(read(&source).await.as_deref(), Some("hunter2"));
        assert!(!format!("{source:?}").contains("hunter2"));
    }
}
