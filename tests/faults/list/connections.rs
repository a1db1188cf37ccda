//! Faults of the connection: none comes about, it breaks, or what comes over it is no answer.

use std::time::Duration;

use kit::{
    behaviour::{Act, Behaviour},
    names::Resolves,
    private_tls::Greeting,
};

use crate::fault::{Before, Fault, Pace, Place, Says};

const NO_ANSWER: &str = "Agent Generator request timed out";
const HTTP: &str = "HTTP error calling Agent Generator";
const UNREACHED: &str = "Could not connect to Agent Generator";
const BROKEN: &str = "Request error calling Agent Generator";

fn silent(name: &'static str, behaviour: Behaviour) -> Fault {
    Fault::there(name, behaviour, "timeout", NO_ANSWER).lasting()
}

fn broken(name: &'static str, behaviour: Behaviour) -> Fault {
    Fault::there(name, behaviour, "request_error", BROKEN)
}

/// An answer that begins with `head`, and the end of the connection.
fn ill_formed(name: &'static str, head: impl Into<Vec<u8>>) -> Fault {
    broken(name, Behaviour::bytes_then(head, Act::Close))
}

/// No answer, or half of one.
pub(super) fn answers() -> Vec<Fault> {
    let of_500 =
        |name, behaviour| Fault::at(name, Place::There(behaviour), "http_error", Says::With(HTTP, "500")).retryable();
    let there = |behaviour| Place::There(behaviour);
    let many = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 2\r\n\r\n{{}}", "X-Filler: x\r\n".repeat(5_000));
    let huge = format!("HTTP/1.1 200 OK\r\nX-Filler: {}\r\nContent-Length: 2\r\n\r\n{{}}", "x".repeat(1_000_000));
    vec![
        silent("hangs before its headers", Behaviour::hangs()),
        silent("hangs amid its headers", Behaviour::amid_headers(Act::Hang)),
        silent("hangs before its body", Behaviour::amid_body(200, 0, Act::Hang)),
        silent("hangs amid its body", Behaviour::amid_body(200, 9, Act::Hang)),
        silent("hangs amid its chunks", Behaviour::amid_chunks(Act::Hang)),
        silent("a byte every 50 ms", Behaviour::drips(Duration::from_millis(50))),
        silent("hangs after informational answers", Behaviour::hangs().after_informational()),
        silent("informational answers without end", Behaviour::endless_informational()),
        of_500("500, hangs amid its body", Behaviour::amid_body(500, 3, Act::Hang)).pace(Pace::ErrorBody),
        of_500("500, breaks off", Behaviour::amid_body(500, 3, Act::Close)),
        of_500("500, a body without end", Behaviour::endless_chunks(500)),
        broken("reset", Behaviour::resets()),
        broken("reset amid its headers", Behaviour::amid_headers(Act::Reset)),
        broken("reset amid its body", Behaviour::amid_body(200, 9, Act::Reset)),
        broken("closed", Behaviour::closes()),
        broken("closed amid its headers", Behaviour::amid_headers(Act::Close)),
        broken("closed amid its body: the length was too long", Behaviour::amid_body(200, 9, Act::Close)),
        broken("closed amid its chunks", Behaviour::amid_chunks(Act::Close)),
        broken("closed after informational answers", Behaviour::closes().after_informational()),
        broken("headers without end", Behaviour::endless_headers()),
        ill_formed("5,000 headers", many),
        ill_formed("a header of 1 MB", huge),
        ill_formed("not HTTP", b"SSH-2.0-OpenSSH_9.2\r\n\x00\x01\x02\xff\r\n\r\n"),
        ill_formed("a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"),
        ill_formed("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\n{}"),
        ill_formed(
            "a chunk's size that is no number",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        ),
        Fault::harmless("informational answers before a good one", there(Behaviour::good().after_informational())),
        Fault::harmless(
            "a good answer after 0.7 s",
            there(Behaviour::Script(vec![Act::Wait(Duration::from_millis(700)), Act::Canned])),
        ),
    ]
}

/// No connection comes about.
pub(super) fn places() -> Vec<Fault> {
    let unreached = |name, place| Fault::at(name, place, "connection_error", Says::Begins(UNREACHED));
    let unanswered = |name, place| Fault::at(name, place, "timeout", Says::Begins(NO_ANSWER)).lasting();
    vec![
        unreached("refused", Place::Refused).calls(3),
        unanswered("never taken up", Place::FullQueue),
        unreached("a name that is unknown", Place::Named(Resolves::Unknown)).calls(3),
        unreached("a name server that fails", Place::Named(Resolves::Unanswered)).calls(3),
        unanswered("a name server that is silent", Place::Named(Resolves::Silent)),
        Fault::harmless("a name server that is late", Place::Named(Resolves::Late)).arrive(1),
        unreached("plain text where TLS is spoken", Place::Tls(Greeting::Plain)),
        Fault::at("TLS where plain text is spoken", Place::TlsForPlain, "request_error", Says::Begins(BROKEN)),
        unreached("a certificate that nobody vouches for", Place::Tls(Greeting::Unknown)),
        unreached("a certificate that has expired", Place::Tls(Greeting::Expired)),
        unreached("a certificate of another host", Place::Tls(Greeting::OtherHost)),
        unanswered("TLS that is silent", Place::Tls(Greeting::Silent)),
    ]
}

/// A good answer came over the connection before.
pub(super) fn kept() -> Vec<Fault> {
    let then_good = |first| Place::There(Behaviour::Then(vec![first, Behaviour::good()]));
    vec![
        Fault::harmless("closed between two requests", Place::There(Behaviour::good())).before(Before::KeptAndClosed),
        Fault::harmless("closed upon the request", then_good(Behaviour::closes())).before(Before::Kept).calls(2),
        Fault::harmless("reset upon the request", then_good(Behaviour::resets())).before(Before::Kept).calls(2),
        silent("hangs upon the request", Behaviour::hangs()).before(Before::Kept),
        broken("breaks amid the answer", Behaviour::amid_body(200, 9, Act::Close)).before(Before::Kept),
    ]
}
