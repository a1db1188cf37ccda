//! Collects facts about a request while it is served, for its error answer and its log line.

use std::{borrow::Cow, time::Duration};

use crate::{
    error_type::ErrorType,
    failure::{Failure, ModelUse},
    json::first_chars,
    refusal::Refusal,
    reply::Reply,
};

/// Longest quote of a request in an error's `details`, in characters.
pub const MAX_ASKED: usize = 100;

/// Note each fact as soon as it is known, so that a later time-out or panic loses nothing.
#[derive(Debug, Clone, Default)]
pub struct RequestLog {
    /// Quotes of the request, by their key in an error's `details`; `None` becomes null there.
    pub asked: Vec<(&'static str, Option<String>)>,
    pub session_id: Option<String>,
    /// Requests sent to the generator.
    pub attempts: u32,
    /// Total time of calls to the generator; `None` if there were none.
    pub upstream_time: Option<Duration>,
    /// Of the generator's last answer.
    pub upstream_status: Option<u16>,
    pub model: Option<ModelUse>,
    /// Of the operation that the request started or belongs to.
    pub operation_id: Option<String>,
    /// The tool that an assistant called, or the method.
    pub tool: Option<&'static str>,
    /// The name that the assistant's program gives itself, cut.
    pub client: Option<String>,
    /// Of a stream, the events sent.
    pub events: Option<u32>,
    /// The result's type, or `error`. A queue message without an outcome gets no log line.
    pub outcome: Option<&'static str>,
    pub error_type: Option<ErrorType>,
    /// The generator's error text, unless it quotes the request; not sanitised yet.
    pub service_error: Option<String>,
}

impl RequestLog {
    /// Notes a quote of the request, cut to [`MAX_ASKED`] characters.
    pub fn ask(&mut self, name: &'static str, text: Option<Cow<'_, str>>) {
        self.asked.push((name, text.map(|text| first_chars(&text, MAX_ASKED).to_owned())));
    }

    /// Notes an outcome that is not a failure.
    pub fn note_outcome(&mut self, outcome: &'static str) {
        (self.outcome, self.error_type, self.service_error) = (Some(outcome), None, None);
    }

    /// Keeps the generator's error text if the reply reports a failure.
    pub fn note_reply(&mut self, reply: &Reply) {
        let service_error = self.service_error.take().filter(|_| reply.error_type.is_some());
        self.note_outcome(reply.outcome);
        self.service_error = service_error;
        self.error_type.clone_from(&reply.error_type);
    }

    pub fn note_refusal(&mut self, refusal: &Refusal) {
        self.note_error(refusal.error_type());
        if let Refusal::Failed { failure, .. } = refusal {
            self.service_error = Some(failure.log_text().to_owned());
        }
    }

    pub fn note_error(&mut self, error_type: ErrorType) {
        self.note_outcome("error");
        self.error_type = Some(error_type);
    }

    /// Notes a job that goes back to its queue before it was started.
    pub fn note_given_back(&mut self, failure: &Failure) {
        self.note_outcome("given_back");
        self.error_type = Some(failure.error_type.clone());
        self.service_error = Some(failure.log_text().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;

    #[test]
    fn what_a_person_wrote_is_told_to_them_and_not_to_the_log() {
        let logged = |failure: Failure| {
            let mut log = RequestLog::default();
            log.note_refusal(&Refusal::Failed { action: Action::Patch, failure });
            log.service_error.unwrap()
        };
        let text = "there is no step \"the offer for Jane Roe\"";
        assert!(!logged(Failure::quoting(ErrorType::PatchError, text)).contains("Jane"));
        assert_eq!(logged(Failure::new(ErrorType::PatchError, text)), text);
    }
}
