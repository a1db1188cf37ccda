//! What both adapters do alike: requests are counted, failures classified, an enforced form given up.

use std::sync::atomic::{AtomicBool, Ordering};

use http_client::{Bearer, Body, HttpClient, HttpRequest, HttpResponse, Limits, Peer};
use serde_json::value::RawValue;
use shared::{
    error_type::ErrorType,
    failure::{Failure, ModelUse},
    json::Object,
};

use super::{AnswerForm, Chat, Completion};

/// A language model, as its failures name it.
pub(super) static LANGUAGE_MODEL: Peer = Peer {
    name: "the language model",
    timeout: ErrorType::LlmTimeout,
    rate_limit: ErrorType::LlmRateLimit,
    // 529 is Anthropic's word for an API that has too much to do.
    rate_limit_statuses: &[429, 529],
};

/// One completion in the making: what it has cost so far.
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

    /// Asks the model, in the name of `key` where there is one. An answer of an error status is an answer here.
    pub(super) async fn ask(&mut self, request: &HttpRequest, key: Option<&Bearer>) -> Result<HttpResponse, Failure> {
        let called = self.client.ask(&LANGUAGE_MODEL, request, key, self.limits).await;
        self.attempts += called.attempts;
        self.upstream_status = called.upstream_status;
        called.result
    }

    /// Notes the model's own count of tokens, which the two numbers of `usage` under these names are.
    pub(super) fn count(&mut self, usage: Option<&RawValue>, input: &str, output: &str) {
        let usage = usage.and_then(Object::of).unwrap_or_default();
        let tokens = |name| usage.get(name).and_then(|count| count.get().parse().ok()).unwrap_or(0);
        let model = self.used.model.clone();
        self.used.add(ModelUse { model, input_tokens: tokens(input), output_tokens: tokens(output) });
    }

    /// What it all came to.
    pub(super) fn completion(self, result: Result<String, Failure>) -> Completion {
        let Self { attempts, upstream_status, used, .. } = self;
        Completion { result, attempts, upstream_status, used }
    }
}

/// Whether the API holds the model to the form of its answer. One that refuses to, which many do, is not asked to again.
#[derive(Debug)]
pub(super) struct Enforcing(AtomicBool);

impl Enforcing {
    pub(super) fn new() -> Self {
        Self(AtomicBool::new(true))
    }

    /// Whether it is worth asking for.
    pub(super) fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The request without the form was taken where the one with it was refused: so it was the form.
    pub(super) fn give_up(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// The system prompt for an API that does not hold the model to the form of its answer.
pub(super) fn instructions_with_form(chat: &Chat<'_>) -> String {
    let schema = chat.form.schema;
    format!(
        "{}\n\nAnswer with one JSON object that keeps this JSON Schema, and with nothing else:\n{schema}",
        chat.instructions
    )
}

/// The schema of `form`, as JSON.
pub(super) fn schema(form: &AnswerForm) -> Result<&RawValue, Failure> {
    serde_json::from_str(form.schema).map_err(|_| unasked("the form of its answer is no JSON Schema"))
}

/// The object that a good answer is.
pub(super) fn object(reply: &HttpResponse) -> Result<Object<'_>, Failure> {
    match &reply.body {
        Body::TooLarge => Err(unusable(reply, "has more than 5 MiB")),
        body => body.object().ok_or_else(|| unusable(reply, "is not a JSON object")),
    }
}

/// An answer that cannot be used: what is wrong with it, in the words that follow "the language model's answer".
pub(super) fn unusable(reply: &HttpResponse, what: &str) -> Failure {
    let failure = Failure::new(ErrorType::LlmParseError, format!("the language model's answer {what}"));
    Failure { upstream_status: Some(reply.status), ..failure }
}

/// A request that could not even be made, by a fault of ours.
pub(super) fn unasked(reason: &str) -> Failure {
    Failure::new(ErrorType::UnexpectedError, format!("the language model could not be asked: {reason}"))
}
