//! How an operation ended: with a result or an error, or stopped by its caller.

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
    Cancelled,
}

impl Outcome {
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Completed(_) => Status::Completed,
            Self::Failed { .. } => Status::Failed,
            Self::Cancelled => Status::Cancelled,
        }
    }

    /// JSON text. `None` if it was cancelled.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        match self {
            Self::Completed(body) | Self::Failed { body, .. } => Some(body),
            Self::Cancelled => None,
        }
    }

    #[must_use]
    pub fn error_type(&self) -> Option<&str> {
        match self {
            Self::Completed(_) | Self::Cancelled => None,
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
            Self::Cancelled => formatter.write_str("Cancelled"),
        }
    }
}
