//! One request and its answer, repeated within limits: CONTRACT 2.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::Client;
use shared::{environment::BadConfig, failure::Called};
use tokio::time::{Instant, timeout_at};

use crate::{
    budget::Budget,
    connect::{DIALLED, client},
    fault::{Fault, fault},
    peer::Peer,
    repeat::{Exchanged, Limits, repeated},
    request::HttpRequest,
    response::{Body, HttpResponse},
};

/// The class of an error status is known before its body: the body gets this long to name a better one.
const PATIENCE_WITH_AN_ERROR: Duration = Duration::from_secs(5);

/// The client's side of exchanges: one per process and kind of service. A clone shares its connections, and what may be
/// repeated.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    budget: Arc<Budget>,
}

impl HttpClient {
    /// A client; `https` where it is to speak TLS, and `certificate_file` for the certificates that it trusts beside the
    /// public ones. `variable` is what asks for it.
    ///
    /// # Errors
    /// The certificate file does not hold, or no client can be built here.
    pub fn new(variable: &'static str, https: bool, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        client(variable, https, certificate_file).map(|client| Self { client, budget: Arc::new(Budget::new()) })
    }

    /// The same client for another service: what may be repeated there is counted apart.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self { client: self.client.clone(), budget: Arc::new(Budget::new()) }
    }

    /// Sends `request` and reads the answer, within `limits`.
    pub async fn send(&self, request: &HttpRequest, limits: Limits) -> Exchanged {
        repeated(limits, &self.budget, || self.once(request, limits.deadline)).await
    }

    /// Like [`Self::ask`], but adds no bearer token.
    pub(crate) async fn ask_without_token(
        &self,
        peer: &Peer,
        request: &HttpRequest,
        limits: Limits,
    ) -> Called<HttpResponse> {
        let exchanged = self.send(request, limits).await;
        let (attempts, upstream_status) = (exchanged.attempts, exchanged.status());
        let result = exchanged.result.map_err(|fault| peer.unanswered(fault));
        Called { result, attempts, upstream_status, model: None }
    }

    /// One request and its answer.
    async fn once(&self, request: &HttpRequest, deadline: Instant) -> Result<HttpResponse, Fault> {
        let dialled = Arc::new(AtomicBool::new(false));
        let sent = DIALLED.scope(Arc::clone(&dialled), request.on(&self.client).send());
        let mut response = timeout_at(deadline, sent)
            .await
            .map_err(|_| Fault::OutOfTime)?
            .map_err(|error| fault(&error, dialled.load(Ordering::Relaxed)))?;
        let status = response.status();
        let body = if status.is_success() {
            timeout_at(deadline, Body::read(&mut response)).await.map_err(|_| Fault::OutOfTime)??
        } else {
            let patience = deadline.min(Instant::now() + PATIENCE_WITH_AN_ERROR);
            timeout_at(patience, Body::read(&mut response)).await.ok().and_then(Result::ok).unwrap_or(Body::Unread)
        };
        Ok(HttpResponse { status: status.as_u16(), headers: std::mem::take(response.headers_mut()), body })
    }
}
