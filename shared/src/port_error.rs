//! The future and the error that every platform port returns: storage, queues, secrets, events.

use std::{future::Future, pin::Pin};

pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, PortError>> + Send + 'a>>;

/// A platform service failed; a retry may succeed. The text is for engineers and names neither resources nor anything
/// of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{service}: {code}")]
pub struct PortError {
    /// `operations table`, `jobs queue`, …
    pub service: &'static str,
    /// The service's error code, such as `ProvisionedThroughputExceededException`, or why there was no answer.
    pub code: String,
}
