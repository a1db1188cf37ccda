//! A key in AWS Secrets Manager: when it is fetched, and what a caller learns if it cannot be.

use std::{sync::Arc, time::Duration};

use generator::model::ChatModel;
use kit::{behaviour::Behaviour, server::FaultyServer, unreachable::ClosedPort};
use serde_json::json;

use crate::{AMPLE, KEY, asked, error, failure, model, openai::good, server, signature, told};

const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/openai-AbCdEf";

/// A model at `api`, with its key in the Secrets Manager at `store`.
fn at(api: &FaultyServer, store: &str) -> Arc<dyn ChatModel> {
    model(&[
        ("PLANNER", "openai"),
        ("OPENAI_BASE_URL", &api.url()),
        ("OPENAI_MODEL", "m-1"),
        ("OPENAI_SECRET_ARN", ARN),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", store),
        ("AWS_ACCESS_KEY_ID", signature::ACCESS_KEY),
        ("AWS_SECRET_ACCESS_KEY", signature::SECRET_KEY),
        ("AWS_SESSION_TOKEN", signature::SESSION_TOKEN),
    ])
}

fn holds(key: &str) -> Behaviour {
    Behaviour::says(json!({"ARN": ARN, "Name": "team/openai", "SecretString": key, "VersionId": "v-1"}))
}

fn keys(api: &FaultyServer) -> Vec<String> {
    api.requests().iter().map(|seen| seen.header("authorization").unwrap_or_default().to_owned()).collect()
}

fn unauthorised() -> Behaviour {
    Behaviour::answers(401, error(json!("invalid_api_key")))
}

#[tokio::test]
async fn the_key_is_fetched_once_from_the_secrets_region() {
    let (api, store) = (server([good()]).await, server([holds(KEY)]).await);
    let model = at(&api, &store.url());
    assert_eq!(store.connections(), 0, "not before it is needed");
    for _ in 0..2 {
        let completion = asked(&*model, AMPLE).await;
        assert!(completion.result.is_ok(), "{completion:?}");
        assert_eq!(completion.attempts, 1, "the store is not the model");
    }
    assert_eq!(keys(&api), [format!("Bearer {KEY}"), format!("Bearer {KEY}")]);

    let requests = store.requests();
    assert_eq!(requests.len(), 1);
    let seen = &requests[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/"));
    assert_eq!(seen.header("x-amz-target"), Some("secretsmanager.GetSecretValue"));
    assert_eq!(seen.header("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(seen.json(), json!({"SecretId": ARN}));
    signature::assert_signed(seen, "eu-central-1", "secretsmanager");
}

#[tokio::test]
async fn a_rotated_key_is_fetched_again() {
    let api = server([good(), unauthorised(), good()]).await;
    let store = server([holds("sk-old"), holds("sk-new")]).await;
    let model = at(&api, &store.url());
    assert!(asked(&*model, AMPLE).await.result.is_ok());
    let completion = asked(&*model, AMPLE).await;
    assert!(completion.result.is_ok(), "{completion:?}");
    assert_eq!(completion.attempts, 2);
    assert_eq!(keys(&api), ["Bearer sk-old", "Bearer sk-old", "Bearer sk-new"]);
    assert_eq!(store.requests().len(), 2);
}

#[tokio::test]
async fn a_wrong_key_is_reported_and_not_tried_again() {
    let (api, store) = (server([unauthorised()]).await, server([holds(KEY)]).await);
    let completion = asked(&*at(&api, &store.url()), AMPLE).await;
    let text = "HTTP error calling the language model: status 401, invalid_api_key: the key is refused, or has no access to this \
                model";
    assert_eq!(told(&completion), ("http_error", Some(401), text));
    assert_eq!((api.requests().len(), store.requests().len()), (1, 2));

    let (api, store) = (server([unauthorised()]).await, server([holds(KEY), holds("sk-hunter2-too")]).await);
    assert_eq!(told(&asked(&*at(&api, &store.url()), AMPLE).await), ("http_error", Some(401), text));
    assert_eq!((api.requests().len(), store.requests().len()), (2, 2));
}

#[tokio::test]
async fn a_key_that_cannot_be_fetched_is_an_outage_without_the_account_id() {
    let denied = json!({"__type": "AccessDeniedException", "Message": format!("no {ARN} for hunter2")}).to_string();
    let missing = json!({"__type": "com.amazonaws.secretsmanager#ResourceNotFoundException"}).to_string();
    let binary = json!({"ARN": ARN, "SecretBinary": "c2s="}).to_string();
    for (behaviour, reason) in [
        (Behaviour::answers(400, denied), "AWS Secrets Manager: AccessDeniedException"),
        (Behaviour::answers(400, missing), "AWS Secrets Manager: ResourceNotFoundException"),
        (Behaviour::answers(500, "hunter2"), "AWS Secrets Manager: HTTP 500"),
        (Behaviour::answers(200, binary), "AWS Secrets Manager: a secret without text"),
        (Behaviour::answers(200, "hunter2"), "AWS Secrets Manager: unreadable answer"),
        (holds(""), "AWS Secrets Manager: the secret holds no key"),
    ] {
        let (api, store) = (server([good()]).await, server([behaviour]).await);
        let completion = asked(&*at(&api, &store.url()), AMPLE).await;
        let text = format!("the key of the language model could not be fetched: {reason}");
        assert_eq!(told(&completion), ("service_unavailable", None, text.as_str()));
        assert_eq!((completion.attempts, api.connections()), (0, 0));
    }
}

#[tokio::test]
async fn an_unreachable_secret_store_is_an_outage_and_is_tried_again() {
    let (api, closed) = (server([good()]).await, ClosedPort::take());
    let completion = asked(&*at(&api, &closed.url()), AMPLE).await;
    assert_eq!(told(&completion).0, "service_unavailable");
    assert!(failure(&completion).service_error.ends_with("the connection was refused"), "{completion:?}");

    let hanging = server([Behaviour::hangs()]).await;
    let completion = asked(&*at(&api, &hanging.url()), Duration::from_millis(400)).await;
    assert_eq!(told(&completion).0, "service_unavailable");
    assert!(failure(&completion).service_error.ends_with("there was no answer in time"), "{completion:?}");

    let store = server([Behaviour::answers(503, "{}"), holds(KEY)]).await;
    let model = at(&api, &store.url());
    assert_eq!(told(&asked(&*model, AMPLE).await).0, "service_unavailable");
    assert!(asked(&*model, AMPLE).await.result.is_ok());
}

/// A model at `api`, with further headers in the Secrets Manager at `store`.
fn with_headers(api: &FaultyServer, store: &str) -> Arc<dyn ChatModel> {
    model(&[
        ("PLANNER", "openai"),
        ("OPENAI_BASE_URL", &api.url()),
        ("OPENAI_MODEL", "m-1"),
        ("OPENAI_HEADERS_SECRET_ARN", ARN),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", store),
        ("AWS_ACCESS_KEY_ID", signature::ACCESS_KEY),
        ("AWS_SECRET_ACCESS_KEY", signature::SECRET_KEY),
    ])
}

#[tokio::test]
async fn a_gateways_headers_are_fetched_once_and_sent_with_every_request() {
    let (api, store) = (server([good()]).await, server([holds(r#"{"X-Gateway": "hunter2"}"#)]).await);
    let model = with_headers(&api, &store.url());
    for _ in 0..2 {
        assert!(asked(&*model, AMPLE).await.result.is_ok());
    }
    assert_eq!(store.requests().len(), 1);
    assert!(api.requests().iter().all(|seen| seen.header("x-gateway") == Some("hunter2")));
}

#[tokio::test]
async fn without_its_headers_no_request_is_sent_and_the_log_says_why() {
    let denied = Behaviour::answers(400, json!({"__type": "AccessDeniedException"}).to_string());
    for (behaviour, limit, why) in [
        (denied, AMPLE, "AccessDeniedException"),
        (holds("X-Gateway: hunter2"), AMPLE, "they are not a JSON object of names and texts"),
        (holds(r#"{"X-Gateway": ["hunter2"]}"#), AMPLE, "they are not a JSON object of names and texts"),
        (Behaviour::hangs(), Duration::from_millis(200), "there was no answer in time"),
    ] {
        let (api, store) = (server([good()]).await, server([behaviour]).await);
        let completion = asked(&*with_headers(&api, &store.url()), limit).await;
        let failure = failure(&completion);
        assert_eq!(failure.error_type.name(), "service_unavailable", "{failure:?}");
        assert!(failure.service_error.contains(why), "{failure:?}");
        assert!(api.requests().is_empty(), "{why}");
    }
}
