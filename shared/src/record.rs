//! What is known of a request while it is served: for its error, should it come to one, and for its log line.

use std::{borrow::Cow, time::Duration};

use crate::{
    error_type::ErrorType,
    function::Reply,
    generator::{Failure, ModelUse},
    json::first_chars,
    refusal::{ErrorAnswer, MAX_ASKED, Refusal},
};

/// What is known of a request so far.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// What was asked, by the name that `details` gives it; null where it was not given.
    pub asked: Vec<(&'static str, Option<String>)>,
    /// The caller's session.
    pub session_id: Option<String>,
    /// How often the generator was asked.
    pub attempts: u32,
    /// The time that the generator took; `None` where it did not come to that.
    pub upstream_time: Option<Duration>,
    /// The HTTP status of its last answer.
    pub upstream_status: Option<u16>,
    /// The language model that it asked, where it is a planner that asks one.
    pub model: Option<ModelUse>,
    /// The operation that it began, or belongs to.
    pub operation_id: Option<String>,
    /// What became of it, where it has no answer that tells: a message of a queue.
    pub told: Option<Told>,
}

/// What the log line tells of the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The result's type, or `error`.
    pub outcome: &'static str,
    /// The class of the error.
    pub error_type: Option<ErrorType>,
    /// What the generator said of its failure; not sanitised yet.
    pub service_error: Option<String>,
}

impl Told {
    /// What is told of an outcome that is no failure.
    #[must_use]
    pub fn outcome(outcome: &'static str) -> Self {
        Self { outcome, error_type: None, service_error: None }
    }

    /// What is told of a job that goes back to its queue and has not been begun, because of `failure`.
    #[must_use]
    pub fn given_back(failure: &Failure) -> Self {
        let (error_type, service_error) = (Some(failure.error_type.clone()), Some(failure.service_error.clone()));
        Self { error_type, service_error, ..Self::outcome("given_back") }
    }

    /// What is told of a result.
    #[must_use]
    pub fn reply(reply: &Reply) -> Self {
        Self { error_type: reply.error_type.clone(), ..Self::outcome(reply.outcome) }
    }

    /// What is told of a refusal, which `error` tells the caller of.
    #[must_use]
    pub fn refusal(refusal: &Refusal, error: &ErrorAnswer) -> Self {
        let service_error = match refusal {
            Refusal::Failed { failure, .. } => Some(failure.service_error.clone()),
            Refusal::Bad(_) | Refusal::NotConfigured | Refusal::Replayed { .. } => None,
        };
        Self { outcome: "error", error_type: Some(error.error_type.clone()), service_error }
    }
}

impl Record {
    /// Notes what was asked, cut to what an error repeats.
    pub fn ask(&mut self, name: &'static str, text: Option<Cow<'_, str>>) {
        self.asked.push((name, text.map(|text| first_chars(&text, MAX_ASKED).to_owned())));
    }
}
