//! What a generator does with a request: the ways in which an answer can come, or fail to.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::wire;

/// One thing that a server does on the wire.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sends the good answer that belongs to the request's path.
    Canned,
    /// The same with this header.
    CannedWith(&'static str, &'static str),
    /// Waits for so long.
    Wait(Duration),
    /// Waits until as many requests have come as the barrier asks for.
    Gather(Arc<Barrier>),
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes again and again, with a pause between.
    SendForever(Vec<u8>, Duration),
    /// Says nothing more until the other side gives up.
    Hang,
    /// Closes in good order.
    Close,
    /// Resets the connection.
    Reset,
}

/// How a generator answers. After a script's last act it waits for the next request on the same connection.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// These acts, for every request.
    Script(Vec<Act>),
    /// The first behaviour for the first request, and so on, over all connections; the last one stays.
    Then(Vec<Behaviour>),
}

impl Behaviour {
    /// Answers well.
    pub fn good() -> Self {
        Self::Script(vec![Act::Canned])
    }

    /// Answers with this status and body, as JSON.
    pub fn answers(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::answers_with(status, &[("Content-Type", "application/json")], body)
    }

    /// Answers 200 with this JSON.
    pub fn says(body: Value) -> Self {
        Self::answers(200, body.to_string())
    }

    /// Answers with this status, these headers and this body.
    pub fn answers_with(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        Self::bytes(wire::answer(status, headers, body.as_ref()))
    }

    /// Answers with exactly these bytes, and keeps the connection.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Script(vec![Act::Send(bytes.into())])
    }

    /// Sends these bytes, which are no whole answer, and then does `last`.
    pub fn bytes_then(bytes: impl Into<Vec<u8>>, last: Act) -> Self {
        Self::Script(vec![Act::Send(bytes.into()), last])
    }

    /// Takes the request and says nothing.
    pub fn hangs() -> Self {
        Self::Script(vec![Act::Hang])
    }

    /// Stops in the middle of its headers, and then does `last`.
    pub fn amid_headers(last: Act) -> Self {
        Self::bytes_then("HTTP/1.1 200 OK\r\nContent-Type: application/js", last)
    }

    /// Promises 1000 bytes, sends `after` spaces of them, and then does `last`.
    pub fn amid_body(status: u16, after: usize, last: Act) -> Self {
        let mut bytes = wire::head(status, &[("Content-Type", "application/json"), ("Content-Length", "1000")]);
        bytes.extend(vec![b' '; after]);
        Self::bytes_then(bytes, last)
    }

    /// Sends one chunk of a chunked body, and then does `last`.
    pub fn amid_chunks(last: Act) -> Self {
        let mut bytes = wire::head(200, &[("Transfer-Encoding", "chunked")]);
        bytes.extend(b"8\r\n{\"succes\r\n");
        Self::bytes_then(bytes, last)
    }

    /// Resets the connection once the request has arrived.
    pub fn resets() -> Self {
        Self::Script(vec![Act::Reset])
    }

    /// Closes without an answer.
    pub fn closes() -> Self {
        Self::Script(vec![Act::Close])
    }

    /// Answers well, then closes the connection that the client keeps for its next request.
    pub fn good_then_closes() -> Self {
        Self::Script(vec![Act::Canned, Act::Close])
    }

    /// A body without end, in chunks.
    pub fn endless_chunks(status: u16) -> Self {
        let mut chunk = b"10000\r\n".to_vec();
        chunk.extend(vec![b'x'; 0x10000]);
        chunk.extend(b"\r\n");
        Self::endless(wire::head(status, &[("Transfer-Encoding", "chunked")]), chunk)
    }

    /// A body that says it has 100 GB, and begins to send them.
    pub fn endless_length(status: u16) -> Self {
        Self::endless(wire::head(status, &[("Content-Length", "100000000000")]), vec![b' '; 0x10000])
    }

    /// Headers without end.
    pub fn endless_headers() -> Self {
        Self::endless(b"HTTP/1.1 200 OK\r\n".to_vec(), format!("X-Filler: {}\r\n", "x".repeat(8000)).into_bytes())
    }

    /// Informational answers (1xx) without end.
    pub fn endless_informational() -> Self {
        let hints = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(200);
        Self::Script(vec![Act::SendForever(hints, Duration::from_millis(1))])
    }

    /// A gzip body that is 100 MB of spaces to whoever unpacks it.
    pub fn gzip_bomb() -> Self {
        Self::answers_with(200, &[("Content-Type", "application/json"), ("Content-Encoding", "gzip")], bomb())
    }

    /// Answers well, and says that the body is gzip, which it is not.
    pub fn good_called_gzip() -> Self {
        Self::Script(vec![Act::CannedWith("Content-Encoding", "gzip")])
    }

    /// Answers well, and says that no further request may come over this connection.
    pub fn good_at_last() -> Self {
        Self::Script(vec![Act::CannedWith("Connection", "close"), Act::Close])
    }

    /// A body that comes one byte at a time, `every` so often.
    pub fn drips(every: Duration) -> Self {
        let head = wire::head(200, &[("Content-Type", "application/json"), ("Content-Length", "100000")]);
        Self::Script(vec![Act::Send(head), Act::SendForever(b" ".to_vec(), every)])
    }

    /// Sends informational answers (1xx) before what it does otherwise.
    #[must_use]
    pub fn after_informational(self) -> Self {
        let hints = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".to_vec();
        match self {
            Self::Script(acts) => Self::Script([Act::Send(hints)].into_iter().chain(acts).collect()),
            Self::Then(all) => Self::Then(all.into_iter().map(Self::after_informational).collect()),
        }
    }

    /// What is done with the request of this number, counted from 0.
    pub(crate) fn acts(&self, number: usize) -> &[Act] {
        match self {
            Self::Script(acts) => acts,
            Self::Then(all) => {
                let last = all.len().checked_sub(1).expect("a sequence has at least one behaviour");
                // A sequence inside a sequence counts from its own first turn.
                all[number.min(last)].acts(number.saturating_sub(last))
            }
        }
    }

    fn endless(head: Vec<u8>, piece: Vec<u8>) -> Self {
        Self::Script(vec![Act::Send(head), Act::SendForever(piece, Duration::ZERO)])
    }
}

/// 100 MB of spaces, in gzip by hand: one space, then again and again the last byte 258 times (RFC 1951, 3.2.6). Its checksum
/// is wrong, which is found out once all of it is unpacked.
fn bomb() -> Vec<u8> {
    // Eight repeats are 13 bytes, and so begin where the eight before them did in theirs.
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

/// The agent that a good generator answers with: one input, one output, one link.
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

/// The good answer of a path, as the contract has it.
pub(crate) fn canned(path: &str) -> Value {
    // An address may have a path of its own before the generator's.
    let paths: [(&str, Value); 5] = [
        (
            "/api/decompose-description",
            json!({"success": true, "type": "instructions", "steps": ["Read it", "Say it"]}),
        ),
        ("/api/generate-agent", json!({"success": true, "agent_json": agent()})),
        ("/api/update-agent", json!({"success": true, "agent_json": agent()})),
        ("/api/blocks", json!({"success": true, "blocks": [{"id": "b1", "name": "Block 1"}]})),
        ("/health", json!({"status": "healthy", "blocks_loaded": true})),
    ];
    paths
        .into_iter()
        .find(|(end, _)| path.ends_with(end))
        .map_or_else(|| json!({"success": false, "error": "no such path"}), |(_, body)| body)
}
