//! The server has the API of a remote Agent Generator, tested over a real socket.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]
#![cfg(feature = "server")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use generator::{
    Builtin,
    server::{Answers, BODY_LIMIT, router},
};
use serde_json::{Value, json};
use shared::{error_type::ErrorType, failure::Failure, port::AgentGenerator};
use test_support::{Script, Scripted};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// One request to a new server; status and body.
async fn asked(method: &str, path: &str, body: &[u8]) -> (u16, Value) {
    let (head, body) = answered(Arc::new(Builtin::new()), method, path, body).await;
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
}

/// One request to a server with this generator; head and body of the answer.
async fn answered(generator: Arc<dyn AgentGenerator>, method: &str, path: &str, body: &[u8]) -> (String, Value) {
    let (address, server) = started(generator, Answers::Now).await;
    let answer = exchanged(address, method, path, body).await;
    server.abort();
    answer
}

async fn started(
    generator: Arc<dyn AgentGenerator>,
    answers: Answers,
) -> (SocketAddr, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = router(generator, Duration::from_secs(60), answers);
    (address, tokio::spawn(async move { axum::serve(listener, routes).await }))
}

/// Head and body of the answer.
async fn exchanged(address: SocketAddr, method: &str, path: &str, body: &[u8]) -> (String, Value) {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    // A body over the limit may be refused before it is sent completely.
    let _ = socket.write_all(body).await;
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    let text = String::from_utf8(answer).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text}"));
    (head.to_owned(), serde_json::from_str(body).unwrap_or_else(|_| panic!("{text}")))
}

async fn posted(path: &str, body: Value) -> (u16, Value) {
    asked("POST", path, body.to_string().as_bytes()).await
}

#[tokio::test]
async fn a_goal_becomes_an_agent_and_the_agent_is_changed_over_the_wire() {
    let (status, decomposed) = posted(
        "/api/decompose-description",
        json!({"description": "Summarise a web page and e-mail the summary", "library_agents": []}),
    )
    .await;
    assert_eq!((status, &decomposed["success"], &decomposed["type"]), (200, &json!(true), &json!("instructions")));
    let instructions = json!({"type": "instructions", "steps": decomposed["steps"]});
    let (status, generated) = posted("/api/generate-agent", json!({"instructions": instructions})).await;
    assert_eq!((status, &generated["success"]), (200, &json!(true)));
    let body = json!({"update_request": "rename it to Digest", "current_agent_json": generated["agent_json"]});
    let (status, updated) = posted("/api/update-agent", body).await;
    assert_eq!((status, &updated["agent_json"]["name"]), (200, &json!("Digest")));
}

#[tokio::test]
async fn a_template_becomes_an_agent_of_its_own() {
    let template = json!({"id": "template", "version": 7, "name": "x", "more": {"z": 1}, "nodes": [], "links": []});
    let body = json!({"template_agent_json": template, "modification_request": "Rename it to y"});
    let (status, answer) = posted("/api/template-modification", body).await;
    let agent = &answer["agent_json"];
    assert_eq!(
        (status, &answer["success"], &agent["name"], &agent["more"]),
        (200, &json!(true), &json!("y"), &template["more"])
    );
    assert_eq!((&agent["version"], &agent["is_active"]), (&json!(1), &json!(true)));
    assert!(agent["id"].as_str().is_some_and(|id| id.len() == 36), "{agent}");
    let body = json!({"template_agent_json": [], "modification_request": "Rename it to y"});
    assert_eq!(posted("/api/template-modification", body).await.0, 400);
}

#[tokio::test]
async fn a_client_that_polls_gets_a_job_and_then_what_the_others_get_at_once() {
    let (address, server) = started(Arc::new(Builtin::new()), Answers::Jobs).await;
    let post = async |path: &str, body: Value| exchanged(address, "POST", path, body.to_string().as_bytes()).await;
    let goal = json!({"description": "Summarise a web page and e-mail the summary"});
    let mut result = Value::Null;
    let agent = json!({"name": "x", "nodes": [], "links": []});
    for (path, body, kind) in [
        ("/api/decompose-description", goal.clone(), "completed"),
        (
            "/api/template-modification",
            json!({"template_agent_json": agent, "modification_request": "Rename it to y"}),
            "completed",
        ),
        (
            "/api/update-agent",
            json!({"update_request": "remove the Slack step", "current_agent_json": agent}),
            "failed",
        ),
    ] {
        let (head, accepted) = post(path, body).await;
        assert!(head.starts_with("HTTP/1.1 202 "), "{head}");
        assert_eq!(accepted["status"], "accepted");
        let job = format!("/api/jobs/{}", accepted["job_id"].as_str().unwrap());
        let told = loop {
            let (_, told) = exchanged(address, "GET", &job, b"").await;
            if told["status"] != "running" {
                break told;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!((&told["status"], &told["job_id"]), (&json!(kind), &accepted["job_id"]), "{told}");
        if kind == "failed" {
            assert_eq!(told["error_type"], "patch_error");
        } else if path.ends_with("description") {
            result = told["result"].clone();
        }
    }
    assert_eq!(result, posted("/api/decompose-description", goal).await.1);
    assert!(post("/api/generate-agent", json!({"instructions": 7})).await.0.starts_with("HTTP/1.1 400 "));
    assert!(exchanged(address, "GET", "/api/jobs/other", b"").await.0.starts_with("HTTP/1.1 404 "));
    assert!(exchanged(address, "GET", "/health", b"").await.0.starts_with("HTTP/1.1 200 "));
    server.abort();
}

#[tokio::test]
async fn every_kind_of_answer_has_its_type() {
    let decompose = "/api/decompose-description";
    assert_eq!(posted(decompose, json!({"description": "help me"})).await.1["type"], "vague_goal");
    assert_eq!(posted(decompose, json!({"description": "book me a flight"})).await.1["type"], "unachievable_goal");
    let (_, asked) = posted(decompose, json!({"description": "Send a summary of a web page to the team"})).await;
    assert_eq!(
        (&asked["type"], asked["questions"].as_array().map(Vec::len)),
        (&json!("clarifying_questions"), Some(1))
    );
    assert_eq!(
        posted(
            decompose,
            json!({"description": "Send a summary of a web page to the team", "user_instruction": "Slack"})
        )
        .await
        .1["type"],
        "instructions"
    );
    let appended =
        json!({"description": "Send a summary of a web page to the team\n\nAdditional context from user:\nSlack"});
    assert_eq!(posted(decompose, appended).await.1["type"], "instructions", "an answer, as a newer client sends it");
}

#[tokio::test]
async fn a_failure_of_the_planner_is_an_answer_with_its_error_type() {
    let (status, body) = posted("/api/generate-agent", json!({"instructions": {"steps": []}})).await;
    assert_eq!((status, &body["success"], &body["error_type"]), (200, &json!(false), &json!("validation_error")));
    let agent = json!({"name": "x", "nodes": [], "links": []});
    let (status, body) =
        posted("/api/update-agent", json!({"update_request": "remove the Slack step", "current_agent_json": agent}))
            .await;
    assert_eq!((status, &body["success"], &body["error_type"]), (200, &json!(false), &json!("patch_error")));
}

#[tokio::test]
async fn the_retry_after_of_a_busy_model_reaches_the_function() {
    let busy = Failure { retry_after: Some(40), ..Failure::new(ErrorType::LlmRateLimit, "busy") };
    let generator = Arc::new(Scripted { decomposition: Some(Script::Fails(busy)), ..Scripted::default() });
    let body = json!({"description": "x", "user_instruction": " ", "library_agents": [{"id": 1}]}).to_string();
    let path = "/api/decompose-description";
    let (head, body) = answered(Arc::<Scripted>::clone(&generator), "POST", path, body.as_bytes()).await;
    assert!(head.contains("\r\nretry-after: 40"), "{head}");
    assert_eq!(body, json!({"success": false, "error": "busy", "error_type": "llm_rate_limit"}));
    assert_eq!(generator.asked(), [json!(["decompose", "x", null, [{"id": 1}]])]);
}

#[tokio::test]
async fn a_malformed_request_is_refused_in_the_failure_shape() {
    for (path, body) in [
        ("/api/decompose-description", "{"),
        ("/api/decompose-description", "[]"),
        ("/api/decompose-description", "{}"),
        ("/api/decompose-description", r#"{"description": 7}"#),
        ("/api/decompose-description", r#"{"description": "  "}"#),
        ("/api/generate-agent", r#"{"instructions": "x"}"#),
        ("/api/generate-agent", r#"{"instructions": null}"#),
        ("/api/update-agent", r#"{"update_request": "x", "current_agent_json": []}"#),
        ("/api/update-agent", r#"{"current_agent_json": {}}"#),
        ("/api/update-agent", "\u{0}"),
        (
            "/api/update-agent",
            r#"{"update_request": "x", "current_agent_json": {"x": {"$serde_json::private::RawValue": "[1]"}}}"#,
        ),
    ] {
        let (status, answer) = asked("POST", path, body.as_bytes()).await;
        assert_eq!(
            (status, &answer["success"], &answer["error_type"]),
            (400, &json!(false), &json!("validation_error")),
            "{path} {body}"
        );
    }
    assert_eq!(asked("POST", "/api/decompose-description", b"\xff\xfe").await.0, 400);
    assert_eq!(asked("GET", "/nowhere", b"").await.0, 404);
    assert_eq!(asked("GET", "/api/generate-agent", b"").await.0, 405);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let (status, body) = asked("POST", "/api/update-agent", &vec![b' '; BODY_LIMIT + 1]).await;
    assert_eq!((status, &body["success"]), (413, &json!(false)));
}

#[tokio::test]
async fn blocks_and_health_are_served() {
    let (status, body) = asked("GET", "/api/blocks", b"").await;
    assert_eq!((status, body["blocks"].as_array().map(Vec::len)), (200, Some(568)));
    assert_eq!(asked("GET", "/health", b"").await, (200, json!({"status": "healthy", "blocks_loaded": true})));
}
