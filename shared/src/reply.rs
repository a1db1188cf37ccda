//! A result that is ready to leave.

use http::HeaderMap;

use crate::{action::Action, error_type::ErrorType, refusal::Refusal, success::Success};

/// A result, ready to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// What the log line calls it.
    pub outcome: &'static str,
    /// The JSON body.
    pub body: String,
    /// Where the body tells of a failure without being an error, its class.
    pub error_type: Option<ErrorType>,
    /// The headers that it has beside those of every answer.
    pub headers: HeaderMap,
}

impl Reply {
    /// A result without headers of its own.
    #[must_use]
    pub fn new(status: u16, outcome: &'static str, body: String) -> Self {
        Self { status, outcome, body, error_type: None, headers: HeaderMap::new() }
    }

    /// A result of CONTRACT 4.
    ///
    /// # Errors
    /// Only where the JSON writer fails.
    pub fn from_success(success: &Success, action: Action, session_id: Option<&str>) -> Result<Self, Refusal> {
        let body =
            success.body(session_id).map_err(|_| Refusal::unexpected(action, "the answer could not be written"))?;
        Ok(Self::new(200, success.name(), body))
    }
}
