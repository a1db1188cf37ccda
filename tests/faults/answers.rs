//! Checks an answer against the contract.

use kit::{actions::Action, answer::Answer};
use serde_json::{Value, json};

use crate::{
    assistants,
    fault::{Fault, Outcome, ServiceError},
    request::{Request, Trigger},
};

/// What is wrong with one answer.
#[derive(Debug, Default)]
struct Differences(Vec<String>);

impl Differences {
    fn same(&mut self, what: &str, is: &Value, should: &Value) {
        if is != should {
            self.0.push(format!("{what} is {is}, expected {should}"));
        }
    }
}

/// What is wrong with the answer to `fault`. It must not contain any of `secrets`.
pub(crate) fn differences(
    fault: &Fault,
    request: &Request,
    trigger: Trigger,
    answer: &Answer,
    secrets: &[String],
) -> Vec<String> {
    let everything = answer.everything();
    let mut wrong = match fault.outcome {
        Outcome::Good => check_good(request, trigger, answer),
        Outcome::Fails(error_type) if request.is_health() => check_unhealthy(error_type, trigger, answer),
        Outcome::Fails(error_type) if trigger == Trigger::EventBridge => {
            check_failed_invocation(error_type, request, answer)
        }
        Outcome::Fails(error_type) if trigger == Trigger::Assistant => {
            check_tool_error(fault, error_type, request, answer)
        }
        Outcome::Fails(error_type) => check_error(fault, error_type, request, trigger, answer),
    };
    let named = secrets.iter().filter(|secret| everything.contains(secret.as_str()));
    wrong.extend(named.map(|secret| format!("it contains {secret}")));
    wrong
}

/// The answer has to be the result.
pub(crate) fn check_good(request: &Request, trigger: Trigger, answer: &Answer) -> Vec<String> {
    let mut wrong = Differences::default();
    let body = if trigger == Trigger::Assistant { assistants::told(answer).1 } else { answer.body() };
    if request.is_health() {
        let healthy = json!({"status": "healthy", "generator": "remote", "blocks_loaded": true});
        wrong.same("the health", &body, &healthy);
    } else {
        wrong.same("type", &body["type"], &json!(request.result));
        let session = request.session().filter(|_| trigger != Trigger::Assistant);
        wrong.same("session_id", &body["session_id"], &json!(session));
    }
    let has_status = trigger.is_http() || trigger == Trigger::Assistant;
    wrong.same("status", &json!(answer.status()), &json!(has_status.then_some(200)));
    wrong.0
}

/// The answer has to be an unhealthy state.
fn check_unhealthy(error_type: &str, trigger: Trigger, answer: &Answer) -> Vec<String> {
    let mut wrong = Differences::default();
    let unhealthy =
        json!({"status": "unhealthy", "generator": "remote", "blocks_loaded": false, "error_type": error_type});
    wrong.same("the health", &answer.body(), &unhealthy);
    wrong.same("status", &json!(answer.status()), &json!(trigger.is_http().then_some(503)));
    wrong.0
}

/// The invocation has to fail.
fn check_failed_invocation(error_type: &str, request: &Request, answer: &Answer) -> Vec<String> {
    let mut wrong = Differences::default();
    let error = json!({"errorType": error_type, "errorMessage": request.action.message(error_type)});
    let is = answer.error.clone().unwrap_or_default();
    for key in ["errorType", "errorMessage"] {
        wrong.same(key, &is[key], &error[key]);
    }
    wrong.0
}

impl ServiceError {
    /// What is wrong with the text that a caller got.
    fn differs(&self, said: &Value) -> Option<String> {
        let said = said.as_str().unwrap_or_default();
        let fits = match self {
            Self::StartsWith(begins) => said.starts_with(begins) && !said.is_empty(),
            Self::Contains(begins, too) => said.starts_with(begins) && said.contains(too),
            Self::Exactly(text) => said == *text,
        };
        let is_wrong = !fits || said.contains("://") || said.chars().count() > 200;
        is_wrong.then(|| format!("service_error is {said:?}, expected {self:?}"))
    }
}

/// The answer has to be a result of the tool that tells its failure.
fn check_tool_error(fault: &Fault, error_type: &str, request: &Request, answer: &Answer) -> Vec<String> {
    let (_, retryable) = Action::consequence(error_type);
    let (is_error, told) = assistants::told(answer);
    let mut wrong = Differences::default();
    wrong.same("status and isError", &json!([answer.status(), is_error]), &json!([200, true]));
    for (key, value) in [
        ("type", json!("error")),
        ("error_type", json!(error_type)),
        ("message", json!(request.action.message(error_type))),
        ("retryable", json!(fault.retryable.unwrap_or(retryable))),
        ("request_id", json!(answer.request_id)),
    ] {
        wrong.same(key, &told[key], &value);
    }
    wrong.same("next", &json!(told["next"].as_str().is_some_and(|next| !next.is_empty())), &json!(true));
    wrong.0.extend(fault.service_error.differs(&told["service_error"]));
    wrong.0
}

/// The answer has to be an error.
fn check_error(fault: &Fault, error_type: &str, request: &Request, trigger: Trigger, answer: &Answer) -> Vec<String> {
    let (status, retryable) = Action::consequence(error_type);
    let (body, action) = (answer.body(), request.action);
    let mut wrong = Differences::default();
    wrong.same("type", &body["type"], &json!("error"));
    wrong.same("error_type", &body["error_type"], &json!(error_type));
    wrong.same("error", &body["error"], &json!(format!("{}:{error_type}", action.code)));
    wrong.same("message", &body["message"], &json!(action.message(error_type)));
    wrong.same("retryable", &body["retryable"], &json!(fault.retryable.unwrap_or(retryable)));
    wrong.same("session_id", &body["session_id"], &json!(request.session()));
    wrong.same("request_id", &body["request_id"], &json!(answer.request_id));
    wrong.same("details.error_type", &body["details"]["error_type"], &json!(error_type));
    for (key, value) in (request.details)().as_object().into_iter().flatten() {
        wrong.same(key, &body["details"][key], value);
    }
    wrong.same("details.attempts", &body["details"]["attempts"], &json!(fault.calls + request.answered));
    // Background work helps only if generating timed out over HTTP.
    let hint = body["details"]["hint"].as_str().is_some_and(|hint| hint.contains("Prefer: respond-async"));
    let can_wait = error_type == "timeout" && trigger.is_http() && ["generate", "patch"].contains(&request.function);
    wrong.same("a hint at background work", &json!(hint), &json!(can_wait));
    wrong.0.extend(fault.service_error.differs(&body["details"]["service_error"]));
    wrong.same("status", &json!(answer.status()), &json!(trigger.is_http().then_some(status)));
    if trigger.is_http() {
        headers(fault, error_type, answer, &mut wrong);
    }
    wrong.0
}

fn headers(fault: &Fault, error_type: &str, answer: &Answer, wrong: &mut Differences) {
    for (name, value) in [
        ("x-request-id", answer.request_id.as_str()),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store, no-cache, must-revalidate, private"),
        ("content-type", "application/json"),
    ] {
        wrong.same(name, &json!(answer.header(name)), &json!(value));
    }
    let waits = answer.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok());
    let expected = fault.retry_after.or(match error_type {
        "rate_limit" | "llm_rate_limit" => Some((5, 5)),
        "service_unavailable" => Some((10, 10)),
        _ => None,
    });
    let in_time = match expected {
        Some((lowest, highest)) => waits.is_some_and(|seconds| (lowest..=highest).contains(&seconds)),
        None => waits.is_none(),
    };
    if !in_time {
        wrong.0.push(format!("Retry-After is {waits:?}, expected {expected:?}"));
    }
}
