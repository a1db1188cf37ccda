//! A model on Amazon Bedrock, through the Converse API, which is the same for all models.

mod request;
mod stream;

use std::borrow::Cow;

use http_client::{Fault, HttpClient, HttpRequest, HttpResponse, Limits, OpenBody, aws::error_code};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::RawValue;
use shared::{
    environment::BadConfig,
    failure::Failure,
    json::{self, Object},
};

use self::stream::Streamed;
use super::{
    arriving::arrive,
    asking::{Api, Asking, converse},
    body,
    chat::{Chat, ChatModel, CompletionFuture},
    failures::{LANGUAGE_MODEL, not_json, too_large, unasked},
    learnt::{Learnt, LimitName, Wanted},
    round::Round,
    said::{Said, append},
};
use crate::config;

/// Not percent-encoded in the path. The signature encodes the path a second time, as AWS requires for all but S3.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Debug)]
pub struct Bedrock {
    config: config::Bedrock,
    path: String,
    streaming_path: String,
    client: HttpClient,
    learnt: Learnt,
}

impl Bedrock {
    /// Fails if the certificate file is unusable.
    pub fn new(config: config::Bedrock, certificate_file: Option<&str>) -> Result<Self, BadConfig> {
        let https = config.runtime.endpoint.scheme() == "https";
        let client = HttpClient::new(config::PLANNER, https, certificate_file)?;
        let model = utf8_percent_encode(&config.model, UNRESERVED);
        let (path, streaming_path) = (format!("/model/{model}/converse"), format!("/model/{model}/converse-stream"));
        let learnt = Learnt::new(Wanted::everything(LimitName::MaxTokens, config.settings.most_output()));
        Ok(Self { config, path, streaming_path, client, learnt })
    }

    /// A signed request.
    fn request(&self, round: &Round<'_>, asking: &mut Asking<'_>) -> Result<HttpRequest, Failure> {
        let body = request::body(round, self.config.settings.temperature)?;
        asking.sends(body.len());
        let (runtime, streaming) = (&self.config.runtime, round.wanted.streaming);
        let path = if streaming { &self.streaming_path } else { &self.path };
        let request = HttpRequest::post(&runtime.endpoint, path, body);
        let request = runtime.signed(request).map_err(|error| unasked(&error.to_string()))?;
        Ok(if streaming { request.streamed() } else { request })
    }
}

fn count(asking: &mut Asking<'_>, usage: Option<&RawValue>) {
    asking.count(usage, "inputTokens", "outputTokens");
}

impl Api for Bedrock {
    async fn send(&self, round: &Round<'_>, asking: &mut Asking<'_>) -> Result<HttpResponse, Failure> {
        let request = self.request(round, asking)?;
        asking.ask(&request, None).await
    }

    fn name_of(reply: &HttpResponse) -> Option<String> {
        error_code(reply)
    }

    async fn streamed(open: OpenBody, reply: &HttpResponse, asking: &mut Asking<'_>) -> Result<Said, Failure> {
        let mut streamed = Streamed::new(reply);
        arrive(open, &mut streamed, reply, asking).await?;
        if let Some(bytes) = streamed.body() {
            return Self::whole(bytes, reply, asking);
        }
        count(asking, streamed.usage.as_deref());
        if !streamed.is_whole() {
            return Err(LANGUAGE_MODEL.classify_fault(Fault::Broken));
        }
        Ok(streamed.said)
    }

    /// The input of the tool call, else the text.
    fn whole(bytes: &[u8], reply: &HttpResponse, asking: &mut Asking<'_>) -> Result<Said, Failure> {
        let text = body::decoded(bytes).map_err(|_| too_large(reply))?;
        let answer = Object::parse(&text).map_err(|_| not_json(reply))?;
        count(asking, answer.get("usage"));
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
                && let Some(text) =
                    thought.get("reasoningText").and_then(Object::of).and_then(|text| text.string("text"))
            {
                append(&mut said.reasoning, &text, is_too_large);
            }
        }
        Ok(said)
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
