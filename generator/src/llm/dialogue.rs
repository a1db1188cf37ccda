//! The conversation: a request, an answer, and a second round if the answer is not valid.

use http_client::Limits;
use shared::failure::{Called, Failure, ModelUse};
use tokio::time::Instant;

use crate::{
    model::{AnswerForm, Chat, ChatModel, Completion, Speaker, Turn},
    text::shortened,
};

/// At most this many reasons go back to the model, each with at most this many characters.
const REASONS: usize = 20;
const REASON: usize = 240;
/// In bytes: how much of an answer goes back. An agent is far smaller; a runaway answer is not paid for twice.
const QUOTED: usize = 100_000;

#[derive(Debug)]
pub(super) struct Task<'p> {
    /// The system prompt.
    pub(super) instructions: &'p str,
    pub(super) form: AnswerForm,
}

/// Why an answer cannot be used.
#[derive(Debug)]
pub(super) struct Misfit {
    /// For the caller and the log. Never quotes the answer, which repeats the person's words.
    pub(super) failure: Failure,
    /// For the model, which may see its own words.
    pub(super) reasons: Vec<String>,
    /// Cards of blocks that the answer names and the request did not describe.
    pub(super) cards: Vec<serde_json::Value>,
}

impl From<Failure> for Misfit {
    /// A failure that says all there is to say.
    fn from(failure: Failure) -> Self {
        let reasons = failure.service_error.lines().map(str::to_owned).collect();
        Self { failure, reasons, cards: Vec::new() }
    }
}

/// Asks the model and judges its answer. If `judge` fails, its reasons go back to the model once, if time is left; the
/// second judgement is final. `limits` apply to each round.
pub(super) async fn ask_and_judge<T>(
    model: &dyn ChatModel,
    task: &Task<'_>,
    request: String,
    limits: Limits,
    judge: impl Fn(&str) -> Result<T, Misfit> + Send,
) -> Called<T> {
    let mut tally = Tally::default();
    let mut turns = vec![Turn { speaker: Speaker::User, text: request }];
    let begun = Instant::now();
    let chat = Chat { instructions: task.instructions, turns: &turns, form: &task.form };
    let answer = match tally.count(model.complete(chat, limits).await) {
        Ok(answer) => answer,
        Err(failure) => return tally.called(Err(failure)),
    };
    let Misfit { failure, reasons, cards } = match judge(&answer) {
        Ok(result) => return tally.called(Ok(result)),
        Err(misfit) => misfit,
    };
    // A second answer takes about as long as the first; with less than half of that left it would not arrive.
    let left = limits.deadline.saturating_duration_since(Instant::now());
    if left.is_zero() || left < begun.elapsed() / 2 {
        return tally.called(Err(failure));
    }
    turns.push(Turn { speaker: Speaker::Assistant, text: quoted(answer) });
    turns.push(Turn { speaker: Speaker::User, text: correction(&reasons, &cards) });
    let chat = Chat { instructions: task.instructions, turns: &turns, form: &task.form };
    let second = model.complete(chat, limits).await;
    if second.attempts == 0 {
        // No second request was sent.
        return tally.called(Err(failure));
    }
    let result = tally.count(second).and_then(|answer| judge(&answer).map_err(|misfit| misfit.failure));
    tally.called(result)
}

/// An answer as a turn: some models refuse an empty one.
fn quoted(mut answer: String) -> String {
    answer.truncate(answer.floor_char_boundary(QUOTED));
    if answer.trim().is_empty() { "{}".to_owned() } else { answer }
}

/// The reasons are JSON strings, so that what they quote cannot pass for instructions.
fn correction(reasons: &[String], cards: &[serde_json::Value]) -> String {
    let reasons: Vec<String> = reasons.iter().take(REASONS).map(|reason| shortened(reason, REASON)).collect();
    let cards = if cards.is_empty() {
        String::new()
    } else {
        format!("\nThe cards of blocks that you named, as JSON: {}", serde_json::Value::from(cards))
    };
    format!(
        "Your answer cannot be used. The reasons, as JSON: {}{cards}\nAnswer again with the whole JSON object, mended.",
        serde_json::Value::from(reasons)
    )
}

/// Sums up all rounds for the log line.
#[derive(Debug, Default)]
struct Tally {
    attempts: u32,
    upstream_status: Option<u16>,
    model: Option<ModelUse>,
}

impl Tally {
    fn count(&mut self, completion: Completion) -> Result<String, Failure> {
        self.attempts = self.attempts.saturating_add(completion.attempts);
        self.upstream_status = completion.upstream_status;
        if completion.attempts > 0 {
            self.model.get_or_insert_default().add(completion.used);
        }
        completion.result
    }

    fn called<T>(self, result: Result<T, Failure>) -> Called<T> {
        Called { result, attempts: self.attempts, upstream_status: self.upstream_status, model: self.model }
    }
}
