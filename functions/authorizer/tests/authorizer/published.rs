//! An issuer in memory.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use authorizer::{Key, KeySource};
use serde_json::{Value, json};
use shared::{error_type::ErrorType, failure::Failure, request_log::RequestLog};
use tokio::time::{Duration, Instant, sleep};

/// Clones share their keys, so that a test can change them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Published {
    /// `None` while the issuer is down.
    set: Arc<Mutex<Option<Value>>>,
    asked: Arc<AtomicUsize>,
    /// How long an answer takes.
    time: Arc<Mutex<Duration>>,
}

impl Published {
    pub(crate) fn keys(keys: &[Value]) -> Self {
        let published = Self::default();
        published.publish(keys);
        published
    }

    pub(crate) fn publish(&self, keys: &[Value]) {
        *self.set.lock().unwrap() = Some(json!({ "keys": keys }));
    }

    pub(crate) fn go_down(&self) {
        *self.set.lock().unwrap() = None;
    }

    pub(crate) fn take(&self, time: Duration) {
        *self.time.lock().unwrap() = time;
    }

    /// How often the keys were fetched.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl KeySource for Published {
    async fn fetch(&self, _: Instant, log: &mut RequestLog) -> Result<Vec<Key>, Failure> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        log.attempts += 1;
        let time = *self.time.lock().unwrap();
        sleep(time).await;
        let set = self.set.lock().unwrap().clone();
        let set = set.ok_or(Failure::new(ErrorType::ConnectionError, "Could not connect to the token issuer"))?;
        Key::parse_set(set.to_string().as_bytes()).ok_or(Failure::new(ErrorType::InvalidResponse, "no set"))
    }
}
