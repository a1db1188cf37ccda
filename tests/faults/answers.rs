//! What a caller is told, held against the contract.

use kit::{answer::Answer, operations::Operation};
use serde_json::{Value, json};

use crate::{
    asked::{Asked, Trigger},
    fault::{Fault, Outcome, Says},
};

/// What was found wrong with one answer.
#[derive(Debug, Default)]
struct Differences(Vec<String>);

impl Differences {
    fn same(&mut self, what: &str, is: &Value, should: &Value) {
        if is != should {
            self.0.push(format!("{what} is {is}, not {should}"));
        }
    }
}

/// What is wrong with the answer to `fault`, if anything. `secrets` are what it may not name.
pub(crate) fn differences(
    fault: &Fault,
    asked: &Asked,
    trigger: Trigger,
    answer: &Answer,
    secrets: &[String],
) -> Vec<String> {
    let everything = answer.everything();
    let mut wrong = match fault.outcome {
        Outcome::Good => from_good(asked, trigger, answer),
        Outcome::Fails(error_type) if asked.is_health() => from_sick(error_type, trigger, answer),
        Outcome::Fails(error_type) if trigger == Trigger::EventBridge => from_failed(error_type, asked, answer),
        Outcome::Fails(error_type) => from_error(fault, error_type, asked, trigger, answer),
    };
    let named = secrets.iter().filter(|secret| everything.contains(secret.as_str()));
    wrong.extend(named.map(|secret| format!("it names {secret}")));
    wrong
}

/// What is wrong with an answer that has to be the result.
pub(crate) fn from_good(asked: &Asked, trigger: Trigger, answer: &Answer) -> Vec<String> {
    let mut wrong = Differences::default();
    let body = answer.body();
    if asked.is_health() {
        let healthy = json!({"status": "healthy", "generator": "remote", "blocks_loaded": true});
        wrong.same("the state", &body, &healthy);
    } else {
        wrong.same("type", &body["type"], &json!(asked.result));
        wrong.same("session_id", &body["session_id"], &json!(asked.session()));
    }
    wrong.same("status", &json!(answer.status()), &json!(trigger.is_http().then_some(200)));
    wrong.0
}

/// What is wrong with a state that has to be a sick one's.
fn from_sick(error_type: &str, trigger: Trigger, answer: &Answer) -> Vec<String> {
    let mut wrong = Differences::default();
    let sick = json!({"status": "unhealthy", "generator": "remote", "blocks_loaded": false, "error_type": error_type});
    wrong.same("the state", &answer.body(), &sick);
    wrong.same("status", &json!(answer.status()), &json!(trigger.is_http().then_some(503)));
    wrong.0
}

/// What is wrong with an invocation that has to fail.
fn from_failed(error_type: &str, asked: &Asked, answer: &Answer) -> Vec<String> {
    let mut wrong = Differences::default();
    let error = json!({"errorType": error_type, "errorMessage": asked.words.message(error_type)});
    let is = answer.error.clone().unwrap_or_default();
    for key in ["errorType", "errorMessage"] {
        wrong.same(key, &is[key], &error[key]);
    }
    wrong.0
}

/// What is wrong with an answer that has to be an error.
fn from_error(fault: &Fault, error_type: &str, asked: &Asked, trigger: Trigger, answer: &Answer) -> Vec<String> {
    let (status, retryable) = Operation::consequence(error_type);
    let (body, words) = (answer.body(), asked.words);
    let mut wrong = Differences::default();
    wrong.same("type", &body["type"], &json!("error"));
    wrong.same("error_type", &body["error_type"], &json!(error_type));
    wrong.same("error", &body["error"], &json!(format!("{}:{error_type}", words.code)));
    wrong.same("message", &body["message"], &json!(words.message(error_type)));
    wrong.same("retryable", &body["retryable"], &json!(fault.retryable.unwrap_or(retryable)));
    wrong.same("session_id", &body["session_id"], &json!(asked.session()));
    wrong.same("request_id", &body["request_id"], &json!(answer.request_id));
    wrong.same("details.error_type", &body["details"]["error_type"], &json!(error_type));
    for (key, value) in (asked.details)().as_object().into_iter().flatten() {
        wrong.same(key, &body["details"][key], value);
    }
    wrong.same("details.attempts", &body["details"]["attempts"], &json!(fault.calls + asked.answered));
    // Only who waited for an agent, and could wait elsewhere, can be helped so.
    let hint = body["details"]["hint"].as_str().is_some_and(|hint| hint.contains("Prefer: respond-async"));
    let can_wait = error_type == "timeout" && trigger.is_http() && ["generate", "patch"].contains(&asked.function);
    wrong.same("a hint at more time", &json!(hint), &json!(can_wait));
    let said = body["details"]["service_error"].as_str().unwrap_or_default();
    let fits = match fault.says {
        Says::Begins(begins) => said.starts_with(begins) && !said.is_empty(),
        Says::With(begins, too) => said.starts_with(begins) && said.contains(too),
        Says::Exactly(text) => said == text,
    };
    if !fits || said.contains("://") || said.chars().count() > 200 {
        wrong.0.push(format!("service_error is {said:?}, not {:?}", fault.says));
    }
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
        wrong.0.push(format!("Retry-After is {waits:?}, not {expected:?}"));
    }
}
