//! Faults of the connection: it fails, it breaks, or what arrives is not an HTTP answer.

use std::time::Duration;

use kit::{
    behaviour::{Act, Behaviour},
    dns::Resolution,
    private_tls::Greeting,
};

use crate::fault::{Connection, Fault, Place, ServiceError, Timing};

const NO_ANSWER: &str = "Agent Generator request timed out";
const HTTP: &str = "HTTP error calling Agent Generator";
const UNREACHED: &str = "Could not connect to Agent Generator";
const BROKEN: &str = "Request error calling Agent Generator";

fn silent(name: &'static str, behaviour: Behaviour) -> Fault {
    Fault::listening(name, behaviour, "timeout", NO_ANSWER).until_deadline()
}

fn broken(name: &'static str, behaviour: Behaviour) -> Fault {
    Fault::listening(name, behaviour, "request_error", BROKEN)
}

/// Sends `head`, then closes.
fn malformed(name: &'static str, head: impl Into<Vec<u8>>) -> Fault {
    broken(name, Behaviour::bytes_then(head, Act::Close))
}

/// No answer, or half of one.
pub(super) fn answers() -> Vec<Fault> {
    let of_500 = |name, behaviour| {
        Fault::new(name, Place::Listening(behaviour), "http_error", ServiceError::Contains(HTTP, "500")).retryable()
    };
    let listening = |behaviour| Place::Listening(behaviour);
    let many = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 2\r\n\r\n{{}}", "X-Filler: x\r\n".repeat(5_000));
    let huge = format!("HTTP/1.1 200 OK\r\nX-Filler: {}\r\nContent-Length: 2\r\n\r\n{{}}", "x".repeat(1_000_000));
    vec![
        silent("hangs before the headers", Behaviour::hangs()),
        silent("hangs in the headers", Behaviour::partial_headers(Act::Hang)),
        silent("hangs before the body", Behaviour::partial_body(200, 0, Act::Hang)),
        silent("hangs in the body", Behaviour::partial_body(200, 9, Act::Hang)),
        silent("hangs in the chunks", Behaviour::partial_chunks(Act::Hang)),
        silent("a byte every 50 ms", Behaviour::drips(Duration::from_millis(50))),
        silent("hangs after informational answers", Behaviour::hangs().after_informational()),
        silent("endless informational answers", Behaviour::endless_informational()),
        of_500("500, hangs in the body", Behaviour::partial_body(500, 3, Act::Hang)).timing(Timing::ErrorBody),
        of_500("500, closes in the body", Behaviour::partial_body(500, 3, Act::Close)),
        of_500("500, an endless body", Behaviour::endless_chunks(500)),
        broken("reset", Behaviour::resets()),
        broken("reset in the headers", Behaviour::partial_headers(Act::Reset)),
        broken("reset in the body", Behaviour::partial_body(200, 9, Act::Reset)),
        broken("closed", Behaviour::closes()),
        broken("closed in the headers", Behaviour::partial_headers(Act::Close)),
        broken("closed in the body (Content-Length too long)", Behaviour::partial_body(200, 9, Act::Close)),
        broken("closed in the chunks", Behaviour::partial_chunks(Act::Close)),
        broken("closed after informational answers", Behaviour::closes().after_informational()),
        broken("endless headers", Behaviour::endless_headers()),
        malformed("5,000 headers", many),
        malformed("a header of 1 MB", huge),
        malformed("not HTTP", b"SSH-2.0-OpenSSH_9.2\r\n\x00\x01\x02\xff\r\n\r\n"),
        malformed("a length that is not a number", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"),
        malformed("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\n{}"),
        malformed(
            "a chunk size that is not a number",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        ),
        Fault::harmless("informational answers before a good one", listening(Behaviour::good().after_informational())),
        Fault::harmless(
            "a good answer after 0.7 s",
            listening(Behaviour::Script(vec![Act::Wait(Duration::from_millis(700)), Act::Good])),
        ),
    ]
}

/// Connecting fails.
pub(super) fn places() -> Vec<Fault> {
    let unreached = |name, place| Fault::new(name, place, "connection_error", ServiceError::StartsWith(UNREACHED));
    let unanswered =
        |name, place| Fault::new(name, place, "timeout", ServiceError::StartsWith(NO_ANSWER)).until_deadline();
    vec![
        unreached("refused", Place::Refused).calls(3),
        unanswered("never accepted", Place::FullQueue),
        unreached("an unknown name", Place::Resolving(Resolution::Unknown)).calls(3),
        unreached("a failing name server", Place::Resolving(Resolution::ServerFailure)).calls(3),
        unanswered("a silent name server", Place::Resolving(Resolution::Silent)),
        Fault::harmless("a slow name server", Place::Resolving(Resolution::Slow)).arriving(1),
        unreached("plain text instead of TLS", Place::Tls(Greeting::Plain)),
        Fault::new(
            "TLS instead of plain text",
            Place::PlainTextToTls,
            "request_error",
            ServiceError::StartsWith(BROKEN),
        ),
        unreached("a certificate from an unknown authority", Place::Tls(Greeting::Unknown)),
        unreached("an expired certificate", Place::Tls(Greeting::Expired)),
        unreached("a certificate of another host", Place::Tls(Greeting::OtherHost)),
        unanswered("a silent TLS handshake", Place::Tls(Greeting::Silent)),
    ]
}

/// The connection is reused after a good answer.
pub(super) fn kept() -> Vec<Fault> {
    let then_good = |first| Place::Listening(Behaviour::Then(vec![first, Behaviour::good()]));
    vec![
        Fault::harmless("closed between two requests", Place::Listening(Behaviour::good()))
            .connection(Connection::KeptAndClosed),
        Fault::harmless("closed at the next request", then_good(Behaviour::closes()))
            .connection(Connection::Kept)
            .calls(2),
        Fault::harmless("reset at the next request", then_good(Behaviour::resets()))
            .connection(Connection::Kept)
            .calls(2),
        silent("hangs at the next request", Behaviour::hangs()).connection(Connection::Kept),
        broken("closed in the next status line", Behaviour::bytes_then("HTTP/1.1 2", Act::Close))
            .connection(Connection::Kept),
        broken("closed in the next answer", Behaviour::partial_body(200, 9, Act::Close)).connection(Connection::Kept),
    ]
}
