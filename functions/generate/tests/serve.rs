//! generate, event in, answer out.

use generate::Generate;
use lifecycle::durable::WithOperations;
use serde_json::{Value, json};
use shared::{
    account::{Account, LeftOut, Reason},
    error_type::ErrorType,
    failure::Failure,
    port::{Decomposition, Draft, Question},
};
use test_support::{Fixture, Script, Scripted, raw, undocumented};

const AGENT: &str = r#"{"name":"N","z":1.0,"nodes":[{},{}],"links":[{}]}"#;

fn fixture(decomposition: Option<Script<Decomposition>>, draft: Script<Draft>) -> Fixture<WithOperations<Generate>> {
    Fixture::of_service(
        |upstream| WithOperations::new(Generate::new(upstream), None).into_service(),
        Scripted { decomposition, draft: Some(draft), ..Scripted::default() },
    )
}

fn agent(text: &str) -> Script<Draft> {
    Script::Gives(Draft::Agent(raw(text), Box::default()))
}

#[tokio::test]
async fn instructions_reach_the_generator_unchanged() {
    let fixture = fixture(None, agent(AGENT));
    let asked = json!({"instructions": {"type": "instructions", "steps": ["s"], "own": [1]}, "description": "ignored"});
    let (status, body) = fixture.post("/generate", &asked).await.unwrap();
    assert_eq!((status, &body["type"]), (200, &json!("agent_preview")));
    assert_eq!(body["message"], "I've generated an agent called 'N' with 2 blocks.");
    assert_eq!((&body["node_count"], &body["link_count"]), (&json!(2), &json!(1)));
    assert_eq!(
        fixture.generator.asked(),
        [json!(["generate", r#"{"type":"instructions","steps":["s"],"own":[1]}"#, null])]
    );
}

#[tokio::test]
async fn a_new_agent_gets_missing_defaults_and_keeps_the_rest() {
    let answer = |text| async move {
        fixture(None, agent(text)).post("/generate", &json!({"instructions": {}})).await.unwrap().1
    };
    let filled = answer(r#"{"version":null,"name":"N"}"#).await["agent_json"].clone();
    let id = filled["id"].as_str().unwrap();
    assert_eq!((id.len(), id.as_bytes()[14]), (36, b'4'), "a version 4 UUID: {id}");
    assert_eq!((&filled["version"], &filled["is_active"]), (&json!(1), &json!(true)));
    assert_eq!(filled.as_object().unwrap().keys().collect::<Vec<_>>(), ["version", "name", "id", "is_active"]);
    let kept = answer(r#"{"id":"mine","version":3,"is_active":false,"x":1.50}"#).await;
    assert_eq!(kept["agent_json"].to_string(), r#"{"id":"mine","version":3,"is_active":false,"x":1.50}"#);
}

#[tokio::test]
async fn what_the_steps_of_a_goal_leave_out_is_told_with_the_agent() {
    let part = LeftOut { text: "fax it".into(), reason: Reason::NoBlock, message: "No block sends a fax.".into() };
    let account = Box::new(Account { left_out: vec![part], ..Account::default() });
    let steps = Decomposition::Instructions { steps: raw(r#"["a"]"#), account };
    let fixture = fixture(Some(Script::Gives(steps)), agent(AGENT));
    let (_, body) = fixture.post("/generate", &json!({"description": "g"})).await.unwrap();
    assert_eq!(body["left_out"][0]["text"], "fax it");
    let message = "I've generated an agent called 'N' with 2 blocks. I left out: \"fax it\" (No block sends a fax.)";
    assert_eq!(body["message"], message);
}

#[tokio::test]
async fn a_goal_is_decomposed_first_and_only_its_steps_are_passed_on() {
    let steps = Decomposition::Instructions { steps: raw(r#"["a",{"b":1}]"#), account: Box::default() };
    let fixture = fixture(Some(Script::Gives(steps)), agent(AGENT));
    let (status, _) =
        fixture.post("/generate", &json!({"description": "g", "context": "c", "library_agents": [1]})).await.unwrap();
    assert_eq!(status, 200);
    assert_eq!(
        fixture.generator.asked(),
        [
            json!(["decompose", "g", "c", [1]]),
            json!(["generate", r#"{"type":"instructions","steps":["a",{"b":1}]}"#, [1]])
        ]
    );
}

#[tokio::test]
async fn a_goal_without_steps_is_answered_without_a_generation() {
    let vague = Decomposition::VagueGoal { suggested_goal: Some("Better".into()) };
    let fixture = fixture(Some(Script::Gives(vague)), agent(AGENT));
    let (status, body) = fixture.post("/generate", &json!({"description": "g"})).await.unwrap();
    assert_eq!((status, &body["type"], &body["suggested_goal"]), (200, &json!("vague_goal"), &json!("Better")));
    assert_eq!(fixture.generator.asked().len(), 1);
}

#[tokio::test]
async fn a_failed_decomposition_gives_the_error_of_decompose() {
    let failed = Script::Fails(Failure::new(ErrorType::LlmTimeout, "x"));
    let fixture = fixture(Some(failed), agent(AGENT));
    let (status, body) = fixture.post("/generate", &json!({"description": "g"})).await.unwrap();
    assert_eq!((status, &body["error"]), (504, &json!("decomposition_failed:llm_timeout")));
    assert_eq!(body["details"]["description"], "g");
}

#[tokio::test]
async fn clarifying_questions_are_passed_on() {
    let questions = vec![Question { question: "Which?".into(), keyword: String::new(), example: Some("this".into()) }];
    let fixture = fixture(None, Script::Gives(Draft::ClarifyingQuestions(questions)));
    let (status, body) = fixture.post("/generate", &json!({"instructions": {}})).await.unwrap();
    assert_eq!((status, &body["questions"]), (200, &json!([{"question": "Which?", "keyword": "", "example": "this"}])));
    assert_eq!(
        body["message"],
        "I need some more information to create this agent. Please answer the following questions:"
    );
}

#[tokio::test]
async fn a_timeout_over_http_says_how_to_get_more_time() {
    let fixture = fixture(None, Script::Fails(Failure::new(ErrorType::Timeout, "Agent Generator request timed out")));
    let (_, body) = fixture.post("/generate", &json!({"instructions": {}})).await.unwrap();
    assert!(body["details"]["hint"].as_str().is_some_and(|hint| hint.contains("Prefer: respond-async")), "{body}");
    assert!(body["details"].get("description").is_none(), "the request had no description: {body}");
    let direct = fixture.invoke(&json!({"instructions": {}})).await.unwrap();
    assert!(direct["details"].get("hint").is_none(), "{direct}");
}

#[tokio::test]
async fn an_invalid_request_says_what_to_send() {
    let fixture = fixture(None, agent(AGENT));
    for (body, error, message) in [
        (json!({}), "Missing description parameter", "Please provide a description of what the agent should do."),
        (
            json!({"instructions": null, "description": ""}),
            "Missing description parameter",
            "Please provide a description of what the agent should do.",
        ),
        (json!({"instructions": ["s"]}), "invalid_request", "The field instructions must be an object, not an array."),
        (
            json!({"instructions": {}, "context": 7}),
            "invalid_request",
            "The field context must be a string, not a number.",
        ),
    ] {
        let (status, answer) = fixture.post("/generate", &body).await.unwrap();
        assert_eq!((status, &answer["error"], &answer["message"]), (400, &json!(error), &json!(message)));
    }
    let long = json!({"description": "d".repeat(20_001)});
    let (status, answer): (u64, Value) = fixture.post("/generate", &long).await.unwrap();
    assert_eq!((status, &answer["error"]), (413, &json!("request_too_large")));
    assert_eq!(answer["details"]["description"].as_str().map(str::len), Some(100));
}

#[test]
fn openapi_yaml_documents_every_route_and_method() {
    assert_eq!(undocumented::<WithOperations<Generate>>(), Vec::<String>::new());
}

#[tokio::test]
async fn a_person_who_sends_too_many_steps_reads_the_limit_whatever_the_generator() {
    let fixture = fixture(None, agent(AGENT));
    let asked = json!({"instructions": {"steps": vec!["s"; 501]}});
    let (status, body) = fixture.post("/generate", &asked).await.unwrap();
    assert_eq!((status, &body["error_type"]), (413, &json!("request_too_large")));
    assert_eq!(body["message"], "The instructions have 501 steps. The limit is 500.");
    assert!(fixture.generator.asked().is_empty());
}
