//! What an invocation gives back to Lambda.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayV2httpResponse};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::json;

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
