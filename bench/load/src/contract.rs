//! Checks answers. The error classes come from openapi.yaml, which is tested against the code elsewhere.

use std::{collections::HashMap, sync::LazyLock};

use kit::{answer::Answer, binaries::workspace};
use serde_json::Value;

/// Status and `retryable` of a class; `None` if that depends on the generator's status.
type Class = (u64, Option<bool>);

/// The row in openapi.yaml for a generator's own classes.
const ANY_OTHER: &str = "*";

static CLASSES: LazyLock<HashMap<String, Class>> = LazyLock::new(|| {
    let text = std::fs::read_to_string(workspace().join("openapi.yaml")).expect("the workspace has an openapi.yaml");
    let document: Value = yaml_serde::from_str(&text).expect("openapi.yaml is YAML");
    let rows = document["x-error-types"].as_array().expect("openapi.yaml lists the classes of errors");
    rows.iter().map(class).collect()
});

fn class(row: &Value) -> (String, Class) {
    let name = row["error_type"].as_str().expect("a class has a name").to_owned();
    let status = row["status"].as_u64().expect("a class has a status");
    (name, (status, row["retryable"].as_bool()))
}

/// The expected answer.
#[derive(Debug, Clone)]
pub enum Expected {
    /// A result of this `type`; over HTTP with status 200.
    Result(&'static str),
    /// A status, whatever the body.
    Status(u64),
    /// A status, and a key with its value in the body.
    Says(u64, &'static str, &'static str),
    /// A stream of events without a gap, the last of which is this one.
    Events(&'static str),
    /// A text with status 200 that ends so.
    EndsWith(&'static str),
    /// The result of a tool, or its error, which is a result too.
    Tool {
        fails: bool,
    },
    /// A status, and an error of the protocol with this code.
    Fault(u64, i32),
    /// An error class, and `retryable` if the class does not decide it.
    Error(&'static str, Option<bool>),
    /// A failed invocation with this `errorType`.
    LambdaError(&'static str),
    /// The number of messages of the batch that stay on the queue.
    Stays(usize),
    /// An authorizer's policy with this effect.
    Policy(&'static str),
    OneOf(Vec<Self>),
}

impl Expected {
    /// An error whose class decides `retryable`.
    pub fn error(error_type: &'static str) -> Self {
        Self::Error(error_type, None)
    }

    /// # Errors
    /// If the answer is another one, with its text.
    pub fn check(&self, answer: &Answer) -> Result<(), String> {
        match self {
            Self::Result(name) => {
                let is_good = matches!(answer.status(), None | Some(200)) && answer.error.is_none();
                if is_good && answer.body()["type"] == *name { Ok(()) } else { Err(unexpected(name, answer)) }
            }
            Self::Status(status) => {
                if answer.status() == Some(*status) {
                    Ok(())
                } else {
                    Err(unexpected(&status.to_string(), answer))
                }
            }
            Self::Says(status, key, value) => {
                let says = answer.status() == Some(*status) && answer.body()[key] == *value;
                if says { Ok(()) } else { Err(unexpected(value, answer)) }
            }
            Self::Events(last) => {
                let text = answer.text();
                let of_lines = |field| text.lines().filter_map(move |line: &str| line.strip_prefix(field));
                let numbers: Vec<_> = of_lines("id: ").collect();
                let is_whole = numbers.iter().zip(1..).all(|(given, number)| *given == number.to_string());
                let is_right =
                    answer.status() == Some(200) && is_whole && of_lines("event: ").next_back() == Some(last);
                if is_right { Ok(()) } else { Err(unexpected(last, answer)) }
            }
            Self::EndsWith(end) => {
                let is_right = answer.status() == Some(200) && answer.text().ends_with(end);
                if is_right { Ok(()) } else { Err(unexpected(end, answer)) }
            }
            Self::Tool { fails } => {
                let told = answer.status() == Some(200) && answer.body()["result"]["isError"] == *fails;
                if told { Ok(()) } else { Err(unexpected("a tool's answer", answer)) }
            }
            Self::Fault(status, code) => {
                let told = answer.status() == Some(*status) && answer.body()["error"]["code"] == *code;
                if told { Ok(()) } else { Err(unexpected(&code.to_string(), answer)) }
            }
            Self::Error(error_type, retryable) => error(error_type, *retryable, answer),
            Self::LambdaError(name) => {
                if answer.lambda_error_type() == Some(name) {
                    Ok(())
                } else {
                    Err(unexpected(name, answer))
                }
            }
            Self::Stays(messages) => {
                let failed = answer.payload.as_ref().and_then(|payload| payload["batchItemFailures"].as_array());
                if failed.map(Vec::len) == Some(*messages) {
                    return Ok(());
                }
                Err(unexpected(&format!("{messages} messages that stay"), answer))
            }
            Self::Policy(effect) => {
                let is_policy = answer.body()["policyDocument"]["Statement"][0]["Effect"] == *effect;
                if is_policy { Ok(()) } else { Err(unexpected(effect, answer)) }
            }
            Self::OneOf(all) => {
                let refused: Vec<_> = all.iter().map(|expected| expected.check(answer)).collect();
                if refused.iter().any(Result::is_ok) { Ok(()) } else { Err(unexpected("one of several", answer)) }
            }
        }
    }
}

/// The answer's name in a table: the type of a result, the class of an error, the effect of a policy, or what
/// becomes of a message.
pub fn name(answer: &Answer) -> String {
    let body = answer.body();
    if let Some(stay) = body["batchItemFailures"].as_array() {
        return if stay.is_empty() { "taken".to_owned() } else { "stays on the queue".to_owned() };
    }
    if let Some(effect) = body["policyDocument"]["Statement"][0]["Effect"].as_str() {
        return effect.to_owned();
    }
    let text = |key: &str| body[key].as_str().map(str::to_owned);
    let named = text("error_type").or_else(|| text("type")).or_else(|| text("status"));
    named.or_else(|| answer.lambda_error_type().map(str::to_owned)).unwrap_or_else(|| "?".to_owned())
}

fn error(error_type: &str, retryable: Option<bool>, answer: &Answer) -> Result<(), String> {
    let (status, by_class) = CLASSES.get(error_type).or(CLASSES.get(ANY_OTHER)).expect("openapi.yaml has such classes");
    let body = answer.body();
    let has_text = |key: &str| body[key].as_str().is_some_and(|text| !text.is_empty());
    let again = body["retryable"].as_bool();
    let whole = body["type"] == "error"
        && body["error_type"] == error_type
        && body["details"]["error_type"] == error_type
        && ["message", "error", "request_id"].into_iter().all(has_text)
        && again.is_some()
        && retryable.or(*by_class).is_none_or(|expected| again == Some(expected))
        // An answer without HTTP has no status.
        && answer.status().is_none_or(|given| given == *status);
    if whole { Ok(()) } else { Err(unexpected(error_type, answer)) }
}

fn unexpected(expected: &str, answer: &Answer) -> String {
    let shown: String = answer.everything().chars().take(400).collect();
    format!("not {expected}, but after {:?}: {}", answer.elapsed, shown.trim())
}
