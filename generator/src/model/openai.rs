//! A model behind an OpenAI-compatible API: OpenAI itself, Azure, vLLM, Ollama, LiteLLM and many more.

use http_client::{Bearer, HttpClient, HttpRequest, HttpResponse, Limits, aws::Secret, code};
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
use crate::config::{self, ApiKey};

/// How failures name the key.
const KEY: &str = "the key of the language model";
/// Where the key is if the secret is a JSON object with several fields.
const KEY_FIELDS: [&str; 2] = ["OPENAI_API_KEY", "api_key"];

#[derive(Debug)]
pub struct OpenAi {
    config: config::OpenAi,
    client: HttpClient,
    key: Option<Bearer>,
    enforcing: Enforcing,
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    // No temperature: some models accept only their default.
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    json_schema: JsonSchema<'a>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'a str,
    description: &'a str,
    strict: bool,
    schema: &'a RawValue,
}

impl OpenAi {
    /// Fetches nothing before the first chat. Fails if the certificate file is unusable.
    pub fn new(config: config::OpenAi, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let store = match &config.key {
            ApiKey::Stored(address) => Some(&address.secrets_manager.endpoint),
            ApiKey::Given(_) | ApiKey::None => None,
        };
        let https = [Some(&config.base), store].into_iter().flatten().any(|address| address.scheme() == "https");
        let client = HttpClient::new(config::PLANNER, https, certificate_file)?;
        let key = match &config.key {
            ApiKey::Stored(address) => {
                Some(Bearer::new(KEY, Secret::new(address.clone(), client.with_own_budget()), &KEY_FIELDS))
            }
            ApiKey::Given(key) => Some(Bearer::new(KEY, key.clone(), &KEY_FIELDS)),
            ApiKey::None => None,
        };
        Ok(Self { config, client, key, enforcing: Enforcing::new() })
    }

    async fn answer(&self, chat: &Chat<'_>, asking: &mut Asking<'_>) -> Result<String, Failure> {
        let enforced = self.enforcing.is_on();
        let mut reply = asking.ask(&self.request(chat, enforced)?, self.key.as_ref()).await?;
        if enforced && matches!(reply.status, 400 | 422) {
            reply = asking.ask(&self.request(chat, false)?, self.key.as_ref()).await?;
            if reply.is_success() {
                self.enforcing.give_up();
            }
        }
        if reply.is_success() { parse_answer(&reply, asking) } else { Err(refused(&reply)) }
    }

    /// `enforced` asks for structured output.
    fn request(&self, chat: &Chat<'_>, enforced: bool) -> Result<HttpRequest, Failure> {
        let with_form;
        let (instructions, response_format) = if enforced {
            let form = chat.form;
            let json_schema = JsonSchema {
                name: form.name,
                description: form.description,
                strict: form.strict,
                schema: schema(form)?,
            };
            (chat.instructions, Some(ResponseFormat { r#type: "json_schema", json_schema }))
        } else {
            with_form = instructions_with_form(chat);
            (with_form.as_str(), None)
        };
        let turns = chat.turns.iter().map(|turn| {
            let role = match turn.speaker {
                Speaker::User => "user",
                Speaker::Assistant => "assistant",
            };
            Message { role, content: &turn.text }
        });
        let messages = [Message { role: "system", content: instructions }].into_iter().chain(turns).collect();
        let body = Body { model: &self.config.model, messages, stream: false, response_format };
        let body = serde_json::to_vec(&body).map_err(|_| unasked("the request could not be serialised"))?;
        Ok(HttpRequest::post(&self.config.base, "/chat/completions", body))
    }
}

fn parse_answer(reply: &HttpResponse, asking: &mut Asking<'_>) -> Result<String, Failure> {
    let answer = object(reply)?;
    asking.count(answer.get("usage"), "prompt_tokens", "completion_tokens");
    let choices = answer.get("choices").and_then(json::elements).unwrap_or_default();
    let choice = choices.first().copied().and_then(Object::of).ok_or_else(|| unusable(reply, "has no choices"))?;
    let message = choice.get("message").and_then(Object::of).unwrap_or_default();
    match choice.string("finish_reason").as_deref() {
        // The reason says more than the parser's error about half an object.
        Some("length") => return Err(unusable(reply, "was cut off at its limit of tokens")),
        Some("content_filter") => return Err(unusable(reply, "was withheld by a content filter")),
        _ => {}
    }
    if message.string("refusal").is_some_and(|refusal| !refusal.trim().is_empty()) {
        return Err(unusable(reply, "is a refusal"));
    }
    let content = message.get("content").map(content).unwrap_or_default();
    if content.trim().is_empty() { Err(unusable(reply, "is empty")) } else { Ok(content) }
}

/// A string, or the texts of a list of parts.
fn content(content: &RawValue) -> String {
    let part = |part: &&RawValue| Object::of(part).and_then(|part| Some(part.string("text")?.into_owned()));
    match json::elements(content) {
        Some(parts) => parts.iter().filter_map(part).collect(),
        None => json::string(content).unwrap_or_default().into_owned(),
    }
}

/// Keeps only the error code: the message may quote the prompt or the key.
fn refused(reply: &HttpResponse) -> Failure {
    let body = reply.body.object().unwrap_or_default();
    let error = body.get("error").and_then(Object::of).unwrap_or_default();
    let name = ["code", "type"].into_iter().filter_map(|key| error.text(key)).find(|name| code(name).is_some());
    LANGUAGE_MODEL.classify_status(reply, name.as_deref())
}

impl ChatModel for OpenAi {
    fn complete<'a>(&'a self, chat: Chat<'a>, limits: Limits) -> CompletionFuture<'a> {
        Box::pin(async move {
            let mut asking = Asking::new(&self.client, &self.config.model, limits);
            let result = self.answer(&chat, &mut asking).await;
            asking.completion(result)
        })
    }
}
