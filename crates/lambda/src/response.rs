//! The response of an invocation, and Lambda's limit on its size.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayV2httpResponse};
use lambda_runtime::Diagnostic;
use serde::Serialize;
use serde_json::value::RawValue;
use shared::{
    action::Action, error_answer::ErrorAnswer, error_type::ErrorType, failure::Failure, json, refusal::Refusal,
    request_log::RequestLog,
};

use crate::stream::Streamed;

/// Lambda's limit, in bytes.
pub const MAX_RESPONSE: usize = 6_291_456;
/// A body of this size fits however it is escaped: a byte grows to at most six (`\u0000`). Saves measuring small answers.
const SURELY_FITS: usize = MAX_RESPONSE / 8;

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Response {
    /// For API Gateway REST.
    Rest(ApiGatewayProxyResponse),
    /// For API Gateway HTTP or a Function URL.
    Http(ApiGatewayV2httpResponse),
    /// For a direct or asynchronous invocation, or a queue.
    Payload(Box<RawValue>),
    /// For a gateway that streams. Not one piece of JSON.
    #[serde(skip)]
    Stream(Streamed),
}

const UNWRITABLE: &str = "Runtime.UnwritableAnswer";

impl Response {
    /// Fails the invocation if `value` cannot be serialised.
    pub(crate) fn payload<T: Serialize>(value: &T) -> Result<Self, Diagnostic> {
        let written = json::to_raw(value).map(Self::Payload);
        written.map_err(|error| Diagnostic { error_type: UNWRITABLE.to_owned(), error_message: error.to_string() })
    }

    /// Whether the response is within Lambda's limit. A streamed one may have 200 MB.
    #[must_use]
    pub fn fits(&self, body_length: usize) -> bool {
        matches!(self, Self::Stream(_))
            || body_length <= SURELY_FITS
            || json::size(self).is_ok_and(|size| size <= MAX_RESPONSE)
    }
}

/// The refusal for a result over Lambda's limit.
pub(crate) fn too_large(action: Action, log: &RequestLog) -> Refusal {
    let text = "Agent Generator returned an answer that is larger than what the platform can send";
    let failure = Failure { upstream_status: log.upstream_status, ..Failure::new(ErrorType::InvalidResponse, text) };
    Refusal::Failed { action, failure }
}

/// Fails the invocation when the error answer itself cannot be serialised.
pub(crate) fn unwritable(error: &ErrorAnswer) -> Diagnostic {
    Diagnostic { error_type: error.error_type.name().to_owned(), error_message: error.message.clone() }
}
