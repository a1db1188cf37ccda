//! One exchange over HTTP with a service that may be slow, busy or broken: CONTRACT 2 (deadline, repeats).
//!
//! A remote generator, a language model and AWS Secrets Manager are all asked this way. What went wrong is told by type;
//! nothing here reads the text of an error.

pub(crate) mod connect;
mod fault;
mod peer;
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
use tokio::time::{Instant, sleep_until, timeout_at};

use self::connect::{DIALLED, client};
pub use self::{
    fault::Fault,
    peer::Peer,
    reply::{Body, MAX_ANSWER, Reply, code},
    request::{NoHeader, Request},
};
pub(crate) use self::{
    fault::{fault, find},
    reply::seconds_to_wait,
};
use crate::config::BadConfig;

/// A request is repeated at most this often.
const MAX_REPEATS: u32 = 2;
/// A service that asks for a longer wait is not asked again; its wish is passed on.
const LONGEST_WAIT_TO_REPEAT: u32 = 2;
/// The jitter of the first repeat; it doubles with each.
const JITTER: Duration = Duration::from_millis(100);
/// The class of an error status is known before its body: the body gets this long to name a better one.
const PATIENCE_WITH_AN_ERROR: Duration = Duration::from_secs(5);

/// The client's side of exchanges: one per process and kind of service. A clone shares its connections.
#[derive(Debug, Clone)]
pub struct Exchange {
    client: Client,
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
        client(variable, https, certificate_file).map(|client| Self { client })
    }

    /// Sends `request` and reads the answer, by `deadline` at the latest. Repeats it, at most twice, where it was surely
    /// not processed.
    pub async fn send(&self, request: &Request, deadline: Instant) -> Exchanged {
        self.send_again(request, deadline, MAX_REPEATS).await
    }

    /// Sends `request` and reads the answer, by `deadline` at the latest, and leaves any repeat to the caller.
    pub async fn send_once(&self, request: &Request, deadline: Instant) -> Exchanged {
        self.send_again(request, deadline, 0).await
    }

    async fn send_again(&self, request: &Request, deadline: Instant, repeats: u32) -> Exchanged {
        let mut attempts = 0;
        loop {
            if Instant::now() >= deadline {
                return Exchanged { result: Err(Fault::OutOfTime), attempts };
            }
            attempts += 1;
            let result = self.once(request, deadline).await;
            let wait = match &result {
                Ok(reply) => wait_to_repeat(reply),
                Err(fault) => fault.is_repeatable().then_some(0),
            };
            if let Some(seconds) = wait.filter(|_| attempts <= repeats) {
                let again = Instant::now() + Duration::from_secs(seconds.into()) + jitter(attempts);
                if again < deadline {
                    sleep_until(again).await;
                    continue;
                }
            }
            return Exchanged { result, attempts };
        }
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

/// The seconds after which the service surely takes the request that it has turned away.
fn wait_to_repeat(reply: &Reply) -> Option<u32> {
    reply.retry_after().filter(|seconds| matches!(reply.status, 429 | 503) && *seconds <= LONGEST_WAIT_TO_REPEAT)
}

/// Full jitter that doubles with each attempt.
fn jitter(attempts: u32) -> Duration {
    JITTER.saturating_mul(1 << attempts.min(8)).mul_f64(fastrand::f64())
}
