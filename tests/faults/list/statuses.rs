//! Error statuses. The status decides the class, unless the body names one.

use std::time::{Duration, SystemTime};

use kit::behaviour::Behaviour;

use crate::fault::{Fault, Place, ServiceError, Timing};

const LIMITED: &str = "Agent Generator rate limited";
const UNAVAILABLE: &str = "Agent Generator unavailable";
const TIMED_OUT: &str = "Agent Generator timed out";
const HTTP: &str = "HTTP error calling Agent Generator";

fn status(name: &'static str, status: u16, error_type: &'static str, service_error: ServiceError) -> Fault {
    Fault::new(name, Place::Listening(Behaviour::answers(status, "{\"detail\":\"no\"}")), error_type, service_error)
}

/// The status decides the class; `Retry-After` is passed on.
pub(super) fn statuses() -> Vec<Fault> {
    let waits = |status: u16, after: &str| {
        Behaviour::answers_with(status, &[("Content-Type", "application/json"), ("Retry-After", after)], "{}")
    };
    let in_a_minute = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
    let http = |name, number, text| status(name, number, "http_error", ServiceError::Contains(HTTP, text));
    let moved = |number| Place::Listening(Behaviour::answers_with(number, &[("Location", "/health")], ""));
    let redirect =
        |name, number, text| Fault::new(name, moved(number), "http_error", ServiceError::Contains(HTTP, text));
    let limited = |name, after| Fault::listening(name, waits(429, after), "rate_limit", LIMITED);
    let unavailable = |name, after| Fault::listening(name, waits(503, after), "service_unavailable", UNAVAILABLE);
    // Two waits of a second each, plus jitter.
    let twice = |fault: Fault| fault.calls(3).timing(Timing::AtLeast(Duration::from_secs(2))).retry_after(1, 1);
    vec![
        status("429", 429, "rate_limit", ServiceError::StartsWith(LIMITED)),
        status("503", 503, "service_unavailable", ServiceError::StartsWith(UNAVAILABLE)),
        status("504", 504, "timeout", ServiceError::StartsWith(TIMED_OUT)),
        status("408", 408, "timeout", ServiceError::StartsWith(TIMED_OUT)),
        http("400", 400, "400"),
        http("404", 404, "404"),
        http("418", 418, "418"),
        http("304", 304, "304"),
        http("500", 500, "500").retryable(),
        http("502", 502, "502").retryable(),
        http("599", 599, "599").retryable(),
        redirect("301, which is not followed", 301, "301"),
        redirect("302, which is not followed", 302, "302"),
        limited("429, wait 10 s", "10").retry_after(10, 10),
        unavailable("503, wait 77 s", "77").retry_after(77, 77),
        limited("429, wait a day", "86400").retry_after(3600, 3600),
        limited("429, wait until a date", &in_a_minute).retry_after(30, 61),
        limited("429, wait \"soon\"", "soon").retry_after(5, 5),
        unavailable("503, wait -3 s", "-3").retry_after(10, 10),
        Fault::listening("500, wait 1 s", waits(500, "1"), "http_error", HTTP).retryable().retry_after(1, 1),
        twice(limited("429, wait 1 s", "1")),
        twice(unavailable("503, wait 0 s", "0")),
        Fault::harmless(
            "503, wait 1 s, then good",
            Place::Listening(Behaviour::Then(vec![waits(503, "1"), Behaviour::good()])),
        )
        .calls(2)
        .timing(Timing::AtLeast(Duration::from_secs(1))),
    ]
}

/// The body names the class, with any status outside 2xx.
pub(super) fn named() -> Vec<Fault> {
    let named = |name, status, body: &str, error_type, says| {
        Fault::new(name, Place::Listening(Behaviour::answers(status, body)), error_type, says)
    };
    let long = format!("{{\"error_type\":\"{}\",\"error\":\"x\"}}", "x".repeat(65));
    let parse = r#"{"error_type":"llm_parse_error","error":"The model rambled"}"#;
    let rambled =
        |name, status| named(name, status, parse, "llm_parse_error", ServiceError::Exactly("The model rambled"));
    let unnamed = |name, body| named(name, 500, body, "http_error", ServiceError::Contains(HTTP, "500")).retryable();
    let unknown = |name, status, body| named(name, status, body, "unknown", ServiceError::Exactly("x"));
    let invalid = r#"{"error_type":"validation_error","error":"No sink"}"#;
    vec![
        rambled("500, `llm_parse_error`", 500),
        rambled("400, `llm_parse_error`", 400),
        rambled("302, `llm_parse_error`", 302),
        named("422, `validation_error`", 422, invalid, "validation_error", ServiceError::Exactly("No sink")),
        named(
            "422, `patch_error`",
            422,
            r#"{"error_type":"patch_error"}"#,
            "patch_error",
            ServiceError::Contains(HTTP, "422"),
        ),
        named(
            "503, `llm_rate_limit`",
            503,
            r#"{"error_type":"llm_rate_limit"}"#,
            "llm_rate_limit",
            ServiceError::StartsWith(UNAVAILABLE),
        ),
        named(
            "429, `llm_timeout`",
            429,
            r#"{"error_type":"llm_timeout"}"#,
            "llm_timeout",
            ServiceError::StartsWith(LIMITED),
        ),
        named(
            "504, a class of its own",
            504,
            r#"{"error_type":"out_of_ink"}"#,
            "out_of_ink",
            ServiceError::StartsWith(TIMED_OUT),
        ),
        unnamed("500, class null", r#"{"error_type":null,"error":"x"}"#),
        unnamed("500, class empty", r#"{"error_type":""}"#),
        unnamed("500, class a number", r#"{"error_type":7}"#),
        unnamed("500, class in an array", r#"[{"error_type":"timeout"}]"#),
        unknown("500, class with a space", 500, r#"{"error_type":"Bad One","error":"x"}"#),
        unknown("400, class that is ours", 400, r#"{"error_type":"invalid_request","error":"x"}"#),
        unknown("500, class `unexpected_error`", 500, r#"{"error_type":"unexpected_error","error":"x"}"#),
        unknown("500, class of 65 characters", 500, &long),
    ]
}
