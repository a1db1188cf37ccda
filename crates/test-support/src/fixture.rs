//! Invokes a function in process, as Lambda does.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures_util::future::{BoxFuture, join};
use lambda::{
    Function, RequestFunction, Service,
    response::Response,
    stream::{Broken, Streamed},
    trigger::Event,
};
use lambda_runtime::{Context, Diagnostic};
use serde_json::Value;
use shared::upstream::Upstream;
use tokio::sync::mpsc;

use crate::{events::rest, scripted::Scripted};

/// Lambda's request id of every invocation.
pub const REQUEST_ID: &str = "8f6c2f0e-6b0f-4f43-9a53-0c7e1b3f7a11";

/// A function with a scripted generator.
pub struct Fixture<F> {
    pub generator: Arc<Scripted>,
    service: Service<F>,
}

impl<F: RequestFunction> Fixture<F> {
    /// A function that takes requests alone.
    pub fn new(function: impl FnOnce(Upstream) -> F, generator: Scripted) -> Self {
        Self::of_service(|upstream| Service::new(function(upstream)).with_requests(), generator)
    }
}

impl<F: Function> Fixture<F> {
    pub fn of_service(service: impl FnOnce(Upstream) -> Service<F>, generator: Scripted) -> Self {
        let generator = Arc::new(generator);
        let upstream: Upstream = Upstream::new(Some(Arc::<Scripted>::clone(&generator)), Duration::from_secs(600));
        Self { service: service(upstream), generator }
    }

    /// See [`handled`].
    pub async fn invoke(&self, event: &Value) -> Result<Value, (String, String)> {
        handled(&self.service, event.to_string().as_bytes()).await
    }

    /// Like [`Self::invoke`], for an event that a tree of values would change.
    pub async fn invoke_text(&self, event: &str) -> Result<Value, (String, String)> {
        handled(&self.service, event.as_bytes()).await
    }

    /// Posts `body` to `path` through a REST API; returns status and body.
    pub async fn post(&self, path: &str, body: &Value) -> Result<(u64, Value), (String, String)> {
        let answer = self.invoke(&rest("POST", path, &body.to_string())).await?;
        let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
        let status = answer.get("statusCode").and_then(Value::as_u64).unwrap_or_default();
        Ok((status, serde_json::from_str(body).unwrap_or_default()))
    }
}

/// Invokes a function as the runtime does, 30 s before its deadline. Returns Lambda's answer, or type and message of a
/// failed invocation. A streamed answer is read to its end, and looks like one of a REST API: in base64 if it is not text.
pub async fn handled<F: Function>(service: &Service<F>, payload: &[u8]) -> Result<Value, (String, String)> {
    let response = invoked(service, payload, Duration::from_secs(30)).await?;
    if let Response::Stream(streamed) = response {
        let mut answer = head(&streamed);
        let (mut pieces, work) = streamed.body();
        let reading = async {
            let mut body = Vec::new();
            while let Some(piece) = pieces.recv().await {
                body.extend_from_slice(&piece);
            }
            String::from_utf8(body)
        };
        let (body, written) = join(reading, work).await;
        let is_base64 = body.is_err();
        let body = body.unwrap_or_else(|not_text| STANDARD.encode(not_text.as_bytes()));
        written.map_err(|broken| ("the body".to_owned(), format!("{broken:?}: {body}")))?;
        let rest = [("body", Value::from(body)), ("isBase64Encoded", is_base64.into())];
        if let Some(answer) = answer.as_object_mut() {
            answer.extend(rest.map(|(key, value)| (key.to_owned(), value)));
        }
        return Ok(answer);
    }
    // To text and back, as Lambda gets it.
    let text = serde_json::to_string(&response).map_err(|error| ("the answer".to_owned(), error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| ("the answer".to_owned(), error.to_string()))
}

/// Invokes a function that streams, `time` before its deadline. Returns `statusCode` and `headers` as they come, and the body.
pub async fn streamed<F: Function>(
    service: &Service<F>,
    payload: &[u8],
    time: Duration,
) -> Result<(Value, Pieces), (String, String)> {
    match invoked(service, payload, time).await? {
        Response::Stream(streamed) => {
            let answer = head(&streamed);
            let (taken, work) = streamed.body();
            Ok((answer, Pieces { taken, work: Box::pin(work), is_written: false }))
        }
        other => Err(("not a stream".to_owned(), format!("{other:?}"))),
    }
}

/// A body that is written while it is read. Dropped, it is a client whose connection is cut.
pub struct Pieces {
    taken: mpsc::Receiver<Bytes>,
    work: BoxFuture<'static, Result<(), Broken>>,
    is_written: bool,
}

impl Pieces {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The body breaks off.
    pub async fn next(&mut self) -> Result<Option<String>, Broken> {
        while !self.is_written {
            tokio::select! {
                biased;
                Some(piece) = self.taken.recv() => return Ok(Some(text(&piece))),
                written = &mut self.work => {
                    self.is_written = true;
                    written?;
                }
            }
        }
        Ok(self.taken.recv().await.as_deref().map(text))
    }
}

fn text(piece: &[u8]) -> String {
    String::from_utf8_lossy(piece).into_owned()
}

async fn invoked<F: Function>(
    service: &Service<F>,
    payload: &[u8],
    time: Duration,
) -> Result<Response, (String, String)> {
    let event = Event::parse(payload);
    let mut context = Context::default();
    REQUEST_ID.clone_into(&mut context.request_id);
    let end = SystemTime::now().checked_add(time).and_then(|end| end.duration_since(UNIX_EPOCH).ok());
    context.deadline = u64::try_from(end.unwrap_or_default().as_millis()).unwrap_or(u64::MAX);
    let failed = |diagnostic: Diagnostic| (diagnostic.error_type, diagnostic.error_message);
    service.handle(event, &context).await.map_err(failed)
}

/// What comes before the body, read as a gateway reads it.
fn head(streamed: &Streamed) -> Value {
    let [prelude, _] = streamed.head();
    serde_json::from_slice(&prelude).unwrap_or_default()
}
