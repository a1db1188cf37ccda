//! Sends a request and reads its answer, with repeats: CONTRACT 2.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use http::Response;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::capture_connection;
use shared::{environment::BadConfig, failure::Called};
use tokio::time::{Instant, timeout_at};

use crate::{
    budget::Budget,
    connect::{Pool, pool},
    counting::Carrier,
    fault::{Fault, Stage, fault},
    peer::Peer,
    repeat::{Limits, Sent, send_with_repeats},
    request::HttpRequest,
    response::{Body, HttpResponse},
    stream::OpenBody,
};

/// Longest wait for the body of an error status: it can only refine the class that the status gives.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Build one per process and service. A clone shares connections and the budget of repeats.
#[derive(Debug, Clone)]
pub struct HttpClient {
    pool: Pool,
    budget: Arc<Budget>,
}

impl HttpClient {
    /// Without `https` no root certificates are loaded; `certificate_file` adds to the public roots. Errors name
    /// `variable`, whose service the client is for, or the variable of the certificate file.
    pub fn new(variable: &'static str, https: bool, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        pool(variable, https, certificate_file).map(|pool| Self { pool, budget: Arc::new(Budget::new()) })
    }

    /// Shares the connections, but has a budget of repeats of its own: use it for another service.
    #[must_use]
    pub fn with_own_budget(&self) -> Self {
        Self { pool: self.pool.clone(), budget: Arc::new(Budget::new()) }
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
        let sent = timeout_at(deadline, self.sent(request)).await.map_err(|_| Fault::OutOfTime)?;
        let (head, incoming) = sent?.into_parts();
        let body = if head.status.is_success() && request.is_streamed() {
            Body::Open(OpenBody::new(incoming))
        } else if head.status.is_success() {
            timeout_at(deadline, Body::receive(incoming)).await.map_err(|_| Fault::OutOfTime)??
        } else {
            let patience = deadline.min(Instant::now() + ERROR_BODY_TIMEOUT);
            timeout_at(patience, Body::receive(incoming)).await.ok().and_then(Result::ok).unwrap_or(Body::Unread)
        };
        Ok(HttpResponse { status: head.status.as_u16(), headers: head.headers, body })
    }

    /// Waits for the head of the answer.
    async fn sent(&self, request: &HttpRequest) -> Result<Response<Incoming>, Fault> {
        let mut request = request.to_http().ok_or(Fault::Unreachable)?;
        let (captured, mut carrier) = (capture_connection(&mut request), Carrier::default());
        let mut answer = self.pool.request(request);
        let answer = poll_fn(|context| {
            let polled = Pin::new(&mut answer).poll(context);
            carrier.note(&captured);
            polled
        });
        answer.await.map_err(|error| {
            let stage = match carrier.is_reused_and_silent() {
                _ if error.is_connect() => Stage::Connecting,
                true => Stage::Reused,
                false => Stage::Sent,
            };
            fault(&error, stage)
        })
    }
}
