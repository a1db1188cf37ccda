//! The internal key, with which a generator completes a job it has taken over.

use std::sync::Arc;

use http_client::secret::SecretSource;
use secrecy::{ExposeSecret, SecretString};
use shared::bad_request::BadRequest;
use subtle::ConstantTimeEq;

use crate::refused::Refused;

/// `None` if no key is configured: then completions over HTTP are rejected.
#[derive(Debug, Clone, Default)]
pub struct InternalKey(pub Option<Arc<dyn SecretSource>>);

impl InternalKey {
    pub async fn check(&self, given: Option<&str>) -> Result<(), Refused> {
        let source = self.0.as_ref().ok_or(Refused::NotConfigured)?;
        let key = source.read().await?;
        // An empty secret would let in everyone who sends an empty header.
        if key.expose_secret().trim().is_empty() {
            return Err(Refused::NotConfigured);
        }
        if given.is_some_and(|given| is_same(&key, given)) { Ok(()) } else { Err(BadRequest::Unauthorized.into()) }
    }
}

/// Compares in constant time.
fn is_same(key: &SecretString, given: &str) -> bool {
    key.expose_secret().trim().as_bytes().ct_eq(given.as_bytes()).into()
}
