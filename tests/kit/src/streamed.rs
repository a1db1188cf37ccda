//! Streamed answers, as Lambda takes them from a function: status and headers, eight zero bytes, then the body in chunks.

use std::{io, time::Duration};

use serde_json::{Value, json};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender},
    time::timeout,
};

use crate::wire::{Chunk, Connection, Message};

const DELIMITER: [u8; 8] = [0; 8];

/// A client that reads an answer while it is written.
#[derive(Debug)]
pub struct Listening {
    pub(crate) pieces: UnboundedReceiver<Piece>,
    pub request_id: String,
}

/// What a client of a streamed answer gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// `statusCode` and `headers`.
    Head(Value),
    Text(String),
    /// Whether the function says that it has written all of it.
    End {
        is_whole: bool,
    },
}

impl Listening {
    /// The next piece.
    ///
    /// # Panics
    /// If it does not come within `limit`.
    pub async fn next(&mut self, limit: Duration) -> Piece {
        let piece = timeout(limit, self.pieces.recv()).await.expect("a piece in time");
        piece.expect("the function answers to the end")
    }

    /// The text of the next piece.
    ///
    /// # Panics
    /// If it is not text, or does not come within `limit`.
    pub async fn text(&mut self, limit: Duration) -> String {
        match self.next(limit).await {
            Piece::Text(text) => text,
            other => panic!("{other:?} is not text"),
        }
    }
}

pub fn is_streamed(request: &Message) -> bool {
    request.header("lambda-runtime-function-response-mode") == Some("streaming")
}

/// Call this if [`is_streamed`]. Reads an answer, and passes on each piece as it comes. Returns all of it in the shape of an answer that is not streamed.
pub async fn take(
    connection: &mut Connection,
    listener: Option<UnboundedSender<Piece>>,
) -> io::Result<Result<Vec<u8>, Value>> {
    let (mut before, mut head, mut body) = (Vec::new(), None, Vec::new());
    // The listener may have gone away: Lambda reads on.
    let tell = |piece| listener.as_ref().map(|listener| listener.send(piece));
    loop {
        match connection.chunk().await? {
            Chunk::Data(data) => {
                let mut text = data;
                if head.is_none() {
                    before.extend(text);
                    let Some(end) = before.windows(8).position(|window| window == DELIMITER) else { continue };
                    text = before.split_off(end + DELIMITER.len());
                    let told: Value = serde_json::from_slice(&before[..end]).map_err(|_| io::ErrorKind::InvalidData)?;
                    tell(Piece::Head(told.clone()));
                    head = Some(told);
                }
                if !text.is_empty() {
                    tell(Piece::Text(String::from_utf8_lossy(&text).into_owned()));
                }
                body.extend(text);
            }
            Chunk::End(trailers) => {
                let error =
                    trailers.iter().find(|(name, _)| name.eq_ignore_ascii_case("lambda-runtime-function-error-type"));
                tell(Piece::End { is_whole: error.is_none() && head.is_some() });
                if let Some((_, error_type)) = error {
                    return Ok(Err(json!({"errorType": error_type})));
                }
                let Some(mut answer) = head else { return Ok(Err(json!({"errorType": "Answer.NoHead"}))) };
                answer["body"] = json!(String::from_utf8_lossy(&body));
                return Ok(Ok(answer.to_string().into_bytes()));
            }
        }
    }
}
