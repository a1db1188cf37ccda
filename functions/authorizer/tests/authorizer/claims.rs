//! Tokens that the issuer has signed, but not for us or not for now.

use serde_json::{Value, json};

use crate::fixture::{NOW, Trust, at, claims};

#[tokio::test]
async fn a_token_issued_for_something_else_is_rejected() {
    let trust = Trust::new();
    for (claim, value, reason) in [
        ("iss", json!("https://id.example.com"), "wrong_issuer"),
        ("iss", json!("https://evil.example"), "wrong_issuer"),
        ("aud", json!("https://other.example.com"), "wrong_audience"),
        ("aud", json!([]), "wrong_audience"),
        ("exp", json!(NOW - 61.0), "expired"),
        ("exp", json!("9999999999"), "bad_claim"),
        ("nbf", json!(NOW + 90.0), "not_yet_valid"),
        ("iat", json!(NOW + 90.0), "not_yet_valid"),
        ("sub", json!(""), "bad_claim"),
    ] {
        let mut changed = claims();
        changed[claim] = value;
        for signer in trust.signers() {
            trust.refuses(&signer.token(&changed), reason).await;
        }
    }
    for (claim, reason) in [("iss", "bad_claim"), ("aud", "bad_claim"), ("exp", "bad_claim"), ("sub", "unnamed_caller")]
    {
        let mut less = claims();
        less.as_object_mut().unwrap().shift_remove(claim);
        trust.refuses(&trust.p256.token(&less), reason).await;
        less[claim] = Value::Null;
        trust.refuses(&trust.p256.token(&less), reason).await;
    }
}

#[tokio::test]
async fn claims_that_parsers_could_read_differently_are_rejected() {
    let trust = Trust::new();
    let twice = claims().to_string().replacen('{', r#"{"sub":"root","#, 1);
    for text in [twice.as_str(), "", "7", "[]", "null", "{}", "{", r#"{"iss":"\ud800"}"#] {
        trust.refuses(&trust.p256.token_of(&trust.p256.header(), text), "bad_claim").await;
    }
}

#[tokio::test]
async fn a_token_is_accepted_until_it_expires() {
    let trust = Trust::new();
    let mut short = claims();
    short["exp"] = json!(NOW + 300.0);
    let header = format!("Bearer {}", trust.rsa.token(&short));
    for (time, reason) in
        [(NOW, None), (NOW + 355.0, None), (NOW + 360.0, Some("expired")), (NOW - 90.0, Some("not_yet_valid"))]
    {
        assert_eq!(at(&trust.authorizer, &header, time).await.err(), reason, "{time}");
    }
}
