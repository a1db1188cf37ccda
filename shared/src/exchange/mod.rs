//! One exchange over HTTP with a service that may be slow, busy or broken: CONTRACT 2 (deadline, repeats).
//!
//! A remote generator, a language model and AWS Secrets Manager are all asked this way. What went wrong is told by type;
//! nothing here reads the text of an error.

mod address;
mod bearer;
mod budget;
pub(crate) mod connect;
mod fault;
mod peer;
mod repeat;
mod reply;
mod request;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::Client;
use tokio::time::{Instant, timeout_at};

pub use self::{
    address::http_address,
    bearer::Bearer,
    fault::Fault,
    peer::Peer,
    repeat::Limits,
    reply::{Body, MAX_ANSWER, Reply, code},
    request::{NoHeader, Request},
};
use self::{
    budget::Budget,
    connect::{DIALLED, client},
    repeat::repeated,
};
pub(crate) use self::{
    fault::{fault, find},
    reply::seconds_to_wait,
};
use crate::{environment::BadConfig, failure::Called};

/// The class of an error status is known before its body: the body gets this long to name a better one.
const PATIENCE_WITH_AN_ERROR: Duration = Duration::from_secs(5);

/// The client's side of exchanges: one per process and kind of service. A clone shares its connections, and what may be
/// repeated.
#[derive(Debug, Clone)]
pub struct Exchange {
    client: Client,
    budget: Arc<Budget>,
}

/// What one request, with its repeats, came to.
#[derive(Debug)]
pub struct Exchanged {
    /// The answer of the last time, whatever its status, or why there is none.
    pub result: Result<Reply, Fault>,
    /// How often the request was sent; 0 where there was no time left to send it.
    pub attempts: u32,
}

impl Exchanged {
    /// The HTTP status of the answer, where there is one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.result.as_ref().ok().map(|reply| reply.status)
    }
}

impl Exchange {
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
    pub async fn send(&self, request: &Request, limits: Limits) -> Exchanged {
        repeated(limits, &self.budget, || self.once(request, limits.deadline)).await
    }

    /// Asks `peer` within `limits`, in the name of `bearer` where there is one. An answer of an error status is an answer
    /// here.
    pub async fn ask(&self, peer: &Peer, request: &Request, bearer: Option<&Bearer>, limits: Limits) -> Called<Reply> {
        match bearer {
            Some(bearer) => bearer.ask(self, peer, request, limits).await,
            None => self.told(peer, request, limits).await,
        }
    }

    /// The same in nobody's name, or in that which stands in the request.
    async fn told(&self, peer: &Peer, request: &Request, limits: Limits) -> Called<Reply> {
        let exchanged = self.send(request, limits).await;
        let (attempts, upstream_status) = (exchanged.attempts, exchanged.status());
        let result = exchanged.result.map_err(|fault| peer.unanswered(fault));
        Called { result, attempts, upstream_status, model: None }
    }

    /// One request and its answer.
    async fn once(&self, request: &Request, deadline: Instant) -> Result<Reply, Fault> {
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
        Ok(Reply { status: status.as_u16(), headers: std::mem::take(response.headers_mut()), body })
    }
}
