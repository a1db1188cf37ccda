//! The ways in which a server answers a request, or fails to.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::wire;

/// One step of an answer.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sends the contract's answer for the request's path.
    Good,
    /// [`Act::Good`] with one more header.
    GoodWith(&'static str, &'static str),
    Wait(Duration),
    /// Waits for the other requests at the barrier.
    Gather(Arc<Barrier>),
    Send(Vec<u8>),
    /// Repeats the bytes, with a pause in between.
    SendForever(Vec<u8>, Duration),
    /// Sends nothing more, and waits for the client to close.
    Hang,
    Close,
    /// Sends a TCP reset.
    Reset,
}

/// How a server answers. After the last act of a script it reads the next request on the same connection.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// The same acts for every request.
    Script(Vec<Act>),
    /// One behaviour per request, over all connections; the last one repeats.
    Then(Vec<Behaviour>),
}

impl Behaviour {
    pub fn good() -> Self {
        Self::Script(vec![Act::Good])
    }

    /// With `Content-Type: application/json`.
    pub fn answers(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::answers_with(status, &[("Content-Type", "application/json")], body)
    }

    /// 200 with this JSON.
    pub fn says(body: Value) -> Self {
        Self::answers(200, body.to_string())
    }

    pub fn answers_with(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        Self::bytes(wire::answer(status, headers, body.as_ref()))
    }

    /// Sends exactly these bytes and keeps the connection open.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Script(vec![Act::Send(bytes.into())])
    }

    /// Sends an incomplete answer, then plays `last`.
    pub fn bytes_then(bytes: impl Into<Vec<u8>>, last: Act) -> Self {
        Self::Script(vec![Act::Send(bytes.into()), last])
    }

    /// Reads the request and never answers.
    pub fn hangs() -> Self {
        Self::Script(vec![Act::Hang])
    }

    /// Stops in the middle of the headers, then plays `last`.
    pub fn partial_headers(last: Act) -> Self {
        Self::bytes_then("HTTP/1.1 200 OK\r\nContent-Type: application/js", last)
    }

    /// Announces a body of 1000 bytes, sends `after` of them (spaces), then plays `last`.
    pub fn partial_body(status: u16, after: usize, last: Act) -> Self {
        let mut bytes = wire::head(status, &[("Content-Type", "application/json"), ("Content-Length", "1000")]);
        bytes.extend(vec![b' '; after]);
        Self::bytes_then(bytes, last)
    }

    /// Sends one chunk of a chunked body, then plays `last`.
    pub fn partial_chunks(last: Act) -> Self {
        let mut bytes = wire::head(200, &[("Transfer-Encoding", "chunked")]);
        bytes.extend(b"8\r\n{\"succes\r\n");
        Self::bytes_then(bytes, last)
    }

    /// Resets the connection after reading the request.
    pub fn resets() -> Self {
        Self::Script(vec![Act::Reset])
    }

    /// Closes without an answer.
    pub fn closes() -> Self {
        Self::Script(vec![Act::Close])
    }

    /// Closes the connection after a good answer, without announcing it: the client wanted to reuse it.
    pub fn good_then_closes() -> Self {
        Self::Script(vec![Act::Good, Act::Close])
    }

    /// An endless chunked body.
    pub fn endless_chunks(status: u16) -> Self {
        let mut chunk = b"10000\r\n".to_vec();
        chunk.extend(vec![b'x'; 0x10000]);
        chunk.extend(b"\r\n");
        Self::endless(wire::head(status, &[("Transfer-Encoding", "chunked")]), chunk)
    }

    /// An endless body with a `Content-Length` of 100 GB.
    pub fn endless_length(status: u16) -> Self {
        Self::endless(wire::head(status, &[("Content-Length", "100000000000")]), vec![b' '; 0x10000])
    }

    pub fn endless_headers() -> Self {
        Self::endless(b"HTTP/1.1 200 OK\r\n".to_vec(), format!("X-Filler: {}\r\n", "x".repeat(8000)).into_bytes())
    }

    /// Endless 102 answers, with no final one.
    pub fn endless_informational() -> Self {
        let hints = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(200);
        Self::Script(vec![Act::SendForever(hints, Duration::from_millis(1))])
    }

    /// A small gzip body that inflates to 100 MB.
    pub fn gzip_bomb() -> Self {
        Self::answers_with(200, &[("Content-Type", "application/json"), ("Content-Encoding", "gzip")], bomb())
    }

    /// A good answer in plain text under `Content-Encoding: gzip`.
    pub fn good_mislabelled_gzip() -> Self {
        Self::Script(vec![Act::GoodWith("Content-Encoding", "gzip")])
    }

    /// A good answer with `Connection: close`.
    pub fn good_with_connection_close() -> Self {
        Self::Script(vec![Act::GoodWith("Connection", "close"), Act::Close])
    }

    /// Sends one byte of the body at a time, with a pause of `every`.
    pub fn drips(every: Duration) -> Self {
        let head = wire::head(200, &[("Content-Type", "application/json"), ("Content-Length", "100000")]);
        Self::Script(vec![Act::Send(head), Act::SendForever(b" ".to_vec(), every)])
    }

    /// Waits first.
    #[must_use]
    pub fn after(self, time: Duration) -> Self {
        match self {
            Self::Script(acts) => Self::Script([Act::Wait(time)].into_iter().chain(acts).collect()),
            Self::Then(all) => Self::Then(all.into_iter().map(|one| one.after(time)).collect()),
        }
    }

    /// Sends a 102 and a 103 first.
    #[must_use]
    pub fn after_informational(self) -> Self {
        let hints = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".to_vec();
        match self {
            Self::Script(acts) => Self::Script([Act::Send(hints)].into_iter().chain(acts).collect()),
            Self::Then(all) => Self::Then(all.into_iter().map(Self::after_informational).collect()),
        }
    }

    /// The acts for request `number`, counted from 0.
    pub(crate) fn acts(&self, number: usize) -> &[Act] {
        match self {
            Self::Script(acts) => acts,
            Self::Then(all) => {
                let last = all.len().checked_sub(1).expect("a sequence has at least one behaviour");
                // A nested sequence counts from its own start.
                all[number.min(last)].acts(number.saturating_sub(last))
            }
        }
    }

    fn endless(head: Vec<u8>, piece: Vec<u8>) -> Self {
        Self::Script(vec![Act::Send(head), Act::SendForever(piece, Duration::ZERO)])
    }
}

/// 100 MB of spaces, gzipped by hand: one space, then "repeat the last byte 258 times" over and over (RFC 1951, 3.2.6). The
/// checksum is wrong, which shows only after all of it is inflated.
fn bomb() -> Vec<u8> {
    // Eight repeats fill exactly 13 bytes, so they can be copied as bytes.
    const EIGHT_REPEATS: std::ops::Range<usize> = 2..15;
    // The last block, with the fixed codes; a space; length 258 (code 285), distance 1 (code 0); the end of the block.
    let mut bits: Vec<u8> = vec![1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0];
    bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0].repeat(16));
    bits.extend([0; 7]);
    let bytes: Vec<u8> = bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | bit)).collect();
    let (before, after) = (&bytes[..EIGHT_REPEATS.start], &bytes[EIGHT_REPEATS.end..]);
    let bytes = [before, &bytes[EIGHT_REPEATS].repeat(100_000_000 / 258 / 8), after].concat();
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    head.into_iter().chain(bytes).chain([0; 8]).collect()
}

/// The agent in a good answer: one input, one output, one link.
pub fn agent() -> Value {
    json!({
        "name": "Echo", "description": "Gives back what it is given.",
        "nodes": [
            {"id": "in", "block_id": "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b", "input_default": {"name": "text"},
             "metadata": {"position": {"x": 0, "y": 0}}},
            {"id": "out", "block_id": "363ae599-353e-4804-937e-b2ee3cef3da4", "input_default": {"name": "text"},
             "metadata": {"position": {"x": 800, "y": 0}}}
        ],
        "links": [{"id": "link", "source_id": "in", "source_name": "result", "sink_id": "out", "sink_name": "value",
                   "is_static": false}]
    })
}
