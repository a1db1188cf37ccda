//! What both adapters share: counting requests and tokens, classifying failures, giving up structured output.

use std::sync::atomic::{AtomicBool, Ordering};

use http_client::{Bearer, Body, HttpClient, HttpRequest, HttpResponse, Limits, Peer};
use serde_json::value::RawValue;
use shared::{
    error_type::ErrorType,
    failure::{Failure, ModelUse},
    json::Object,
};

use super::chat::{AnswerForm, Chat, Completion};

/// How failures name a language model.
pub(super) static LANGUAGE_MODEL: Peer = Peer {
    name: "the language model",
    timeout: ErrorType::LlmTimeout,
    rate_limit: ErrorType::LlmRateLimit,
    // 529: Anthropic's API is overloaded.
    rate_limit_statuses: &[429, 529],
};

/// A completion in progress, and its cost so far.
#[derive(Debug)]
pub(super) struct Asking<'a> {
    client: &'a HttpClient,
    limits: Limits,
    attempts: u32,
    upstream_status: Option<u16>,
    used: ModelUse,
}

impl<'a> Asking<'a> {
    pub(super) fn new(client: &'a HttpClient, model: &str, limits: Limits) -> Self {
        let used = ModelUse { model: model.to_owned(), ..ModelUse::default() };
        Self { client, limits, attempts: 0, upstream_status: None, used }
    }

    /// Sends a request. An answer with an error status is `Ok`.
    pub(super) async fn ask(&mut self, request: &HttpRequest, key: Option<&Bearer>) -> Result<HttpResponse, Failure> {
        let called = self.client.ask(&LANGUAGE_MODEL, request, key, self.limits).await;
        self.attempts += called.attempts;
        self.upstream_status = called.upstream_status;
        called.result
    }

    /// Adds the token counts that `usage` has under the names `input` and `output`.
    pub(super) fn count(&mut self, usage: Option<&RawValue>, input: &str, output: &str) {
        let usage = usage.and_then(Object::of).unwrap_or_default();
        let tokens = |name| usage.get(name).and_then(|count| count.get().parse().ok()).unwrap_or(0);
        let model = self.used.model.clone();
        self.used.add(ModelUse { model, input_tokens: tokens(input), output_tokens: tokens(output) });
    }

    pub(super) fn completion(self, result: Result<String, Failure>) -> Completion {
        let Self { attempts, upstream_status, used, .. } = self;
        Completion { result, attempts, upstream_status, used }
    }
}

/// Whether to ask the API for structured output. Many refuse it; one that did is not asked again.
#[derive(Debug)]
pub(super) struct Enforcing(AtomicBool);

impl Enforcing {
    pub(super) fn new() -> Self {
        Self(AtomicBool::new(true))
    }

    pub(super) fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Call this when a refused request succeeded without structured output.
    pub(super) fn give_up(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// The system prompt without structured output: the schema is part of the text.
pub(super) fn instructions_with_form(chat: &Chat<'_>) -> String {
    let schema = chat.form.schema;
    format!(
        "{}\n\nAnswer with one JSON object that keeps this JSON Schema, and with nothing else:\n{schema}",
        chat.instructions
    )
}

pub(super) fn schema(form: &AnswerForm) -> Result<&RawValue, Failure> {
    serde_json::from_str(form.schema).map_err(|_| unasked("the schema of its answer is not JSON"))
}

pub(super) fn object(reply: &HttpResponse) -> Result<Object<'_>, Failure> {
    match &reply.body {
        Body::TooLarge => Err(unusable(reply, "has more than 5 MiB")),
        body => body.object().ok_or_else(|| unusable(reply, "is not a JSON object")),
    }
}

/// `what` continues "the language model's answer".
pub(super) fn unusable(reply: &HttpResponse, what: &str) -> Failure {
    let failure = Failure::new(ErrorType::LlmParseError, format!("the language model's answer {what}"));
    Failure { upstream_status: Some(reply.status), ..failure }
}

/// A request that was not sent because of a fault in this program.
pub(super) fn unasked(reason: &str) -> Failure {
    Failure::new(ErrorType::UnexpectedError, format!("the language model could not be asked: {reason}"))
}
