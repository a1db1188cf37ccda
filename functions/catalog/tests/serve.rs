//! catalog, event in, answer out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use catalog::Catalog;
use serde_json::{Value, json};
use shared::{error_type::ErrorType, failure::Failure, port::Health};
use test_support::{Fixture, Script, Scripted, rest, undocumented};

fn fixture(generator: Scripted) -> Fixture<Catalog> {
    Fixture::new(Catalog::new, generator)
}

async fn get(fixture: &Fixture<Catalog>, path: &str) -> (Value, Value) {
    let answer = fixture.invoke(&rest("GET", path, "")).await.unwrap();
    (answer["statusCode"].clone(), serde_json::from_str(answer["body"].as_str().unwrap()).unwrap())
}

fn with_health(healthy: bool, blocks_loaded: bool) -> Scripted {
    Scripted { health: Some(Script::Gives(Health { healthy, blocks_loaded })), ..Scripted::default() }
}

#[tokio::test]
async fn blocks_are_passed_on_unchanged() {
    let blocks = Some(Script::Gives(r#"[{"id":"b","cost":1.0}]"#));
    let fixture = fixture(Scripted { blocks, ..Scripted::default() });
    for path in ["/blocks", "/", "/v1/blocks/"] {
        assert_eq!(
            get(&fixture, path).await,
            (json!(200), json!({"type": "blocks", "blocks": [{"id": "b", "cost": 1.0}]}))
        );
    }
    assert_eq!(fixture.invoke(&json!({})).await.unwrap()["type"], "blocks");
    assert_eq!(fixture.invoke(&json!({"route": "blocks"})).await.unwrap()["type"], "blocks");
}

#[tokio::test]
async fn a_generator_that_is_down_gives_a_classified_error() {
    let blocks = Some(Script::Fails(Failure::new(ErrorType::ConnectionError, "x")));
    let (status, body) = get(&fixture(Scripted { blocks, ..Scripted::default() }), "/blocks").await;
    assert_eq!((status, &body["error"]), (json!(502), &json!("catalog_failed:connection_error")));
    assert_eq!(body["message"], "Failed to list the blocks. Please try again.");
}

#[tokio::test]
async fn health_says_whether_the_generator_is_up_and_why_not() {
    let healthy = fixture(with_health(true, true));
    let up = json!({"status": "healthy", "generator": "remote", "blocks_loaded": true});
    assert_eq!(get(&healthy, "/health").await, (json!(200), up.clone()));
    assert_eq!(healthy.invoke(&json!({"route": "health"})).await.unwrap(), up);

    let down = |blocks_loaded, error_type: &str| json!({"status": "unhealthy", "generator": "remote", "blocks_loaded": blocks_loaded, "error_type": error_type});
    assert_eq!(
        get(&fixture(with_health(false, true)), "/health").await,
        (json!(503), down(true, "service_unavailable"))
    );
    assert_eq!(
        get(&fixture(with_health(true, false)), "/health").await,
        (json!(503), down(false, "service_unavailable"))
    );
    let fails = Scripted { health: Some(Script::Fails(Failure::new(ErrorType::Timeout, "x"))), ..Scripted::default() };
    assert_eq!(get(&fixture(fails), "/health").await, (json!(503), down(false, "timeout")));
}

#[tokio::test]
async fn a_monitor_that_asks_with_head_gets_the_answer_of_get_without_its_body() {
    for (healthy, status) in [(true, 200), (false, 503)] {
        let fixture = fixture(with_health(healthy, true));
        let get = fixture.invoke(&rest("GET", "/health", "")).await.unwrap();
        let head = fixture.invoke(&rest("HEAD", "/health", "")).await.unwrap();
        assert_eq!((&head["statusCode"], &head["headers"]), (&json!(status), &get["headers"]));
        assert_eq!(head["body"], "", "{head}");
    }
    let fixture = fixture(Scripted::default());
    let http_api = json!({"rawPath": "/nowhere", "requestContext": {"http": {"method": "HEAD"}}});
    let unknown = fixture.invoke(&http_api).await.unwrap();
    assert_eq!((&unknown["statusCode"], &unknown["body"]), (&json!(404), &json!("")));
}

#[tokio::test]
async fn an_unknown_route_or_wrong_method_says_what_is_served() {
    let fixture = fixture(with_health(true, true));
    let answer = fixture.invoke(&rest("POST", "/blocks", "{}")).await.unwrap();
    assert_eq!((&answer["statusCode"], &answer["headers"]["allow"]), (&json!(405), &json!("GET, HEAD")));
    let (status, body) = get(&fixture, "/agents").await;
    assert_eq!(
        (status, &body["message"]),
        (json!(404), &json!("There is no route /agents. This function serves GET /blocks and GET /health."))
    );
    assert_eq!(fixture.invoke(&json!({"route": "agents"})).await.unwrap()["error"], "not_found");
    assert_eq!(fixture.invoke(&json!({"route": 7})).await.unwrap()["error"], "invalid_request");
}

#[test]
fn openapi_yaml_documents_every_route_and_method() {
    assert_eq!(undocumented::<Catalog>(), Vec::<String>::new());
}
