//! The events of each trigger, and the files in `events/`.

use std::path::PathBuf;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::binaries::workspace;

/// REST API (payload format 1.0), stage `v1`, a JSON body.
pub fn rest(method: &str, path: &str, body: &str) -> Value {
    rest_with(method, path, body, &[])
}

pub fn rest_with(method: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> Value {
    let host = "abc123.execute-api.eu-west-1.amazonaws.com";
    let headers = with_defaults(headers, host);
    let multiple: Map<String, Value> = headers.iter().map(|(name, value)| (name.clone(), json!([value]))).collect();
    json!({
        "resource": path, "path": path, "httpMethod": method, "headers": headers, "multiValueHeaders": multiple,
        "queryStringParameters": null, "multiValueQueryStringParameters": null, "pathParameters": null,
        "stageVariables": null, "body": body, "isBase64Encoded": false,
        "requestContext": {
            "resourceId": "r1", "resourcePath": path, "httpMethod": method, "path": format!("/v1{path}"),
            "accountId": "123456789012", "apiId": "abc123", "stage": "v1", "protocol": "HTTP/1.1",
            "requestId": Uuid::new_v4().to_string(), "extendedRequestId": "x=",
            "requestTime": "22/Nov/2026:00:00:00 +0000", "requestTimeEpoch": 1_795_305_600_000_u64,
            "domainName": host, "domainPrefix": "abc123",
            "identity": {
                "sourceIp": "192.0.2.1", "userAgent": "test", "apiKeyId": "key1", "apiKey": null, "accountId": null,
                "caller": null, "user": null, "userArn": null, "accessKey": null, "cognitoIdentityId": null,
                "cognitoIdentityPoolId": null, "cognitoAuthenticationProvider": null,
                "cognitoAuthenticationType": null, "principalOrgId": null
            }
        }
    })
}

/// HTTP API (payload format 2.0), stage `v1`, a JSON body.
pub fn http_api(method: &str, path: &str, body: &str) -> Value {
    version_2(method, &format!("/v1{path}"), "v1", "abc123.execute-api.eu-west-1.amazonaws.com", body)
}

/// With a JSON body.
pub fn function_url(method: &str, path: &str, body: &str) -> Value {
    version_2(method, path, "$default", "abc123.lambda-url.eu-west-1.on.aws", body)
}

/// `detail` is the request.
pub fn event_bridge(detail: Value) -> Value {
    json!({
        "version": "0", "id": Uuid::new_v4().to_string(), "detail-type": "Agent Wanted", "source": "example.app",
        "account": "123456789012", "time": "2026-11-22T00:00:00Z", "region": "eu-west-1", "resources": [],
        "detail": detail
    })
}

/// A batch of one message.
pub fn sqs(body: &str) -> Value {
    json!({"Records": [{
        "messageId": Uuid::new_v4().to_string(), "receiptHandle": "r", "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795305600000", "SenderId": "s",
                       "ApproximateFirstReceiveTimestamp": "1795305600001"},
        "messageAttributes": {}, "md5OfBody": "0", "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:jobs", "awsRegion": "eu-west-1"
    }]})
}

/// The names of the event files, sorted.
///
/// # Panics
/// If the folder cannot be read.
pub fn files() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the workspace has a folder of events");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry of the folder of events").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    names
}

/// # Panics
/// If the file is missing or is not JSON.
pub fn file(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("events/{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("events/{name} is not JSON: {error}"))
}

fn folder() -> PathBuf {
    workspace().join("events")
}

fn with_defaults(headers: &[(&str, &str)], host: &str) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("Host".to_owned(), json!(host));
    all.insert("Content-Type".to_owned(), json!("application/json"));
    for (name, value) in headers {
        all.insert((*name).to_owned(), json!(value));
    }
    all
}

fn version_2(method: &str, path: &str, stage: &str, host: &str, body: &str) -> Value {
    let headers: Map<String, Value> =
        with_defaults(&[], host).into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": headers,
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc123", "domainName": host, "domainPrefix": "abc123",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                     "userAgent": "test"},
            "requestId": "r=", "routeKey": "$default", "stage": stage, "time": "22/Nov/2026:00:00:00 +0000",
            "timeEpoch": 1_795_305_600_000_u64
        },
        "body": body, "isBase64Encoded": false
    })
}
