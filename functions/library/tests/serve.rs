//! The library over HTTP and by payload, kept in memory.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::sync::{Arc, LazyLock};

use agent_library::memory::MemoryLibrary;
use generator::{Builtin, keeping::Keeper, validator::Scope};
use lambda::Service;
use library::Agents;
use serde_json::{Value, json};
use shared::{
    json::to_raw,
    port::{Decomposition, Draft},
};
use test_support::{handled, rest_with, undocumented};

type Headers<'a> = &'a [(&'a str, &'a str)];

/// An agent that keeps every rule, as text.
static AGENT: LazyLock<String> = LazyLock::new(|| {
    let generator = Builtin::new();
    let goal = "Every day at 8, read an RSS feed and post each entry to the Slack channel #news";
    let Decomposition::Instructions { steps, .. } = generator.decompose_now(goal, None).unwrap() else { panic!() };
    let instructions = to_raw(&json!({"type": "instructions", "steps": steps})).unwrap();
    let Draft::Agent(agent, _) = generator.generate_now(&instructions).unwrap() else { panic!() };
    agent.get().to_owned()
});

fn agent() -> Value {
    serde_json::from_str(&AGENT).unwrap()
}

fn named(name: &str) -> Value {
    let mut agent = agent();
    agent["name"] = json!(name);
    agent
}

struct Answer {
    status: u64,
    headers: Value,
    /// As it was sent.
    text: String,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers[name].as_str()
    }
}

struct World(Service<Agents>);

impl World {
    fn new() -> Self {
        let function = Agents { library: Arc::<MemoryLibrary>::default(), keeper: Keeper::new(Scope::OwnWork) };
        Self(Service::new(function).with_requests())
    }

    async fn send(&self, caller: &str, method: &str, path: &str, body: &str, headers: Headers<'_>) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut event = rest_with(method, path, body, headers);
        event["requestContext"]["identity"]["apiKeyId"] = json!(caller);
        let parameters = query.split('&').filter_map(|pair| pair.split_once('='));
        event["queryStringParameters"] = parameters.map(|(name, value)| (name.to_owned(), json!(value))).collect();
        let answer = handled(&self.0, event.to_string().as_bytes()).await.unwrap();
        let text = answer["body"].as_str().unwrap().to_owned();
        Answer {
            status: answer["statusCode"].as_u64().unwrap(),
            headers: answer["headers"].clone(),
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    async fn ask(&self, method: &str, path: &str, headers: Headers<'_>) -> Answer {
        self.send("key-1", method, path, "", headers).await
    }

    async fn create(&self, agent: &Value) -> (String, String) {
        let created = self.send("key-1", "POST", "/agents", &json!({"agent_json": agent}).to_string(), &[]).await;
        assert_eq!(created.status, 201, "{}", created.text);
        let id = created.body["id"].as_str().unwrap().to_owned();
        assert_eq!(created.header("location"), Some(&*format!("/v1/agents/{id}")));
        (id, created.header("etag").unwrap().to_owned())
    }

    async fn put(&self, id: &str, agent: &Value, headers: Headers<'_>) -> Answer {
        let body = json!({"agent_json": agent}).to_string();
        self.send("key-1", "PUT", &format!("/agents/{id}"), &body, headers).await
    }
}

#[tokio::test]
async fn a_saved_agent_is_read_back_as_it_was_sent_and_not_twice() {
    let world = World::new();
    let spelt = AGENT.replacen('{', "{ \"unknown\" : 1.50 ,", 1);
    let created = world.send("key-1", "POST", "/agents", &format!("{{\"agent_json\":{spelt}}}"), &[]).await;
    assert_eq!((created.status, &created.body["type"]), (201, &json!("agent_saved")), "{}", created.text);
    let (id, etag) = (created.body["id"].as_str().unwrap(), created.header("etag").unwrap());
    let read = world.ask("GET", &format!("/agents/{id}"), &[]).await;
    assert!(read.text.contains(&spelt), "{}", read.text);
    assert_eq!((read.status, read.header("etag"), &read.body["version"]), (200, Some(etag), &json!(1)));
    assert_eq!(read.body["etag"], etag);
    let again = world.ask("GET", &format!("/agents/{id}"), &[("If-None-Match", etag)]).await;
    assert_eq!((again.status, &*again.text, again.header("etag")), (304, "", Some(etag)));
}

#[tokio::test]
async fn whoever_opens_a_kept_agent_reads_what_it_does_and_needs_in_any_version() {
    let world = World::new();
    let (id, etag) = world.create(&agent()).await;
    let mut moved = agent();
    moved["recommended_schedule_cron"] = json!("0 9 * * 1");
    assert_eq!(world.put(&id, &moved, &[("If-Match", &etag)]).await.status, 200);
    for (path, hour, cron) in [
        (format!("/agents/{id}"), "Monday at 9:00", "0 9 * * 1"),
        (format!("/agents/{id}/versions/1"), "day at 8:00", "0 8 * * *"),
    ] {
        let read = world.ask("GET", &path, &[]).await;
        let explanation = read.body["explanation"].as_str().unwrap();
        assert!(explanation.contains(hour) && explanation.contains("Slack"), "{explanation}");
        assert_eq!(read.body["requirements"]["schedule"], cron, "{}", read.text);
        assert!(read.body["requirements"]["credentials"].to_string().contains("slack"), "{}", read.text);
    }
}

#[tokio::test]
async fn a_history_has_the_words_that_a_version_came_of() {
    let world = World::new();
    let send = async |method, path: &str, name: &str, wish: Value, headers| {
        world.send("key-1", method, path, &json!({"agent_json": named(name), "wish": wish}).to_string(), headers).await
    };
    let created = send("POST", "/agents", "first", json!("Post the news"), &[][..]).await;
    assert_eq!((created.status, &created.body["wish"]), (201, &json!("Post the news")), "{}", created.text);
    let path = format!("/agents/{}", created.body["id"].as_str().unwrap());
    let any: Headers<'_> = &[("If-Match", "*")];
    // Of a long one the beginning; of none, or a blank one, nothing.
    let wishes = [
        (json!("ü".repeat(20_000)), json!("ü".repeat(2_000))),
        (json!(null), json!(null)),
        (json!(" \n"), json!(null)),
    ];
    for (at, (wish, _)) in wishes.iter().enumerate() {
        assert_eq!(send("PUT", &path, &at.to_string(), wish.clone(), any).await.status, 200);
    }
    for (wish, status) in [(json!("w".repeat(20_001)), 413), (json!(7), 400)] {
        assert_eq!(send("PUT", &path, "other", wish, any).await.status, status);
    }
    let history = world.ask("GET", &format!("{path}/versions"), &[]).await;
    let told: Vec<&Value> = history.body["versions"].as_array().unwrap().iter().rev().map(|it| &it["wish"]).collect();
    let expected: Vec<&Value> =
        [&created.body["wish"]].into_iter().chain(wishes.iter().map(|(_, told)| told)).collect();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_chat_gets_a_kept_agent_as_a_diagram() {
    let world = World::new();
    let (id, _) = world.create(&agent()).await;
    let drawn = world.ask("GET", &format!("/agents/{id}?format=mermaid"), &[]).await;
    assert_eq!((drawn.status, drawn.header("content-type")), (200, Some("text/vnd.mermaid; charset=utf-8")));
    assert!(drawn.text.starts_with("flowchart TD\n") && drawn.text.contains("-->"), "{}", drawn.text);
    assert_eq!(world.ask("GET", &format!("/agents/{id}?format=json"), &[]).await.body["type"], "agent");
    assert_eq!(world.ask("GET", &format!("/agents/{id}?format=png"), &[]).await.status, 400);
}

#[tokio::test]
async fn an_agent_that_breaks_rules_is_refused_with_the_list() {
    let world = World::new();
    let mut broken = agent();
    broken["nodes"][0]["block_id"] = json!("no-such-block");
    let refused = world.send("key-1", "POST", "/agents", &json!({"agent_json": broken}).to_string(), &[]).await;
    assert_eq!((refused.status, &refused.body["error_type"]), (422, &json!("validation_error")));
    assert!(refused.body["faults"][0].is_string(), "{}", refused.text);
    let (id, etag) = world.create(&agent()).await;
    let refused = world.put(&id, &broken, &[("If-Match", &etag)]).await;
    assert_eq!((refused.status, refused.body["faults"].as_array().map(Vec::is_empty)), (422, Some(false)));
    for (body, code) in [("{}", "Missing agent_json parameter"), (r#"{"agent_json":[]}"#, "invalid_request")] {
        let refused = world.send("key-1", "POST", "/agents", body, &[]).await;
        assert_eq!((refused.status, &refused.body["error"]), (400, &json!(code)), "{body}");
    }
}

#[tokio::test]
async fn a_change_needs_the_newest_version_and_a_stale_one_is_told_which_that_is() {
    let world = World::new();
    let (id, first) = world.create(&agent()).await;
    let blind = world.put(&id, &named("second"), &[]).await;
    assert_eq!((blind.status, &blind.body["error_type"]), (428, &json!("precondition_required")));
    let second = world.put(&id, &named("second"), &[("If-Match", &first)]).await;
    assert_eq!((second.status, &second.body["version"]), (200, &json!(2)), "{}", second.text);
    assert_eq!(second.body["changes"][0]["path"], "name");
    let newest = second.header("etag").unwrap();
    let stale = world.put(&id, &named("third"), &[("If-Match", &first)]).await;
    assert_eq!((stale.status, &stale.body["error_type"]), (412, &json!("version_conflict")));
    assert_eq!(stale.header("etag"), Some(newest));
    // The same content, spelt in another way, is no change, whatever it was meant for.
    for given in [newest, &first] {
        let same = world.put(&id, &named("second"), &[("If-Match", given)]).await;
        assert_eq!((same.status, &same.body["version"], same.header("etag")), (200, &json!(2), Some(newest)));
    }
}

#[tokio::test]
async fn a_history_tells_how_each_version_came_about_and_an_old_one_comes_back_as_a_new_one() {
    let world = World::new();
    let (id, first) = world.create(&agent()).await;
    let second = world.put(&id, &named("second"), &[("If-Match", &first)]).await;
    let path = format!("/agents/{id}/versions/1/restore");
    assert_eq!(world.ask("POST", &path, &[]).await.status, 428);
    assert_eq!(world.ask("POST", &path, &[("If-Match", &first)]).await.status, 412);
    let newest = second.header("etag").unwrap();
    let restored = world.ask("POST", &path, &[("If-Match", newest)]).await;
    assert_eq!((restored.status, &restored.body["version"]), (200, &json!(3)), "{}", restored.text);
    let history = world.ask("GET", &format!("/agents/{id}/versions?limit=2"), &[]).await;
    let origins = |answer: &Answer| {
        answer.body["versions"].as_array().unwrap().iter().map(|it| it["origin"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(origins(&history), ["restored", "replaced"]);
    assert_eq!(history.body["versions"][0]["restored"], 1);
    let rest = format!("/agents/{id}/versions?limit=2&cursor={}", history.body["next"].as_str().unwrap());
    let rest = world.ask("GET", &rest, &[]).await;
    assert_eq!((origins(&rest), &rest.body["next"]), (vec![json!("created")], &Value::Null));
    let old = world.ask("GET", &format!("/agents/{id}/versions/2"), &[]).await;
    assert_eq!((&old.body["agent_json"]["name"], old.header("etag")), (&json!("second"), Some(newest)));
    assert_eq!(world.ask("GET", &format!("/agents/{id}/versions/9"), &[]).await.status, 404);
    assert_eq!(world.ask("GET", &format!("/agents/{id}/versions/x"), &[]).await.status, 400);
}

#[tokio::test]
async fn an_agent_that_could_not_be_read_back_is_not_kept() {
    let world = World::new();
    let (id, etag) = world.create(&agent()).await;
    let mut quoting = agent();
    // A quote has two bytes in a request and four in a gateway's answer.
    quoting["note"] = json!("\"".repeat(1_600_000));
    let body = json!({"agent_json": quoting}).to_string();
    let refused = world.send("key-1", "POST", "/agents", &body, &[]).await;
    assert_eq!((refused.status, &refused.body["error_type"]), (413, &json!("request_too_large")), "{}", refused.text);
    assert_eq!(world.put(&id, &quoting, &[("If-Match", &etag)]).await.status, 413);
    quoting["note"] = json!("\"".repeat(1_500_000));
    let (id, _) = world.create(&quoting).await;
    for path in [format!("/agents/{id}"), format!("/agents/{id}/versions/1")] {
        assert_eq!(world.ask("GET", &path, &[]).await.body["agent_json"], quoting, "{path}");
    }
}

#[tokio::test]
async fn a_list_comes_in_pages_and_a_search_finds_names() {
    let world = World::new();
    for name in ["News for me", "Mail for me", "Report"] {
        world.create(&named(name)).await;
    }
    let page = world.ask("GET", "/agents?limit=2", &[]).await;
    assert_eq!((page.status, page.body["agents"].as_array().map(Vec::len)), (200, Some(2)), "{}", page.text);
    let next = format!("/agents?limit=2&cursor={}", page.body["next"].as_str().unwrap());
    let next = world.ask("GET", &next, &[]).await;
    assert_eq!((next.body["agents"].as_array().map(Vec::len), &next.body["next"]), (Some(1), &Value::Null));
    let found = world.ask("GET", "/agents?q=MAIL%20for", &[]).await.body["agents"].as_array().map(Vec::len);
    assert_eq!(found, Some(0), "the gateway decodes, and nobody again");
    let found = world.ask("GET", "/agents?q=MAIL for", &[]).await.body["agents"][0]["name"].clone();
    assert_eq!(found, "Mail for me");
    for wrong in ["limit=0", "limit=101", "limit=x", "cursor=x"] {
        assert_eq!(world.ask("GET", &format!("/agents?{wrong}"), &[]).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_deleted_agent_is_gone_and_comes_back_with_its_versions() {
    let world = World::new();
    let (id, etag) = world.create(&agent()).await;
    let path = format!("/agents/{id}");
    let deleted = world.ask("DELETE", &path, &[]).await;
    assert_eq!((deleted.status, &*deleted.text), (204, ""));
    let gone = world.ask("GET", &path, &[]).await;
    assert_eq!((gone.status, &gone.body["error_type"]), (404, &json!("agent_not_found")));
    assert_eq!(world.ask("GET", "/agents", &[]).await.body["agents"], json!([]));
    assert_eq!(world.put(&id, &named("x"), &[("If-Match", &etag)]).await.status, 404);
    assert_eq!(world.ask("GET", &format!("{path}/versions"), &[]).await.status, 404);
    let back = world.ask("POST", &format!("{path}/undelete"), &[]).await;
    assert_eq!((back.status, back.header("etag")), (200, Some(&*etag)), "{}", back.text);
    assert_eq!(world.ask("GET", &path, &[]).await.status, 200);
}

#[tokio::test]
async fn a_fork_is_an_agent_of_its_own_that_says_where_it_came_from() {
    let world = World::new();
    let (id, etag) = world.create(&agent()).await;
    let forked = world.ask("POST", &format!("/agents/{id}/fork"), &[("Idempotency-Key", "f")]).await;
    assert_eq!((forked.status, &forked.body["origin"]), (201, &json!("forked")), "{}", forked.text);
    let fork = forked.body["id"].as_str().unwrap();
    assert_ne!(fork, id);
    let read = world.ask("GET", &format!("/agents/{fork}"), &[]).await;
    assert_eq!(read.body["forked_from"], json!({"agent_id": id, "version": 1}));
    assert_eq!(read.body["agent_json"], agent());
    world.put(&id, &named("second"), &[("If-Match", &etag)]).await;
    let again = world.ask("POST", &format!("/agents/{id}/fork"), &[("Idempotency-Key", "f")]).await;
    assert_eq!((again.status, again.text), (201, forked.text), "a repeat is answered as the first was");
}

#[tokio::test]
async fn a_repeated_creation_makes_one_agent() {
    let world = World::new();
    let body = json!({"agent_json": agent()}).to_string();
    let first = world.send("key-1", "POST", "/agents", &body, &[("Idempotency-Key", "k")]).await;
    let again = world.send("key-1", "POST", "/agents", &body, &[("Idempotency-Key", "k")]).await;
    assert_eq!((again.status, again.text), (201, first.text));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let other = json!({"agent_json": named("other")}).to_string();
    let other = world.send("key-1", "POST", "/agents", &other, &[("Idempotency-Key", "k")]).await;
    assert_eq!((other.status, &other.body["error_type"]), (422, &json!("idempotency_mismatch")));
    let theirs = world.send("key-2", "POST", "/agents", &body, &[("Idempotency-Key", "k")]).await;
    assert_eq!(theirs.status, 201, "keys are each caller's own");
    assert_ne!(theirs.body["id"], first.body["id"]);
}

#[tokio::test]
async fn nobody_reads_or_changes_what_is_not_theirs() {
    let world = World::new();
    let (id, etag) = world.create(&agent()).await;
    let body = json!({"agent_json": agent()}).to_string();
    let path = format!("/agents/{id}");
    for (method, more) in [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/versions"),
        ("GET", "/versions/1"),
        ("POST", "/versions/1/restore"),
        ("POST", "/fork"),
        ("POST", "/undelete"),
    ] {
        let answer = world.send("key-2", method, &format!("{path}{more}"), &body, &[("If-Match", &etag)]).await;
        assert_eq!((answer.status, &answer.body["error_type"]), (404, &json!("agent_not_found")), "{method} {more}");
    }
    assert_eq!(world.send("key-2", "GET", "/agents", "", &[]).await.body["agents"], json!([]));
    for unnamed in ["", "/x"] {
        let mut event = rest_with("GET", &format!("/agents{unnamed}"), "", &[]);
        event["requestContext"]["identity"] = json!({});
        assert_eq!(handled(&world.0, event.to_string().as_bytes()).await.unwrap()["statusCode"], 400);
    }
    assert_eq!(world.ask("GET", &path, &[]).await.status, 200);
}

#[tokio::test]
async fn an_operator_gives_the_agents_of_one_key_to_another() {
    let world = World::new();
    let (id, _) = world.create(&agent()).await;
    let transfer = json!({"route": "agents/transfer", "from": "key-1", "to": "key-2"}).to_string();
    let moved = handled(&world.0, transfer.as_bytes()).await.unwrap();
    assert_eq!(moved, json!({"type": "transferred", "agents": 1, "more": false}));
    assert_eq!(world.ask("GET", &format!("/agents/{id}"), &[]).await.status, 404);
    assert_eq!(world.send("key-2", "GET", &format!("/agents/{id}"), "", &[]).await.status, 200);
    let swept = handled(&world.0, br#"{"sweep": true}"#).await.unwrap();
    assert_eq!(swept["type"], "swept");
    for wrong in
        [r#"{"route": "agents/transfer", "from": "a", "to": "a"}"#, r#"{"route": "agents"}"#, r#"{"sweep": 1}"#]
    {
        assert_eq!(handled(&world.0, wrong.as_bytes()).await.unwrap_err().0, "invalid_request", "{wrong}");
    }
    // And nobody does over HTTP.
    let answer = world.send("key-2", "POST", "/agents/transfer", &transfer, &[]).await;
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn a_library_that_cannot_be_reached_is_an_outage_and_a_failed_sweep() {
    let nowhere = |name: &str| match name {
        "LIBRARY_TABLE" | "LIBRARY_BUCKET" => Some("name".to_owned()),
        "AWS_REGION" => Some("eu-west-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("key".to_owned()),
        "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:1".to_owned()),
        _ => None,
    };
    let library = Arc::new(agent_library_aws::library(nowhere).unwrap().unwrap());
    let world = World(Service::new(Agents { library, keeper: Keeper::new(Scope::OwnWork) }).with_requests());
    let body = json!({"agent_json": agent()}).to_string();
    for (method, path) in [("GET", "/agents"), ("POST", "/agents"), ("GET", "/agents/a-1"), ("DELETE", "/agents/a-1")] {
        let answer = world.send("key-1", method, path, &body, &[]).await;
        let told = (answer.status, &answer.body["error_type"], &answer.body["retryable"]);
        assert_eq!(told, (503, &json!("service_unavailable"), &json!(true)), "{method} {path}: {}", answer.text);
    }
    // An alarm counts failed invocations.
    assert_eq!(handled(&world.0, br#"{"sweep": true}"#).await.unwrap_err().0, "service_unavailable");
}

#[tokio::test]
async fn openapi_yaml_documents_every_route_and_method() {
    assert_eq!(undocumented::<Agents>(), Vec::<String>::new());
}
