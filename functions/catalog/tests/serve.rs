//! catalog, event in, answer out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use catalog::Catalog;
use serde_json::{Value, json};
use shared::{error_type::ErrorType, failure::Failure, port::Health};
use test_support::{Fixture, Script, Scripted, rest, undocumented};

fn bench(generator: Scripted) -> Fixture<Catalog> {
    Fixture::new(Catalog::new, generator)
}

async fn get(bench: &Fixture<Catalog>, path: &str) -> (Value, Value) {
    let answer = bench.invoke(&rest("GET", path, "")).await.unwrap();
    (answer["statusCode"].clone(), serde_json::from_str(answer["body"].as_str().unwrap()).unwrap())
}

fn with_health(healthy: bool, blocks_loaded: bool) -> Scripted {
    Scripted { health: Some(Script::Gives(Health { healthy, blocks_loaded })), ..Scripted::default() }
}

#[tokio::test]
async fn a_builder_sees_the_blocks_as_the_generator_has_them() {
    let blocks = Some(Script::Gives(r#"[{"id":"b","cost":1.0}]"#));
    let bench = bench(Scripted { blocks, ..Scripted::default() });
    for path in ["/blocks", "/", "/v1/blocks/"] {
        assert_eq!(
            get(&bench, path).await,
            (json!(200), json!({"type": "blocks", "blocks": [{"id": "b", "cost": 1.0}]}))
        );
    }
    assert_eq!(bench.invoke(&json!({})).await.unwrap()["type"], "blocks");
    assert_eq!(bench.invoke(&json!({"route": "blocks"})).await.unwrap()["type"], "blocks");
}

#[tokio::test]
async fn blocks_that_cannot_be_had_are_a_classified_error() {
    let blocks = Some(Script::Fails(Failure::new(ErrorType::ConnectionError, "x")));
    let (status, body) = get(&bench(Scripted { blocks, ..Scripted::default() }), "/blocks").await;
    assert_eq!((status, &body["error"]), (json!(502), &json!("catalog_failed:connection_error")));
    assert_eq!(body["message"], "Failed to list the blocks. Please try again.");
}

#[tokio::test]
async fn a_monitor_learns_whether_the_generator_is_up_and_why_not() {
    let healthy = bench(with_health(true, true));
    let up = json!({"status": "healthy", "generator": "remote", "blocks_loaded": true});
    assert_eq!(get(&healthy, "/health").await, (json!(200), up.clone()));
    assert_eq!(healthy.invoke(&json!({"route": "health"})).await.unwrap(), up);

    let down = |blocks_loaded, error_type: &str| json!({"status": "unhealthy", "generator": "remote", "blocks_loaded": blocks_loaded, "error_type": error_type});
    assert_eq!(get(&bench(with_health(false, true)), "/health").await, (json!(503), down(true, "service_unavailable")));
    assert_eq!(
        get(&bench(with_health(true, false)), "/health").await,
        (json!(503), down(false, "service_unavailable"))
    );
    let fails = Scripted { health: Some(Script::Fails(Failure::new(ErrorType::Timeout, "x"))), ..Scripted::default() };
    assert_eq!(get(&bench(fails), "/health").await, (json!(503), down(false, "timeout")));
}

#[tokio::test]
async fn what_is_no_route_or_no_get_is_told() {
    let bench = bench(with_health(true, true));
    let answer = bench.invoke(&rest("POST", "/blocks", "{}")).await.unwrap();
    assert_eq!((&answer["statusCode"], &answer["headers"]["allow"]), (&json!(405), &json!("GET")));
    let (status, body) = get(&bench, "/agents").await;
    assert_eq!(
        (status, &body["message"]),
        (json!(404), &json!("There is no route /agents. This function serves GET /blocks and GET /health."))
    );
    assert_eq!(bench.invoke(&json!({"route": "agents"})).await.unwrap()["error"], "not_found");
    assert_eq!(bench.invoke(&json!({"route": 7})).await.unwrap()["error"], "invalid_request");
}

#[test]
fn who_reads_openapi_yaml_calls_the_right_route_in_the_right_way() {
    assert_eq!(undocumented::<Catalog>(), Vec::<String>::new());
}
