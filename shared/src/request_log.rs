//! What becomes known of a request while it is served: its error answer and its log line are written from it.

use std::{borrow::Cow, time::Duration};

use crate::{
    error_type::ErrorType,
    failure::{Failure, ModelUse},
    json::first_chars,
    refusal::Refusal,
    reply::Reply,
};

/// Errors repeat at most this many characters of what the caller asked.
pub const MAX_ASKED: usize = 100;

/// Filled in as soon as something is known, so that a time-out or a panic later on loses none of it.
#[derive(Debug, Clone, Default)]
pub struct RequestLog {
    /// What the caller asked, by its key in an error's `details`; `None` becomes null there.
    pub asked: Vec<(&'static str, Option<String>)>,
    pub session_id: Option<String>,
    /// How often the generator was called.
    pub attempts: u32,
    /// Total time of the generator's calls; `None` if it was not called.
    pub upstream_time: Option<Duration>,
    /// HTTP status of the generator's last answer.
    pub upstream_status: Option<u16>,
    pub model: Option<ModelUse>,
    /// The operation that the request started or belongs to.
    pub operation_id: Option<String>,
    /// The result's type, or `error`. A queue message without an outcome gets no log line.
    pub outcome: Option<&'static str>,
    pub error_type: Option<ErrorType>,
    /// What the generator said of its failure; not sanitised yet.
    pub service_error: Option<String>,
}

impl RequestLog {
    /// Notes what the caller asked, cut to [`MAX_ASKED`] characters.
    pub fn ask(&mut self, name: &'static str, text: Option<Cow<'_, str>>) {
        self.asked.push((name, text.map(|text| first_chars(&text, MAX_ASKED).to_owned())));
    }

    /// Notes an outcome that is not a failure.
    pub fn note_outcome(&mut self, outcome: &'static str) {
        (self.outcome, self.error_type, self.service_error) = (Some(outcome), None, None);
    }

    pub fn note_reply(&mut self, reply: &Reply) {
        self.note_outcome(reply.outcome);
        self.error_type.clone_from(&reply.error_type);
    }

    pub fn note_refusal(&mut self, refusal: &Refusal) {
        self.note_error(refusal.error_type());
        if let Refusal::Failed { failure, .. } = refusal {
            self.service_error = Some(failure.service_error.clone());
        }
    }

    pub fn note_error(&mut self, error_type: ErrorType) {
        self.note_outcome("error");
        self.error_type = Some(error_type);
    }

    /// Notes a job that goes back to its queue without having been started.
    pub fn note_given_back(&mut self, failure: &Failure) {
        self.note_outcome("given_back");
        self.error_type = Some(failure.error_type.clone());
        self.service_error = Some(failure.service_error.clone());
    }
}
