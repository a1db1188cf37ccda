//! What is wrong with a caller's request, and how to fix it: CONTRACT 5.3 as data.

use crate::{
    error_type::ErrorType,
    json::{NotAnObject, NotJson},
    limits::{TooMany, grouped, limit},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCallbackUrl {
    #[error("The field callback_url is too long. The limit is 2,048 characters.")]
    TooLong,
    #[error("The field callback_url must be an address such as https://example.com/webhook.")]
    NotAnAddress,
    #[error("The field callback_url must begin with https://.")]
    NotHttps,
    #[error("The field callback_url must not hold a user name or password.")]
    Credentials,
    #[error("The field callback_url must not have a fragment: leave out the part from # on.")]
    Fragment,
    #[error("The field callback_url must not name another port than 443.")]
    Port,
    #[error("The field callback_url must lead to a public address, not into a private network.")]
    NotPublic,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    #[error("There is no route {route}. This function serves {served}.")]
    NotFound {
        /// Cut and without control characters.
        route: String,
        /// The function's routes.
        served: String,
    },
    #[error("/{route} does not take {method}. Use {allow}.")]
    MethodNotAllowed { route: &'static str, method: String, allow: String },
    #[error("The body must be JSON: send the header Content-Type: application/json, or a type that ends in +json.")]
    UnsupportedMediaType,
    #[error("The body must not be compressed: leave out the header Content-Encoding.")]
    EncodedBody,
    #[error("The request body is too large. The limit is {} MiB.", limit / 1_048_576)]
    BodyTooLarge {
        /// Bytes: whole MiB.
        limit: usize,
    },
    #[error("The request has too many headers. The limit is {},000.", limit / 1_000)]
    TooManyHeaders {
        /// Whole thousands.
        limit: usize,
    },
    #[error("The field {field} is too long. The limit is {} characters.", grouped(limit(field).unwrap_or_default()))]
    TextTooLong { field: &'static str },
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error("The request has no body. Send a JSON object.")]
    Empty,
    #[error("The request body is not valid base64, as the event says that it is.")]
    NotBase64,
    #[error("The request body is not valid UTF-8.")]
    NotUtf8,
    #[error("The request body is not valid JSON: {0}.")]
    NotJson(#[from] NotJson),
    #[error("The request body must be a JSON object, not {found}.")]
    NotAnObject { found: &'static str },
    #[error("The field {field} must be {expected}, not {found}.")]
    WrongType { field: &'static str, expected: &'static str, found: &'static str },
    #[error("The {what} must be {form}.")]
    WrongForm {
        /// Field or header.
        what: &'static str,
        form: &'static str,
    },
    #[error("The parameter fields must name fields of a block: {field} is not one of {known}.")]
    UnknownField {
        /// Cut and without control characters.
        field: String,
        /// The fields that there are.
        known: String,
    },
    #[error("The arguments of {tool} do not fit: {faults}.")]
    WrongArguments {
        tool: &'static str,
        /// Each with the name of the argument and what it has to be; names are cut and without control characters.
        faults: String,
    },
    #[error(transparent)]
    CallbackUrl(#[from] BadCallbackUrl),
    #[error("Please provide a description of what the agent should do.")]
    MissingDescription,
    #[error("Please provide the agent to edit.")]
    MissingAgent,
    #[error("Send either agent_id or current_agent_json, not both.")]
    TwoAgents,
    #[error("Say by agent_id which of your agents is to be changed, or leave out save and version.")]
    NoAgentId,
    #[error("Please provide the agent.")]
    NoAgent,
    #[error(
        "The agent is too large to be read back: with its quotes escaped, as an answer has it, it would be over 6 MB."
    )]
    AgentTooLarge,
    #[error("Please describe what changes you want to make.")]
    MissingChanges,
    #[error("A valid internal key is required in the x-api-key header.")]
    Unauthorized,
    #[error(
        "Only a caller with a name can ask for an operation, and the gateway names none. Send x-api-key, or let the \
         authorizer give a principalId; or leave out Prefer, Idempotency-Key and operation_id."
    )]
    Unnamed,
    #[error(
        "Only a caller with a name has operations to list, and the gateway names none. Send x-api-key, or let the \
         authorizer give a principalId."
    )]
    NobodysOperations,
    #[error(
        "Only a caller with a name can keep agents, and the gateway names none. Send x-api-key, or let the authorizer give \
         a principalId."
    )]
    NobodysAgents,
    #[error("There is no operation with this id.")]
    NoSuchOperation,
    #[error("There is no task with this id.")]
    NoSuchTask,
    #[error(
        "This deployment does not stream events. Send Accept: application/json to GET /operations/{{operation_id}}/events, \
         and ask for new ones with the parameters after and wait."
    )]
    NoStream,
    #[error("There is no agent with this id.")]
    NoSuchAgent,
    #[error("There is no version {version} of this agent.")]
    NoSuchVersion { version: u32 },
    #[error(
        "Send the header If-Match with the ETag of the version that you have changed, so that nobody's work is lost."
    )]
    NoIfMatch,
    #[error(
        "The agent has been changed meanwhile: its newest version is {newest}. Please load that one and make your change again."
    )]
    VersionConflict {
        newest: u32,
        /// Of the newest version.
        etag: String,
    },
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
    /// The class; its row of the table has the HTTP status.
    #[must_use]
    pub fn error_type(&self) -> ErrorType {
        match self {
            Self::NotFound { .. } | Self::NoSuchOperation | Self::NoSuchTask => ErrorType::NotFound,
            Self::MethodNotAllowed { .. } => ErrorType::MethodNotAllowed,
            Self::UnsupportedMediaType | Self::EncodedBody => ErrorType::UnsupportedMediaType,
            Self::BodyTooLarge { .. } | Self::TextTooLong { .. } | Self::TooMany(_) | Self::AgentTooLarge => {
                ErrorType::RequestTooLarge
            }
            Self::NoStream => ErrorType::NotAcceptable,
            Self::NoSuchAgent | Self::NoSuchVersion { .. } => ErrorType::AgentNotFound,
            Self::NoIfMatch => ErrorType::PreconditionRequired,
            Self::VersionConflict { .. } => ErrorType::VersionConflict,
            Self::Unauthorized => ErrorType::Unauthorized,
            Self::IdempotencyMismatch => ErrorType::IdempotencyMismatch,
            _ => ErrorType::InvalidRequest,
        }
    }

    /// The code in the field `error`: the class, except for missing parameters.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingDescription => "Missing description parameter",
            Self::MissingAgent => "Missing current_agent_json parameter",
            Self::NoAgent => "Missing agent_json parameter",
            Self::MissingChanges => "Missing changes parameter",
            other => other.error_type().row().name,
        }
    }

    /// For the header `ETag`.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        match self {
            Self::VersionConflict { etag, .. } => Some(etag),
            _ => None,
        }
    }

    /// For the header `Allow`.
    #[must_use]
    pub fn allow(&self) -> Option<&str> {
        match self {
            Self::MethodNotAllowed { allow, .. } => Some(allow),
            _ => None,
        }
    }
}
