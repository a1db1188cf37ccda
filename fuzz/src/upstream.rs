//! Any bytes as a remote generator's answer: a status line, header lines, an empty line, the body. CONTRACT 5.1 and 8.

use generator::remote::wire;
use http_client::{Body, HttpResponse};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use shared::{
    action::Action,
    error_answer::ErrorAnswer,
    error_type::ErrorType,
    failure::Failure,
    json,
    port::{Decomposition, Draft, Drafted},
    refusal::Refusal,
    request_log::RequestLog,
};

use crate::answer;

/// An answer is a result, or a failure with a class of the contract whose text is masked and short.
pub fn check(data: &[u8]) {
    let Some(reply) = reply(data) else { return };
    let is_result = |found: bool| assert!(!found || (reply.is_success() && reply.status != 202), "{}", reply.status);
    match wire::decomposition(&reply) {
        Ok(result) => {
            is_result(true);
            if let Decomposition::Instructions { steps, .. } = result {
                assert!(json::parse(steps.get()).is_ok_and(json::is_array), "{steps}");
            }
        }
        Err(failure) => refused(&reply, Action::Decompose, failure),
    }
    match wire::draft(&reply) {
        Ok(result) => {
            is_result(true);
            if let Drafted::Now(Draft::Agent(agent, _)) = result {
                assert!(json::parse(agent.get()).is_ok_and(json::is_object), "{agent}");
            }
        }
        Err(failure) => refused(&reply, Action::Generate, failure),
    }
    match wire::blocks(&reply) {
        Ok(blocks) => {
            is_result(true);
            assert!(json::parse(blocks.get()).is_ok_and(json::is_array), "{blocks}");
        }
        Err(failure) => refused(&reply, Action::Catalog, failure),
    }
    match wire::health(&reply) {
        Ok(_) => is_result(true),
        Err(failure) => refused(&reply, Action::Catalog, failure),
    }
    // For an operation, 202 takes the job over with any body.
    let is_taken_over = matches!(wire::draft_or_handover(&reply), Ok(Drafted::HandedOver));
    assert_eq!(is_taken_over, reply.status == 202);
}

/// `None` if the bytes have no valid status.
fn reply(data: &[u8]) -> Option<HttpResponse> {
    let (head, body) = match data.windows(2).position(|two| two == b"\n\n") {
        Some(at) => (&data[..at], &data[at + 2..]),
        None => (data, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let status = std::str::from_utf8(lines.next()?).ok()?.trim().parse().ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(&line[..colon]), HeaderValue::from_bytes(line[colon + 1..].trim_ascii()))
        {
            headers.append(name, value);
        }
    }
    // hyper accepts no other.
    (100..1000).contains(&status).then(|| HttpResponse { status, headers, body: Body::Whole(body.to_vec()) })
}

fn refused(reply: &HttpResponse, action: Action, failure: Failure) {
    assert_eq!(failure.upstream_status, Some(reply.status));
    assert!(failure.retry_after.is_none_or(|seconds| (1..=3_600).contains(&seconds)), "{failure:?}");
    if let Some(class) = surely(reply) {
        assert_eq!(failure.error_type, class, "{failure:?}");
    }
    let asked_to_wait = failure.retry_after;
    let error = ErrorAnswer::new(&Refusal::Failed { action, failure }, action, &RequestLog::default(), "r");
    assert!(asked_to_wait.is_none() || error.retry_after == asked_to_wait);
    let body = serde_json::from_str(&error.json().expect("an error")).expect("a JSON error");
    answer::payload(&body);
    assert!(error.problem().is_ok(), "{body}");
}

/// The class that follows from the status alone, computed independently.
fn surely(reply: &HttpResponse) -> Option<ErrorType> {
    let body = reply.body.text().and_then(|text| json::parse(text).ok());
    let is_object = body.is_some_and(json::is_object);
    match reply.status {
        202 => Some(ErrorType::InvalidResponse),
        200..300 if !is_object => Some(ErrorType::InvalidResponse),
        200..300 => None,
        _ if is_object => None,
        429 => Some(ErrorType::RateLimit),
        503 => Some(ErrorType::ServiceUnavailable),
        504 | 408 => Some(ErrorType::Timeout),
        _ => Some(ErrorType::HttpError),
    }
}
