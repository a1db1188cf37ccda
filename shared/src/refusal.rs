//! Why a request has no result.

use crate::{action::Action, bad_request::BadRequest, error_type::ErrorType, failure::Failure};

/// Why a request has no result.
#[derive(Debug)]
pub enum Refusal {
    /// The caller's request is wrong.
    Bad(BadRequest),
    /// There is no generator.
    NotConfigured,
    /// A call of the generator failed.
    Failed {
        /// What was being done: generate decomposes first where it is given a goal.
        action: Action,
        /// The failure.
        failure: Failure,
    },
    /// The same request failed before, and is answered with the same.
    Replayed {
        /// The class of its error.
        error_type: ErrorType,
        /// The body that it was answered with: JSON text.
        body: String,
    },
}

impl From<BadRequest> for Refusal {
    fn from(bad: BadRequest) -> Self {
        Self::Bad(bad)
    }
}

impl Refusal {
    /// The class of the error that the caller gets.
    #[must_use]
    pub fn error_type(&self) -> ErrorType {
        match self {
            Self::Bad(bad) => bad.error_type(),
            Self::NotConfigured => ErrorType::ServiceNotConfigured,
            Self::Failed { failure, .. } => failure.error_type.clone(),
            Self::Replayed { error_type, .. } => error_type.clone(),
        }
    }

    /// A fault of our own.
    #[must_use]
    pub fn unexpected(action: Action, what: &str) -> Self {
        let text = format!("Unexpected error calling Agent Generator: {what}");
        Self::Failed { action, failure: Failure::new(ErrorType::UnexpectedError, text) }
    }

    /// Work that was not done in time.
    #[must_use]
    pub fn out_of_time(action: Action) -> Self {
        Self::Failed { action, failure: Failure::new(ErrorType::Timeout, "Agent Generator request timed out") }
    }
}
