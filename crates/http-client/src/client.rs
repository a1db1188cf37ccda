//! Sends a request and reads its answer, with repeats: CONTRACT 2.

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
    repeat::{Limits, Sent, send_with_repeats},
    request::HttpRequest,
    response::{Body, HttpResponse},
};

/// Longest wait for the body of an error status: it can only refine the class that the status gives.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Build one per process and service. A clone shares connections and the budget of repeats.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    budget: Arc<Budget>,
}

impl HttpClient {
    /// Without `https` no root certificates are loaded; `certificate_file` adds to the public roots. Errors name
    /// `variable`, whose service the client is for, or the variable of the certificate file.
    pub fn new(variable: &'static str, https: bool, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        client(variable, https, certificate_file).map(|client| Self { client, budget: Arc::new(Budget::new()) })
    }

    /// Shares the connections, but has a budget of repeats of its own: use it for another service.
    #[must_use]
    pub fn with_own_budget(&self) -> Self {
        Self { client: self.client.clone(), budget: Arc::new(Budget::new()) }
    }

    pub async fn send(&self, request: &HttpRequest, limits: Limits) -> Sent {
        send_with_repeats(limits, &self.budget, || self.once(request, limits.deadline)).await
    }

    /// Like [`Self::ask`], but adds no bearer token.
    pub(crate) async fn ask_without_token(
        &self,
        peer: &Peer,
        request: &HttpRequest,
        limits: Limits,
    ) -> Called<HttpResponse> {
        let sent = self.send(request, limits).await;
        let (attempts, upstream_status) = (sent.attempts, sent.status());
        let result = sent.result.map_err(|fault| peer.classify_fault(fault));
        Called { result, attempts, upstream_status, model: None }
    }

    async fn once(&self, request: &HttpRequest, deadline: Instant) -> Result<HttpResponse, Fault> {
        let dialled = Arc::new(AtomicBool::new(false));
        let sent = DIALLED.scope(Arc::clone(&dialled), request.on(&self.client).send());
        let mut response = timeout_at(deadline, sent)
            .await
            .map_err(|_| Fault::OutOfTime)?
            .map_err(|error| fault(&error, dialled.load(Ordering::Relaxed)))?;
        let status = response.status();
        let body = if status.is_success() {
            timeout_at(deadline, Body::receive(&mut response)).await.map_err(|_| Fault::OutOfTime)??
        } else {
            let patience = deadline.min(Instant::now() + ERROR_BODY_TIMEOUT);
            timeout_at(patience, Body::receive(&mut response)).await.ok().and_then(Result::ok).unwrap_or(Body::Unread)
        };
        Ok(HttpResponse { status: status.as_u16(), headers: std::mem::take(response.headers_mut()), body })
    }
}
