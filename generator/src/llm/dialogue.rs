//! The conversation: a request, an answer, and further rounds if the answer is not valid.

use http_client::Limits;
use shared::{
    error_type::ErrorType,
    failure::{Called, Failure, ModelUse},
    progress::{Progress, Step},
};
use tokio::time::Instant;

use super::window::tokens;
use crate::{
    model::{AnswerForm, Chat, ChatModel, Completion, Speaker, Turn, failures::cut_off as cut_off_at_limit},
    text::shortened,
};

/// At most this many reasons go back to the model, each with at most this many characters.
const REASONS: usize = 20;
const REASON: usize = 240;
/// In bytes: how much of an answer goes back. An agent is far smaller; a runaway answer is not paid for twice.
const QUOTED: usize = 100_000;
/// More rounds seldom mend what two did not.
const MOST_ROUNDS: u32 = 3;
const PROMPT_CUT: &str =
    "; the server counted fewer tokens than were sent: its window is too small, or MODEL_CONTEXT_TOKENS too large";

#[derive(Debug)]
pub(super) struct Task<'p> {
    /// The system prompt.
    pub(super) instructions: &'p str,
    pub(super) form: AnswerForm,
    /// Most tokens of a prompt.
    pub(super) room: usize,
}

/// Why an answer cannot be used.
#[derive(Debug)]
pub(super) struct Misfit {
    /// For the caller and the log. Never quotes the answer, which repeats the person's words.
    pub(super) failure: Failure,
    /// For the model, which may see its own words.
    pub(super) reasons: Vec<String>,
    /// Cards of blocks that the answer names and the request did not describe.
    pub(super) cards: Box<[serde_json::Value]>,
    /// The rules that its agent breaks.
    pub(super) rules: Box<[&'static str]>,
}

impl From<Failure> for Misfit {
    /// A failure that says all there is to say.
    fn from(failure: Failure) -> Self {
        let reasons = failure.service_error.lines().map(str::to_owned).collect();
        Self { failure, reasons, cards: Box::default(), rules: Box::default() }
    }
}

/// Asks the model and judges its answer. If `judge` fails, its reasons go back to the model, at most twice and only if a
/// further answer would arrive in time; the last judgement is final. `limits` apply to each round.
pub(super) async fn ask_and_judge<T>(
    model: &dyn ChatModel,
    task: &Task<'_>,
    request: String,
    progress: &dyn Progress,
    limits: Limits,
    judge: impl Fn(&str) -> Result<T, Misfit> + Send,
) -> Called<T> {
    let mut tally = Tally::default();
    let mut turns = vec![Turn { speaker: Speaker::User, text: request }];
    // Of the round before.
    let mut last: Option<Misfit> = None;
    loop {
        let begun = Instant::now();
        progress.step(Step::AskingModel, None);
        let chat = Chat { instructions: task.instructions, turns: &turns, form: &task.form, progress };
        let completion = model.complete(chat, limits).await;
        if let Some(misfit) = last.take_if(|_| completion.attempts == 0) {
            // No further request was sent.
            return tally.called(Err(misfit.failure));
        }
        let (cut_off, prompt_cut, status) = (completion.cut_off, completion.prompt_cut, completion.upstream_status);
        let answer = match tally.count(completion) {
            Ok(answer) => answer,
            Err(failure) => return tally.called(Err(failure)),
        };
        progress.step(Step::Validating, None);
        let mut misfit = match judge(&answer) {
            Ok(result) => {
                for rule in last.iter().flat_map(|misfit| &misfit.rules) {
                    progress.fixed(rule);
                }
                return tally.called(Ok(result));
            }
            Err(misfit) => misfit,
        };
        let is_unreadable = misfit.failure.error_type == ErrorType::LlmParseError;
        if cut_off && is_unreadable {
            // The same request would end in the same way.
            return tally.called(Err(cut_off_at_limit(status)));
        }
        if prompt_cut && is_unreadable {
            misfit.failure.service_error.push_str(PROMPT_CUT);
        }
        let left = limits.deadline.saturating_duration_since(Instant::now());
        let is_stuck = last.is_some_and(|last| last.reasons == misfit.reasons);
        if is_stuck || tally.rounds >= MOST_ROUNDS || left.is_zero() || left < begun.elapsed() {
            return tally.called(Err(misfit.failure));
        }
        progress.step(Step::Fixing, None);
        // Earlier rounds say no more than the last one.
        turns.truncate(1);
        turns.extend(exchange(task, &turns, answer, &misfit));
        last = Some(misfit);
    }
}

/// The answer and what is wrong with it. If both do not fit into the model's window, the cards of blocks go first, then the
/// answer.
fn exchange(task: &Task<'_>, turns: &[Turn], answer: String, misfit: &Misfit) -> [Turn; 2] {
    let begun: usize = turns.iter().map(|turn| tokens(&turn.text)).sum();
    let room = task.room.saturating_sub(begun + tokens(task.instructions) + tokens(task.form.schema));
    let (said, all) = (quoted(answer), correction(&misfit.reasons, &misfit.cards));
    let fits = |said: &str, wrong: &str| tokens(said) + tokens(wrong) <= room;
    let (said, wrong) = if fits(&said, &all) {
        (said, all)
    } else {
        let reasons = correction(&misfit.reasons, &[]);
        (if fits(&said, &reasons) { said } else { quoted(String::new()) }, reasons)
    };
    [Turn { speaker: Speaker::Assistant, text: said }, Turn { speaker: Speaker::User, text: wrong }]
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
    rounds: u32,
    attempts: u32,
    upstream_status: Option<u16>,
    model: Option<ModelUse>,
}

impl Tally {
    fn count(&mut self, completion: Completion) -> Result<String, Failure> {
        self.rounds += 1;
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
