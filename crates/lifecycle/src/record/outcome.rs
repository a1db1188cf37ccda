//! How an operation ended: with a result or an error.

use std::fmt;

use super::state::Status;

#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// JSON text: a body of CONTRACT 4, or the `result` of a completion.
    Completed(String),
    Failed {
        /// The name of the error type.
        error_type: String,
        /// JSON text: a body of CONTRACT 5.
        body: String,
    },
}

impl Outcome {
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Completed(_) => Status::Completed,
            Self::Failed { .. } => Status::Failed,
        }
    }

    #[must_use]
    pub fn body(&self) -> &str {
        match self {
            Self::Completed(body) | Self::Failed { body, .. } => body,
        }
    }

    #[must_use]
    pub fn error_type(&self) -> Option<&str> {
        match self {
            Self::Completed(_) => None,
            Self::Failed { error_type, .. } => Some(error_type),
        }
    }
}

/// Leaves the body out: it is long, and it belongs to the caller.
impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed(body) => write!(formatter, "Completed({} bytes)", body.len()),
            Self::Failed { error_type, body } => write!(formatter, "Failed({error_type}, {} bytes)", body.len()),
        }
    }
}
