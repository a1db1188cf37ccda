//! Secrets and private data that must not appear in an answer or in the log.

use kit::{
    actions::{ACTIONS, AMPLE, Action, DECOMPOSE, GENERATE, PATCH},
    behaviour::Behaviour,
    binaries, events,
    runtime_api::Environment,
    server::FaultyServer,
    unreachable::ClosedPort,
};
use serde_json::json;

/// Texts from a careless generator, and the parts that must be masked. All are made up; those that a secret scanner would
/// report are written in two parts.
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

/// Every place in which a generator's text can reach an answer.
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

async fn check_hostile_texts(action: &Action) {
    let turns: Vec<Behaviour> = HOSTILE.iter().flat_map(|(text, _)| ways(text)).collect();
    let each = turns.len() / HOSTILE.len();
    let generator = FaultyServer::start(Behaviour::Then(turns)).await;
    let environment = action.environment(&generator.url()).await;
    let mut leaked = Vec::new();
    for (text, secrets) in HOSTILE {
        for way in 0..each {
            let answer = environment.invoke(&action.event(), AMPLE).await;
            assert_eq!(answer.body()["type"], "error", "{answer:?}");
            let said = answer.body()["details"]["service_error"].as_str().map_or(0, |said| said.chars().count());
            assert!(said <= 200, "{answer:?}");
            let everything = answer.everything();
            let out = secrets.iter().filter(|secret| everything.contains(**secret));
            leaked.extend(out.map(|secret| format!("{secret} of {text:?}, way {way}: {}", answer.text())));
        }
    }
    assert_eq!(generator.requests().len(), HOSTILE.len() * each, "each text was sent in each place");
    let logs = environment.finish().await;
    for (text, secrets) in HOSTILE {
        for secret in secrets {
            let line = logs.iter().find(|line| line.contains(secret));
            leaked.extend(line.map(|line| format!("{secret} of {text:?} in the log: {line}")));
        }
    }
    assert!(leaked.is_empty(), "{} leaks of {}:\n{}", leaked.len(), action.name, leaked.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generators_secrets_do_not_reach_a_caller_of_decompose() {
    check_hostile_texts(&DECOMPOSE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generators_secrets_do_not_reach_a_caller_of_generate() {
    check_hostile_texts(&GENERATE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generators_secrets_do_not_reach_a_caller_of_patch() {
    check_hostile_texts(&PATCH).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generators_long_text_is_cut_in_the_answer_and_in_the_log() {
    let generator = FaultyServer::start(Behaviour::says(json!({"success": false, "error": "ü ".repeat(9000)}))).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
    let said = answer.body()["details"]["service_error"].as_str().map_or(0, |said| said.chars().count());
    assert!((100..=200).contains(&said), "{answer:?}");
    let logs = environment.finish().await;
    let quoted = logs.iter().map(|line| line.matches('ü').count()).max();
    assert!(quoted.is_some_and(|quoted| quoted > 100 && quoted <= 1000), "{quoted:?} characters in the log");
}

/// Variables that make a Rust program log more.
const VERBOSE: [(&str, &str); 4] = [
    ("AWS_LAMBDA_LOG_LEVEL", "TRACE"),
    ("RUST_LOG", "trace"),
    ("RUST_BACKTRACE", "full"),
    ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_generators_address_is_not_in_an_answer_or_the_log() {
    for action in ACTIONS {
        for behaviour in [Behaviour::good(), Behaviour::resets(), Behaviour::answers(500, "no")] {
            let generator = FaultyServer::start(behaviour).await;
            let private = ["127.0.0.1".to_owned(), format!(":{}", generator.port()), "private-prefix".to_owned()];
            let url = format!("{}/private-prefix", generator.url());
            check_address(action, &url, &private).await;
        }
        let closed = ClosedPort::take();
        let port = closed.url().replace("http://127.0.0.1", "");
        check_address(action, &closed.url(), &["127.0.0.1".to_owned(), port]).await;
        check_address(action, "http://private-name.invalid", &["private-name".to_owned()]).await;
    }
}

async fn check_address(action: &Action, url: &str, private: &[String]) {
    let variables = [&[("AGENT_GENERATOR_URL", url)][..], &VERBOSE].concat();
    let environment = Environment::start(&binaries::function(action.name), &variables).await;
    let answer = environment.invoke(&action.event(), AMPLE).await;
    let logs = environment.finish().await;
    for part in private {
        assert!(!answer.everything().contains(part.as_str()), "{part}: {answer:?}");
        // 127.0.0.1 is also the address of the Runtime API, which may be logged.
        let line = logs.iter().find(|line| line.contains(part.as_str()) && part != "127.0.0.1");
        assert_eq!(line, None, "{part} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_writes_is_not_logged() {
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
    for action in ACTIONS {
        for behaviour in [Behaviour::good(), Behaviour::answers(500, "no"), Behaviour::resets()] {
            let generator = FaultyServer::start(behaviour).await;
            let url = generator.url();
            let variables = [&[("AGENT_GENERATOR_URL", url.as_str())][..], &VERBOSE].concat();
            let environment = Environment::start(&binaries::function(action.name), &variables).await;
            for body in [request.to_string().as_str(), broken, wrong] {
                environment.invoke(&events::rest_with("POST", action.route, body, &headers), AMPLE).await;
            }
            environment.invoke(&request, AMPLE).await;
            environment.invoke(&events::event_bridge(request.clone()), AMPLE).await;
            environment.invoke(&json!(["PrivateGoal", "PrivateChange"]), AMPLE).await;
            let logs = environment.finish().await;
            assert!(!logs.is_empty());
            let line = logs.iter().find(|line| OWN.iter().any(|own| line.contains(own)));
            assert_eq!(line, None, "{}", action.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_data_in_a_generators_quotation_of_the_goal_is_masked() {
    let goal = "Log in as jane@private.example with password=hunter2Geheim at https://bank.example/jane";
    let quoted =
        Behaviour::answers(500, json!({"error_type": "llm_parse_error", "error": format!("bad: {goal}")}).to_string());
    let generator = FaultyServer::start(quoted).await;
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
