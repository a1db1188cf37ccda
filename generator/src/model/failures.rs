//! The failures of a language model, classified and in words that quote nothing.

use http_client::{HttpResponse, Peer};
use reqwest::header::CONTENT_TYPE;
use shared::{error_type::ErrorType, failure::Failure};

/// How failures name a language model.
pub(super) static LANGUAGE_MODEL: Peer = Peer {
    name: "the language model",
    timeout: ErrorType::LlmTimeout,
    rate_limit: ErrorType::LlmRateLimit,
    // 498: Groq's flexible tier is full; 529: Anthropic's API is overloaded.
    rate_limit_statuses: &[429, 498, 529],
};

/// The failure of a body that is not JSON, with the kind of what came instead.
pub(super) fn not_json(reply: &HttpResponse) -> Failure {
    let kind = reply.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()?.split(';').next()).map(str::trim);
    let is_plain =
        |kind: &&str| kind.len() <= 40 && kind.bytes().all(|byte| byte.is_ascii_lowercase() || b"/+-.".contains(&byte));
    match kind.filter(is_plain).filter(|kind| *kind != "application/json") {
        Some(kind) => unusable(reply, &format!("is not a JSON object, but {kind}")),
        None => unusable(reply, "is not a JSON object"),
    }
}

/// The failure of an answer that a filter, or the model itself, keeps back: the person has to reword the request.
pub(super) fn withheld(reply: &HttpResponse, what: &str) -> Failure {
    Failure { error_type: ErrorType::ValidationError, ..unusable(reply, what) }
}

/// `what` continues "the language model's answer".
pub(super) fn unusable(reply: &HttpResponse, what: &str) -> Failure {
    let failure = Failure::new(ErrorType::LlmParseError, format!("the language model's answer {what}"));
    Failure { upstream_status: Some(reply.status), ..failure }
}

pub(super) fn too_large(reply: &HttpResponse) -> Failure {
    unusable(reply, "has more than 5 MiB")
}

/// A request that was not sent because of a fault in this program.
pub(super) fn unasked(reason: &str) -> Failure {
    Failure::new(ErrorType::UnexpectedError, format!("the language model could not be asked: {reason}"))
}

/// An answer that ends in the middle.
pub(crate) fn cut_off(upstream_status: Option<u16>) -> Failure {
    let text =
        "the language model's answer was cut off at its limit of tokens; raise MODEL_MAX_TOKENS if the model allows it";
    Failure { upstream_status, ..Failure::new(ErrorType::LlmParseError, text) }
}
