//! The conversation: a request, an answer, and once more where the answer does not hold.

use http_client::Limits;
use shared::failure::{Called, Failure, ModelUse};
use tokio::time::Instant;

use crate::{
    model::{AnswerForm, Chat, ChatModel, Completion, Speaker, Turn},
    planner::shortened,
};

/// The most reasons that go back to the model, and the most characters of each.
const REASONS: usize = 20;
const REASON: usize = 240;
/// The most of an answer that goes back with them, in bytes: an agent is far below it, a runaway answer is not paid twice.
const QUOTED: usize = 100_000;

/// What a model is asked to do.
#[derive(Debug)]
pub(super) struct Task {
    /// How it is to work.
    pub(super) instructions: &'static str,
    /// The form of its answer.
    pub(super) form: AnswerForm,
}

/// Puts a request to the model. What it answers is judged; where that does not hold, the reasons go back once, if there
/// is time for it. The last judgement stands. Such a second round is no repeat of the first, and `limits` hold for either.
pub(super) async fn settled<T>(
    model: &dyn ChatModel,
    task: &Task,
    request: String,
    limits: Limits,
    judge: impl Fn(&str) -> Result<T, Failure> + Send,
) -> Called<T> {
    let mut tally = Tally::default();
    let mut turns = vec![Turn { speaker: Speaker::User, text: request }];
    let begun = Instant::now();
    let chat = Chat { instructions: task.instructions, turns: &turns, form: &task.form };
    let answer = match tally.count(model.complete(chat, limits).await) {
        Ok(answer) => answer,
        Err(failure) => return tally.called(Err(failure)),
    };
    let failure = match judge(&answer) {
        Ok(result) => return tally.called(Ok(result)),
        Err(failure) => failure,
    };
    // A second answer takes about as long as the first; with less than half of that left it would only be cut off.
    let left = limits.deadline.saturating_duration_since(Instant::now());
    if left.is_zero() || left < begun.elapsed() / 2 {
        return tally.called(Err(failure));
    }
    turns.push(Turn { speaker: Speaker::Assistant, text: quoted(answer) });
    turns.push(Turn { speaker: Speaker::User, text: reproach(&failure) });
    let chat = Chat { instructions: task.instructions, turns: &turns, form: &task.form };
    let second = model.complete(chat, limits).await;
    if second.attempts == 0 {
        // It was not asked after all.
        return tally.called(Err(failure));
    }
    let result = tally.count(second).and_then(|answer| judge(&answer));
    tally.called(result)
}

/// An answer as it goes back: some models refuse an empty turn.
fn quoted(mut answer: String) -> String {
    answer.truncate(answer.floor_char_boundary(QUOTED));
    if answer.trim().is_empty() { "{}".to_owned() } else { answer }
}

/// What is wrong, as JSON texts: what they quote cannot pass for words of ours.
fn reproach(failure: &Failure) -> String {
    let reasons: Vec<String> =
        failure.service_error.lines().take(REASONS).map(|reason| shortened(reason, REASON)).collect();
    format!(
        "Your answer cannot be used. The reasons, as JSON: {}\nAnswer again with the whole JSON object, mended.",
        serde_json::Value::from(reasons)
    )
}

/// What the log line says of all rounds together.
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
