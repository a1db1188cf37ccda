//! Invokes a function in process, as Lambda does.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use lambda::{Function, RequestFunction, Service, trigger::Event};
use lambda_runtime::{Context, Diagnostic};
use serde_json::Value;
use shared::upstream::Upstream;

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
/// failed invocation.
pub async fn handled<F: Function>(service: &Service<F>, payload: &[u8]) -> Result<Value, (String, String)> {
    let event = Event::parse(payload);
    let mut context = Context::default();
    REQUEST_ID.clone_into(&mut context.request_id);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    context.deadline = u64::try_from(now.as_millis()).unwrap_or(u64::MAX).saturating_add(30_000);
    let failed = |diagnostic: Diagnostic| (diagnostic.error_type, diagnostic.error_message);
    let response = service.handle(event, &context).await.map_err(failed)?;
    // To text and back, as Lambda gets it.
    let text = serde_json::to_string(&response).map_err(|error| ("the answer".to_owned(), error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| ("the answer".to_owned(), error.to_string()))
}
