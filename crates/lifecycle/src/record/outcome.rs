//! How an operation ended.

use std::fmt;

use super::state::Status;

/// How an operation ended.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// With a result: the body of CONTRACT 4, or what a completion brought, as JSON text.
    Completed(String),
    /// With an error: the body of CONTRACT 5 as JSON text, and its class.
    Failed {
        /// The name of the error's class.
        error_type: String,
        /// The body.
        body: String,
    },
}

impl Outcome {
    /// The status that it gives the operation.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Completed(_) => Status::Completed,
            Self::Failed { .. } => Status::Failed,
        }
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &str {
        match self {
            Self::Completed(body) | Self::Failed { body, .. } => body,
        }
    }

    /// The name of the error's class.
    #[must_use]
    pub fn error_type(&self) -> Option<&str> {
        match self {
            Self::Completed(_) => None,
            Self::Failed { error_type, .. } => Some(error_type),
        }
    }
}

/// Without the body: agents are long, and a caller's own.
impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed(body) => write!(formatter, "Completed({} bytes)", body.len()),
            Self::Failed { error_type, body } => write!(formatter, "Failed({error_type}, {} bytes)", body.len()),
        }
    }
}
