//! catalog, event in, answer out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::{sync::Arc, time::Duration};

use catalog::Catalog;
use generator::Builtin;
use lambda::Service;
use serde_json::{Value, json};
use shared::{error_type::ErrorType, failure::Failure, port::Health, upstream::Upstream};
use test_support::{Fixture, Script, Scripted, handled, rest, undocumented};

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

/// The list of a remote generator whose blocks have fields of their own.
fn five() -> Fixture<Catalog> {
    let blocks = r#"[{"id":"1","name":"AlphaReadMailBlock","description":"Reads the mail of an account.","cost":1.0},
        {"id":"2","name":"BetaSendMailBlock","description":"Sends a message by mail."},
        {"id":"3","name":"GammaBlock","description":"Draws a picture."},
        {"id":"4","name":"GoogleSheetsReadBlock"}, {"id":"5"}]"#;
    fixture(Scripted { blocks: Some(Script::Gives(blocks)), ..Scripted::default() })
}

/// An event of API Gateway with these parameters.
fn asking(parameters: Value) -> Value {
    let mut event = rest("GET", "/blocks", "");
    event["queryStringParameters"] = parameters;
    event
}

async fn asked(fixture: &Fixture<Catalog>, parameters: Value) -> (Value, Value) {
    let answer = fixture.invoke(&asking(parameters)).await.unwrap();
    (answer["statusCode"].clone(), serde_json::from_str(answer["body"].as_str().unwrap()).unwrap())
}

fn ids(body: &Value) -> Vec<&str> {
    body["blocks"].as_array().unwrap().iter().map(|block| block["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_search_gives_the_blocks_of_any_generator_best_first() {
    let fixture = five();
    for (words, found) in [
        ("send a mail", &["2", "1"][..]),
        ("pictures", &["3"]),
        // By what it means and by the service, though the list says neither.
        ("fetch rows", &["4"]),
        ("gsheets", &["4"]),
        ("the", &[]),
        ("unicorn", &[]),
        ("  ", &["1", "2", "3", "4", "5"]),
    ] {
        let (status, body) = asked(&fixture, json!({"q": words})).await;
        assert_eq!((status, ids(&body)), (json!(200), found.to_vec()), "{words}");
    }
}

#[tokio::test]
async fn a_list_is_cut_to_a_number_and_to_fields_whatever_the_way_in() {
    let fixture = five();
    let wanted = json!({"type": "blocks", "blocks": [{"name": "AlphaReadMailBlock", "cost": 1.0}, {"name": "BetaSendMailBlock"}]});
    let parameters = json!({"limit": "2", "fields": "name, cost,name"});
    assert_eq!(asked(&fixture, parameters).await, (json!(200), wanted.clone()));
    let http_api = json!({"rawPath": "/blocks", "rawQueryString": "limit=2&fields=name%2Ccost",
                          "requestContext": {"http": {"method": "GET"}}});
    let answer = fixture.invoke(&http_api).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(answer["body"].as_str().unwrap()).unwrap(), wanted);
    let direct = json!({"route": "blocks", "limit": 2, "fields": "name,cost"});
    assert_eq!(fixture.invoke(&direct).await.unwrap(), wanted);
    // Neither is asked for by an empty value or null.
    let (_, body) = asked(&fixture, json!({"fields": "", "limit": "1000"})).await;
    assert_eq!(body["blocks"][0]["description"], "Reads the mail of an account.");
    assert_eq!(fixture.invoke(&json!({"route": "blocks", "limit": null})).await.unwrap()["blocks"][4]["id"], "5");
}

#[tokio::test]
async fn a_parameter_that_cannot_be_served_is_refused_with_what_can() {
    let fixture = five();
    for limit in ["0", "1001", "-1", "ten", "", "1.5", "99999999999999999999999"] {
        let (status, body) = asked(&fixture, json!({"limit": limit})).await;
        let told = "The parameter limit must be a whole number from 1 to 1,000.";
        assert_eq!(
            (status, &body["error"], &body["message"]),
            (json!(400), &json!("invalid_request"), &json!(told)),
            "{limit}"
        );
    }
    let (status, body) = asked(&fixture, json!({"fields": "name,colour"})).await;
    assert_eq!((status, &body["error"]), (json!(400), &json!("invalid_request")));
    assert_eq!(
        body["message"],
        "The parameter fields must name fields of a block: colour is not one of id, name, description, categories, \
         staticOutput, inputSchema, outputSchema, needs_credentials, trigger, uiType, cost."
    );
    assert_eq!(fixture.invoke(&json!({"route": "blocks", "limit": "2"})).await.unwrap()["error"], "invalid_request");
    assert_eq!(fixture.invoke(&json!({"route": "blocks", "q": 2})).await.unwrap()["error"], "invalid_request");
}

async fn built_in(event: &Value) -> Value {
    let upstream = Upstream::new(Some(Arc::new(Builtin::new())), Duration::from_secs(600));
    let service = Service::new(Catalog::new(upstream)).with_requests();
    handled(&service, event.to_string().as_bytes()).await.unwrap()
}

#[tokio::test]
async fn the_built_in_generator_lists_and_finds_every_block_within_the_limits_of_an_answer() {
    let answer = built_in(&rest("GET", "/blocks", "")).await;
    let body = answer["body"].as_str().unwrap();
    let blocks: Value = serde_json::from_str(body).unwrap();
    assert_eq!(blocks["blocks"].as_array().unwrap().len(), 568);
    assert_eq!(blocks["blocks"][0]["uiType"], "Standard");
    // Lambda takes 6 MiB of an answer, in which the body is once more a string of JSON.
    assert!(json!(answer.to_string()).to_string().len() < 3 * 1024 * 1024);
    for (words, name) in [
        ("send a slack message", "SendSlackMessageBlock"),
        ("gsheets append row", "GoogleSheetsAppendRowBlock"),
        ("open pull request", "GithubMakePullRequestBlock"),
        ("X post", "PostToXBlock"),
        ("calendar events", "GoogleCalendarReadEventsBlock"),
    ] {
        let event = asking(json!({"q": words, "limit": "5", "fields": "name"}));
        let answer = built_in(&event).await;
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        let found = body["blocks"].as_array().unwrap();
        assert!(found.len() <= 5 && found.contains(&json!({"name": name})), "{words}: {found:?}");
    }
}

#[tokio::test]
async fn the_event_of_a_search_gets_its_blocks() {
    let event: Value = serde_json::from_str(include_str!("../../../events/catalog-search.json")).unwrap();
    let answer = built_in(&event).await;
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    let blocks = body["blocks"].as_array().unwrap();
    assert_eq!((&answer["statusCode"], blocks.len()), (&json!(200), 3));
    assert!(blocks.iter().all(|block| block.as_object().unwrap().keys().eq(["id", "name"])), "{blocks:?}");
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
