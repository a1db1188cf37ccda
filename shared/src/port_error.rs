//! What every port to the platform returns: a boxed future, and one error type.

use std::{future::Future, pin::Pin};

/// A call of a port on its way.
pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, PortError>> + Send + 'a>>;

/// The platform did not do what it was asked; it may later. The text is for an engineer: the service, and its error's
/// code. It holds no name of a table or queue and nothing of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{service}: {code}")]
pub struct PortError {
    /// `operations table`, `jobs queue`, …
    pub service: &'static str,
    /// The error's code, such as `ProvisionedThroughputExceededException`, or what broke on the way.
    pub code: String,
}
