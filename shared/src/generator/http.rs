//! The client of a remote generator: CONTRACT 2 (deadline, repeats) and 8 (the wire).
//!
//! One client per process. What went wrong is told by type; nothing here reads the text of an error.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use reqwest::{
    Client, Method, Response, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{
    AgentGenerator, CallFuture, Called, DecomposeCall, Decomposition, Draft, Failure, GenerateCall, Health, PatchCall,
    connect::{DIALLED, client},
    fault::{Fault, fault},
    wire::{self, Body, Reply},
};
use crate::{config::BadConfig, error_type::ErrorType, json};

/// A larger answer is not read to its end.
pub const MAX_ANSWER: usize = 5 * 1024 * 1024;
/// A call is repeated at most this often.
const MAX_REPEATS: u32 = 2;
/// A generator that asks for a longer wait is not asked again; its wish is passed on.
const LONGEST_WAIT_TO_REPEAT: u32 = 2;
/// The jitter of the first repeat; it doubles with each.
const JITTER: Duration = Duration::from_millis(100);
/// The class of an error status is known before its body: the body gets this long to name a better one.
const PATIENCE_WITH_AN_ERROR: Duration = Duration::from_secs(5);

/// A remote generator.
#[derive(Debug)]
pub struct RemoteGenerator {
    client: Client,
    base: Url,
}

impl RemoteGenerator {
    /// A client for the generator at `base`, whose path is a prefix.
    ///
    /// # Errors
    /// The certificate file does not hold.
    pub fn new(base: Url, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let client = client(base.scheme() == "https", certificate_file)?;
        Ok(Self { client, base })
    }

    /// Posts `request` to `path` and reads the answer with `read`.
    fn post<'a, T: 'a>(
        &'a self,
        path: &'static str,
        request: &impl Serialize,
        deadline: Instant,
        read: fn(&RawValue) -> Result<T, Failure>,
    ) -> CallFuture<'a, T> {
        let body = serde_json::to_vec(request).map(Bytes::from);
        Box::pin(async move {
            match body {
                Ok(body) => self.call(Method::POST, path, Some(body), deadline, read).await,
                Err(_) => Called::in_process(Err(Failure::new(
                    ErrorType::UnexpectedError,
                    "Unexpected error calling Agent Generator: the request could not be written",
                ))),
            }
        })
    }

    async fn call<T>(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
        deadline: Instant,
        read: fn(&RawValue) -> Result<T, Failure>,
    ) -> Called<T> {
        let mut attempts = 0;
        loop {
            if Instant::now() >= deadline {
                return Called { result: Err(Fault::OutOfTime.failure()), attempts, upstream_status: None };
            }
            attempts += 1;
            let reply = self.exchange(method.clone(), path, body.clone(), deadline).await;
            let (wait, upstream_status) = match &reply {
                Ok(reply) => (reply.wait_to_repeat(), Some(reply.status)),
                Err(fault) => (fault.is_repeatable().then_some(0), None),
            };
            if let Some(seconds) = wait.filter(|_| attempts <= MAX_REPEATS) {
                let again = Instant::now() + Duration::from_secs(seconds.into()) + jitter(attempts);
                if again < deadline {
                    sleep_until(again).await;
                    continue;
                }
            }
            let result = reply.map_err(Fault::failure).and_then(|reply| wire::read(&reply, read));
            return Called { result, attempts, upstream_status };
        }
    }

    /// One request and its answer.
    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
        deadline: Instant,
    ) -> Result<Reply, Fault> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        let mut request = self.client.request(method, url).header(ACCEPT, "application/json");
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let dialled = Arc::new(AtomicBool::new(false));
        let mut response = timeout_at(deadline, DIALLED.scope(Arc::clone(&dialled), request.send()))
            .await
            .map_err(|_| Fault::OutOfTime)?
            .map_err(|error| fault(&error, dialled.load(Ordering::Relaxed)))?;
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let body = if status.is_success() {
            timeout_at(deadline, read_body(&mut response)).await.map_err(|_| Fault::OutOfTime)??
        } else {
            let patience = deadline.min(Instant::now() + PATIENCE_WITH_AN_ERROR);
            timeout_at(patience, read_body(&mut response)).await.ok().and_then(Result::ok).unwrap_or(Body::Unread)
        };
        Ok(Reply { status: status.as_u16(), retry_after, body })
    }
}

impl Reply {
    /// The seconds after which the generator surely takes the call that it has turned away.
    fn wait_to_repeat(&self) -> Option<u32> {
        self.retry_after.filter(|seconds| matches!(self.status, 429 | 503) && *seconds <= LONGEST_WAIT_TO_REPEAT)
    }
}

/// Full jitter that doubles with each attempt.
fn jitter(attempts: u32) -> Duration {
    JITTER.saturating_mul(1 << attempts.min(8)).mul_f64(fastrand::f64())
}

async fn read_body(response: &mut Response) -> Result<Body, Fault> {
    let announced = response.content_length().unwrap_or(0);
    let Some(announced) = usize::try_from(announced).ok().filter(|length| *length <= MAX_ANSWER) else {
        return Ok(Body::TooLarge);
    };
    let mut body = Vec::with_capacity(announced);
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error, true))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Ok(Body::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Body::Whole(body))
}

/// The seconds that `Retry-After` asks for, as a number or a date, clamped to 1..=3600.
fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than the type holds ask for more than the most.
        value.parse().unwrap_or(u64::MAX)
    } else {
        let date = httpdate::parse_http_date(value).ok()?;
        let ahead = date.duration_since(SystemTime::now()).unwrap_or_default();
        ahead.as_secs() + u64::from(ahead.subsec_nanos() > 0)
    };
    u32::try_from(seconds.clamp(1, 3600)).ok()
}

#[derive(Serialize)]
struct DecomposeBody<'a> {
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_instruction: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    library_agents: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct GenerateBody<'a> {
    instructions: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    library_agents: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct PatchBody<'a> {
    update_request: &'a str,
    current_agent_json: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    library_agents: Option<&'a RawValue>,
}

impl AgentGenerator for RemoteGenerator {
    fn kind(&self) -> &'static str {
        "remote"
    }

    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition> {
        let DecomposeCall { description, context: user_instruction, library_agents } = call;
        let body = DecomposeBody { description, user_instruction, library_agents };
        self.post("/api/decompose-description", &body, deadline, wire::decomposition)
    }

    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Draft> {
        let GenerateCall { instructions, library_agents } = call;
        self.post("/api/generate-agent", &GenerateBody { instructions, library_agents }, deadline, wire::draft)
    }

    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Draft> {
        let PatchCall { update_request, current_agent_json, library_agents } = call;
        let body = PatchBody { update_request, current_agent_json, library_agents };
        self.post("/api/update-agent", &body, deadline, wire::draft)
    }

    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>> {
        Box::pin(self.call(Method::GET, "/api/blocks", None, deadline, wire::blocks))
    }

    fn health(&self, deadline: Instant) -> CallFuture<'_, Health> {
        Box::pin(self.call(Method::GET, "/health", None, deadline, |answer| {
            let answer = json::Object::of(answer).unwrap_or_default();
            Ok(Health {
                healthy: answer.string("status").is_some_and(|status| status == "healthy"),
                blocks_loaded: answer.get("blocks_loaded").is_some_and(|loaded| loaded.get() == "true"),
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(value: &str) -> Option<u32> {
        retry_after(&HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]))
    }

    #[test]
    fn the_generators_wish_to_be_left_alone_is_understood_and_kept_within_an_hour() {
        for (value, seconds) in [
            ("7", Some(7)),
            ("0", Some(1)),
            ("99999999999999999999", Some(3600)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(given(value), seconds, "{value}");
        }
        let in_a_minute = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(61));
        assert!(given(&in_a_minute).is_some_and(|seconds| (59..=62).contains(&seconds)));
        assert_eq!(given("Sun, 06 Nov 1994 08:49:37 GMT"), Some(1));
    }
}
