//! Events as Lambda sends them.

use serde_json::{Value, json};

/// A REST proxy event of stage `v1`, from the API key `key-1`.
#[must_use]
pub fn rest(method: &str, path: &str, body: &str) -> Value {
    rest_with(method, path, body, &[])
}

/// Like [`rest`], with more headers.
#[must_use]
pub fn rest_with(method: &str, path: &str, body: &str, more: &[(&str, &str)]) -> Value {
    let given = [("Content-Type", "application/json")].iter().chain(more);
    let headers: serde_json::Map<_, _> = given.map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({
        "resource": path, "path": path, "httpMethod": method, "body": body, "isBase64Encoded": false,
        "headers": headers,
        "requestContext": {"stage": "v1", "path": format!("/v1{path}"), "httpMethod": method, "requestId": "gateway",
                           "identity": {"apiKeyId": "key-1"}},
    })
}

/// An SQS batch with the message ids `m0`, `m1`, ….
#[must_use]
pub fn batch(bodies: &[&str]) -> Value {
    let records = bodies.iter().enumerate().map(|(at, body)| {
        json!({"messageId": format!("m{at}"), "receiptHandle": format!("r{at}"), "body": body, "eventSource": "aws:sqs"})
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}
