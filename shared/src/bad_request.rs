//! What is wrong with a caller's request, and how to put it right: CONTRACT 5.3, once, as data.

use crate::{
    error_type::ErrorType,
    json::{NotAnObject, NotJson},
};

/// `description`, `changes` and `context` hold at most this many Unicode characters.
pub const MAX_CHARACTERS: usize = 20_000;

/// What is wrong with the address of a webhook, and how to put it right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCallbackUrl {
    /// Too many characters.
    #[error("The field callback_url is too long. The limit is 2,048 characters.")]
    TooLong,
    /// No address at all.
    #[error("The field callback_url must be an address such as https://example.com/webhook.")]
    NotAnAddress,
    /// Not https.
    #[error("The field callback_url must begin with https://.")]
    NotHttps,
    /// `user:password@`.
    #[error("The field callback_url must not hold a user name or password.")]
    Credentials,
    /// `#…`.
    #[error("The field callback_url must not have a fragment: leave out the part from # on.")]
    Fragment,
    /// Another port than that of https.
    #[error("The field callback_url must not name another port than 443.")]
    Port,
    /// It leads into a private network, or to no host of the public one.
    #[error("The field callback_url must lead to a public address, not into a private network.")]
    NotPublic,
}

/// A request that is not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// 404.
    #[error("There is no route {route}. This function serves {served}.")]
    NotFound {
        /// The route that was asked for, cut and without control characters.
        route: String,
        /// The routes that there are.
        served: String,
    },
    /// 405.
    #[error("/{route} does not take {method}. Use {allow}.")]
    MethodNotAllowed {
        /// The route.
        route: &'static str,
        /// The method that was used.
        method: String,
        /// The method that it takes.
        allow: &'static str,
    },
    /// 415.
    #[error("The body must be JSON: send the header Content-Type: application/json, or a type that ends in +json.")]
    UnsupportedMediaType,
    /// 413.
    #[error("The request body is too large. The limit is {} MiB.", limit / 1_048_576)]
    BodyTooLarge {
        /// The most bytes that the function takes: whole MiB.
        limit: usize,
    },
    /// 413.
    #[error("The field {field} is too long. The limit is {},000 characters.", MAX_CHARACTERS / 1000)]
    TextTooLong {
        /// The field.
        field: &'static str,
    },
    /// 400.
    #[error("The request has no body. Send a JSON object.")]
    Empty,
    /// 400.
    #[error("The request body is not valid base64, as the event says that it is.")]
    NotBase64,
    /// 400.
    #[error("The request body is not valid UTF-8.")]
    NotUtf8,
    /// 400.
    #[error("The request body is not valid JSON: {0}.")]
    NotJson(#[from] NotJson),
    /// 400.
    #[error("The request body must be a JSON object, not {found}.")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// 400.
    #[error("The field {field} must be {expected}, not {found}.")]
    WrongType {
        /// The field.
        field: &'static str,
        /// What it has to be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// 400.
    #[error("The {what} must be {form}.")]
    WrongForm {
        /// The field or header.
        what: &'static str,
        /// What it has to be.
        form: &'static str,
    },
    /// 400.
    #[error(transparent)]
    CallbackUrl(#[from] BadCallbackUrl),
    /// 400.
    #[error("Please provide a description of what the agent should do.")]
    MissingDescription,
    /// 400.
    #[error("Please provide the agent to edit.")]
    MissingAgent,
    /// 400.
    #[error("Please describe what changes you want to make.")]
    MissingChanges,
    /// 401.
    #[error("A valid internal key is required in the x-api-key header.")]
    Unauthorized,
    /// 404.
    #[error("There is no operation with this id.")]
    NoSuchOperation,
    /// 422.
    #[error("This operation_id or Idempotency-Key was used before with another request. Please use a new one.")]
    IdempotencyMismatch,
}

impl From<NotAnObject> for BadRequest {
    fn from(reason: NotAnObject) -> Self {
        match reason {
            NotAnObject::NotJson(reason) => Self::NotJson(reason),
            NotAnObject::Other(found) => Self::NotAnObject { found },
        }
    }
}

impl BadRequest {
    /// Its class; the HTTP status hangs on it.
    #[must_use]
    pub fn error_type(&self) -> ErrorType {
        match self {
            Self::NotFound { .. } | Self::NoSuchOperation => ErrorType::NotFound,
            Self::MethodNotAllowed { .. } => ErrorType::MethodNotAllowed,
            Self::UnsupportedMediaType => ErrorType::UnsupportedMediaType,
            Self::BodyTooLarge { .. } | Self::TextTooLong { .. } => ErrorType::RequestTooLarge,
            Self::Unauthorized => ErrorType::Unauthorized,
            Self::IdempotencyMismatch => ErrorType::IdempotencyMismatch,
            _ => ErrorType::InvalidRequest,
        }
    }

    /// The code in the field `error`: the class, but for what is missing.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingDescription => "Missing description parameter",
            Self::MissingAgent => "Missing current_agent_json parameter",
            Self::MissingChanges => "Missing changes parameter",
            other => other.error_type().row().name,
        }
    }

    /// The method for the header `Allow`.
    #[must_use]
    pub fn allow(&self) -> Option<&'static str> {
        match self {
            Self::MethodNotAllowed { allow, .. } => Some(allow),
            _ => None,
        }
    }
}
