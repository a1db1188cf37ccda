//! Who may ask generate for an operation, and where its answer leads: with a platform in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generate::Generate;
use lifecycle::{durable::WithOperations, memory::MemoryPlatform};
use serde_json::{Value, json};
use shared::port::Draft;
use test_support::{Fixture, Script, Scripted, raw};

struct World {
    fixture: Fixture<WithOperations<Generate>>,
    platform: MemoryPlatform,
}

impl World {
    fn new() -> Self {
        let platform = MemoryPlatform::default();
        let draft =
            Some(Script::Gives(Draft::Agent(raw(r#"{"id":"a","version":1,"is_active":true}"#), Box::default())));
        let fixture = Fixture::of_service(
            |upstream| WithOperations::new(Generate::new(upstream), Some(platform.platform())).into_service(),
            Scripted { draft, ..Scripted::default() },
        );
        Self { fixture, platform }
    }

    /// Posts through an HTTP API or Function URL with this `requestContext`.
    async fn post(&self, path: &str, mut context: Value, headers: &Value, body: &Value) -> Value {
        context["http"] = json!({"method": "POST", "path": path});
        let event = json!({"version": "2.0", "rawPath": path, "headers": headers, "body": body.to_string(),
            "requestContext": context});
        self.fixture.invoke(&event).await.unwrap()
    }
}

fn request() -> Value {
    json!({"instructions": {"steps": []}})
}

fn body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

/// Signed with AWS credentials, through a Function URL.
fn signed(caller: &str) -> Value {
    json!({"domainName": "u1.lambda-url.eu-west-1.on.aws",
        "authorizer": {"iam": {"callerId": caller, "userId": caller, "accountId": "123456789012"}}})
}

#[tokio::test]
async fn two_people_who_sign_their_requests_share_neither_keys_nor_results() {
    let world = World::new();
    let key = json!({"idempotency-key": "k"});
    let other = json!({"instructions": {"steps": ["other"]}});
    for (caller, body, status, replayed) in [
        ("AROAROLE:ada", request(), 200, false),
        ("AROAROLE:bob", request(), 200, false),
        ("AIDAEVE", other.clone(), 200, false),
        ("AROAROLE:ada", request(), 200, true),
        ("AROAROLE:ada", other, 422, false),
    ] {
        let answer = world.post("/", signed(caller), &key, &body).await;
        assert_eq!(answer["statusCode"], status, "{caller} {answer}");
        assert_eq!(answer["headers"].get("idempotent-replayed").is_some(), replayed, "{caller} {answer}");
    }
    assert_eq!(world.platform.store.ids().len(), 3);
}

#[tokio::test]
async fn a_caller_without_a_name_is_told_how_to_get_one_and_starts_nothing() {
    let world = World::new();
    let nobody = [
        (json!({}), json!({})),
        // Everybody behind this authorizer has the same key.
        (json!({"authorizer": {"lambda": {"plan": "gold"}}}), json!({"x-api-key": "shared"})),
    ];
    for (context, headers) in nobody {
        let mut ids = request();
        (ids["operation_id"], ids["task_id"]) = (json!("op"), json!("task"));
        let mut id = request();
        id["operation_id"] = json!("op");
        let with = |name: &str, value: &str| {
            let mut headers = headers.clone();
            headers[name] = json!(value);
            headers
        };
        for (headers, asked) in [
            (with("prefer", "respond-async"), request()),
            (with("idempotency-key", "k"), request()),
            (headers.clone(), ids),
            (headers.clone(), id),
        ] {
            let answer = world.post("/generate", context.clone(), &headers, &asked).await;
            let refused = body(&answer);
            assert_eq!((&answer["statusCode"], &refused["error_type"]), (&json!(400), &json!("invalid_request")));
            let message = refused["message"].as_str().unwrap();
            assert!(["x-api-key", "principalId", "Prefer"].iter().all(|word| message.contains(word)), "{message}");
        }
        assert_eq!(world.platform.store.ids(), Vec::<String>::new());
        let plain = world.post("/generate", context, &headers, &request()).await;
        assert_eq!(plain["statusCode"], 200, "{plain}");
    }
}

#[tokio::test]
async fn an_owner_that_could_not_be_stored_is_refused_by_name_however_it_comes() {
    let world = World::new();
    let owner = "o".repeat(481);
    let asked = json!({"instructions": {}, "operation_id": "op", "task_id": "t", "owner": owner});
    let direct = world.fixture.invoke(&asked).await.unwrap();
    assert_eq!(direct["error_type"], "request_too_large");
    assert_eq!(direct["message"], "The field owner is too long. The limit is 480 characters.");
    assert_eq!(world.platform.store.ids(), Vec::<String>::new());

    // A worker writes the operation all the same, so that its end is announced.
    let mut message = asked.clone();
    message["session_id"] = json!("s".repeat(100_000));
    world.fixture.invoke(&test_support::batch(&[&message.to_string()])).await.unwrap();
    let record = world.platform.store.record("op").unwrap();
    assert_eq!(
        (record.error_type.as_deref(), record.owner, record.session_id),
        (Some("request_too_large"), None, None)
    );

    let over_http = json!({"x-api-key": "k"});
    let mut mine = asked;
    mine["operation_id"] = json!("mine");
    assert_eq!(world.post("/generate", json!({}), &over_http, &mine).await["statusCode"], 202, "the body names nobody");
}

#[tokio::test]
async fn a_location_leads_to_the_operation_or_is_not_there() {
    let world = World::new();
    let api = |stage: &str| json!({"domainName": "a1.execute-api.eu-west-1.amazonaws.com", "stage": stage});
    let url = json!({"domainName": "u1.lambda-url.eu-west-1.on.aws", "stage": "$default"});
    let headers = json!({"x-api-key": "k"});
    let mut asked = request();
    (asked["operation_id"], asked["task_id"]) = (json!("op"), json!("task"));
    for (context, path, location) in [
        (api("$default"), "/generate", Some("/operations/op")),
        (api("v2"), "/v2/generate/", Some("/v2/operations/op")),
        // Which route of the API leads here is not known.
        (api("$default"), "/", None),
        (api("$default"), "//evil.example/generate", None),
        (api("$default"), "/a/../generate", None),
        // A Function URL leads to one function.
        (url.clone(), "/", None),
        (url, "/generate", None),
    ] {
        let answer = world.post(path, context, &headers, &asked).await;
        assert_eq!(answer["headers"]["location"].as_str(), location, "{path} {answer}");
        assert_eq!(body(&answer)["operation_id"], "op");
    }
    let owner = world.platform.store.record("op").unwrap().owner.unwrap().0;
    assert!(!owner.is_empty() && !owner.contains("k1"), "{owner:?}");
}

#[tokio::test]
async fn a_key_sent_twice_is_refused_behind_every_gateway() {
    let world = World::new();
    for key in ["k,k", "k, other", "\"k\", \"k\""] {
        let headers = json!({"idempotency-key": key, "x-api-key": "k"});
        let answer = world.post("/generate", json!({}), &headers, &request()).await;
        assert_eq!((&answer["statusCode"], world.platform.store.ids().len()), (&json!(400), 0), "{key} {answer}");
    }
    let quoted = json!({"idempotency-key": "\"k,k\"", "x-api-key": "k"});
    assert_eq!(world.post("/generate", json!({}), &quoted, &request()).await["statusCode"], 200);
}
