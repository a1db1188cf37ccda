//! Every way in which a call to a generator fails, and the class that the contract gives it.

mod answers;

use std::time::{Duration, SystemTime};

use service_tests::behaviour::{Act, Behaviour};

pub(crate) use answers::{shapes, unusable};

/// What `service_error` has to be.
#[derive(Debug, Clone)]
pub(crate) enum Says {
    /// It begins so.
    Begins(&'static str),
    /// It begins so and holds this too.
    With(&'static str, &'static str),
    /// Exactly this.
    Exactly(&'static str),
}

/// Where the generator is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// It listens, and behaves like this.
    There(Behaviour),
    /// Nobody listens on its port.
    Refused,
    /// It never takes up the connection.
    FullQueue,
    /// Its name does not resolve.
    UnknownName,
    /// It answers a TLS greeting in plain text.
    PlainTls,
    /// It shows a certificate that nobody vouches for.
    SelfSignedTls,
    /// It lets a TLS greeting wait.
    SilentTls,
}

/// One row of the classification.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) error_type: &'static str,
    pub(crate) says: Says,
    /// Where it is not what the error type alone decides.
    pub(crate) retryable: Option<bool>,
    /// Where it is not the class's own: lowest and highest number of seconds.
    pub(crate) retry_after: Option<(u64, u64)>,
    /// It lasts until the deadline, so it is given a near one.
    pub(crate) lasts: bool,
    /// The operations that it concerns.
    pub(crate) of: &'static [&'static str],
}

impl Fault {
    fn lasting(mut self) -> Self {
        self.lasts = true;
        self
    }
    fn retryable(mut self) -> Self {
        self.retryable = Some(true);
        self
    }
    fn retry_after(mut self, lowest: u64, highest: u64) -> Self {
        self.retry_after = Some((lowest, highest));
        self
    }
    fn of(mut self, operations: &'static [&'static str]) -> Self {
        self.of = operations;
        self
    }
}

const ALL: &[&str] = &["decompose", "generate", "patch", "catalog"];

const LIMITED: &str = "Agent Generator rate limited";
const UNAVAILABLE: &str = "Agent Generator unavailable";
const TIMED_OUT: &str = "Agent Generator timed out";
const NO_ANSWER: &str = "Agent Generator request timed out";
const HTTP: &str = "HTTP error calling Agent Generator";
const UNREACHED: &str = "Could not connect to Agent Generator";
const BROKEN: &str = "Request error calling Agent Generator";

fn at(name: &'static str, place: Place, error_type: &'static str, says: Says) -> Fault {
    Fault { name, place, error_type, says, retryable: None, retry_after: None, lasts: false, of: ALL }
}

fn fault(name: &'static str, behaviour: Behaviour, error_type: &'static str, begins: &'static str) -> Fault {
    at(name, Place::There(behaviour), error_type, Says::Begins(begins))
}

fn status(name: &'static str, status: u16, error_type: &'static str, says: Says) -> Fault {
    at(name, Place::There(Behaviour::answers(status, "{\"detail\":\"no\"}")), error_type, says)
}

/// A status that decides the class, and its advice on when to come back.
pub(crate) fn statuses() -> Vec<Fault> {
    let waits = |status: u16, after: &str| {
        Behaviour::answers_with(status, &[("Content-Type", "application/json"), ("Retry-After", after)], "{}")
    };
    let in_a_minute = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
    let redirect = Behaviour::answers_with(302, &[("Location", "/health")], "");
    vec![
        status("429", 429, "rate_limit", Says::Begins(LIMITED)),
        status("503", 503, "service_unavailable", Says::Begins(UNAVAILABLE)),
        status("504", 504, "timeout", Says::Begins(TIMED_OUT)),
        status("408", 408, "timeout", Says::Begins(TIMED_OUT)),
        status("400", 400, "http_error", Says::With(HTTP, "400")),
        status("404", 404, "http_error", Says::With(HTTP, "404")),
        status("418", 418, "http_error", Says::With(HTTP, "418")),
        status("304", 304, "http_error", Says::With(HTTP, "304")),
        status("500", 500, "http_error", Says::With(HTTP, "500")).retryable(),
        status("502", 502, "http_error", Says::With(HTTP, "502")).retryable(),
        status("599", 599, "http_error", Says::With(HTTP, "599")).retryable(),
        at("a redirect is not followed", Place::There(redirect), "http_error", Says::With(HTTP, "302")),
        fault("429, wait 10", waits(429, "10"), "rate_limit", LIMITED).retry_after(10, 10),
        fault("503, wait 77", waits(503, "77"), "service_unavailable", UNAVAILABLE).retry_after(77, 77),
        fault("429, wait a day", waits(429, "86400"), "rate_limit", LIMITED).retry_after(3600, 3600),
        fault("429, wait 0", waits(429, "0"), "rate_limit", LIMITED).retry_after(1, 1),
        fault("429, wait until", waits(429, &in_a_minute), "rate_limit", LIMITED).retry_after(30, 61),
        fault("429, wait soon", waits(429, "soon"), "rate_limit", LIMITED).retry_after(5, 5),
        fault("503, wait -3", waits(503, "-3"), "service_unavailable", UNAVAILABLE).retry_after(10, 10),
    ]
}

/// A class that the generator names itself, with any status outside 2xx.
pub(crate) fn named() -> Vec<Fault> {
    let named = |name, status, body: &str, error_type, says| {
        at(name, Place::There(Behaviour::answers(status, body)), error_type, says)
    };
    let long = format!("{{\"error_type\":\"{}\",\"error\":\"x\"}}", "x".repeat(65));
    let text = Says::Exactly("The model rambled");
    let parse = r#"{"error_type":"llm_parse_error","error":"The model rambled"}"#;
    vec![
        named("500 names its class", 500, parse, "llm_parse_error", text.clone()),
        named("400 names its class", 400, parse, "llm_parse_error", text.clone()),
        named("302 names its class", 302, parse, "llm_parse_error", text.clone()),
        named(
            "422 failed validation",
            422,
            r#"{"error_type":"validation_error","error":"No sink"}"#,
            "validation_error",
            Says::Exactly("No sink"),
        ),
        named("422 patch", 422, r#"{"error_type":"patch_error"}"#, "patch_error", Says::With(HTTP, "422")),
        named("503 model busy", 503, r#"{"error_type":"llm_rate_limit"}"#, "llm_rate_limit", Says::Begins(UNAVAILABLE)),
        named("429 model slow", 429, r#"{"error_type":"llm_timeout"}"#, "llm_timeout", Says::Begins(LIMITED)),
        named("504 of its own", 504, r#"{"error_type":"out_of_ink"}"#, "out_of_ink", Says::Begins(TIMED_OUT)),
        named("500 null class", 500, r#"{"error_type":null,"error":"x"}"#, "http_error", Says::With(HTTP, "500"))
            .retryable(),
        named("500 empty class", 500, r#"{"error_type":""}"#, "http_error", Says::With(HTTP, "500")).retryable(),
        named("500 class is a number", 500, r#"{"error_type":7}"#, "http_error", Says::With(HTTP, "500")).retryable(),
        named("500 in an array", 500, r#"[{"error_type":"timeout"}]"#, "http_error", Says::With(HTTP, "500"))
            .retryable(),
        named("500 class with a space", 500, r#"{"error_type":"Bad One","error":"x"}"#, "unknown", Says::Exactly("x")),
        named(
            "400 class is ours",
            400,
            r#"{"error_type":"invalid_request","error":"x"}"#,
            "unknown",
            Says::Exactly("x"),
        ),
        named(
            "500 class is our fault",
            500,
            r#"{"error_type":"unexpected_error","error":"x"}"#,
            "unknown",
            Says::Exactly("x"),
        ),
        named("500 class is too long", 500, &long, "unknown", Says::Exactly("x")),
    ]
}

/// No answer, or half of one.
pub(crate) fn connections() -> Vec<Fault> {
    let not_http = b"SSH-2.0-OpenSSH_9.2\r\n\x00\x01\x02\xff\r\n\r\n".to_vec();
    let wrong_length = b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}".to_vec();
    let two_lengths = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\n{}".to_vec();
    let bad_chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n".to_vec();
    let drip = Duration::from_millis(50);
    let there = |name, behaviour, error_type, begins| fault(name, behaviour, error_type, begins);
    let slow_500 = Place::There(Behaviour::amid_body(500, 3, Act::Hang));
    let cut_500 = Place::There(Behaviour::amid_body(500, 3, Act::Close));
    let endless_500 = Place::There(Behaviour::endless_chunks(500));
    vec![
        at("refused", Place::Refused, "connection_error", Says::Begins(UNREACHED)),
        at("unknown name", Place::UnknownName, "connection_error", Says::Begins(UNREACHED)),
        at("plain text for TLS", Place::PlainTls, "connection_error", Says::Begins(UNREACHED)),
        at("self-signed", Place::SelfSignedTls, "connection_error", Says::Begins(UNREACHED)),
        at("never accepts", Place::FullQueue, "timeout", Says::Begins(NO_ANSWER)).lasting(),
        at("silent TLS", Place::SilentTls, "timeout", Says::Begins(NO_ANSWER)).lasting(),
        there("hangs", Behaviour::hangs(), "timeout", NO_ANSWER).lasting(),
        there("hangs amid headers", Behaviour::amid_headers(Act::Hang), "timeout", NO_ANSWER).lasting(),
        there("hangs before the body", Behaviour::amid_body(200, 0, Act::Hang), "timeout", NO_ANSWER).lasting(),
        there("hangs amid the body", Behaviour::amid_body(200, 9, Act::Hang), "timeout", NO_ANSWER).lasting(),
        there("hangs amid chunks", Behaviour::amid_chunks(Act::Hang), "timeout", NO_ANSWER).lasting(),
        there("drips", Behaviour::drips(drip), "timeout", NO_ANSWER).lasting(),
        there("hangs after hints", Behaviour::hangs().after_informational(), "timeout", NO_ANSWER).lasting(),
        at("500, hangs amid the body", slow_500, "http_error", Says::With(HTTP, "500")).retryable().lasting(),
        at("500, cut", cut_500, "http_error", Says::With(HTTP, "500")).retryable(),
        at("500, endless", endless_500, "http_error", Says::With(HTTP, "500")).retryable(),
        there("reset", Behaviour::resets(), "request_error", BROKEN),
        there("reset amid headers", Behaviour::amid_headers(Act::Reset), "request_error", BROKEN),
        there("reset amid the body", Behaviour::amid_body(200, 9, Act::Reset), "request_error", BROKEN),
        there("closed", Behaviour::closes(), "request_error", BROKEN),
        there("closed amid headers", Behaviour::amid_headers(Act::Close), "request_error", BROKEN),
        there("truncated", Behaviour::amid_body(200, 9, Act::Close), "request_error", BROKEN),
        there("truncated chunks", Behaviour::amid_chunks(Act::Close), "request_error", BROKEN),
        there("closed after hints", Behaviour::closes().after_informational(), "request_error", BROKEN),
        there("not HTTP", Behaviour::bytes_then(not_http, Act::Close), "request_error", BROKEN),
        there("length is no number", Behaviour::bytes_then(wrong_length, Act::Close), "request_error", BROKEN),
        there("two lengths", Behaviour::bytes_then(two_lengths, Act::Close), "request_error", BROKEN),
        there("chunk size is no number", Behaviour::bytes_then(bad_chunk, Act::Close), "request_error", BROKEN),
        there("headers without end", Behaviour::endless_headers(), "request_error", BROKEN),
    ]
}
