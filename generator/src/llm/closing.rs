//! The words that close the making of an agent, in the log of its operation: the model says what was made.

use std::time::Duration;

use http_client::Limits;
use serde::Deserialize;
use serde_json::json;
use shared::{
    failure::{Called, ModelUse},
    json::Object,
    port::{Background, Draft},
    progress::{Progress as _, Step},
};
use tokio::time::Instant;

use crate::{
    model::{AnswerForm, Chat, ChatModel, Speaker, Turn},
    text::shortened,
};

/// The agent is there already: its caller does not wait longer than this for words about it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Left before the deadline, so that words never cost the agent.
const RESERVE: Duration = Duration::from_secs(5);
const WORDS: usize = 120;
/// In characters.
const LONGEST: usize = 1_000;

const FORM: AnswerForm = AnswerForm {
    name: "closing",
    description: "What was built, in words for the person.",
    schema: r#"{"type":"object","additionalProperties":false,"required":["words"],"properties":{"words":{"type":"string"}}}"#,
    strict: true,
};

#[derive(Deserialize)]
struct Closing {
    words: String,
}

/// Asks the model for closing words about an agent and tells them to whoever watches. Adds what it cost to `called`. If
/// the model fails, nothing is told: the agent is not affected.
pub(super) async fn close(
    model: &dyn ChatModel,
    operation: Option<Background<'_>>,
    called: &mut Called<Draft>,
    limits: Limits,
) {
    let (Some(_), Ok(Draft::Agent(agent, account))) = (operation, &called.result) else { return };
    let now = Instant::now();
    let Some(end) = limits.deadline.checked_sub(RESERVE).filter(|end| *end > now) else { return };
    let agent = Object::of_keys(agent, &["name"]).unwrap_or_default();
    let facts = json!({
        "name": agent.string("name"),
        "explanation": account.explanation,
        "requirements": account.requirements,
        "left_out": account.left_out,
        "summary_of_changes": account.edit.as_ref().map(|edit| &edit.summary),
    });
    let turns = [Turn { speaker: Speaker::User, text: facts.to_string() }];
    let instructions = include_str!("../../prompts/closing.md");
    operation.step(Step::AskingModel, None);
    let chat = Chat { instructions, turns: &turns, form: &FORM, progress: &operation };
    let completion = model.complete(chat, Limits::once_by(end.min(now + PATIENCE))).await;
    called.attempts = called.attempts.saturating_add(completion.attempts);
    called.model.get_or_insert_with(ModelUse::default).add(completion.used);
    let words = completion.result.ok().and_then(|answer| brief(&answer));
    if let Some(words) = words {
        operation.text(&words);
    }
}

/// The words of the first object in an answer: at most [`WORDS`], on one line.
fn brief(answer: &str) -> Option<String> {
    let object = answer.get(answer.find('{')?..)?;
    let Closing { words } = serde_json::Deserializer::from_str(object).into_iter().next()?.ok()?;
    let words: Vec<_> = words.split_whitespace().take(WORDS).collect();
    (!words.is_empty()).then(|| shortened(&words.join(" "), LONGEST))
}
