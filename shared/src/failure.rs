//! The result of a call to the generator, and its classified failure.

use crate::{action::Action, error_type::ErrorType, limits::TooMany};

/// A classified failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub error_type: ErrorType,
    /// For engineers. May quote the generator: sanitised when it leaves the process, in an answer or a log line.
    pub service_error: String,
    pub upstream_status: Option<u16>,
    /// The generator's `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
    /// `service_error` repeats words of the request, so it is told to the caller and not logged (CONTRACT 9).
    pub quotes_request: bool,
}

impl Failure {
    /// A failure without status and `Retry-After`.
    pub fn new(error_type: ErrorType, service_error: impl Into<String>) -> Self {
        Self {
            error_type,
            service_error: service_error.into(),
            upstream_status: None,
            retry_after: None,
            quotes_request: false,
        }
    }

    /// Like [`Self::new`], for a text that repeats words of the request.
    pub fn quoting(error_type: ErrorType, service_error: impl Into<String>) -> Self {
        Self { quotes_request: true, ..Self::new(error_type, service_error) }
    }

    /// The text for a log line.
    #[must_use]
    pub fn log_text(&self) -> &str {
        if self.quotes_request { "not logged: it quotes the request" } else { &self.service_error }
    }

    /// The message for the person. A limit is told in its own words, which quote no more than numbers.
    #[must_use]
    pub fn message(&self, action: Action) -> String {
        match self.error_type {
            ErrorType::RequestTooLarge => self.service_error.clone(),
            _ => self.error_type.message(action),
        }
    }
}

impl From<TooMany> for Failure {
    fn from(too_many: TooMany) -> Self {
        Self::new(ErrorType::RequestTooLarge, too_many.to_string())
    }
}

/// The result of a call, with what the log line needs.
#[derive(Debug)]
pub struct Called<T> {
    pub result: Result<T, Failure>,
    /// Requests sent; 0 if no time was left.
    pub attempts: u32,
    /// Of the last answer.
    pub upstream_status: Option<u16>,
    pub model: Option<ModelUse>,
}

impl<T> Called<T> {
    /// A call that was answered without a network.
    pub fn in_process(result: Result<T, Failure>) -> Self {
        Self { result, attempts: 1, upstream_status: None, model: None }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Called<U> {
        let Self { result, attempts, upstream_status, model } = self;
        Called { result: result.map(change), attempts, upstream_status, model }
    }
}

/// Token usage of model calls; never their text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelUse {
    /// As the configuration names it.
    pub model: String,
    /// As the model counts; 0 if it does not.
    pub input_tokens: u64,
    /// As the model counts; 0 if it does not.
    pub output_tokens: u64,
}

impl ModelUse {
    /// Adds the usage of another call to the same model.
    pub fn add(&mut self, other: Self) {
        self.model = other.model;
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
    }
}
