//! What never leaves the building, in no answer and no line of the log.

use kit::{
    behaviour::Behaviour, binaries, events, faulty::FaultyGenerator, runtime_api::Environment, unreachable::ClosedPort,
};
use serde_json::json;

use crate::operations::{AMPLE, DECOMPOSE, GENERATE, OPERATIONS, Operation, PATCH};

/// What a generator may blurt out, and the parts of it that nobody may read. All of it is made up; what a scanner for
/// secrets would take for a real one is written in two parts.
const HOSTILE: [(&str, &[&str]); 20] = [
    (
        "GET https://svc:s3cr3tPass@agents.internal.example:8443/v1/x?token=abc123def456 failed",
        &["s3cr3tPass", "agents.internal", ":8443", "abc123def456", "https://"],
    ),
    ("dial tcp 10.20.30.40:5432: connect: connection refused", &["10.20.30.40", ":5432"]),
    ("no route to [2001:db8::dead:beef]:6443", &["2001:db8", "dead:beef", ":6443"]),
    ("peer fe80::1ff:fe23:4567:890a went away", &["fe80::", "4567:890a"]),
    ("lookup agent-generator.prod.svc.cluster.local: no such host", &["agent-generator.prod", "cluster.local"]),
    ("cannot reach localhost:8765", &["localhost", ":8765"]),
    ("open /home/alice/app/secrets.yaml: permission denied", &["alice", "secrets.yaml"]),
    (r"cannot read C:\Users\Bob\private\key.pem", &["Bob", "key.pem"]),
    ("ask admin.person@corp.example for access", &["admin.person", "corp.example"]),
    (
        concat!("Authorization: Bearer ey", "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzdmMifQ.c2lnbmF0dXJl was rejected"),
        &["JhbGciOiJIUzI1NiJ9", "c2lnbmF0dXJl"],
    ),
    (
        concat!("Incorrect API key provided: s", "k-proj-AbCdEf0123456789AbCdEf0123456789"),
        &["proj-AbCdEf", "0123456789AbCdEf"],
    ),
    (concat!("AccessDenied for AK", "IAIOSFODNN7EXAMPLE"), &["IAIOSFODNN7EXAMPLE"]),
    (concat!("push with gh", "p_16C7e42F292c6912E7710c838347Ae178B4a failed"), &["p_16C7e42F", "838347Ae178B4a"]),
    ("connect postgres://svc:pw9Geheim@db.internal:5432/agents", &["pw9Geheim", "db.internal"]),
    ("Server=tcp:sql.corp.example,1433;User Id=sqladmin;Password=Tr0ub4dor;", &["sql.corp", "sqladmin", "Tr0ub4dor"]),
    (
        "config {\"api_key\": \"k9f8e7d6c5b4a39281706\", \"password\": \"hunter2Geheim\"}",
        &["k9f8e7d6c5b4", "hunter2Geheim"],
    ),
    ("password=hunter2Geheim&user=alice_admin", &["hunter2Geheim", "alice_admin"]),
    ("FATAL: password authentication failed for user \"alice_admin\"", &["alice_admin"]),
    ("Set-Cookie: session=5f4dcc3b5aa765d61d8327deb882cf99; Path=/", &["5f4dcc3b5aa765d61d8327deb882cf99"]),
    ("redis://:redisGeheim@cache-01.internal:6379/0 timed out", &["redisGeheim", "cache-01", ":6379"]),
];

/// Every way in which a text of the generator can get into an answer.
fn ways(text: &str) -> Vec<Behaviour> {
    vec![
        Behaviour::says(json!({"success": false, "error": text})),
        Behaviour::says(json!({"success": true, "type": "error", "error": text, "error_type": "llm_parse_error"})),
        Behaviour::answers(500, json!({"error_type": "llm_timeout", "error": text}).to_string()),
        Behaviour::answers(400, json!({"error_type": text, "error": "x"}).to_string()),
        Behaviour::answers(502, text),
        Behaviour::answers_with(302, &[("Location", &text.replace(['\r', '\n'], " "))], text),
        Behaviour::says(json!({"success": true, "type": text})),
        Behaviour::answers(200, text),
        Behaviour::says(json!({"success": false, "error": {"nested": text}})),
    ]
}

async fn hold_hostile(operation: &Operation) {
    let turns: Vec<Behaviour> = HOSTILE.iter().flat_map(|(text, _)| ways(text)).collect();
    let each = turns.len() / HOSTILE.len();
    let generator = FaultyGenerator::start(Behaviour::Then(turns)).await;
    let environment = operation.environment(&generator.url()).await;
    let mut leaked = Vec::new();
    for (text, secrets) in HOSTILE {
        for way in 0..each {
            let answer = environment.invoke(&operation.event(), AMPLE).await;
            assert_eq!(answer.body()["type"], "error", "{answer:?}");
            let said = answer.body()["details"]["service_error"].as_str().map_or(0, |said| said.chars().count());
            assert!(said <= 200, "{answer:?}");
            let everything = answer.everything();
            let out = secrets.iter().filter(|secret| everything.contains(**secret));
            leaked.extend(out.map(|secret| format!("{secret} of {text:?}, way {way}: {}", answer.text())));
        }
    }
    assert_eq!(generator.requests().len(), HOSTILE.len() * each, "each text was said in each way");
    let logs = environment.finish().await;
    for (text, secrets) in HOSTILE {
        for secret in secrets {
            let line = logs.iter().find(|line| line.contains(secret));
            leaked.extend(line.map(|line| format!("{secret} of {text:?} in the log: {line}")));
        }
    }
    assert!(leaked.is_empty(), "{} leaks of {}:\n{}", leaked.len(), operation.name, leaked.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_generator_blurts_out_does_not_reach_who_decomposes() {
    hold_hostile(&DECOMPOSE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_generator_blurts_out_does_not_reach_who_generates() {
    hold_hostile(&GENERATE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_generator_blurts_out_does_not_reach_who_patches() {
    hold_hostile(&PATCH).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_story_of_the_generator_is_cut() {
    let generator =
        FaultyGenerator::start(Behaviour::says(json!({"success": false, "error": "ü ".repeat(9000)}))).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
    let said = answer.body()["details"]["service_error"].as_str().map_or(0, |said| said.chars().count());
    assert!((100..=200).contains(&said), "{answer:?}");
    let logs = environment.finish().await;
    let quoted = logs.iter().map(|line| line.matches('ü').count()).max();
    assert!(quoted.is_some_and(|quoted| quoted > 100 && quoted <= 1000), "2,000 characters in the log: {quoted:?}");
}

/// Every variable that is known to make a Rust program say more.
const TALKATIVE: [(&str, &str); 4] = [
    ("AWS_LAMBDA_LOG_LEVEL", "TRACE"),
    ("RUST_LOG", "trace"),
    ("RUST_BACKTRACE", "full"),
    ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_generators_address_is_in_no_answer_and_no_line() {
    for operation in OPERATIONS {
        for behaviour in [Behaviour::good(), Behaviour::resets(), Behaviour::answers(500, "no")] {
            let generator = FaultyGenerator::start(behaviour).await;
            let private = ["127.0.0.1".to_owned(), format!(":{}", generator.port()), "private-prefix".to_owned()];
            let url = format!("{}/private-prefix", generator.url());
            hold_address(operation, &url, &private).await;
        }
        let closed = ClosedPort::take();
        let port = closed.url().replace("http://127.0.0.1", "");
        hold_address(operation, &closed.url(), &["127.0.0.1".to_owned(), port]).await;
        hold_address(operation, "http://private-name.invalid", &["private-name".to_owned()]).await;
    }
}

async fn hold_address(operation: &Operation, url: &str, private: &[String]) {
    let variables = [&[("AGENT_GENERATOR_URL", url)][..], &TALKATIVE].concat();
    let environment = Environment::started(&binaries::function(operation.name), &variables).await;
    let answer = environment.invoke(&operation.event(), AMPLE).await;
    let logs = environment.finish().await;
    for part in private {
        assert!(!answer.everything().contains(part.as_str()), "{part}: {answer:?}");
        // `AWS_LAMBDA_RUNTIME_API` lies on the same interface, and is no secret.
        let line = logs.iter().find(|line| line.contains(part.as_str()) && part != "127.0.0.1");
        assert_eq!(line, None, "{part} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_asks_for_is_in_no_line_of_the_log() {
    const OWN: [&str; 8] = [
        "PrivateGoal",
        "PrivateContext",
        "PrivateStep",
        "PrivateAgent",
        "PrivateChange",
        "PrivateLibrary",
        "PrivateSession",
        "PrivateKey",
    ];
    let request = json!({
        "description": "PrivateGoal of jane@private.example", "context": "PrivateContext",
        "instructions": {"type": "instructions", "steps": ["PrivateStep"]},
        "current_agent_json": {"id": "PrivateAgent", "nodes": [], "links": []}, "changes": "PrivateChange",
        "library_agents": [{"name": "PrivateLibrary"}], "session_id": "PrivateSession"
    });
    let headers = [("x-api-key", "PrivateKey"), ("Authorization", "Bearer PrivateKey")];
    let broken = r#"{"description": "PrivateGoal", PrivateChange}"#;
    let wrong =
        r#"{"description": ["PrivateGoal"], "changes": {"PrivateChange": 1}, "current_agent_json": "PrivateAgent"}"#;
    for operation in OPERATIONS {
        for behaviour in [Behaviour::good(), Behaviour::answers(500, "no"), Behaviour::resets()] {
            let generator = FaultyGenerator::start(behaviour).await;
            let url = generator.url();
            let variables = [&[("AGENT_GENERATOR_URL", url.as_str())][..], &TALKATIVE].concat();
            let environment = Environment::started(&binaries::function(operation.name), &variables).await;
            for body in [request.to_string().as_str(), broken, wrong] {
                environment.invoke(&events::rest_with("POST", operation.route, body, &headers), AMPLE).await;
            }
            environment.invoke(&request, AMPLE).await;
            environment.invoke(&events::event_bridge(request.clone()), AMPLE).await;
            environment.invoke(&json!(["PrivateGoal", "PrivateChange"]), AMPLE).await;
            let logs = environment.finish().await;
            assert!(!logs.is_empty());
            let line = logs.iter().find(|line| OWN.iter().any(|own| line.contains(own)));
            assert_eq!(line, None, "{}", operation.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_who_is_quoted_by_the_generator_is_not_exposed() {
    let goal = "Log in as jane@private.example with password=hunter2Geheim at https://bank.example/jane";
    let quoted =
        Behaviour::answers(500, json!({"error_type": "llm_parse_error", "error": format!("bad: {goal}")}).to_string());
    let generator = FaultyGenerator::start(quoted).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    let event = events::rest("POST", "/decompose", &json!({"description": goal}).to_string());
    let answer = environment.invoke(&event, AMPLE).await;
    let said = answer.body()["details"]["service_error"].to_string();
    let logs = environment.finish().await.join("\n");
    for secret in ["jane", "private.example", "hunter2Geheim", "bank.example"] {
        assert!(!said.contains(secret), "{secret}: {said}");
        assert!(!logs.contains(secret), "{secret}: {logs}");
    }
}
