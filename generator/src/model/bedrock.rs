//! A model on Amazon Bedrock, through the Converse API, which is the same for all models.

use http_client::{HttpClient, HttpRequest, HttpResponse, Limits, aws::error_code};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::value::RawValue;
use shared::{
    environment::BadConfig,
    failure::Failure,
    json::{self, Object},
};

use super::{
    asking::{Asking, Enforcing, LANGUAGE_MODEL, instructions_with_form, object, schema, unasked, unusable},
    chat::{Chat, ChatModel, CompletionFuture, Speaker},
};
use crate::config;

/// Every model on Bedrock may write this much. At 80 tokens a second it takes 51 s.
const MAX_TOKENS: u32 = 4096;
/// Not percent-encoded in the path. The signature encodes the path a second time, as AWS requires for all but S3.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Debug)]
pub struct Bedrock {
    config: config::Bedrock,
    path: String,
    client: HttpClient,
    enforcing: Enforcing,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    system: [Text<'a>; 1],
    messages: Vec<Message<'a>>,
    inference_config: InferenceConfig,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_config: Option<ToolConfig<'a>>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: [Text<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InferenceConfig {
    max_tokens: u32,
}

/// Structured output: the model must call this one tool with its answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolConfig<'a> {
    tools: [Tool<'a>; 1],
    tool_choice: ToolChoice<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tool<'a> {
    tool_spec: ToolSpec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolSpec<'a> {
    name: &'a str,
    description: &'a str,
    input_schema: InputSchema<'a>,
}

#[derive(Serialize)]
struct InputSchema<'a> {
    json: &'a RawValue,
}

#[derive(Serialize)]
struct ToolChoice<'a> {
    tool: ToolName<'a>,
}

#[derive(Serialize)]
struct ToolName<'a> {
    name: &'a str,
}

impl Bedrock {
    /// Fails if the certificate file is unusable.
    pub fn new(config: config::Bedrock, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let https = config.runtime.endpoint.scheme() == "https";
        let client = HttpClient::new(config::PLANNER, https, certificate_file)?;
        let path = format!("/model/{}/converse", utf8_percent_encode(&config.model, UNRESERVED));
        Ok(Self { config, path, client, enforcing: Enforcing::new() })
    }

    async fn answer(&self, chat: &Chat<'_>, asking: &mut Asking<'_>) -> Result<String, Failure> {
        let enforced = self.enforcing.is_on();
        let mut reply = asking.ask(&self.request(chat, enforced)?, None).await?;
        // Not every model supports tools, or a forced tool.
        if enforced && reply.status == 400 {
            reply = asking.ask(&self.request(chat, false)?, None).await?;
            if reply.is_success() {
                self.enforcing.give_up();
            }
        }
        if reply.is_success() {
            parse_answer(&reply, asking)
        } else {
            Err(LANGUAGE_MODEL.classify_status(&reply, error_code(&reply).as_deref()))
        }
    }

    /// A signed request; `enforced` makes the model call the tool.
    fn request(&self, chat: &Chat<'_>, enforced: bool) -> Result<HttpRequest, Failure> {
        let form = chat.form;
        let with_form;
        let (instructions, tool_config) = if enforced {
            let input_schema = InputSchema { json: schema(form)? };
            let tool_spec = ToolSpec { name: form.name, description: form.description, input_schema };
            let tool_choice = ToolChoice { tool: ToolName { name: form.name } };
            (chat.instructions, Some(ToolConfig { tools: [Tool { tool_spec }], tool_choice }))
        } else {
            with_form = instructions_with_form(chat);
            (with_form.as_str(), None)
        };
        let turns = chat.turns.iter().map(|turn| {
            let role = match turn.speaker {
                Speaker::User => "user",
                Speaker::Assistant => "assistant",
            };
            Message { role, content: [Text { text: &turn.text }] }
        });
        let body = Body {
            system: [Text { text: instructions }],
            messages: turns.collect(),
            inference_config: InferenceConfig { max_tokens: MAX_TOKENS },
            tool_config,
        };
        let body = serde_json::to_vec(&body).map_err(|_| unasked("the request could not be serialised"))?;
        let runtime = &self.config.runtime;
        let request = HttpRequest::post(&runtime.endpoint, &self.path, body);
        runtime.signed(request).map_err(|error| unasked(&error.to_string()))
    }
}

/// The input of the tool call, else the text.
fn parse_answer(reply: &HttpResponse, asking: &mut Asking<'_>) -> Result<String, Failure> {
    let answer = object(reply)?;
    asking.count(answer.get("usage"), "inputTokens", "outputTokens");
    match answer.string("stopReason").as_deref() {
        // The reason says more than the parser's error about half an object.
        Some("max_tokens" | "model_context_window_exceeded") => {
            return Err(unusable(reply, "was cut off at its limit of tokens"));
        }
        Some("content_filtered" | "guardrail_intervened") => {
            return Err(unusable(reply, "was withheld by a content filter"));
        }
        _ => {}
    }
    let message = answer.get("output").and_then(Object::of).and_then(|output| Object::of(output.get("message")?));
    let content = message.and_then(|message| json::elements(message.get("content")?)).unwrap_or_default();
    let parts: Vec<Object<'_>> = content.into_iter().filter_map(Object::of).collect();
    let given = parts.iter().find_map(|part| Object::of(part.get("toolUse")?)?.text("input"));
    let said = || parts.iter().filter_map(|part| part.string("text")).collect();
    let text: String = given.map_or_else(said, std::borrow::Cow::into_owned);
    if text.trim().is_empty() { Err(unusable(reply, "is empty")) } else { Ok(text) }
}

impl ChatModel for Bedrock {
    fn complete<'a>(&'a self, chat: Chat<'a>, limits: Limits) -> CompletionFuture<'a> {
        Box::pin(async move {
            let mut asking = Asking::new(&self.client, &self.config.model, limits);
            let result = self.answer(&chat, &mut asking).await;
            asking.completion(result)
        })
    }
}
