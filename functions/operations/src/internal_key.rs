//! The key of those who may end operations: generators that have taken a job over.

use std::sync::Arc;

use http_client::secret::SecretSource;
use secrecy::{ExposeSecret, SecretString};
use shared::bad_request::BadRequest;
use subtle::ConstantTimeEq;

use crate::Refused;

/// Where the internal key is kept; none where none is configured, and then nobody may end an operation over HTTP.
#[derive(Debug, Clone, Default)]
pub struct InternalKey(pub Option<Arc<dyn SecretSource>>);

impl InternalKey {
    /// Lets a caller pass who has brought the key.
    ///
    /// # Errors
    /// There is no key, it cannot be read, or the caller's is missing or another.
    pub async fn check(&self, given: Option<&str>) -> Result<(), Refused> {
        let source = self.0.as_ref().ok_or(Refused::NotConfigured)?;
        let key = source.read().await?;
        // An empty secret is no key: it would let everybody pass who sends an empty header.
        if key.expose_secret().trim().is_empty() {
            return Err(Refused::NotConfigured);
        }
        if given.is_some_and(|given| is_same(&key, given)) { Ok(()) } else { Err(BadRequest::Unauthorized.into()) }
    }
}

/// Compared in a time that does not tell how much of it is right.
fn is_same(key: &SecretString, given: &str) -> bool {
    key.expose_secret().trim().as_bytes().ct_eq(given.as_bytes()).into()
}
