//! A model on Amazon Bedrock, through the Converse API, which is the same for all models.

use std::borrow::Cow;

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
    asking::{Api, Asking, Outcome, converse},
    body,
    chat::{Chat, ChatModel, CompletionFuture, Speaker},
    failures::{not_json, unasked, unusable},
    learnt::{Learnt, LimitName, Structure, Wanted},
    refusal::Refusal,
    round::{Round, schema},
    said::{Said, append},
};
use crate::config;

/// Not percent-encoded in the path. The signature encodes the path a second time, as AWS requires for all but S3.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Debug)]
pub struct Bedrock {
    config: config::Bedrock,
    path: String,
    client: HttpClient,
    learnt: Learnt,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<[Text<'a>; 1]>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
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
        let learnt = Learnt::new(Wanted::everything(LimitName::MaxTokens, config.settings.most_output()));
        Ok(Self { config, path, client, learnt })
    }

    /// A signed request. Structured output makes the model call the tool.
    fn request(&self, round: &Round<'_>, asking: &mut Asking<'_>) -> Result<HttpRequest, Failure> {
        let (form, wanted) = (round.chat.form, round.wanted);
        let tool_config = if wanted.structure >= Structure::Schema {
            let input_schema = InputSchema { json: schema(form)? };
            let tool_spec = ToolSpec { name: form.name, description: form.description, input_schema };
            let tool_choice = ToolChoice { tool: ToolName { name: form.name } };
            Some(ToolConfig { tools: [Tool { tool_spec }], tool_choice })
        } else {
            None
        };
        let turns = round.turns().map(|(speaker, text)| {
            let role = match speaker {
                Speaker::User => "user",
                Speaker::Assistant => "assistant",
            };
            Message { role, content: [Text { text }] }
        });
        let body = Body {
            system: round.system().map(|text| [Text { text }]),
            messages: turns.collect(),
            inference_config: InferenceConfig {
                max_tokens: wanted.limit.map(|(_, tokens)| tokens),
                temperature: self.config.settings.temperature.filter(|_| wanted.temperature),
            },
            tool_config,
        };
        let body = serde_json::to_vec(&body).map_err(|_| unasked("the request could not be serialised"))?;
        asking.sends(body.len());
        let runtime = &self.config.runtime;
        let request = HttpRequest::post(&runtime.endpoint, &self.path, body);
        runtime.signed(request).map_err(|error| unasked(&error.to_string()))
    }
}

/// The input of the tool call, else the text.
fn read(reply: &HttpResponse, asking: &mut Asking<'_>) -> Result<Said, Failure> {
    let text = match &reply.body {
        http_client::Body::Whole(bytes) => body::decoded(bytes).ok(),
        _ => None,
    };
    let text = text.ok_or_else(|| unusable(reply, "has more than 5 MiB"))?;
    let answer = Object::parse(&text).map_err(|_| not_json(reply))?;
    asking.count(answer.get("usage"), "inputTokens", "outputTokens");
    let mut said = Said { finish: answer.string("stopReason").map(Cow::into_owned), ..Said::default() };
    let message = answer.get("output").and_then(Object::of).and_then(|output| Object::of(output.get("message")?));
    said.is_begun = true;
    let content = message.and_then(|message| json::elements(message.get("content")?)).unwrap_or_default();
    for part in content.into_iter().filter_map(Object::of) {
        let is_too_large = &mut said.is_too_large;
        if let Some(input) = part.get("toolUse").and_then(Object::of).and_then(|call| call.text("input")) {
            append(&mut said.arguments, &input, is_too_large);
        } else if let Some(text) = part.string("text") {
            append(&mut said.content, &text, is_too_large);
        } else if let Some(thought) = part.get("reasoningContent").and_then(Object::of)
            && let Some(text) = thought.get("reasoningText").and_then(Object::of).and_then(|text| text.string("text"))
        {
            append(&mut said.reasoning, &text, is_too_large);
        }
    }
    Ok(said)
}

impl Api for Bedrock {
    async fn ask(&self, round: &Round<'_>, asking: &mut Asking<'_>) -> Result<Outcome, Failure> {
        let request = self.request(round, asking)?;
        let reply = asking.ask(&request, None).await?;
        if !reply.is_success() {
            let refusal = Refusal::of(&reply, error_code(&reply).as_deref());
            let failure = refusal.failure(&reply);
            return Ok(Outcome::Refused(refusal, failure));
        }
        Ok(Outcome::of(read(&reply, asking)?, &reply))
    }
}

impl ChatModel for Bedrock {
    fn complete<'a>(&'a self, chat: Chat<'a>, limits: Limits) -> CompletionFuture<'a> {
        Box::pin(async move {
            let mut asking = Asking::new(&self.client, &self.config.model, chat.progress, limits);
            let result = converse(self, chat, &self.learnt, &mut asking).await;
            asking.completion(result)
        })
    }
}
