//! OpenAI-compatible APIs: requests and answers.

use std::sync::Arc;

use generator::model::ChatModel;
use kit::{behaviour::Behaviour, private_tls::PrivateTls, server::FaultyServer};
use serde_json::{Value, json};

use crate::{AMPLE, KEY, PROMPT, asked, error, model, server, text, told};

/// What the schema follows in a prompt.
pub(crate) const FORMED: &str = "Answer with one JSON object that keeps this JSON Schema, and with nothing else:\n";

pub(crate) fn at(server: &FaultyServer) -> Arc<dyn ChatModel> {
    let base = format!("{}/openai/v1/", server.url());
    model(&[("PLANNER", "openai"), ("OPENAI_BASE_URL", &base), ("OPENAI_MODEL", "m-1"), ("OPENAI_API_KEY", KEY)])
}

pub(crate) fn says(message: Value) -> Behaviour {
    Behaviour::says(json!({
        "id": "c-1", "object": "chat.completion", "model": "m-1-2026",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 120, "completion_tokens": 34, "total_tokens": 154},
    }))
}

pub(crate) fn good() -> Behaviour {
    says(json!({"role": "assistant", "content": "{\"steps\":[]}", "refusal": null}))
}

#[tokio::test]
async fn a_model_gets_the_whole_conversation_and_its_answer_arrives() {
    let server = server([good()]).await;
    let completion = asked(&*at(&server), AMPLE).await;
    assert_eq!(text(&completion), r#"{"steps":[]}"#);
    assert_eq!((completion.attempts, completion.upstream_status), (1, Some(200)));
    let used = &completion.used;
    assert_eq!((used.model.as_str(), used.input_tokens, used.output_tokens), ("m-1", 120, 34));

    let seen = &server.requests()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/openai/v1/chat/completions"));
    assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(seen.header("content-type"), Some("application/json"));
    let schema = json!({"type": "object", "properties": {"steps": {"type": "array"}}});
    assert_eq!(
        seen.json(),
        json!({
            "model": "m-1",
            "messages": [
                {"role": "system", "content": format!("Plan.\n\n{FORMED}{}", crate::FORM.schema)},
                {"role": "user", "content": PROMPT},
                {"role": "assistant", "content": "{}"},
                {"role": "user", "content": "There are no steps."},
            ],
            "stream": true,
            "stream_options": {"include_usage": true},
            "max_tokens": 8192,
            "response_format": {"type": "json_schema", "json_schema": {
                "name": "plan", "description": "The plan of an agent.", "strict": true, "schema": schema,
            }},
        })
    );
}

#[tokio::test]
async fn an_answer_in_parts_is_read_as_one() {
    let parts = json!([{"type": "text", "text": "{\"steps\""}, {"type": "image"}, {"type": "text", "text": ":[]}"}]);
    let server = server([says(json!({"content": parts}))]).await;
    assert_eq!(text(&asked(&*at(&server), AMPLE).await), r#"{"steps":[]}"#);
}

#[tokio::test]
async fn a_model_without_a_key_is_sent_no_key() {
    let server = server([good()]).await;
    let base = format!("{}/v1", server.url());
    let model = model(&[("PLANNER", "openai"), ("OPENAI_BASE_URL", &base), ("OPENAI_MODEL", "llama3")]);
    assert!(asked(&*model, AMPLE).await.result.is_ok());
    assert_eq!(server.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_private_certificate_authority_can_be_trusted() {
    let server = server([good()]).await;
    let tls = PrivateTls::in_front_of(server.port()).await;
    let base = tls.url();
    let unknown = [("PLANNER", "openai"), ("OPENAI_BASE_URL", &*base), ("OPENAI_MODEL", "m-1")];
    let text = "Could not connect to the language model: the TLS handshake failed";
    assert_eq!(told(&asked(&*model(&unknown), AMPLE).await), ("connection_error", None, text));
    let trusted = [&unknown[..], &[("SSL_CERT_FILE", tls.certificate_file())]].concat();
    assert!(asked(&*model(&trusted), AMPLE).await.result.is_ok());
}

#[tokio::test]
async fn a_server_without_structured_output_is_asked_without_it_from_then_on() {
    for status in [400, 422] {
        let server = server([Behaviour::answers(status, error(json!("unknown_parameter"))), good(), good()]).await;
        let model = at(&server);
        let first = asked(&*model, AMPLE).await;
        assert_eq!((text(&first), first.attempts), (r#"{"steps":[]}"#, 2));
        let second = asked(&*model, AMPLE).await;
        assert_eq!((text(&second), second.attempts), (r#"{"steps":[]}"#, 1));

        let asked: Vec<Value> = server.requests().iter().map(|seen| seen.json()).collect();
        let formats: Vec<bool> = asked.iter().map(|body| body.get("response_format").is_some()).collect();
        assert_eq!(formats, [true, false, false]);
        let instructions = asked[1]["messages"][0]["content"].as_str().unwrap();
        assert!(instructions.starts_with("Plan.") && instructions.contains(r#""steps""#), "{instructions}");
    }
}

#[tokio::test]
async fn a_prompt_that_is_too_long_is_not_sent_twice_and_leaves_structured_output_on() {
    let server = server([Behaviour::answers(400, error(json!("context_length_exceeded"))), good()]).await;
    let model = at(&server);
    let first = asked(&*model, AMPLE).await;
    let text = "HTTP error calling the language model: status 400, context_length_exceeded: the prompt is longer than the \
                model's window; set MODEL_CONTEXT_TOKENS to the window of the server";
    assert_eq!(told(&first), ("http_error", Some(400), text));
    assert_eq!(first.attempts, 1);
    assert!(asked(&*model, AMPLE).await.result.is_ok());
    assert!(server.requests()[1].json().get("response_format").is_some());
}

#[tokio::test]
async fn an_unusable_answer_says_why() {
    for (behaviour, lack) in [
        (
            Behaviour::answers_with(200, &[("Content-Type", "text/html; charset=utf-8")], "<html>"),
            "is not a JSON object, but text/html",
        ),
        (Behaviour::answers(200, "[]"), "is not a JSON object"),
        (Behaviour::says(json!({})), "has no choices"),
        (Behaviour::says(json!({"choices": []})), "has no choices"),
        (Behaviour::says(json!({"choices": "x"})), "has no choices"),
        (Behaviour::endless_length(200), "has more than 5 MiB"),
    ] {
        let server = server([behaviour]).await;
        let completion = asked(&*at(&server), AMPLE).await;
        let text = format!("the language model's answer {lack}");
        assert_eq!(told(&completion), ("llm_parse_error", Some(200), text.as_str()));
        assert_eq!(completion.attempts, 1, "{lack}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_asked_for_once_more() {
    for empty in [json!({}), json!({"content": null}), json!({"content": " \n"}), json!({"content": []})] {
        let server = server([says(empty.clone()), good()]).await;
        let completion = asked(&*at(&server), AMPLE).await;
        assert_eq!((text(&completion), completion.attempts), (r#"{"steps":[]}"#, 2), "{empty}");
        assert_eq!((completion.used.input_tokens, completion.used.output_tokens), (240, 68));
    }
    let server = server([says(json!({"content": ""}))]).await;
    let completion = asked(&*at(&server), AMPLE).await;
    assert_eq!(told(&completion), ("llm_parse_error", Some(200), "the language model's answer is empty"));
    assert_eq!(completion.attempts, 2);
}

#[tokio::test]
async fn what_is_withheld_is_told_as_that_and_not_tried_again() {
    let filtered =
        Behaviour::says(json!({"choices": [{"message": {"content": null}, "finish_reason": "content_filter"}]}));
    for (behaviour, text) in [
        (says(json!({"content": null, "refusal": PROMPT})), "the language model's answer is a refusal"),
        (filtered, "the language model's answer was withheld by a content filter"),
    ] {
        let server = server([behaviour]).await;
        let completion = asked(&*at(&server), AMPLE).await;
        assert_eq!(told(&completion), ("validation_error", Some(200), text));
        assert_eq!(completion.attempts, 1);
    }
}

#[tokio::test]
async fn a_rejected_key_from_the_environment_is_not_tried_twice() {
    let server = server([Behaviour::answers(401, error(json!("invalid_api_key")))]).await;
    let completion = asked(&*at(&server), AMPLE).await;
    let text = "HTTP error calling the language model: status 401, invalid_api_key: the key is refused, or has no access to this \
                model";
    assert_eq!(told(&completion), ("http_error", Some(401), text));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn only_the_code_of_an_error_is_passed_on() {
    let long = "x".repeat(65);
    for (body, ending) in [
        (error(json!("internal_error")), ", internal_error"),
        (error(Value::Null), ", invalid_request_error"),
        (error(json!(7)), ", invalid_request_error"),
        (error(json!(PROMPT)), ", invalid_request_error"),
        (error(json!(long)), ", invalid_request_error"),
        (json!({"error": {"code": {"a": 1}, "type": PROMPT}}).to_string(), ""),
        (json!({"error": PROMPT}).to_string(), ""),
        (json!({"detail": PROMPT}).to_string(), ""),
        (format!("{PROMPT} {KEY}"), ""),
    ] {
        let server = server([Behaviour::answers(500, &body)]).await;
        let text = format!("HTTP error calling the language model: status 500{ending}");
        assert_eq!(told(&asked(&*at(&server), AMPLE).await), ("http_error", Some(500), text.as_str()), "{body}");
    }
}
