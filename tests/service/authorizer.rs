//! The authorizer: its answers to the gateway, and its log.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kit::{
    actions::AMPLE, behaviour::Behaviour, binaries, events, private_tls::PrivateTls, runtime_api::Environment,
    server::FaultyServer,
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, assert_names_variable, refused, request_line};

const AUTHORIZER: &str = "authorizer";
const AUDIENCE: &str = "https://agents.example.com";
const SUBJECT: &str = "ada-Geheim";
const STAGE: &str = "arn:aws:execute-api:eu-west-1:123456789012:abcde12345/v1/*";

/// An issuer over TLS with one key.
struct Issuer {
    server: FaultyServer,
    tls: PrivateTls,
    pair: EcdsaKeyPair,
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl Issuer {
    async fn start() -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).expect("the new key");
        let server = FaultyServer::start(Behaviour::hangs()).await;
        let tls = PrivateTls::in_front_of(server.port()).await;
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let key = json!({"kty": "EC", "crv": "P-256", "kid": "k", "x": encode(x), "y": encode(y)});
        let configuration = json!({"issuer": tls.url(), "jwks_uri": format!("{}/keys", tls.url())});
        server.behave(Behaviour::Then(vec![Behaviour::says(configuration), Behaviour::says(json!({"keys": [key]}))]));
        Self { server, tls, pair }
    }

    fn token(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a date after 1970").as_secs();
        let claims = json!({"iss": self.tls.url(), "sub": SUBJECT, "aud": AUDIENCE, "exp": now + 300, "iat": now});
        let signed = format!("{}.{}", encode(r#"{"alg":"ES256","kid":"k"}"#), encode(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", encode(signature))
    }
}

/// The gateway's event.
fn event(token: &str) -> Value {
    let mut event = events::file("authorizer-token.json");
    event["authorizationToken"] = json!(format!("Bearer {token}"));
    event
}

fn answer(principal: &str, effect: &str) -> Value {
    let statement = json!({"Action": "execute-api:Invoke", "Effect": effect, "Resource": STAGE});
    json!({"principalId": principal, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_the_issuer_is_allowed_and_the_log_says_why_others_are_not() {
    let issuer = Issuer::start().await;
    let url = issuer.tls.url();
    let variables =
        [("JWT_ISSUER", &*url), ("JWT_AUDIENCE", AUDIENCE), ("SSL_CERT_FILE", issuer.tls.certificate_file())];
    let environment = Environment::start(&binaries::function(AUTHORIZER), &variables).await;
    assert_eq!(issuer.server.requests().len(), 2, "the keys are fetched at the start, before the first request");

    let good = issuer.token();
    let unsigned = good.replacen(&encode(r#"{"alg":"ES256","kid":"k"}"#), &encode(r#"{"alg":"none"}"#), 1);
    let (signed, signature) = good.rsplit_once('.').expect("a token has parts");
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let changed_signature = format!("{signed}.{first}{}", &signature[1..]);
    let of_the_standard = events::file("authorizer-token.json");
    let mut ids = Vec::new();
    for (event, principal, effect, outcome) in [
        (event(&good), format!("{url}#{SUBJECT}"), "Allow", "allowed"),
        (event(&unsigned), "nobody".to_owned(), "Deny", "wrong_algorithm"),
        (event(&changed_signature), "nobody".to_owned(), "Deny", "bad_signature"),
        (of_the_standard, "nobody".to_owned(), "Deny", "bad_signature"),
    ] {
        let answered = environment.invoke(&event, AMPLE).await;
        assert_eq!(answered.payload, Some(answer(&principal, effect)), "{answered:?}");
        ids.push((answered.request_id, outcome));
    }
    let logs = environment.finish().await;
    for (id, outcome) in ids {
        let line = request_line(&logs, &id);
        assert_eq!((&line["operation"], &line["outcome"]), (&json!(AUTHORIZER), &json!(outcome)), "{line}");
        let class = if outcome == "allowed" { Value::Null } else { json!("unauthorized") };
        assert_eq!(line["error_type"], class, "{line}");
    }
    let log = logs.join("\n");
    assert!(![SUBJECT, AUDIENCE, signature, &encode(SUBJECT)].iter().any(|secret| log.contains(secret)), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_issuer_is_down_no_caller_is_let_in_and_the_log_says_why() {
    let issuer = Issuer::start().await;
    issuer.server.behave(Behaviour::resets());
    let url = issuer.tls.url();
    let variables =
        [("JWT_ISSUER", &*url), ("JWT_AUDIENCE", AUDIENCE), ("SSL_CERT_FILE", issuer.tls.certificate_file())];
    let environment = Environment::start(&binaries::function(AUTHORIZER), &variables).await;
    let answered = environment.invoke(&event(&issuer.token()), AMPLE).await;
    assert_eq!((answered.lambda_error_type(), &answered.payload), (Some("request_error"), &None), "{answered:?}");
    let id = answered.request_id.clone();
    // No key could make the claims of a token of somebody else hold.
    let answered = environment.invoke(&events::file("authorizer-token.json"), AMPLE).await;
    assert_eq!(answered.payload, Some(answer("nobody", "Deny")), "{answered:?}");
    let logs = environment.finish().await;
    assert_eq!(request_line(&logs, &id)["error_type"], "request_error");
    assert!(logs.iter().any(|line| line.contains("could not refresh the issuer's keys")), "{logs:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_that_would_trust_any_token_refuses_to_start_and_names_the_variable() {
    let good = "https://id.example.com";
    let with_password = format!("https://me:{PASSWORD}@id.example.com");
    for (issuer, audience, variable) in [
        ("", AUDIENCE, "JWT_ISSUER"),
        ("http://id.example.com", AUDIENCE, "JWT_ISSUER"),
        (&*with_password, AUDIENCE, "JWT_ISSUER"),
        (good, "", "JWT_AUDIENCE"),
    ] {
        let refused = refused(AUTHORIZER, &[("JWT_ISSUER", issuer), ("JWT_AUDIENCE", audience)]).await;
        assert_names_variable(&refused, variable, issuer);
    }
}
