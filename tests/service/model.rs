//! The built-in generator with a language model as its planner: its calls, and what a caller and an operator learn if they
//! fail.

use kit::{
    actions::{AMPLE, DECOMPOSE, assert_failed},
    answer::Answer,
    behaviour::Behaviour,
    binaries::{self, FUNCTIONS},
    events,
    runtime_api::Environment,
    server::FaultyServer,
};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, SESSION_TOKEN, assert_names_variable, assert_nothing_private, refused, request_line};

const GOAL: &str = "Write to jane.roe about the Zanzibar account";
const KEY: &str = "sk-hunter2-Geheim";
const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/openai-AbCdEf";

/// The model answers that the goal is too vague.
fn vague() -> Behaviour {
    let plan = json!({
        "type": "vague_goal", "name": null, "description": null, "recommended_schedule_cron": null, "steps": null,
        "questions": null, "reason": null, "suggested_goal": "Summarise a web page",
    });
    Behaviour::says(json!({
        "choices": [{"message": {"role": "assistant", "content": plan.to_string()}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1200, "completion_tokens": 34},
    }))
}

/// Sends [`GOAL`] to `decompose`; returns the answer and the log.
async fn planned(variables: &[(&str, &str)]) -> (Answer, Vec<String>) {
    let environment = Environment::start(&binaries::function("decompose"), variables).await;
    let request = json!({"description": GOAL}).to_string();
    let answer = environment.invoke(&events::rest("POST", "/decompose", &request), AMPLE).await;
    (answer, environment.finish().await)
}

/// The key is in a variable.
fn with_key(api: &str) -> [(&str, &str); 5] {
    [
        ("AGENT_GENERATOR_URL", "builtin"),
        ("PLANNER", "openai"),
        ("OPENAI_BASE_URL", api),
        ("OPENAI_MODEL", "model-7"),
        ("OPENAI_API_KEY", KEY),
    ]
}

/// The key is in Secrets Manager at `store`.
fn with_secret<'a>(api: &'a str, store: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut variables = with_key(api).to_vec();
    variables.pop();
    variables.extend([
        ("OPENAI_SECRET_ARN", ARN),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", store),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", PASSWORD),
        ("AWS_SESSION_TOKEN", SESSION_TOKEN),
    ]);
    variables
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_sees_the_token_usage_and_neither_the_goal_nor_the_key() {
    let api = FaultyServer::start(vague()).await;
    let (answer, logs) = planned(&with_key(&api.url())).await;
    assert_eq!((answer.status(), &answer.body()["type"]), (Some(200), &json!("vague_goal")), "{answer:?}");
    let line = request_line(&logs, &answer.request_id);
    let used = (&line["model"], &line["input_tokens"], &line["output_tokens"]);
    assert_eq!(used, (&json!("model-7"), &json!(1200), &json!(34)), "{line}");
    assert_eq!((&line["attempts"], &line["upstream_status"]), (&json!(1), &json!(200)), "{line}");
    assert_nothing_private(&logs);

    let requests = api.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert!(requests[0].body.contains("Zanzibar"), "the goal is not in the call");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_model_said_of_a_goal_reaches_neither_the_log_nor_the_error() {
    let steps = json!([{"number": 1, "block": "AgentInputBlock", "title": GOAL, "description": GOAL, "inputs": []}]);
    let plan = |steps: Value| json!({"type": "instructions", "name": GOAL, "steps": steps});
    for (plan, error_type, told) in [
        (json!({"type": GOAL}), "llm_parse_error", "type: not one of"),
        (plan(json!(GOAL)), "llm_parse_error", "steps: a string instead of an array"),
        (plan(json!([{"block": GOAL}])), "validation_error", "steps[0].block: not the name of a block"),
        (plan(steps), "validation_error", "breaks rules: starts_and_ends"),
    ] {
        let said = json!({"choices": [{"message": {"content": plan.to_string()}, "finish_reason": "stop"}]});
        let api = FaultyServer::start(Behaviour::says(said)).await;
        let (answer, logs) = planned(&with_key(&api.url())).await;
        assert_failed(&answer, &DECOMPOSE, error_type);
        let body = answer.body();
        let error = body["details"]["service_error"].as_str().unwrap_or_default();
        assert!(error.contains(told), "{error}");
        assert_eq!(request_line(&logs, &answer.request_id)["error_type"], error_type);
        let said = format!("{error}\n{}", logs.join("\n"));
        assert!(!["Zanzibar", "jane", "Write to"].iter().any(|word| said.contains(word)), "{said}");
        assert_eq!(api.requests().len(), 2, "the model is told what is wrong, once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_of_the_model_is_read_from_secrets_manager() {
    let api = FaultyServer::start(vague()).await;
    let secret = json!({"ARN": ARN, "SecretString": json!({"api_key": KEY}).to_string()});
    let store = FaultyServer::start(Behaviour::says(secret)).await;
    let (answer, logs) = planned(&with_secret(&api.url(), &store.url())).await;
    assert_eq!(answer.status(), Some(200), "{answer:?}");
    assert_eq!(api.requests()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let scope = "/eu-central-1/secretsmanager/aws4_request";
    assert!(store.requests()[0].header("authorization").is_some_and(|signature| signature.contains(scope)));
    assert_nothing_private(&logs);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_learns_when_a_busy_model_is_available_again() {
    let busy = Behaviour::answers_with(429, &[("Retry-After", "40")], r#"{"error":{"code":"rate_limit_exceeded"}}"#);
    let api = FaultyServer::start(busy).await;
    let (answer, logs) = planned(&with_key(&api.url())).await;
    assert_failed(&answer, &DECOMPOSE, "llm_rate_limit");
    assert_eq!(answer.header("retry-after").as_deref(), Some("40"));
    let said = "the language model rate limited: status 429, rate_limit_exceeded";
    assert_eq!(answer.body()["details"]["service_error"], said);
    assert_eq!(request_line(&logs, &answer.request_id)["model"], "model-7");
    assert_nothing_private(&logs);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_error_says_why_the_key_cannot_be_read_without_the_account() {
    let api = FaultyServer::start(vague()).await;
    let denied = json!({"__type": "AccessDeniedException", "Message": format!("no {ARN} for you")}).to_string();
    let store = FaultyServer::start(Behaviour::answers(400, denied)).await;
    let (answer, logs) = planned(&with_secret(&api.url(), &store.url())).await;
    assert_failed(&answer, &DECOMPOSE, "service_unavailable");
    let said = "the key of the language model could not be fetched: AWS Secrets Manager: AccessDeniedException";
    assert_eq!(answer.body()["details"]["service_error"], said);
    assert!(!answer.everything().contains("123456789012"), "{answer:?}");
    assert_nothing_private(&logs);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incomplete_planner_configuration_refuses_to_start_and_names_the_variable() {
    let api = "http://127.0.0.1:9/v1";
    let with_password = format!("https://user:{PASSWORD}@api.example/v1");
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[("PLANNER", PASSWORD)], "PLANNER"),
        (&[("PLANNER", "openai"), ("OPENAI_BASE_URL", api)], "OPENAI_MODEL"),
        (&[("PLANNER", "openai"), ("OPENAI_MODEL", "m")], "OPENAI_SECRET_ARN"),
        (&[("PLANNER", "openai"), ("OPENAI_MODEL", "m"), ("OPENAI_BASE_URL", &with_password)], "OPENAI_BASE_URL"),
        (
            &[("PLANNER", "openai"), ("OPENAI_MODEL", "m"), ("OPENAI_API_KEY", PASSWORD), ("OPENAI_SECRET_ARN", ARN)],
            "OPENAI_API_KEY",
        ),
        (&[("PLANNER", "bedrock")], "BEDROCK_MODEL_ID"),
    ];
    for function in FUNCTIONS {
        for (variables, variable) in cases {
            let variables = [&[("AGENT_GENERATOR_URL", "builtin")], variables].concat();
            assert_names_variable(&refused(function, &variables).await, variable, &format!("{variables:?}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listing_blocks_does_not_call_the_model() {
    let api = FaultyServer::start(vague()).await;
    let environment = Environment::start(&binaries::function("catalog"), &with_key(&api.url())).await;
    for route in ["/blocks", "/health"] {
        let answer = environment.invoke(&events::rest("GET", route, ""), AMPLE).await;
        assert_eq!(answer.status(), Some(200), "{answer:?}");
        assert_ne!(answer.body(), Value::Null);
    }
    assert_eq!(api.connections(), 0);
}
