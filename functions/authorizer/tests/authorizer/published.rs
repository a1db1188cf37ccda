//! What an issuer publishes, without a network.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use authorizer::{Key, KeySource};
use serde_json::{Value, json};
use shared::{error_type::ErrorType, failure::Failure, request_log::RequestLog};
use tokio::time::Instant;

/// An issuer's keys, which a test can change. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Published {
    /// None while the issuer is down.
    set: Arc<Mutex<Option<Value>>>,
    asked: Arc<AtomicUsize>,
}

impl Published {
    pub(crate) fn keys(keys: &[Value]) -> Self {
        let published = Self::default();
        published.become_keys(keys);
        published
    }

    /// From now on it publishes these.
    pub(crate) fn become_keys(&self, keys: &[Value]) {
        *self.set.lock().unwrap() = Some(json!({ "keys": keys }));
    }

    /// From now on it does not answer.
    pub(crate) fn go_down(&self) {
        *self.set.lock().unwrap() = None;
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl KeySource for Published {
    async fn read(&self, _: Instant, record: &mut RequestLog) -> Result<Vec<Key>, Failure> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        record.attempts += 1;
        let set = self.set.lock().unwrap().clone();
        let set = set.ok_or(Failure::new(ErrorType::ConnectionError, "Could not connect to the token issuer"))?;
        Key::set(set.to_string().as_bytes()).ok_or(Failure::new(ErrorType::InvalidResponse, "no set"))
    }
}
