//! Amazon Bedrock: requests, their signature, and answers.

use std::sync::Arc;

use generator::model::ChatModel;
use kit::{behaviour::Behaviour, server::FaultyServer};
use serde_json::{Value, json};

use crate::{AMPLE, PROMPT, asked, model, openai::FORMED, server, signature, text, told};

const MODEL: &str =
    "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0";

pub(crate) fn at_url(url: &str) -> Arc<dyn ChatModel> {
    model(&[
        ("PLANNER", "bedrock"),
        ("BEDROCK_MODEL_ID", MODEL),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url),
        ("AWS_ACCESS_KEY_ID", signature::ACCESS_KEY),
        ("AWS_SECRET_ACCESS_KEY", signature::SECRET_KEY),
        ("AWS_SESSION_TOKEN", signature::SESSION_TOKEN),
    ])
}

pub(crate) fn at(server: &FaultyServer) -> Arc<dyn ChatModel> {
    at_url(&server.url())
}

fn says(content: Value, stop_reason: &str) -> Behaviour {
    Behaviour::says(json!({
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop_reason,
        "usage": {"inputTokens": 120, "outputTokens": 34, "totalTokens": 154},
        "metrics": {"latencyMs": 900},
    }))
}

pub(crate) fn good() -> Behaviour {
    let used = json!({"toolUseId": "t", "name": "plan", "input": {"steps": [1.0, 2e5]}});
    says(json!([{"text": "Here it is."}, {"toolUse": used}]), "tool_use")
}

fn refuses(status: u16, name: &str) -> Behaviour {
    let body = json!({"message": PROMPT}).to_string();
    Behaviour::answers_with(status, &[("x-amzn-errortype", &format!("{name}:http://internal.amazon.com/x/"))], body)
}

#[tokio::test]
async fn a_model_gets_the_whole_conversation_and_gives_its_answer_to_the_tool() {
    let server = server([good()]).await;
    let completion = asked(&*at(&server), AMPLE).await;
    assert_eq!(text(&completion), r#"{"steps":[1.0,200000.0]}"#);
    assert_eq!((completion.attempts, completion.upstream_status), (1, Some(200)));
    let used = &completion.used;
    assert_eq!((used.model.as_str(), used.input_tokens, used.output_tokens), (MODEL, 120, 34));

    let seen = &server.requests()[0];
    let profile = "arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile%2Feu.anthropic.claude-3-haiku-20240307-v1%3A0";
    assert_eq!(seen.path, format!("/model/{profile}/converse-stream"));
    let schema = json!({"type": "object", "properties": {"steps": {"type": "array"}}});
    let spec = json!({"name": "plan", "description": "The plan of an agent.", "inputSchema": {"json": schema}});
    assert_eq!(
        seen.json(),
        json!({
            "system": [{"text": format!("Plan.\n\n{FORMED}{}", crate::FORM.schema)}],
            "messages": [
                {"role": "user", "content": [{"text": PROMPT}]},
                {"role": "assistant", "content": [{"text": "{}"}]},
                {"role": "user", "content": [{"text": "There are no steps."}]},
            ],
            "inferenceConfig": {"maxTokens": 8192},
            "toolConfig": {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": "plan"}}},
        })
    );
}

#[tokio::test]
async fn a_request_is_signed_with_signature_version_4() {
    let server = server([good()]).await;
    assert!(asked(&*at(&server), AMPLE).await.result.is_ok());
    signature::assert_signed(&server.requests()[0], "eu-west-1", "bedrock");
}

#[tokio::test]
async fn a_model_without_tools_is_asked_without_them_from_then_on() {
    let said = || says(json!([{"text": "{\"steps\""}, {"text": ":[]}"}]), "end_turn");
    let server = server([refuses(400, "ValidationException"), said(), said()]).await;
    let model = at(&server);
    for attempts in [2, 1] {
        let completion = asked(&*model, AMPLE).await;
        assert_eq!((text(&completion), completion.attempts), (r#"{"steps":[]}"#, attempts));
    }
    let asked: Vec<Value> = server.requests().iter().map(|seen| seen.json()).collect();
    assert_eq!(asked.iter().map(|body| body.get("toolConfig").is_some()).collect::<Vec<_>>(), [true, false, false]);
    let instructions = asked[1]["system"][0]["text"].as_str().unwrap();
    assert!(instructions.starts_with("Plan.") && instructions.contains(r#""steps""#), "{instructions}");
}

#[tokio::test]
async fn every_error_of_bedrock_has_its_type_and_its_code() {
    for (status, name, class, text) in [
        (429, "ThrottlingException", "llm_rate_limit", "the language model rate limited: status 429"),
        (429, "ModelNotReadyException", "llm_rate_limit", "the language model rate limited: status 429"),
        (408, "ModelTimeoutException", "llm_timeout", "the language model timed out: status 408"),
        (503, "ServiceUnavailableException", "service_unavailable", "the language model unavailable: status 503"),
        (400, "ValidationException", "http_error", "HTTP error calling the language model: status 400"),
        (403, "AccessDeniedException", "http_error", "HTTP error calling the language model: status 403"),
        (424, "ModelErrorException", "service_unavailable", "HTTP error calling the language model: status 424"),
        (500, "InternalServerException", "http_error", "HTTP error calling the language model: status 500"),
    ] {
        let server = server([refuses(status, name)]).await;
        let advice = if status == 403 { ": the key is refused, or has no access to this model" } else { "" };
        let text = format!("{text}, {name}{advice}");
        assert_eq!(told(&asked(&*at(&server), AMPLE).await), (class, Some(status), text.as_str()));
    }
}

#[tokio::test]
async fn an_unusable_answer_says_why() {
    let part = || json!([{"text": "{\"st"}]);
    for (behaviour, class, lack) in [
        (Behaviour::answers(200, "<html>"), "llm_parse_error", "is not a JSON object"),
        (Behaviour::says(json!({})), "llm_parse_error", "is empty"),
        (says(json!([]), "end_turn"), "llm_parse_error", "is empty"),
        (says(json!("x"), "end_turn"), "llm_parse_error", "is empty"),
        (says(json!([{"image": {}}]), "end_turn"), "llm_parse_error", "is empty"),
        (says(part(), "guardrail_intervened"), "validation_error", "was withheld by a content filter"),
        (says(part(), "content_filtered"), "validation_error", "was withheld by a content filter"),
    ] {
        let server = server([behaviour]).await;
        let text = format!("the language model's answer {lack}");
        assert_eq!(told(&asked(&*at(&server), AMPLE).await), (class, Some(200), text.as_str()));
    }
}

#[tokio::test]
async fn an_answer_that_reached_its_limit_is_handed_over_and_marked() {
    let server = server([says(json!([{"text": "{\"steps\": []} Thi"}]), "max_tokens")]).await;
    let completion = asked(&*at(&server), AMPLE).await;
    assert!(completion.cut_off);
    assert_eq!(text(&completion), "{\"steps\": []} Thi");
}
