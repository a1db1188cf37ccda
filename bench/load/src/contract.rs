//! What an answer may be: the classes of errors are read from openapi.yaml, which a test of `shared` holds against the
//! code.

use std::{collections::HashMap, sync::LazyLock};

use kit::{answer::Answer, binaries::workspace};
use serde_json::Value;

/// Status and `retryable` of a class; `None` where that depends on the status of the generator.
type Class = (u64, Option<bool>);

/// Stands in the document for a class that the generator alone knows.
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

/// What an answer has to be.
#[derive(Debug, Clone)]
pub enum Expected {
    /// A result of this `type`, with status 200 where it is one over HTTP.
    Result(&'static str),
    /// This status, and a body in which this key has this text.
    Says(u64, &'static str, &'static str),
    /// An error of this class; `retryable` where the class does not decide it.
    Error(&'static str, Option<bool>),
    /// A failed invocation of this `errorType`.
    LambdaError(&'static str),
    /// So many messages of a batch stay on their queue.
    Stays(usize),
    /// A policy of this effect, for a gateway.
    Policy(&'static str),
    /// One of these.
    OneOf(Vec<Self>),
}

impl Expected {
    /// An error of a class that decides everything.
    pub fn error(error_type: &'static str) -> Self {
        Self::Error(error_type, None)
    }

    /// Holds `answer` against it.
    ///
    /// # Errors
    /// It is something else: what, in words.
    pub fn hold(&self, answer: &Answer) -> Result<(), String> {
        match self {
            Self::Result(name) => {
                let is_good = matches!(answer.status(), None | Some(200)) && answer.error.is_none();
                if is_good && answer.body()["type"] == *name { Ok(()) } else { Err(another(name, answer)) }
            }
            Self::Says(status, key, value) => {
                let says = answer.status() == Some(*status) && answer.body()[key] == *value;
                if says { Ok(()) } else { Err(another(value, answer)) }
            }
            Self::Error(error_type, retryable) => error(error_type, *retryable, answer),
            Self::LambdaError(name) => {
                if answer.lambda_error_type() == Some(name) {
                    Ok(())
                } else {
                    Err(another(name, answer))
                }
            }
            Self::Stays(messages) => {
                let failed = answer.payload.as_ref().and_then(|payload| payload["batchItemFailures"].as_array());
                if failed.map(Vec::len) == Some(*messages) {
                    return Ok(());
                }
                Err(another(&format!("{messages} messages that stay"), answer))
            }
            Self::Policy(effect) => {
                let is_policy = answer.body()["policyDocument"]["Statement"][0]["Effect"] == *effect;
                if is_policy { Ok(()) } else { Err(another(effect, answer)) }
            }
            Self::OneOf(all) => {
                let refused: Vec<_> = all.iter().map(|expected| expected.hold(answer)).collect();
                if refused.iter().any(Result::is_ok) { Ok(()) } else { Err(another("one of several", answer)) }
            }
        }
    }
}

/// What an answer is called in a table: the type of a result, or the class of an error.
pub fn name(answer: &Answer) -> String {
    let body = answer.body();
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
    if whole { Ok(()) } else { Err(another(error_type, answer)) }
}

fn another(expected: &str, answer: &Answer) -> String {
    let shown: String = answer.everything().chars().take(400).collect();
    format!("not {expected}, but after {:?}: {}", answer.elapsed, shown.trim())
}
