//! The job form of the wire: the generator answers 202 with a `job_id`, and is asked for the job until it is done.

use std::time::Duration;

use http_client::{Bearer, HttpClient, HttpRequest, HttpResponse, Limits};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use shared::{
    error_type::ErrorType,
    failure::{Called, Failure},
    json::Object,
};
use tokio::time::{Instant, sleep_until};

use super::envelope::{AGENT_GENERATOR, KEYS, TAKEN_OVER, failure_in, invalid, refused};

/// In bytes; a longer id is not one.
const LONGEST_ID: usize = 256;
/// Between two looks within a request, doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// For one look in the background: a generator that does not answer must not hold up the worker.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// So many looks in a row may fail within a request.
const FAILURES: u32 = 5;

/// How far a job is.
#[derive(Debug)]
pub(super) enum Look<T> {
    Done(T),
    /// Not done, or not to be seen just now; with the seconds that the generator wants to be left alone.
    Running(Option<u32>),
}

/// The job that a generator has made of a request, with the seconds after which it may be asked for.
pub(super) fn accepted(reply: &HttpResponse) -> Option<(String, Option<u32>)> {
    if reply.status != TAKEN_OVER {
        return None;
    }
    let answer = Object::parse_keys(reply.body.text()?, &KEYS).ok()?;
    let id = answer.string("job_id").filter(|id| !id.trim().is_empty() && id.len() <= LONGEST_ID)?;
    Some((id.into_owned(), reply.retry_after()))
}

/// What the answer to a look says. `parse` reads what would have been the answer to the request.
fn look<T>(reply: &HttpResponse, parse: fn(Object<'_>) -> Result<T, Failure>) -> Result<Look<T>, Failure> {
    match reply.status {
        404 | 410 => {
            let lost = Failure::new(ErrorType::ServiceUnavailable, "Agent Generator no longer knows the job");
            return Err(Failure { upstream_status: Some(reply.status), ..lost });
        }
        408 | 429 | 503 | 504 => return Ok(Look::Running(reply.retry_after())),
        _ if !reply.is_success() => return Err(refused(reply)),
        _ => {}
    }
    let told = || -> Result<Look<T>, Failure> {
        let text = reply.body.text().ok_or_else(|| invalid("Agent Generator returned a job that cannot be read"))?;
        let job = Object::parse_keys(text, &KEYS)
            .map_err(|_| invalid("Agent Generator returned a job that is not a JSON object"))?;
        match job.string("status").as_deref() {
            Some("accepted" | "pending" | "queued" | "running") => Ok(Look::Running(reply.retry_after())),
            Some("completed") => {
                let result = job.get("result").and_then(|result| Object::of_keys(result, &KEYS));
                let result = result.ok_or_else(|| invalid("Agent Generator returned a job without a result"))?;
                parse(result).map(Look::Done)
            }
            Some("failed") => Err(failure_in(&job, "Agent Generator's job failed")),
            _ => Err(invalid("Agent Generator returned a job of an unknown status")),
        }
    };
    let (upstream_status, retry_after) = (Some(reply.status), reply.retry_after());
    told().map_err(|failure| Failure { upstream_status, retry_after, ..failure })
}

/// The generator whose jobs are asked for.
pub(super) struct Jobs<'a> {
    pub(super) client: &'a HttpClient,
    pub(super) base: &'a Url,
    pub(super) token: Option<&'a Bearer>,
}

impl Jobs<'_> {
    /// Asks for a job once. A generator that is not reached just now is taken for one that is still at it.
    pub(super) async fn ask_for_job<T>(
        &self,
        id: &str,
        parse: fn(Object<'_>) -> Result<T, Failure>,
        deadline: Instant,
    ) -> Called<Look<T>> {
        let path = format!("/api/jobs/{}", utf8_percent_encode(id, NON_ALPHANUMERIC));
        let request = HttpRequest::get(self.base, &path);
        let asked = self.client.ask(&AGENT_GENERATOR, &request, self.token, Limits::once_by(deadline)).await;
        let Called { result, attempts, upstream_status, model } = asked;
        let result = match result {
            Ok(reply) => look(&reply, parse),
            Err(failure) if is_passing(&failure) => Ok(Look::Running(None)),
            Err(failure) => Err(failure),
        };
        Called { result, attempts, upstream_status, model }
    }

    /// Asks for a job until it is done, or the time is over.
    pub(super) async fn wait_for_job<T>(
        &self,
        (id, mut again_in): (String, Option<u32>),
        parse: fn(Object<'_>) -> Result<T, Failure>,
        deadline: Instant,
    ) -> Result<T, Failure> {
        let (mut wait, mut unseen) = (FIRST_WAIT, 0);
        loop {
            let asked = again_in.map_or(wait, |seconds| Duration::from_secs(seconds.into()));
            let next = Instant::now().checked_add(asked).filter(|next| *next < deadline);
            let Some(next) = next else {
                let text = "Agent Generator's job had not ended in time";
                return Err(Failure::new(ErrorType::Timeout, text));
            };
            sleep_until(next).await;
            let called = self.ask_for_job(&id, parse, deadline).await;
            match called.result? {
                Look::Done(result) => return Ok(result),
                Look::Running(seconds) => again_in = seconds,
            }
            unseen = if called.upstream_status == Some(200) { 0 } else { unseen + 1 };
            if unseen >= FAILURES {
                let text = "Agent Generator did not say how far the job is";
                return Err(Failure::new(ErrorType::ServiceUnavailable, text));
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// A look that failed on its way: the job is as far as it is.
fn is_passing(failure: &Failure) -> bool {
    matches!(
        failure.error_type,
        ErrorType::ConnectionError | ErrorType::RequestError | ErrorType::Timeout | ErrorType::ServiceUnavailable
    )
}

#[cfg(test)]
mod tests {
    use http_client::Body;
    use reqwest::header::{HeaderMap, RETRY_AFTER};

    use super::*;

    fn reply(status: u16, body: &str) -> HttpResponse {
        HttpResponse { status, headers: HeaderMap::new(), body: Body::Whole(body.as_bytes().to_vec()) }
    }

    fn seen(status: u16, body: &str) -> String {
        match look(&reply(status, body), |answer| Ok(answer.string("type").unwrap_or_default().into_owned())) {
            Ok(Look::Done(kind)) => format!("done {kind}"),
            Ok(Look::Running(_)) => "running".to_owned(),
            Err(failure) => {
                assert_eq!(failure.upstream_status, Some(status), "{body}");
                format!("{}: {}", failure.error_type.name(), failure.service_error)
            }
        }
    }

    #[test]
    fn a_202_with_a_job_is_asked_for_and_one_without_is_not() {
        let id = |body: &str| accepted(&reply(202, body)).map(|(id, _)| id);
        assert_eq!(id(r#"{"job_id":"a/b","status":"accepted"}"#).as_deref(), Some("a/b"));
        for other in ["", "{}", r#"{"job_id":7}"#, r#"{"job_id":" "}"#, "[]"] {
            assert_eq!(id(other), None, "{other}");
        }
        assert!(accepted(&reply(200, r#"{"job_id":"a"}"#)).is_none());
        assert_eq!(id(&format!(r#"{{"job_id":"{}"}}"#, "x".repeat(257))), None);
        let headers = [(RETRY_AFTER, "7".parse().unwrap())].into_iter().collect();
        let later = HttpResponse { headers, ..reply(202, r#"{"job_id":"a"}"#) };
        assert_eq!(accepted(&later), Some(("a".to_owned(), Some(7))));
    }

    #[test]
    fn every_way_in_which_a_job_ends_or_does_not_is_told_apart() {
        for status in ["accepted", "pending", "queued", "running"] {
            assert_eq!(seen(200, &format!(r#"{{"job_id":"a","status":"{status}"}}"#)), "running");
        }
        for status in [408, 429, 503, 504] {
            assert_eq!(seen(status, "busy"), "running");
        }
        assert_eq!(seen(200, r#"{"status":"completed","result":{"type":"vague_goal"}}"#), "done vague_goal");
        for (status, body, failed) in [
            (404, "", "service_unavailable: Agent Generator no longer knows the job"),
            (410, "{}", "service_unavailable: Agent Generator no longer knows the job"),
            (500, "", "http_error: HTTP error calling Agent Generator: status 500"),
            (200, r#"{"status":"failed","error":"no","error_type":"llm_timeout"}"#, "llm_timeout: no"),
            (200, r#"{"status":"failed"}"#, "unknown: Agent Generator's job failed"),
            (200, r#"{"status":"lost"}"#, "invalid_response: Agent Generator returned a job of an unknown status"),
            (200, r#"{"status":"completed"}"#, "invalid_response: Agent Generator returned a job without a result"),
            (
                200,
                r#"{"status":"completed","result":[]}"#,
                "invalid_response: Agent Generator returned a job without a result",
            ),
            (200, "<html>", "invalid_response: Agent Generator returned a job that is not a JSON object"),
        ] {
            assert_eq!(seen(status, body), failed, "{body}");
        }
        let headers = [(RETRY_AFTER, "7".parse().unwrap())].into_iter().collect();
        let failed = HttpResponse { headers, ..reply(200, r#"{"status":"failed","error_type":"llm_rate_limit"}"#) };
        assert_eq!(look(&failed, |_| Ok(())).unwrap_err().retry_after, Some(7));
    }
}
