//! decompose, event in, answer out.

use decompose::Decompose;
use serde_json::{Value, json};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    limits::CLAUSES,
    port::{Decomposition, Question},
};
use test_support::{Fixture, REQUEST_ID, Script, Scripted, raw, rest, undocumented};

fn fixture(script: Script<Decomposition>) -> Fixture<Decompose> {
    Fixture::new(Decompose::new, Scripted { decomposition: Some(script), ..Scripted::default() })
}

fn steps() -> Script<Decomposition> {
    Script::Gives(Decomposition::Instructions { steps: raw(r#"["a",{"z":1.0,"b":2}]"#), account: Box::default() })
}

#[tokio::test]
async fn the_answer_has_the_steps_and_the_session() {
    let fixture = fixture(steps());
    let asked = json!({"description": "a goal", "context": "more", "library_agents": [{"id": 1}], "session_id": "s-1", "unknown": 7});
    let (status, body) = fixture.post("/decompose", &asked).await.unwrap();
    assert_eq!(status, 200);
    let nothing = json!({"credentials": [], "inputs": [], "schedule": null, "timezone": null, "trigger": null});
    assert_eq!(
        body,
        json!({
            "type": "instructions", "message": "I've broken the goal down into 2 steps.", "steps": ["a", {"z": 1.0, "b": 2}],
            "left_out": [], "requirements": nothing, "explanation": "", "session_id": "s-1",
        })
    );
    assert_eq!(fixture.generator.asked(), [json!(["decompose", "a goal", "more", [{"id": 1}]])]);
}

#[tokio::test]
async fn empty_fields_are_not_passed_on() {
    let fixture = fixture(steps());
    let asked = json!({"description": "g", "context": "", "library_agents": [], "session_id": null});
    assert_eq!(fixture.post("/decompose", &asked).await.unwrap().0, 200);
    assert_eq!(fixture.generator.asked(), [json!(["decompose", "g", null, null])]);
}

#[tokio::test]
async fn every_trigger_is_served_by_the_same_function() {
    let fixture = fixture(steps());
    let request = json!({"description": "g"});
    let http_api = json!({"version": "2.0", "rawPath": "/v1/decompose/", "headers": {"content-type": "application/json"},
        "body": "eyJkZXNjcmlwdGlvbiI6ImcifQ==", "isBase64Encoded": true, "requestContext": {"stage": "v1", "http": {"method": "POST", "path": "/v1/decompose/"}}});
    let function_url = json!({"version": "2.0", "rawPath": "/", "headers": {}, "body": request.to_string(), "isBase64Encoded": false,
        "requestContext": {"stage": "$default", "http": {"method": "POST", "path": "/"}}});
    for event in [rest("POST", "/base/decompose", &request.to_string()), http_api, function_url] {
        assert_eq!(fixture.invoke(&event).await.unwrap()["statusCode"], 200, "{event}");
    }
    let event_bridge = json!({"version": "0", "detail-type": "Goal", "source": "shop", "detail": request});
    for event in [request, event_bridge] {
        assert_eq!(fixture.invoke(&event).await.unwrap()["type"], "instructions", "{event}");
    }
    let batch = json!({"Records": [{"eventSource": "aws:sqs", "body": "{}"}]});
    assert_eq!(fixture.invoke(&batch).await.unwrap_err().0, "Runtime.UnknownEvent");
}

#[tokio::test]
async fn a_body_that_a_windows_tool_wrote_is_served_plainly_or_in_base64() {
    let fixture = fixture(steps());
    let mut encoded = rest("POST", "/decompose", "77u/eyJkZXNjcmlwdGlvbiI6ImcifQ==");
    encoded["isBase64Encoded"] = json!(true);
    for event in [rest("POST", "/decompose", "\u{feff}{\"description\":\"g\"}"), encoded] {
        assert_eq!(fixture.invoke(&event).await.unwrap()["statusCode"], 200, "{event}");
    }
    assert_eq!(
        fixture.generator.asked(),
        [json!(["decompose", "g", null, null]), json!(["decompose", "g", null, null])]
    );
}

#[tokio::test]
async fn a_person_finds_the_broken_character_by_its_column() {
    let answer = fixture(steps()).invoke(&rest("POST", "/decompose", r#"{"description":"Straße","context":é}"#)).await;
    let body: Value = serde_json::from_str(answer.unwrap()["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["message"], "The request body is not valid JSON: unexpected character at line 1, column 35.");
}

#[tokio::test]
async fn a_key_that_would_change_its_object_is_refused_by_every_trigger() {
    let fixture = fixture(steps());
    for key in ["$serde_json::private::Number", r"\u0024serde_json::private::RawValue"] {
        let request = format!(r#"{{"description":"g","library_agents":[{{"x":{{"{key}":"1"}}}}]}}"#);
        let answer = fixture.invoke(&rest("POST", "/decompose", &request)).await.unwrap();
        assert_eq!(answer["statusCode"], 400, "{answer}");
        let direct = fixture.invoke_text(&request).await.unwrap();
        assert_eq!(direct["error_type"], "invalid_request", "{direct}");
        let detail = format!(r#"{{"detail-type":"Goal","detail":{request}}}"#);
        assert_eq!(fixture.invoke_text(&detail).await.unwrap_err().0, "invalid_request");
    }
    assert_eq!(fixture.generator.asked(), Vec::<Value>::new());
}

#[tokio::test]
async fn a_goal_that_cannot_be_built_yet_is_an_answer_and_not_an_error() {
    let questions = vec![Question { question: "Where?".into(), keyword: "where".into(), example: None }];
    let asks = fixture(Script::Gives(Decomposition::ClarifyingQuestions(questions)));
    let (status, body) = asks.post("/decompose", &json!({"description": "g"})).await.unwrap();
    assert_eq!((status, &body["type"]), (200, &json!("clarifying_questions")));
    assert_eq!(body["questions"], json!([{"question": "Where?", "keyword": "where", "example": null}]));
    assert_eq!(
        body["message"],
        "I need some more information to create this agent. Please answer the following questions:"
    );
    for (decomposition, name) in [
        (Decomposition::VagueGoal { suggested_goal: None }, "vague_goal"),
        (Decomposition::UnachievableGoal { reason: None, suggested_goal: None }, "unachievable_goal"),
    ] {
        let (status, body) =
            fixture(Script::Gives(decomposition)).post("/decompose", &json!({"description": "g"})).await.unwrap();
        assert_eq!((status, &body["type"]), (200, &json!(name)));
    }
}

#[tokio::test]
async fn an_error_has_its_class_and_the_request() {
    let fixture = fixture(Script::Fails(Failure::new(ErrorType::LlmParseError, "no JSON in the model's answer")));
    let (status, body) = fixture.post("/decompose", &json!({"description": "g", "session_id": "s"})).await.unwrap();
    assert_eq!(status, 502);
    assert_eq!(
        body,
        json!({"type": "error", "message": "The AI had trouble understanding this request. Please try rephrasing your goal.",
            "error": "decomposition_failed:llm_parse_error", "error_type": "llm_parse_error", "retryable": true,
            "details": {"description": "g", "service_error": "no JSON in the model's answer", "error_type": "llm_parse_error", "attempts": 1},
            "session_id": "s", "request_id": REQUEST_ID})
    );
    let direct = fixture.invoke(&json!({"description": "g"})).await.unwrap();
    assert_eq!(direct["error"], "decomposition_failed:llm_parse_error");
    let event = json!({"detail-type": "Goal", "detail": {"description": "g"}});
    let (error_type, message) = fixture.invoke(&event).await.unwrap_err();
    assert_eq!((error_type.as_str(), message.as_str()), ("llm_parse_error", body["message"].as_str().unwrap()));
}

#[tokio::test]
async fn a_panic_is_answered_and_the_next_request_is_served() {
    let fixture = fixture(Script::Panics);
    for _ in 0..2 {
        let (status, body) = fixture.post("/decompose", &json!({"description": "g", "session_id": "s"})).await.unwrap();
        assert_eq!((status, &body["error"]), (500, &json!("decomposition_failed:unexpected_error")));
        assert_eq!(body["message"], "Failed to analyze the goal. Please try again.");
        assert_eq!((&body["session_id"], &body["details"]["description"]), (&json!("s"), &json!("g")));
        assert!(!body.to_string().contains("hunter2"));
    }
}

#[tokio::test]
async fn checks_run_in_the_order_of_the_contract() {
    let fixture = fixture(steps());
    let changed = |changes: Value| {
        let mut event = rest("POST", "/decompose", "{}");
        for (key, value) in changes.as_object().unwrap() {
            event[key] = value.clone();
        }
        event
    };
    let large = " ".repeat(1024 * 1024 + 1);
    for (event, status, error) in [
        (
            changed(json!({"path": "/nowhere", "httpMethod": "GET", "headers": {"content-type": "text/plain"}})),
            404,
            "not_found",
        ),
        (
            changed(json!({"httpMethod": "GET", "multiValueHeaders": {"content-type": ["text/plain"]}})),
            405,
            "method_not_allowed",
        ),
        (
            changed(json!({"multiValueHeaders": {"content-type": ["text/plain"]}, "body": large})),
            415,
            "unsupported_media_type",
        ),
        (changed(json!({"body": large})), 413, "request_too_large"),
        (changed(json!({"body": "%%%", "isBase64Encoded": true})), 400, "invalid_request"),
        (changed(json!({"body": "//79", "isBase64Encoded": true})), 400, "invalid_request"),
        (changed(json!({"body": null})), 400, "invalid_request"),
        (changed(json!({"body": "{}"})), 400, "Missing description parameter"),
        (changed(json!({"body": "{\"description\": \" \\n\"}"})), 400, "Missing description parameter"),
    ] {
        let answer = fixture.invoke(&event).await.unwrap();
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!((&answer["statusCode"], &body["error"]), (&json!(status), &json!(error)));
        assert!(body["details"].get("service_error").is_none());
    }
    assert!(fixture.generator.asked().is_empty(), "a bad request never reaches the generator");
}

#[tokio::test]
async fn an_answer_over_lambdas_limit_is_an_error() {
    // Escaping doubles the quotes: 4 MB of body become more than 6 MB of response.
    let steps = format!("[\"{}\"]", "\\\"".repeat(1_600_000));
    let fixture = fixture(Script::Gives(Decomposition::Instructions { steps: raw(&steps), account: Box::default() }));
    let (status, body) = fixture.post("/decompose", &json!({"description": "g"})).await.unwrap();
    assert_eq!((status, &body["error_type"]), (502, &json!("invalid_response")));
    // A direct payload is not escaped, so it fits.
    assert_eq!(fixture.invoke(&json!({"description": "g"})).await.unwrap()["type"], "instructions");
}

#[test]
fn openapi_yaml_documents_every_route_and_method() {
    assert_eq!(undocumented::<Decompose>(), Vec::<String>::new());
}

#[tokio::test]
async fn a_person_who_asks_for_too_much_reads_the_limit_of_the_generator() {
    let fixture = fixture(Script::Fails(CLAUSES.check(101).unwrap_err().into()));
    let (status, body) = fixture.post("/decompose", &json!({"description": "g"})).await.unwrap();
    assert_eq!((status, &body["retryable"]), (413, &json!(false)));
    assert_eq!(body["error"], "decomposition_failed:request_too_large");
    assert_eq!(body["message"], "The goal asks for 101 things at once. The limit is 100.");
}
