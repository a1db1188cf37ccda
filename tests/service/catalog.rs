//! Health for monitors, and the list of blocks.

use std::time::Duration;

use kit::{
    actions::{AMPLE, CATALOG},
    answer::Answer,
    behaviour::{Act, Behaviour},
    binaries, events,
    runtime_api::Environment,
    server::FaultyServer,
    unreachable::ClosedPort,
};
use serde_json::json;

async fn health(url: &str, limit: Duration) -> Answer {
    let environment = CATALOG.environment(url).await;
    environment.invoke(&events::rest("GET", "/health", ""), limit).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_monitor_sees_a_healthy_generator() {
    let generator = FaultyServer::start(Behaviour::good()).await;
    for (url, kind) in [(generator.url().as_str(), "remote"), ("builtin", "builtin")] {
        let answer = health(url, AMPLE).await;
        assert_eq!(answer.status(), Some(200), "{answer:?}");
        assert_eq!(answer.body(), json!({"status": "healthy", "generator": kind, "blocks_loaded": true}));
        assert!(answer.header("cache-control").is_some(), "{answer:?}");
    }
    assert_eq!(generator.requests()[0].path, "/health");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_monitor_sees_an_unhealthy_generator_in_time() {
    let near = Duration::from_secs(2);
    let unhealthy = [
        Behaviour::says(json!({"status": "healthy", "blocks_loaded": false})),
        Behaviour::says(json!({"status": "starting", "blocks_loaded": true})),
        Behaviour::says(json!({"status": "healthy"})),
        Behaviour::answers(500, "{}"),
        Behaviour::answers(200, "OK"),
        Behaviour::closes(),
        Behaviour::hangs(),
        Behaviour::partial_body(200, 3, Act::Hang),
        Behaviour::endless_chunks(200),
    ];
    for behaviour in unhealthy {
        let generator = FaultyServer::start(behaviour).await;
        assert_unhealthy(&health(&generator.url(), near).await);
    }
    assert_unhealthy(&health(&ClosedPort::take().url(), AMPLE).await);
}

fn assert_unhealthy(answer: &Answer) {
    assert_eq!((answer.status(), &answer.body()["status"]), (Some(503), &json!("unhealthy")), "{answer:?}");
    assert!(!answer.everything().contains("127.0.0.1"), "{answer:?}");
    assert!(answer.elapsed < Duration::from_secs(10), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_generator_health_and_blocks_say_so() {
    let environment = Environment::start(&binaries::function("catalog"), &[("AGENT_GENERATOR_URL", "")]).await;
    assert_unhealthy(&environment.invoke(&events::rest("GET", "/health", ""), AMPLE).await);
    let blocks = environment.invoke(&CATALOG.event(), AMPLE).await;
    assert_eq!((blocks.status(), &blocks.body()["error_type"]), (Some(503), &json!("service_not_configured")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_blocks_arrive_byte_for_byte() {
    let blocks = r#"[{"id":"b","name":"B","zeta":1.0,"alpha":1e5,"own":{"b":1,"a":2}}]"#;
    let generator =
        FaultyServer::start(Behaviour::answers(200, format!(r#"{{"success":true,"blocks":{blocks}}}"#))).await;
    let environment = CATALOG.environment(&generator.url()).await;
    let answer = environment.invoke(&CATALOG.event(), AMPLE).await;
    assert_eq!((answer.status(), &answer.body()["type"]), (Some(200), &json!("blocks")), "{answer:?}");
    assert!(answer.text().contains(blocks), "{answer:?}");
    let seen = &generator.requests()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str(), seen.body.as_str()), ("GET", CATALOG.upstream, ""));
}
