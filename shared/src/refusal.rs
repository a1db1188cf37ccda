//! Why a request has no result.

use crate::{action::Action, bad_request::BadRequest, error_type::ErrorType, failure::Failure};

#[derive(Debug)]
pub enum Refusal {
    /// The caller's request is wrong.
    Bad(BadRequest),
    /// No generator is configured.
    NotConfigured,
    Failed {
        /// What failed: generate decomposes first if it is given a goal.
        action: Action,
        failure: Failure,
    },
    /// The same request failed before; its answer is repeated.
    Replayed {
        error_type: ErrorType,
        /// The earlier body: JSON text.
        body: String,
    },
    /// The caller's agent breaks rules of the platform.
    Invalid {
        /// A sentence for each, which may quote the agent: for its owner alone.
        faults: Vec<String>,
    },
    /// The operation has ended, so it cannot be cancelled, or it was cancelled and has no result.
    Ended {
        message: &'static str,
        /// JSON text: the operation as its status route tells it.
        operation: String,
    },
}

impl From<BadRequest> for Refusal {
    fn from(bad: BadRequest) -> Self {
        Self::Bad(bad)
    }
}

impl Refusal {
    #[must_use]
    pub fn error_type(&self) -> ErrorType {
        match self {
            Self::Bad(bad) => bad.error_type(),
            Self::NotConfigured => ErrorType::ServiceNotConfigured,
            Self::Failed { failure, .. } => failure.error_type.clone(),
            Self::Replayed { error_type, .. } => error_type.clone(),
            Self::Invalid { .. } => ErrorType::ValidationError,
            Self::Ended { .. } => ErrorType::AlreadyEnded,
        }
    }

    /// A fault of our own.
    #[must_use]
    pub fn unexpected(action: Action, what: &str) -> Self {
        let text = format!("Unexpected error calling Agent Generator: {what}");
        Self::Failed { action, failure: Failure::new(ErrorType::UnexpectedError, text) }
    }

    /// The work did not end in time.
    #[must_use]
    pub fn out_of_time(action: Action) -> Self {
        Self::Failed { action, failure: Failure::new(ErrorType::Timeout, "Agent Generator request timed out") }
    }
}
