//! The future and the error that every platform port returns: storage, queues, secrets, events.

use std::{future::Future, pin::Pin};

use crate::error_type::ErrorType;

pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, PortError>> + Send + 'a>>;

/// A platform service failed. The text is for engineers and names neither resources nor anything of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{service}: {code}")]
pub struct PortError {
    /// `operations table`, `jobs queue`, …
    pub service: &'static str,
    /// The service's error code, such as `ProvisionedThroughputExceededException`, or why there was no answer.
    pub code: String,
}

/// The code of [`PortError::malformed_call`].
const MALFORMED_CALL: &str = "malformed call";

impl PortError {
    /// The service refused our call for what is in it, so that a retry fails in the same way.
    #[must_use]
    pub fn malformed_call(service: &'static str) -> Self {
        Self { service, code: MALFORMED_CALL.to_owned() }
    }

    /// An outage, for which a retry may succeed, or a fault of our own.
    #[must_use]
    pub fn error_type(&self) -> ErrorType {
        if self.code == MALFORMED_CALL { ErrorType::UnexpectedError } else { ErrorType::ServiceUnavailable }
    }
}
