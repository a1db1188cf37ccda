//! A model behind an OpenAI-compatible API: OpenAI itself, Azure, vLLM, Ollama, LiteLLM and many more.

mod extra;
mod request;
mod stream;

use http_client::{Bearer, HttpClient, HttpRequest, HttpResponse, Limits, OpenBody, aws::Secret};
use reqwest::header::HeaderName;
use serde_json::value::RawValue;
use shared::{
    environment::BadConfig,
    failure::Failure,
    json::{self, Object},
};

use self::{
    extra::ExtraHeaders,
    stream::{Events, Streamed, is_stream, take_end, take_error},
};
use super::{
    arriving::arrive,
    asking::{Api, Asking, converse},
    body,
    chat::{Chat, ChatModel, CompletionFuture},
    failures::{LANGUAGE_MODEL, not_json, too_large},
    learnt::{Learnt, LimitName, Wanted},
    round::Round,
    said::Said,
};
use crate::config::{self, ApiKey, KeyHeader};

/// How failures name the key.
const KEY: &str = "the key of the language model";
/// Where the key is if the secret is a JSON object with several fields.
const KEY_FIELDS: [&str; 2] = ["OPENAI_API_KEY", "api_key"];
const PATH: &str = "/chat/completions";

#[derive(Debug)]
pub struct OpenAi {
    config: config::OpenAi,
    client: HttpClient,
    key: Option<Bearer>,
    extra: ExtraHeaders,
    learnt: Learnt,
}

impl OpenAi {
    /// Fetches nothing before the first chat. Fails if the certificate file is unusable.
    pub fn new(config: config::OpenAi, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let stored = [config.key.stored(), config.headers.stored()].into_iter().flatten();
        let addresses = stored.map(|secret| &secret.secrets_manager.endpoint).chain([&config.base]);
        let https = addresses.into_iter().any(|address| address.scheme() == "https");
        let client = HttpClient::new(config::PLANNER, https, certificate_file)?;
        let key = match &config.key {
            ApiKey::Stored(address) => {
                Some(Bearer::new(KEY, Secret::new(address.clone(), client.with_own_budget()), &KEY_FIELDS))
            }
            ApiKey::Given(key) => Some(Bearer::new(KEY, key.clone(), &KEY_FIELDS)),
            ApiKey::None => None,
        };
        let key = key.map(|key| match config.key_header {
            KeyHeader::Bearer => key,
            KeyHeader::ApiKey => key.in_header(HeaderName::from_static("api-key")),
        });
        let extra = ExtraHeaders::new(&config.headers, &client);
        // OpenAI's newer models refuse `max_tokens`, other servers do not know `max_completion_tokens`.
        let name = if config.is_openais_own() { LimitName::MaxCompletionTokens } else { LimitName::MaxTokens };
        let learnt = Learnt::new(Wanted::everything(name, config.settings.most_output()));
        Ok(Self { config, client, key, extra, learnt })
    }
}

fn count(asking: &mut Asking<'_>, usage: Option<&RawValue>) {
    asking.count(usage, "prompt_tokens", "completion_tokens");
}

impl Api for OpenAi {
    async fn send(&self, round: &Round<'_>, asking: &mut Asking<'_>) -> Result<HttpResponse, Failure> {
        let body = request::body(&self.config.model, &self.config.settings, round)?;
        asking.sends(body.len());
        let mut request = HttpRequest::post(&self.config.base, PATH, body);
        if let Some(version) = &self.config.api_version {
            request = request.with_query("api-version", version);
        }
        let request = self.extra.add(request, asking.deadline()).await?;
        let request = if round.wanted.streaming { request.streamed() } else { request };
        asking.ask(&request, self.key.as_ref()).await
    }

    fn name_of(_: &HttpResponse) -> Option<String> {
        None
    }

    /// Reads a body while it arrives: a stream of events, or one JSON body after all.
    async fn streamed(open: OpenBody, reply: &HttpResponse, asking: &mut Asking<'_>) -> Result<Said, Failure> {
        let mut streamed = Streamed::default();
        arrive(open, &mut streamed, reply, asking).await?;
        let Streamed { raw, mut events, is_events } = streamed;
        if !is_events {
            return Self::whole(&raw, reply, asking);
        }
        events.finish();
        count(asking, events.usage.as_deref());
        if !events.is_whole && events.said.error.is_none() && !events.said.is_whole_json() {
            return Err(LANGUAGE_MODEL.classify_fault(http_client::Fault::Broken));
        }
        Ok(events.said)
    }

    /// A body that has arrived whole. Some servers send a stream although none was asked for.
    fn whole(bytes: &[u8], reply: &HttpResponse, asking: &mut Asking<'_>) -> Result<Said, Failure> {
        let text = body::decoded(bytes).map_err(|_| too_large(reply))?;
        if is_stream(text.as_bytes()) == Some(true) {
            let mut events = Events::default();
            events.take(text.as_bytes());
            events.finish();
            count(asking, events.usage.as_deref());
            return Ok(events.said);
        }
        let mut said = Said::default();
        // Google sends its errors in a list.
        let listed = || Some(json::elements(json::parse(&text).ok()?)?.first().copied()?.get());
        let text = listed().unwrap_or(&text);
        let answer = Object::parse(text).map_err(|_| not_json(reply))?;
        count(asking, answer.get("usage"));
        take_error(&mut said, &answer);
        let choices = answer.get("choices").and_then(json::elements).unwrap_or_default();
        for choice in choices.into_iter().filter_map(Object::of) {
            // The first choice that says something.
            if said.is_begun && !said.is_silent() {
                break;
            }
            take_end(&mut said, &choice);
            if let Some(message) = choice.get("message").and_then(Object::of) {
                said.add(&message);
            } else {
                said.add(&choice);
            }
        }
        Ok(said)
    }
}

impl ChatModel for OpenAi {
    fn complete<'a>(&'a self, chat: Chat<'a>, limits: Limits) -> CompletionFuture<'a> {
        Box::pin(async move {
            let mut asking = Asking::new(&self.client, &self.config.model, chat.progress, limits);
            let result = converse(self, chat, &self.learnt, &mut asking).await;
            asking.completion(result)
        })
    }
}
