//! A result with status, body and headers, before any trigger's format.

use http::HeaderMap;

use crate::{
    action::Action,
    error_type::ErrorType,
    refusal::Refusal,
    success::{Saving, Success},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// For the log line.
    pub outcome: &'static str,
    /// JSON.
    pub body: String,
    /// For the log line, if the body reports a failed operation, or an agent that was not saved, with a status of success.
    pub error_type: Option<ErrorType>,
    /// In addition to the headers of every answer.
    pub headers: HeaderMap,
}

impl Reply {
    #[must_use]
    pub fn new(status: u16, outcome: &'static str, body: String) -> Self {
        Self { status, outcome, body, error_type: None, headers: HeaderMap::new() }
    }

    /// A result of CONTRACT 4, with status 200.
    pub fn from_success(success: &Success, action: Action, session_id: Option<&str>) -> Result<Self, Refusal> {
        let body =
            success.body(session_id).map_err(|_| Refusal::unexpected(action, "the answer could not be written"))?;
        let error_type = match success {
            Success::AgentPreview { saving: Some(Saving::NotSaved { error_type, .. }), .. } => Some(error_type.clone()),
            _ => None,
        };
        Ok(Self { error_type, ..Self::new(200, success.name(), body) })
    }
}
