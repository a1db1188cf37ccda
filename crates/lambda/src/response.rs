//! What an invocation gives back to Lambda.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayV2httpResponse};
use lambda_runtime::Diagnostic;
use serde::Serialize;
use serde_json::value::RawValue;
use shared::{
    action::Action, error_answer::ErrorAnswer, error_type::ErrorType, failure::Failure, json, refusal::Refusal,
    request_log::RequestLog,
};

/// Lambda sends at most this many bytes of an answer.
pub const MAX_RESPONSE: usize = 6_291_456;
/// Written into another JSON text, a character takes at most six times its place (`\u0000`): a shorter body surely fits.
const SURELY_FITS: usize = MAX_RESPONSE / 8;

/// What an invocation gives back.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Response {
    /// To API Gateway REST.
    Rest(ApiGatewayProxyResponse),
    /// To API Gateway HTTP or a Function URL.
    Http(ApiGatewayV2httpResponse),
    /// To whoever invoked the function directly.
    Payload(Box<RawValue>),
}

impl Response {
    /// Whether Lambda will send it.
    #[must_use]
    pub fn fits(&self, body_length: usize) -> bool {
        body_length <= SURELY_FITS || json::size(self).is_ok_and(|size| size <= MAX_RESPONSE)
    }
}

/// The refusal of a result that Lambda would not send.
pub(crate) fn too_large(action: Action, log: &RequestLog) -> Refusal {
    let text = "Agent Generator returned an answer that is larger than what the platform can send";
    let failure = Failure { upstream_status: log.upstream_status, ..Failure::new(ErrorType::InvalidResponse, text) };
    Refusal::Failed { action, failure }
}

/// The invocation's error if not even the error could be written.
pub(crate) fn unwritable(error: &ErrorAnswer) -> Diagnostic {
    Diagnostic { error_type: error.error_type.name().to_owned(), error_message: error.message.clone() }
}
