//! What the headers of a request over HTTP ask of decompose.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use decompose::Decompose;
use serde_json::{Value, json};
use shared::port::Decomposition;
use test_support::{Fixture, Script, Scripted, raw, rest, rest_with};

fn fixture() -> Fixture<Decompose> {
    let steps = Script::Gives(Decomposition::Instructions { steps: raw("[]"), account: Box::default() });
    Fixture::new(Decompose::new, Scripted { decomposition: Some(steps), ..Scripted::default() })
}

const GOAL: &str = r#"{"description": "g"}"#;
/// GZIP of an empty text, in base64.
const GZIP: &str = "H4sIAAAAAAAAAwMAAAAAAAAAAAA=";

#[tokio::test]
async fn a_compressed_body_is_refused_by_the_name_of_its_header() {
    let fixture = fixture();
    let mut compressed = rest_with("POST", "/decompose", GZIP, &[("Content-Encoding", "gzip")]);
    compressed["isBase64Encoded"] = json!(true);
    let answer = fixture.invoke(&compressed).await.unwrap();
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!((&answer["statusCode"], &body["error_type"]), (&json!(415), &json!("unsupported_media_type")));
    assert!(body["message"].as_str().unwrap().contains("Content-Encoding"), "{body}");
    for plain in ["identity", "gzip"] {
        let event = rest_with("POST", "/decompose", GOAL, &[("Content-Encoding", plain)]);
        assert_eq!(fixture.invoke(&event).await.unwrap()["statusCode"], 200, "decompressed by the gateway: {plain}");
    }
}

#[tokio::test]
async fn an_error_has_the_format_that_the_caller_prefers() {
    let fixture = fixture();
    for (accept, format) in [
        ("application/json, application/problem+json;q=0.1", "application/json"),
        ("application/problem+json, application/json;q=0.9", "application/problem+json"),
    ] {
        let answer = fixture.invoke(&rest_with("POST", "/decompose", "{}", &[("Accept", accept)])).await.unwrap();
        assert_eq!(answer["headers"]["content-type"], format, "{accept}");
    }
}

#[tokio::test]
async fn a_content_type_sent_twice_is_json_if_both_are() {
    let fixture = fixture();
    for (types, status) in [("application/json,application/json", 200), ("application/json,text/plain", 415)] {
        let joined = json!({"rawPath": "/decompose", "headers": {"content-type": types}, "body": GOAL,
            "requestContext": {"http": {"method": "POST"}}});
        let mut several = rest("POST", "/decompose", GOAL);
        several["multiValueHeaders"] = json!({"content-type": types.split(',').collect::<Vec<_>>()});
        several["headers"] = json!({});
        for event in [joined, several] {
            assert_eq!(fixture.invoke(&event).await.unwrap()["statusCode"], status, "{event}");
        }
    }
}

#[tokio::test]
async fn a_preflight_without_an_allowed_origin_is_another_method() {
    let preflight = json!({"rawPath": "/", "headers": {"access-control-request-method": "POST"},
        "requestContext": {"http": {"method": "OPTIONS"}}});
    let answer = fixture().invoke(&preflight).await.unwrap();
    assert_eq!((&answer["statusCode"], &answer["headers"]["allow"]), (&json!(405), &json!("POST")));
}
