//! Answers that go to the caller piece by piece, while they are written.
//!
//! The gateway gets a line of JSON with status and headers, eight zero bytes, then the body:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html>

use std::{fmt, future::Future, panic::AssertUnwindSafe};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use lambda_http::http::{HeaderMap, StatusCode};
use lambda_runtime::MetadataPrelude;
use shared::{error_type::ErrorType, reply::Reply, request_log::RequestLog};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

/// Separates status and headers from the body.
const DELIMITER: [u8; 8] = [0; 8];

pub(crate) type WriteBody = Box<dyn for<'a> FnOnce(Sink, &'a mut RequestLog) -> BoxFuture<'a, ()> + Send>;

/// An answer of status 200 that has begun.
pub struct StreamReply {
    /// In addition to the headers of every answer.
    pub(crate) headers: HeaderMap,
    pub(crate) write: WriteBody,
}

impl StreamReply {
    /// `write` writes the body, has to end within the invocation's time, and notes the outcome in the log. The log line is
    /// written after it.
    pub fn new(
        headers: HeaderMap,
        write: impl for<'a> FnOnce(Sink, &'a mut RequestLog) -> BoxFuture<'a, ()> + Send + 'static,
    ) -> Self {
        Self { headers, write: Box::new(write) }
    }
}

/// An answer of status 200 whose body need not be text, such as a compressed file.
pub struct BytesReply {
    /// For the log line.
    pub outcome: &'static str,
    /// In addition to the headers of every answer.
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The answer to a request for a stream.
pub enum Answer {
    Whole(Reply),
    Bytes(BytesReply),
    Stream(StreamReply),
}

/// Takes the pieces of a body. One that a slow gateway has not taken holds up the next.
#[derive(Debug)]
pub struct Sink(mpsc::Sender<Bytes>);

/// Nobody takes the rest of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

impl Sink {
    /// # Errors
    /// The connection to Lambda is lost. A client that goes away does not show here: Lambda tells nobody.
    pub async fn send(&mut self, piece: impl Into<Bytes>) -> Result<(), Gone> {
        self.0.send(piece.into()).await.map_err(|_| Gone)
    }
}

/// The body has ended before its end: a fault, or no time is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// What the gateway gets.
pub struct Streamed {
    prelude: MetadataPrelude,
    body: Content,
}

pub(crate) enum Content {
    Whole(Bytes),
    Live(Box<LiveBody>),
}

/// Writes the log line.
type Report = Box<dyn FnOnce(&RequestLog) + Send>;

/// A body that is written while it is sent, and is done at `end` at the latest.
pub(crate) struct LiveBody {
    write: WriteBody,
    log: RequestLog,
    end: Instant,
    report: Report,
}

impl fmt::Debug for Streamed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Streamed").field("status", &self.prelude.status_code).finish_non_exhaustive()
    }
}

impl Streamed {
    pub(crate) fn new(status: u16, headers: HeaderMap, body: Content) -> Self {
        let status_code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { prelude: MetadataPrelude { status_code, headers, cookies: Vec::new() }, body }
    }

    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.prelude.status_code
    }

    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.prelude.headers
    }

    /// What goes before the body, in two pieces: `cargo lambda watch` reads them as such.
    #[must_use]
    pub fn head(&self) -> [Vec<u8>; 2] {
        [serde_json::to_vec(&self.prelude).unwrap_or_default(), DELIMITER.into()]
    }

    /// The body, and the work that writes it: it goes on only while pieces are taken.
    pub fn body(self) -> (mpsc::Receiver<Bytes>, impl Future<Output = Result<(), Broken>> + Send) {
        let (pieces, taken) = mpsc::channel(1);
        let sink = Sink(pieces);
        let work = async move {
            match self.body {
                Content::Whole(bytes) => whole(sink, bytes).await,
                Content::Live(body) => body.write(sink).await,
            }
        };
        (taken, work)
    }
}

async fn whole(mut sink: Sink, bytes: Bytes) -> Result<(), Broken> {
    if bytes.is_empty() { Ok(()) } else { sink.send(bytes).await.map_err(|Gone| Broken) }
}

impl LiveBody {
    pub(crate) fn new(
        write: WriteBody,
        log: RequestLog,
        end: Instant,
        report: impl FnOnce(&RequestLog) + Send + 'static,
    ) -> Self {
        Self { write, log, end, report: Box::new(report) }
    }

    async fn write(self, sink: Sink) -> Result<(), Broken> {
        let Self { write, mut log, end, report } = self;
        // Unwind-safe: after a panic the log is only read, and each of its fields is valid at any time.
        let written = AssertUnwindSafe(timeout_at(end, write(sink, &mut log))).catch_unwind().await;
        let fault = match written {
            Ok(Ok(())) => None,
            Ok(Err(_)) => Some(ErrorType::Timeout),
            Err(_) => Some(ErrorType::UnexpectedError),
        };
        let result = if fault.is_some() { Err(Broken) } else { Ok(()) };
        fault.into_iter().for_each(|fault| log.note_error(fault));
        report(&log);
        result
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, Mutex},
        time::Duration,
    };

    use super::*;

    /// Writes one piece, then does as told. Returns what is taken, the result, and the log's outcome and error class.
    async fn written(then: fn() -> BoxFuture<'static, ()>) -> (Vec<String>, Result<(), Broken>, String) {
        let write: WriteBody = Box::new(move |mut sink, log| {
            Box::pin(async move {
                log.note_outcome("ended");
                let _ = sink.send("one").await;
                then().await;
            })
        });
        let told = Arc::new(Mutex::new(Vec::new()));
        let reports = Arc::clone(&told);
        let report = move |log: &RequestLog| {
            let class = log.error_type.as_ref().map_or("-", ErrorType::name);
            reports.lock().unwrap().push(format!("{} {class}", log.outcome.unwrap_or_default()));
        };
        let end = Instant::now() + Duration::from_secs(10);
        let body = LiveBody::new(write, RequestLog::default(), end, report);
        let (mut taken, work) = Streamed::new(200, HeaderMap::new(), Content::Live(Box::new(body))).body();
        let taking = async {
            let mut pieces = Vec::new();
            while let Some(piece) = taken.recv().await {
                pieces.push(String::from_utf8(piece.into()).unwrap());
            }
            pieces
        };
        let (pieces, result) = tokio::join!(taking, work);
        let told = told.lock().unwrap().join(", ");
        (pieces, result, told)
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_breaks_off_is_told_from_one_that_ended_and_each_has_one_log_line() {
        let one = vec!["one".to_owned()];
        let ended = written(|| Box::pin(async {})).await;
        assert_eq!(ended, (one.clone(), Ok(()), "ended -".to_owned()));
        let panicked = written(|| Box::pin(async { panic!("a fault") })).await;
        assert_eq!(panicked, (one.clone(), Err(Broken), "error unexpected_error".to_owned()));
        let hung = written(|| Box::pin(std::future::pending())).await;
        assert_eq!(hung, (one, Err(Broken), "error timeout".to_owned()));
    }

    #[test]
    fn a_gateway_can_tell_status_and_headers_from_the_body() {
        let headers =
            HeaderMap::from_iter([(lambda_http::http::header::CONTENT_TYPE, "text/event-stream".parse().unwrap())]);
        let head = Streamed::new(404, headers, Content::Whole("x".into())).head();
        let [json, delimiter] = head;
        assert_eq!(delimiter, [0; 8]);
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["statusCode"], 404);
        assert_eq!(json["headers"]["content-type"], "text/event-stream");
    }
}
