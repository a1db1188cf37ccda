//! Secrets, as functions get them.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use secrecy::SecretString;

use crate::operations::ports::{PortError, PortFuture};

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

/// A source that is not asked for every request: what it said is kept for a while.
#[derive(Debug)]
pub struct Kept<S> {
    source: S,
    time: Duration,
    kept: Mutex<Option<(SystemTime, SecretString)>>,
}

impl<S: SecretSource> Kept<S> {
    /// What `source` says, kept for `time`.
    pub fn new(source: S, time: Duration) -> Self {
        Self { source, time, kept: Mutex::default() }
    }

    /// By the time of day: a monotonic clock stands still while Lambda has the process frozen.
    fn kept(&self) -> Option<SecretString> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, secret) = kept.as_ref()?;
        since.elapsed().is_ok_and(|age| age < self.time).then(|| secret.clone())
    }

    /// The secret as the source has it now, whatever was kept.
    ///
    /// # Errors
    /// As the source.
    pub async fn renewed(&self) -> Result<SecretString, PortError> {
        // Two requests at once may both ask, to no harm.
        let secret = self.source.read().await?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((SystemTime::now(), secret.clone()));
        Ok(secret)
    }
}

impl<S: SecretSource> SecretSource for Kept<S> {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async {
            match self.kept() {
                Some(secret) => Ok(secret),
                None => self.renewed().await,
            }
        })
    }
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
        let source = Kept::new(Rotating::default(), Duration::from_secs(300));
        for _ in 0..3 {
            assert_eq!(read(&source).await.as_deref(), Some("secret 1"));
        }
    }

    #[tokio::test]
    async fn a_secret_that_was_changed_is_read_anew_and_the_old_one_is_not_used_instead() {
        let source = Kept::new(Rotating::default(), Duration::ZERO);
        let read = [read(&source).await, read(&source).await, read(&source).await];
        assert_eq!(read.map(|secret| secret.unwrap_or_default()), ["secret 1", "", "secret 3"]);
    }

    #[tokio::test]
    async fn a_kept_secret_does_not_show() {
        let source = Kept::new(SecretString::from("hunter2"), Duration::from_secs(300));
        assert_eq!(read(&source).await.as_deref(), Some("hunter2"));
        assert!(!format!("{source:?}").contains("hunter2"));
    }
}
