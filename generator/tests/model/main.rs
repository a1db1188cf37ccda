//! Clients of language models over real sockets: what is sent, and what every answer becomes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is the report"
)]

mod bedrock;
mod bedrock_streams;
mod faults;
#[path = "../frames/mod.rs"]
mod frames;
mod openai;
mod secret;
mod signature;
mod streams;

use std::{sync::Arc, time::Duration};

use generator::{
    config::Config,
    model::{AnswerForm, Chat, ChatModel, Completion, Speaker, Turn, configured},
};
use http_client::Limits;
use kit::{behaviour::Behaviour, server::FaultyServer};
use serde_json::{Value, json};
use shared::{
    failure::Failure,
    progress::{Progress, Untold},
};
use test_support::Recorded;
use tokio::time::Instant;

/// Longer than any call here takes unless it hangs.
const AMPLE: Duration = Duration::from_secs(20);
/// A key: must only occur in the header.
const KEY: &str = "sk-hunter2-Geheim";
/// The person's text: must only occur in the request.
const PROMPT: &str = "the goal of Jane Doe";

const FORM: AnswerForm = AnswerForm {
    name: "plan",
    description: "The plan of an agent.",
    schema: r#"{"type": "object", "properties": {"steps": {"type": "array"}}}"#,
    strict: true,
};

/// The model that these variables configure.
fn model(variables: &[(&str, &str)]) -> Arc<dyn ChatModel> {
    let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let config = Config::from_environment(value).expect("valid settings");
    configured(&config).expect("a client").expect("a model")
}

/// Asks for a second round.
async fn asked(model: &dyn ChatModel, limit: Duration) -> Completion {
    asked_within(model, Limits::by(Instant::now() + limit)).await
}

async fn asked_within(model: &dyn ChatModel, limits: Limits) -> Completion {
    watched(model, limits, &Untold).await
}

async fn watched(model: &dyn ChatModel, limits: Limits, progress: &dyn Progress) -> Completion {
    let turn = |speaker, text: &str| Turn { speaker, text: text.to_owned() };
    let turns =
        [turn(Speaker::User, PROMPT), turn(Speaker::Assistant, "{}"), turn(Speaker::User, "There are no steps.")];
    let chat = Chat { instructions: "Plan.", turns: &turns, form: &FORM, progress };
    model.complete(chat, limits).await
}

/// What a watcher hears of an answer that names two blocks and then hangs.
async fn hears_of_two_blocks(model: &dyn ChatModel) {
    let log = Recorded::default();
    let limits = Limits::by(Instant::now() + Duration::from_millis(500));
    let completion = watched(model, limits, &log).await;
    assert_eq!(told(&completion).0, "llm_timeout", "it is not there yet");
    assert_eq!(log.told(), ["asking_model ReadRSSFeedBlock", "asking_model SendEmailBlock"]);
}

fn text(completion: &Completion) -> &str {
    completion.result.as_deref().unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// A failure; checks that it has neither key nor prompt.
fn failure(completion: &Completion) -> &Failure {
    let failure = completion.result.as_ref().expect_err("a failure");
    let shown = format!("{completion:?}");
    for secret in ["hunter2", "Jane"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    failure
}

/// Error type, upstream status and text.
fn told(completion: &Completion) -> (&str, Option<u16>, &str) {
    let failure = failure(completion);
    (failure.error_type.name(), failure.upstream_status, &failure.service_error)
}

/// A server that behaves in these ways, one after the other.
async fn server(turns: impl Into<Vec<Behaviour>>) -> FaultyServer {
    FaultyServer::start(Behaviour::Then(turns.into())).await
}

/// An error as OpenAI writes it.
fn error(code: Value) -> String {
    json!({"error": {"message": format!("{PROMPT} {KEY}"), "type": "invalid_request_error", "param": null, "code": code}})
        .to_string()
}
