//! What all answers of a remote generator share: status, `success`, `error_type`. CONTRACT 5.1, in its order.

use http_client::{Body, HttpResponse, Peer};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    json::{NotAnObject, Object},
};

/// How failures name a remote generator.
pub(super) static AGENT_GENERATOR: Peer = Peer {
    name: "Agent Generator",
    timeout: ErrorType::Timeout,
    rate_limit: ErrorType::RateLimit,
    rate_limit_statuses: &[429],
};

/// Every key of an answer that is read. An answer keeps no others, however many it has.
pub(super) const KEYS: [&str; 15] = [
    "success",
    "type",
    "error",
    "error_type",
    "steps",
    "questions",
    "reason",
    "suggested_goal",
    "agent_json",
    "left_out",
    "blocks",
    "status",
    "blocks_loaded",
    "job_id",
    "result",
];

/// 202: the generator has taken the job over and will report its completion.
pub(super) const TAKEN_OVER: u16 = 202;

/// Parses the JSON object of a 2xx with `parse`; classifies everything else.
pub(super) fn parse_reply<T>(reply: &HttpResponse, parse: fn(Object<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
    let result = if reply.is_success() { success(reply).and_then(parse) } else { Err(by_status(reply)) };
    let (upstream_status, retry_after) = (Some(reply.status), reply.retry_after());
    result.map_err(|failure| Failure { upstream_status, retry_after, ..failure })
}

fn success(reply: &HttpResponse) -> Result<Object<'_>, Failure> {
    if reply.status == TAKEN_OVER {
        return Err(invalid("Agent Generator took the job over, but there is no operation that it could complete"));
    }
    if matches!(reply.body, Body::TooLarge) {
        return Err(invalid("Agent Generator returned an answer of more than 5 MiB"));
    }
    match reply.body.text().map(|text| Object::parse_keys(text, &KEYS)) {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(NotAnObject::Other(_))) => Err(invalid("Agent Generator returned JSON that is not an object")),
        _ => Err(invalid("Agent Generator returned an answer that is not JSON")),
    }
}

/// As [`parse_reply`] does, if it is not a 2xx.
pub(super) fn refused(reply: &HttpResponse) -> Failure {
    Failure { upstream_status: Some(reply.status), retry_after: reply.retry_after(), ..by_status(reply) }
}

/// Classifies an error status. An `error_type` in the body is more precise.
fn by_status(reply: &HttpResponse) -> Failure {
    let failure = AGENT_GENERATOR.classify_status(reply, None);
    let body = reply.body.text().and_then(|text| Object::parse_keys(text, &KEYS).ok()).unwrap_or_default();
    match body.string("error_type").filter(|name| !name.is_empty()) {
        Some(name) => {
            let service_error = said(&body).unwrap_or(failure.service_error);
            Failure { error_type: ErrorType::from_generator(&name), service_error, ..failure }
        }
        None => failure,
    }
}

/// Returns an answer with `success: true`; else the failure that it reports.
pub(super) fn reported(answer: Object<'_>) -> Result<Object<'_>, Failure> {
    let succeeded = answer.get("success").is_some_and(|success| success.get() == "true");
    if !succeeded {
        return Err(failure_in(&answer, "Unknown error from Agent Generator"));
    }
    if answer.string("type").is_some_and(|name| name == "error") {
        return Err(failure_in(&answer, "Unknown error"));
    }
    Ok(answer)
}

/// The failure that an answer reports, with `default` for its text if it has none.
pub(super) fn failure_in(answer: &Object<'_>, default: &str) -> Failure {
    let error_type = answer.string("error_type").map_or(ErrorType::Unknown, |name| ErrorType::from_generator(&name));
    Failure::new(error_type, said(answer).unwrap_or(default.to_owned()))
}

/// The text of `error`, if it is not blank.
fn said(answer: &Object<'_>) -> Option<String> {
    answer.text("error").filter(|error| !error.trim().is_empty()).map(std::borrow::Cow::into_owned)
}

pub(super) fn invalid(text: &str) -> Failure {
    Failure::new(ErrorType::InvalidResponse, text)
}
