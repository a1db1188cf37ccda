//! Faults of the protocol: what a client's program, and not its model, has to put right.

use serde_json::Value;
use shared::error_type::ErrorType;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Parse,
    InvalidRequest,
    MethodNotFound,
    InvalidParams,
    Internal,
    /// Of revisions before 2026-07-28.
    ResourceNotFound,
    HeaderMismatch,
    MissingCapability,
    UnsupportedVersion,
}

/// A JSON-RPC error.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) data: Option<Value>,
}

impl Fault {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }
}

impl Code {
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::Parse => -32700,
            Self::InvalidRequest => -32600,
            Self::MethodNotFound => -32601,
            Self::InvalidParams => -32602,
            Self::Internal => -32603,
            Self::ResourceNotFound => -32002,
            Self::HeaderMismatch => -32020,
            Self::MissingCapability => -32021,
            Self::UnsupportedVersion => -32022,
        }
    }

    /// Revision 2026-07-28 has a status for each; before, only what is not a message of the protocol had one.
    pub(crate) fn status(self, is_stateless: bool) -> u16 {
        match self {
            Self::Parse | Self::InvalidRequest | Self::UnsupportedVersion => 400,
            Self::MethodNotFound if is_stateless => 404,
            Self::InvalidParams | Self::HeaderMismatch | Self::MissingCapability if is_stateless => 400,
            _ => 200,
        }
    }

    /// For the log line and the metrics.
    pub(crate) fn error_type(self) -> ErrorType {
        match self {
            Self::MethodNotFound | Self::ResourceNotFound => ErrorType::NotFound,
            Self::Internal => ErrorType::UnexpectedError,
            _ => ErrorType::InvalidRequest,
        }
    }
}
