//! The gateway's event in, a policy out.

use authorizer::Authorizer;
use serde_json::{Value, json};
use test_support::{Fixture, Scripted};

use crate::{
    fixture::{ADA, ISSUER, authorizer, claims},
    published::Published,
    signer::Signer,
};

const METHOD: &str = "arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/GET/operations/op-1";
const STAGE: &str = "arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/*";

fn event(header: &str) -> Value {
    json!({"type": "TOKEN", "methodArn": METHOD, "authorizationToken": header})
}

fn fixture(source: Published) -> Fixture<Authorizer<Published>> {
    Fixture::new(|_| authorizer(source), Scripted::default())
}

fn answer(principal: &str, effect: &str) -> Value {
    let statement = json!({"Action": "execute-api:Invoke", "Effect": effect, "Resource": STAGE});
    json!({"principalId": principal, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}})
}

#[tokio::test]
async fn the_policy_covers_every_route_because_the_gateway_caches_it_for_all() {
    let signer = Signer::p256("k");
    let fixture = fixture(Published::keys(&[signer.jwk()]));
    let token = signer.token(&claims());
    assert_eq!(fixture.invoke(&event(&format!("Bearer {token}"))).await, Ok(answer(ADA, "Allow")));
}

#[tokio::test]
async fn a_rejected_token_is_a_policy_and_not_an_error_that_raises_an_alarm() {
    let signer = Signer::p256("k");
    let fixture = fixture(Published::keys(&[signer.jwk()]));
    let token = signer.token(&json!({}));
    for header in ["", "Bearer x", &format!("Bearer {token}")] {
        assert_eq!(fixture.invoke(&event(header)).await, Ok(answer("nobody", "Deny")), "{header}");
    }
}

#[tokio::test]
async fn every_policy_names_a_principal_because_callers_without_one_would_share_their_operations() {
    let signer = Signer::p256("k");
    let fixture = fixture(Published::keys(&[signer.jwk()]));
    let mut names = claims();
    names.as_object_mut().unwrap().shift_remove("sub");
    let bearer = |claims: &Value| event(&format!("Bearer {}", signer.token(claims)));
    assert_eq!(fixture.invoke(&bearer(&names)).await, Ok(answer("nobody", "Deny")));
    names["client_id"] = json!("nightly");
    let application = format!("{ISSUER}?client_id#nightly");
    assert_eq!(fixture.invoke(&bearer(&names)).await, Ok(answer(&application, "Allow")));
}

#[tokio::test]
async fn if_the_issuer_is_down_the_invocation_fails_and_nobody_is_let_in() {
    let signer = Signer::p256("k");
    let fixture = fixture(Published::default());
    let token = signer.token(&claims());
    let (class, message) = fixture.invoke(&event(&format!("Bearer {token}"))).await.unwrap_err();
    assert_eq!(class, "connection_error");
    assert!(!message.contains(&token), "{message}");
}

#[tokio::test]
async fn an_operator_learns_that_the_authorizer_has_to_be_of_type_token() {
    let fixture = fixture(Published::default());
    let headers = json!({"Authorization": "Bearer x"});
    for event in [
        json!({"type": "REQUEST", "methodArn": METHOD, "headers": headers}),
        json!({"type": "REQUEST", "methodArn": METHOD, "path": "/blocks", "httpMethod": "GET", "headers": headers,
            "requestContext": {"stage": "v1", "httpMethod": "GET"}}),
        json!({"type": "REQUEST", "version": "2.0", "routeArn": METHOD, "identitySource": ["Bearer x"], "headers": headers,
            "requestContext": {"http": {"method": "GET", "path": "/blocks"}}}),
    ] {
        let (class, message) = fixture.invoke(&event).await.unwrap_err();
        assert_eq!(class, "Runtime.UnknownEvent", "{event}");
        assert!(message.contains("type REQUEST") && message.contains("type TOKEN"), "{message}");
    }
}

#[tokio::test]
async fn an_event_of_another_kind_lets_nobody_in() {
    let signer = Signer::p256("k");
    let fixture = fixture(Published::keys(&[signer.jwk()]));
    let header = format!("Bearer {}", signer.token(&claims()));
    for event in [
        json!({"type": "REQUEST", "methodArn": METHOD, "headers": {"Authorization": header}}),
        json!({"methodArn": METHOD, "authorizationToken": header}),
        json!({"type": "TOKEN", "methodArn": METHOD}),
        json!({"type": "TOKEN", "methodArn": METHOD, "authorizationToken": [header]}),
        json!({"type": "TOKEN", "authorizationToken": header}),
        json!({"type": "TOKEN", "methodArn": "arn:aws:execute-api:eu-west-1:1:abc123", "authorizationToken": header}),
        json!({"type": "TOKEN", "methodArn": "*/*/*", "authorizationToken": header}),
        json!({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": "{}"}]}),
        test_support::rest("POST", "/generate", "{}"),
        json!({}),
        json!("Bearer"),
    ] {
        let (class, _) = fixture.invoke(&event).await.unwrap_err();
        assert!(["invalid_request", "Runtime.UnknownEvent"].contains(&&*class), "{event}: {class}");
    }
}
