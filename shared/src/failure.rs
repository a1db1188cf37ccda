//! A call of a service that failed or not, classified.

use crate::error_type::ErrorType;

/// A failed call, classified. The texts may hold anything that the generator said: they are sanitised where they
/// leave the process, in an answer or a log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its class.
    pub error_type: ErrorType,
    /// What happened, for an engineer; not sanitised yet.
    pub service_error: String,
    /// The HTTP status that it came with, where it came with one.
    pub upstream_status: Option<u16>,
    /// Seconds after which the generator asked to be tried again, as it said so.
    pub retry_after: Option<u32>,
}

impl Failure {
    /// A failure that came without a status and without advice.
    pub fn new(error_type: ErrorType, service_error: impl Into<String>) -> Self {
        Self { error_type, service_error: service_error.into(), upstream_status: None, retry_after: None }
    }
}

/// What a call came to, with what the log line says of it.
#[derive(Debug)]
pub struct Called<T> {
    /// The typed result, or the classified failure.
    pub result: Result<T, Failure>,
    /// How often the generator was asked; 0 where there was no time left to ask.
    pub attempts: u32,
    /// The HTTP status of the last answer, where there was one.
    pub upstream_status: Option<u16>,
    /// The language model that was asked, where one was.
    pub model: Option<ModelUse>,
}

impl<T> Called<T> {
    /// A call that was answered in this process, without a network.
    pub fn in_process(result: Result<T, Failure>) -> Self {
        Self { result, attempts: 1, upstream_status: None, model: None }
    }

    /// The same call with `change` made to its result.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Called<U> {
        let Self { result, attempts, upstream_status, model } = self;
        Called { result: result.map(change), attempts, upstream_status, model }
    }
}

/// What a call had of a language model: for the log line, never its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelUse {
    /// The model, as the configuration names it.
    pub model: String,
    /// Tokens that it read, by its own count; 0 where it does not count.
    pub input_tokens: u64,
    /// Tokens that it wrote, by its own count; 0 where it does not count.
    pub output_tokens: u64,
}

impl ModelUse {
    /// Adds what another call had of the same model.
    pub fn add(&mut self, other: Self) {
        self.model = other.model;
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
    }
}
