//! The classes of failure, and everything the contract says of each: CONTRACT 5.1 and 5.2, once, as data.

use std::fmt;

use crate::action::Action;

/// The class of a failure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ErrorType {
    /// The generator could not read its model's answer.
    LlmParseError,
    /// What was made, or asked, does not hold.
    ValidationError,
    /// The wished changes do not fit the agent.
    PatchError,
    /// No answer in time.
    Timeout,
    /// The generator's model gave no answer in time.
    LlmTimeout,
    /// The generator takes no more requests for now.
    RateLimit,
    /// The generator's model takes no more requests for now.
    LlmRateLimit,
    /// The generator, or what operations are kept in, is down for now.
    ServiceUnavailable,
    /// No connection: name, address, TLS.
    ConnectionError,
    /// The connection broke, or did not speak HTTP.
    RequestError,
    /// An HTTP status that stands for a failure.
    HttpError,
    /// An answer that makes no sense.
    InvalidResponse,
    /// The generator failed and did not say how.
    Unknown,
    /// A class of the generator's own that we do not know.
    Other(Box<str>),
    /// A fault of our own.
    UnexpectedError,
    /// No generator is configured, or no key for completions.
    ServiceNotConfigured,
    /// The caller's request is wrong.
    InvalidRequest,
    /// The caller's request is too large.
    RequestTooLarge,
    /// The caller's request is not JSON by its own word.
    UnsupportedMediaType,
    /// There is no such route, or no such operation.
    NotFound,
    /// The route has no such method.
    MethodNotAllowed,
    /// The key for completions is missing or wrong, or an access token does not count.
    Unauthorized,
    /// The id or key of the caller's request stands for another one.
    IdempotencyMismatch,
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retryable {
    /// The same request may succeed later.
    Yes,
    /// It may succeed after so many seconds, where the generator does not name others.
    After(u32),
    /// Where the generator's status was 500 or more.
    OnServerError,
    /// It will fail again.
    No,
}

/// Who can tell of a failure of this class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A generator may name it.
    Anyone,
    /// The name is ours: a generator that uses it is not believed.
    Ours,
}

/// Where the message for the person comes from.
#[derive(Debug, Clone, Copy)]
enum Message {
    /// The same for every operation.
    Fixed(&'static str),
    /// [`Action`]'s own words.
    Of(fn(Action) -> &'static str),
    /// `Failed to {operation}. Please try again.`
    Failed,
}

/// What the contract says of one class.
#[derive(Debug)]
pub struct Row {
    /// The class.
    pub error_type: ErrorType,
    /// Its name on the wire.
    pub name: &'static str,
    /// The HTTP status of our answer.
    pub status: u16,
    /// Whether trying again can help.
    pub retryable: Retryable,
    /// Its constant title (RFC 9457).
    pub title: &'static str,
    /// Who can tell of it.
    pub origin: Origin,
    message: Message,
}

const fn row(
    error_type: ErrorType,
    name: &'static str,
    status: u16,
    retryable: Retryable,
    origin: Origin,
    title: &'static str,
    message: Message,
) -> Row {
    Row { error_type, name, status, retryable, title, origin, message }
}

const TOO_LONG: Message = Message::Fixed("The request took too long. Please try again.");
const BUSY: Message = Message::Fixed("The service is currently busy. Please try again in a moment.");
const NOT_APPLICABLE: Message = Message::Fixed("Failed to apply the changes. Please try a different approach.");

/// Every class that has a name of its own: CONTRACT 5.2 and 5.3.
#[rustfmt::skip]
pub static TABLE: [Row; 22] = {
    use {ErrorType as E, Message as M, Origin::{Anyone, Ours}, Retryable::{After, No, OnServerError, Yes}};
    [
        row(E::LlmParseError, "llm_parse_error", 502, Yes, Anyone, "Unparseable model answer", M::Of(Action::llm_parse_message)),
        row(E::ValidationError, "validation_error", 422, No, Anyone, "Validation failed", M::Of(Action::validation_message)),
        row(E::PatchError, "patch_error", 422, No, Anyone, "Changes not applicable", NOT_APPLICABLE),
        row(E::Timeout, "timeout", 504, Yes, Anyone, "Timed out", TOO_LONG),
        row(E::LlmTimeout, "llm_timeout", 504, Yes, Anyone, "Model timed out", TOO_LONG),
        row(E::RateLimit, "rate_limit", 429, After(5), Anyone, "Rate limited", BUSY),
        row(E::LlmRateLimit, "llm_rate_limit", 429, After(5), Anyone, "Model rate limited", BUSY),
        row(E::ServiceUnavailable, "service_unavailable", 503, After(10), Anyone, "Service unavailable", M::Failed),
        row(E::ConnectionError, "connection_error", 502, Yes, Anyone, "Generator unreachable", M::Failed),
        row(E::RequestError, "request_error", 502, Yes, Anyone, "Generator connection failed", M::Failed),
        row(E::HttpError, "http_error", 502, OnServerError, Anyone, "Generator answered with an error status", M::Failed),
        row(E::InvalidResponse, "invalid_response", 502, No, Anyone, "Unusable generator answer", M::Failed),
        row(E::Unknown, "unknown", 502, No, Anyone, "Generator error", M::Failed),
        row(E::UnexpectedError, "unexpected_error", 500, No, Ours, "Internal error", M::Failed),
        row(E::ServiceNotConfigured, "service_not_configured", 503, No, Ours, "Service not configured", M::Of(Action::not_configured_message)),
        row(E::InvalidRequest, "invalid_request", 400, No, Ours, "Invalid request", M::Failed),
        row(E::RequestTooLarge, "request_too_large", 413, No, Ours, "Request too large", M::Failed),
        row(E::UnsupportedMediaType, "unsupported_media_type", 415, No, Ours, "Unsupported media type", M::Failed),
        row(E::NotFound, "not_found", 404, No, Ours, "Not found", M::Failed),
        row(E::MethodNotAllowed, "method_not_allowed", 405, No, Ours, "Method not allowed", M::Failed),
        row(E::Unauthorized, "unauthorized", 401, No, Ours, "Unauthorized", M::Failed),
        row(E::IdempotencyMismatch, "idempotency_mismatch", 422, No, Ours, "Idempotency mismatch", M::Failed),
    ]
};

/// What holds for a class of the generator's own.
static OTHER: Row =
    row(ErrorType::Unknown, "other", 502, Retryable::No, Origin::Anyone, "Generator error", Message::Failed);

/// The longest name that a generator may give.
const MAX_NAME: usize = 64;

impl ErrorType {
    /// The class that a generator names: one that we know, one of its own that is passed on (at most 64 characters of
    /// `[a-z0-9_]`), or [`ErrorType::Unknown`] for any other text and for the names that are ours alone.
    #[must_use]
    pub fn from_generator(name: &str) -> Self {
        let well_formed = !name.is_empty()
            && name.len() <= MAX_NAME
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        match TABLE.iter().find(|row| row.name == name) {
            Some(row) if row.origin == Origin::Ours => Self::Unknown,
            Some(row) => row.error_type.clone(),
            None if well_formed => Self::Other(name.into()),
            None => Self::Unknown,
        }
    }

    /// The class of an error that was kept under its name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let row = TABLE.iter().find(|row| row.name == name);
        row.map_or_else(|| Self::Other(name.into()), |row| row.error_type.clone())
    }

    /// What the contract says of it.
    #[must_use]
    pub fn row(&self) -> &'static Row {
        TABLE.iter().find(|row| row.error_type == *self).unwrap_or(&OTHER)
    }

    /// Its name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known.row().name,
        }
    }

    /// Its name where names are counted: `other` for any that we do not know, so that a generator cannot make up
    /// metrics without end.
    #[must_use]
    pub fn metric_name(&self) -> &'static str {
        self.row().name
    }

    /// Whether trying again can help, given the status that the generator answered with.
    #[must_use]
    pub fn is_retryable(&self, upstream_status: Option<u16>) -> bool {
        match self.row().retryable {
            Retryable::Yes | Retryable::After(_) => true,
            Retryable::No => false,
            Retryable::OnServerError => upstream_status.is_some_and(|status| status >= 500),
        }
    }

    /// Seconds to wait before trying again, where the generator does not name any.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self.row().retryable {
            Retryable::After(seconds) => Some(seconds),
            _ => None,
        }
    }

    /// What to tell the person.
    #[must_use]
    pub fn message(&self, action: Action) -> String {
        match self.row().message {
            Message::Fixed(text) => text.to_owned(),
            Message::Of(words) => words(action).to_owned(),
            Message::Failed => {
                format!("Failed to {}. Please try again.", action.words().purpose)
            }
        }
    }
}

impl fmt::Display for ErrorType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_found_under_its_own_name() {
        for row in &TABLE {
            assert_eq!(row.error_type.name(), row.name);
            assert_eq!(ErrorType::named(row.name), row.error_type);
            assert_eq!(row.error_type.row().status, row.status);
            assert_eq!(
                ErrorType::from_generator(row.name) == row.error_type,
                (row.origin == Origin::Anyone),
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn a_class_of_the_generators_own_is_passed_on_and_hostile_names_are_not() {
        let own = ErrorType::from_generator("agent_json_too_large");
        assert_eq!((own.name(), own.metric_name(), own.row().status), ("agent_json_too_large", "other", 502));
        for hostile in ["", "Has Space", "UPPER", "a\nb", "ünicode", &"a".repeat(65), "unexpected_error", "not_found"]
        {
            assert_eq!(ErrorType::from_generator(hostile), ErrorType::Unknown, "{hostile:?}");
        }
        assert_eq!(ErrorType::from_generator(&"a".repeat(64)).name().len(), 64);
    }

    #[test]
    fn an_error_status_is_worth_a_retry_only_where_the_server_was_at_fault() {
        assert!(ErrorType::HttpError.is_retryable(Some(500)));
        assert!(!ErrorType::HttpError.is_retryable(Some(499)));
        assert!(!ErrorType::HttpError.is_retryable(None));
    }

    #[test]
    fn a_person_reads_the_words_of_their_own_operation() {
        assert_eq!(ErrorType::Unknown.message(Action::Decompose), "Failed to analyze the goal. Please try again.");
        assert_eq!(
            ErrorType::LlmParseError.message(Action::Patch),
            "The AI had trouble generating the changes. Please try again or simplify your request."
        );
        assert_eq!(
            ErrorType::Other("x".into()).message(Action::Generate),
            "Failed to generate the agent. Please try again."
        );
    }
}
