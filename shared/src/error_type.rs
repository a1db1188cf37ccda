//! Error classes, with everything the contract says about each: CONTRACT 5.1 to 5.3 as data.

use std::fmt;

use crate::action::Action;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ErrorType {
    /// The generator could not read its model's answer.
    LlmParseError,
    /// The generated agent or the request failed the generator's validation.
    ValidationError,
    /// The generator could not apply the changes to the agent.
    PatchError,
    Timeout,
    LlmTimeout,
    RateLimit,
    LlmRateLimit,
    /// The model's account has no credit or quota left: trying again does not help until someone pays.
    QuotaExceeded,
    /// The generator, the operations table, a queue or a secret is unavailable.
    ServiceUnavailable,
    /// DNS, TCP or TLS failed.
    ConnectionError,
    /// The connection broke, or the answer was not HTTP.
    RequestError,
    /// An error status without a class of its own.
    HttpError,
    /// The answer does not have the expected shape.
    InvalidResponse,
    /// The generator failed without naming a class.
    Unknown,
    /// A class that only the generator knows; passed on.
    Other(Box<str>),
    /// A fault of our own.
    UnexpectedError,
    /// No generator is configured, or no key for completions.
    ServiceNotConfigured,
    InvalidRequest,
    RequestTooLarge,
    UnsupportedMediaType,
    /// No such route or operation.
    NotFound,
    MethodNotAllowed,
    /// An event stream is asked for where there is none.
    NotAcceptable,
    /// The key for completions or the access token is missing or wrong.
    Unauthorized,
    /// The operation id or idempotency key was used before with another request.
    IdempotencyMismatch,
    /// The caller has no such agent, or it has no such version.
    AgentNotFound,
    /// A change of an agent does not say which version it is a change of.
    PreconditionRequired,
    /// The agent has a newer version than the one that was changed.
    VersionConflict,
    /// The operation has ended: it cannot be cancelled, or was cancelled and has no result.
    AlreadyEnded,
}

/// Whether the same request can succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retryable {
    Yes,
    /// Default `Retry-After` in seconds; the generator's own goes first.
    After(u32),
    /// If the generator's status was 500 or more.
    OnServerError,
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A generator may name this class.
    Anyone,
    /// Reserved: becomes `unknown` if a generator names it.
    Ours,
}

/// Source of the message for the person.
#[derive(Debug, Clone, Copy)]
enum Message {
    Fixed(&'static str),
    PerAction(fn(Action) -> &'static str),
    /// `Failed to {purpose}. Please try again.`
    Failed,
}

#[derive(Debug)]
pub struct Row {
    pub error_type: ErrorType,
    /// On the wire.
    pub name: &'static str,
    /// HTTP status of our answer.
    pub status: u16,
    pub retryable: Retryable,
    /// Of problem details (RFC 9457).
    pub title: &'static str,
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
const NO_QUOTA: Message = Message::Fixed("The AI service's quota is used up. Please contact the operator.");
const NOT_APPLICABLE: Message = Message::Fixed("Failed to apply the changes. Please try a different approach.");

/// Every class but [`ErrorType::Other`]: CONTRACT 5.2 and 5.3.
#[rustfmt::skip]
pub static TABLE: [Row; 28] = {
    use {ErrorType as E, Message as M, Origin::{Anyone, Ours}, Retryable::{After, No, OnServerError, Yes}};
    [
        row(E::LlmParseError, "llm_parse_error", 502, Yes, Anyone, "Unparseable model answer", M::PerAction(Action::llm_parse_message)),
        row(E::ValidationError, "validation_error", 422, No, Anyone, "Validation failed", M::PerAction(Action::validation_message)),
        row(E::PatchError, "patch_error", 422, No, Anyone, "Changes not applicable", NOT_APPLICABLE),
        row(E::Timeout, "timeout", 504, Yes, Anyone, "Timed out", TOO_LONG),
        row(E::LlmTimeout, "llm_timeout", 504, Yes, Anyone, "Model timed out", TOO_LONG),
        row(E::RateLimit, "rate_limit", 429, After(5), Anyone, "Rate limited", BUSY),
        row(E::LlmRateLimit, "llm_rate_limit", 429, After(5), Anyone, "Model rate limited", BUSY),
        row(E::QuotaExceeded, "quota_exceeded", 429, No, Anyone, "Quota exceeded", NO_QUOTA),
        row(E::ServiceUnavailable, "service_unavailable", 503, After(10), Anyone, "Service unavailable", M::Failed),
        row(E::ConnectionError, "connection_error", 502, Yes, Anyone, "Generator unreachable", M::Failed),
        row(E::RequestError, "request_error", 502, Yes, Anyone, "Generator connection failed", M::Failed),
        row(E::HttpError, "http_error", 502, OnServerError, Anyone, "Generator answered with an error status", M::Failed),
        row(E::InvalidResponse, "invalid_response", 502, No, Anyone, "Unusable generator answer", M::Failed),
        row(E::Unknown, "unknown", 502, No, Anyone, "Generator error", M::Failed),
        row(E::UnexpectedError, "unexpected_error", 500, No, Ours, "Internal error", M::Failed),
        row(E::ServiceNotConfigured, "service_not_configured", 503, No, Ours, "Service not configured", M::PerAction(Action::not_configured_message)),
        row(E::InvalidRequest, "invalid_request", 400, No, Ours, "Invalid request", M::Failed),
        row(E::RequestTooLarge, "request_too_large", 413, No, Ours, "Request too large", M::Failed),
        row(E::UnsupportedMediaType, "unsupported_media_type", 415, No, Ours, "Unsupported media type", M::Failed),
        row(E::NotFound, "not_found", 404, No, Ours, "Not found", M::Failed),
        row(E::MethodNotAllowed, "method_not_allowed", 405, No, Ours, "Method not allowed", M::Failed),
        row(E::NotAcceptable, "not_acceptable", 406, No, Ours, "Not acceptable", M::Failed),
        row(E::Unauthorized, "unauthorized", 401, No, Ours, "Unauthorized", M::Failed),
        row(E::IdempotencyMismatch, "idempotency_mismatch", 422, No, Ours, "Idempotency mismatch", M::Failed),
        row(E::AgentNotFound, "agent_not_found", 404, No, Ours, "Agent not found", M::Failed),
        row(E::PreconditionRequired, "precondition_required", 428, No, Ours, "Precondition required", M::Failed),
        row(E::VersionConflict, "version_conflict", 412, No, Ours, "Version conflict", M::Failed),
        row(E::AlreadyEnded, "already_ended", 409, No, Ours, "Already ended", M::Failed),
    ]
};

/// The row of [`ErrorType::Other`].
static OTHER: Row =
    row(ErrorType::Unknown, "other", 502, Retryable::No, Origin::Anyone, "Generator error", Message::Failed);

/// Longest name of a generator's own class.
const MAX_NAME: usize = 64;

impl ErrorType {
    /// Parses the class that a generator names: a known one, or its own (at most 64 characters of `[a-z0-9_]`).
    /// Reserved names and other texts become [`ErrorType::Unknown`].
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

    /// Parses the name of a stored error, reserved names included.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let row = TABLE.iter().find(|row| row.name == name);
        row.map_or_else(|| Self::Other(name.into()), |row| row.error_type.clone())
    }

    #[must_use]
    pub fn row(&self) -> &'static Row {
        TABLE.iter().find(|row| row.error_type == *self).unwrap_or(&OTHER)
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known.row().name,
        }
    }

    /// The name in metrics: `other` for a generator's own classes, so that it cannot create any number of metrics.
    #[must_use]
    pub fn metric_name(&self) -> &'static str {
        self.row().name
    }

    #[must_use]
    pub fn is_retryable(&self, upstream_status: Option<u16>) -> bool {
        match self.row().retryable {
            Retryable::Yes | Retryable::After(_) => true,
            Retryable::No => false,
            Retryable::OnServerError => upstream_status.is_some_and(|status| status >= 500),
        }
    }

    /// Default `Retry-After` in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self.row().retryable {
            Retryable::After(seconds) => Some(seconds),
            _ => None,
        }
    }

    /// The message for the person.
    #[must_use]
    pub fn message(&self, action: Action) -> String {
        match self.row().message {
            Message::Fixed(text) => text.to_owned(),
            Message::PerAction(words) => words(action).to_owned(),
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
    fn every_class_is_found_by_its_name() {
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
    fn a_generators_own_class_is_passed_on_but_a_hostile_name_is_not() {
        let own = ErrorType::from_generator("agent_json_too_large");
        assert_eq!((own.name(), own.metric_name(), own.row().status), ("agent_json_too_large", "other", 502));
        for hostile in ["", "Has Space", "UPPER", "a\nb", "ünicode", &"a".repeat(65), "unexpected_error", "not_found"]
        {
            assert_eq!(ErrorType::from_generator(hostile), ErrorType::Unknown, "{hostile:?}");
        }
        assert_eq!(ErrorType::from_generator(&"a".repeat(64)).name().len(), 64);
    }

    #[test]
    fn an_error_status_is_retryable_only_if_the_server_is_at_fault() {
        assert!(ErrorType::HttpError.is_retryable(Some(500)));
        assert!(!ErrorType::HttpError.is_retryable(Some(499)));
        assert!(!ErrorType::HttpError.is_retryable(None));
    }

    #[test]
    fn a_person_reads_the_words_of_the_function_they_called() {
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
