//! patch, event in, answer out.

use lifecycle::durable::WithOperations;
use patch::Patch;
use serde_json::json;
use shared::{
    error_type::ErrorType,
    failure::Failure,
    json::{Object, parse},
    port::{Draft, Question},
};
use test_support::{Fixture, Script, Scripted, raw, rest, undocumented};

fn fixture(draft: Script<Draft>) -> Fixture<WithOperations<Patch>> {
    Fixture::of_service(
        |upstream| WithOperations::new(Patch::new(upstream), None).into_service(),
        Scripted { draft: Some(draft), ..Scripted::default() },
    )
}

fn agent(text: &str) -> Script<Draft> {
    Script::Gives(Draft::Agent(raw(text), Box::default()))
}

#[tokio::test]
async fn a_patched_agent_is_passed_on_unchanged() {
    let fixture = fixture(agent(r#"{"z":1.0,"nodes":[{}]}"#));
    let (status, body) =
        fixture.post("/patch", &json!({"current_agent_json": {"id": 7}, "changes": "c"})).await.unwrap();
    assert_eq!(status, 200);
    assert_eq!(body["agent_json"].to_string(), r#"{"z":1.0,"nodes":[{}]}"#);
    assert_eq!((&body["agent_name"], &body["description"]), (&json!("Updated Agent"), &json!("")));
    assert_eq!(body["message"], "I've updated the agent. The agent now has 1 block.");
}

#[tokio::test]
async fn the_agent_and_the_changes_reach_the_generator_unchanged() {
    let fixture = fixture(agent("{}"));
    let asked =
        json!({"changes": " c ", "context": "x", "current_agent_json": {"z": 1.0, "a": [2]}, "library_agents": [1]});
    assert_eq!(fixture.post("/patch", &asked).await.unwrap().0, 200);
    let request = " c \n\nAdditional context:\nx";
    assert_eq!(fixture.generator.asked(), [json!(["patch", request, r#"{"z":1.0,"a":[2]}"#, [1]])]);
}

#[tokio::test]
async fn an_agent_of_any_depth_that_is_taken_can_be_sent_back() {
    let nested = |levels: usize| format!(r#"{{"x":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
    let fixture = fixture(agent(&nested(126)));
    let asked = |agent: &str| rest("POST", "/patch", &format!(r#"{{"current_agent_json":{agent},"changes":"c"}}"#));
    let answer = fixture.invoke(&asked(&nested(126))).await.unwrap();
    let body = answer["body"].as_str().unwrap();
    let agent = Object::parse(body).unwrap().get("agent_json").unwrap();
    assert_eq!(fixture.invoke(&asked(agent.get())).await.unwrap()["statusCode"], 200);
    // The status of an operation wraps the answer once more.
    assert!(parse(&format!(r#"{{"result":{body}}}"#)).is_ok());
    for levels in [127, 128] {
        assert_eq!(fixture.invoke(&asked(&nested(levels))).await.unwrap()["statusCode"], 400, "{levels}");
    }
}

#[tokio::test]
async fn an_agent_that_could_not_be_sent_back_is_not_passed_on() {
    let fixture = fixture(agent(&format!(r#"{{"x":{}{}}}"#, "[".repeat(126), "]".repeat(126))));
    let (status, body) = fixture.post("/patch", &json!({"current_agent_json": {}, "changes": "c"})).await.unwrap();
    assert_eq!((status, &body["error_type"]), (502, &json!("invalid_response")));
}

#[tokio::test]
async fn clarifying_questions_have_the_message_of_patch() {
    let questions = vec![Question { question: "Which step?".into(), keyword: "step".into(), example: None }];
    let fixture = fixture(Script::Gives(Draft::ClarifyingQuestions(questions)));
    let (_, body) = fixture.post("/patch", &json!({"current_agent_json": {}, "changes": "c"})).await.unwrap();
    assert_eq!(
        body["message"],
        "I need some more information about the changes. Please answer the following questions:"
    );
}

#[tokio::test]
async fn an_error_names_the_agent_and_the_changes() {
    let fixture = fixture(Script::Fails(Failure::new(ErrorType::PatchError, "no such step")));
    let asked = json!({"current_agent_json": {"id": "a-1"}, "changes": "w".repeat(150)});
    let (status, body) = fixture.post("/patch", &asked).await.unwrap();
    assert_eq!((status, &body["error"]), (422, &json!("update_generation_failed:patch_error")));
    assert_eq!(body["message"], "Failed to apply the changes. Please try a different approach.");
    assert_eq!(
        body["details"],
        json!({
            "agent_id": "a-1", "changes": "w".repeat(100), "service_error": "no such step", "error_type": "patch_error",
            "attempts": 1
        })
    );
}

#[tokio::test]
async fn an_invalid_request_says_what_to_send() {
    let fixture = fixture(agent("{}"));
    for (body, error, message) in [
        (json!({"changes": "c"}), "Missing current_agent_json parameter", "Please provide the agent to edit."),
        (json!({}), "Missing current_agent_json parameter", "Please provide the agent to edit."),
        (
            json!({"current_agent_json": {}}),
            "Missing changes parameter",
            "Please describe what changes you want to make.",
        ),
        (
            json!({"current_agent_json": {}, "changes": "\t"}),
            "Missing changes parameter",
            "Please describe what changes you want to make.",
        ),
        (
            json!({"current_agent_json": "{}", "changes": "c"}),
            "invalid_request",
            "The field current_agent_json must be an object, not a string.",
        ),
    ] {
        let (status, answer) = fixture.post("/patch", &body).await.unwrap();
        assert_eq!((status, &answer["error"], &answer["message"]), (400, &json!(error), &json!(message)));
    }
}

#[tokio::test]
async fn a_body_over_5_mib_is_rejected() {
    let fixture = fixture(agent("{}"));
    let body = |length: usize| {
        let frame = json!({"current_agent_json": {"n": ""}, "changes": "c"}).to_string().len();
        json!({"current_agent_json": {"n": "x".repeat(length - frame)}, "changes": "c"})
    };
    let limit = 5 * 1024 * 1024;
    assert_eq!(fixture.post("/patch", &body(limit)).await.unwrap().0, 200);
    let (status, answer) = fixture.post("/patch", &body(limit + 1)).await.unwrap();
    assert_eq!((status, &answer["details"]), (413, &json!({"error_type": "request_too_large"})));
}

#[test]
fn openapi_yaml_documents_every_route_and_method() {
    assert_eq!(undocumented::<WithOperations<Patch>>(), Vec::<String>::new());
}

#[tokio::test]
async fn a_person_whose_agent_is_too_large_reads_the_limit_whatever_the_generator() {
    let fixture = fixture(agent("{}"));
    let nodes = vec![json!({}); 1_001];
    let asked = json!({"current_agent_json": {"nodes": nodes, "links": []}, "changes": "c"});
    let (status, body) = fixture.post("/patch", &asked).await.unwrap();
    assert_eq!((status, &body["error_type"]), (413, &json!("request_too_large")));
    assert_eq!(body["message"], "The agent has 1,001 nodes. The limit is 1,000.");
    assert!(fixture.generator.asked().is_empty());
}
