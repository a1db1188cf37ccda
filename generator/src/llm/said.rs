//! What the model says to the person: one line of limited length, at most five questions.

use serde::Deserialize;
use serde_json::Value;
use shared::{
    account::{LeftOut, Reason},
    error_type::ErrorType,
    failure::Failure,
    port::Question,
};

use super::{
    answer::{self, Unreadable},
    dialogue::Misfit,
    form,
};
use crate::text::shortened;

const QUESTIONS: usize = 5;
/// In characters.
const SENTENCE: usize = 500;
const NAME: usize = 100;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Asked {
    question: String,
    #[serde(default)]
    keyword: Option<String>,
    #[serde(default)]
    example: Option<String>,
}

/// What the model says it left out.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Omitted {
    text: String,
    #[serde(default)]
    reason: Option<Reason>,
    #[serde(default)]
    message: Option<String>,
}

/// The parts that a person can read, at most [`LeftOut::MOST`].
pub(super) fn left_out(omitted: Option<Vec<Omitted>>) -> Vec<LeftOut> {
    let part = |omitted: Omitted| {
        Some(LeftOut {
            text: sentence(Some(&omitted.text))?,
            reason: omitted.reason.unwrap_or(Reason::NotSupported),
            message: sentence(omitted.message.as_deref()).unwrap_or_else(|| "no step does this".to_owned()),
        })
    };
    omitted.into_iter().flatten().filter_map(part).take(LeftOut::MOST).collect()
}

/// One line without control characters; `None` if it is blank.
pub(super) fn sentence(text: Option<&str>) -> Option<String> {
    plain(text?, SENTENCE)
}

/// Like [`sentence`], but shorter.
pub(super) fn name(text: Option<&str>) -> Option<String> {
    plain(text?, NAME)
}

fn plain(text: &str, most: usize) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    let line = if line.chars().count() > most { shortened(&line, most) } else { line };
    (!line.is_empty()).then_some(line)
}

/// The first five questions. Fails with `llm_parse_error` if all are blank.
pub(super) fn questions(asked: Option<Vec<Asked>>) -> Result<Vec<Question>, Failure> {
    let question = |asked: Asked| {
        Some(Question {
            question: sentence(Some(&asked.question))?,
            keyword: name(asked.keyword.as_deref()).unwrap_or_default(),
            example: sentence(asked.example.as_deref()),
        })
    };
    let questions: Vec<Question> = asked.into_iter().flatten().filter_map(question).take(QUESTIONS).collect();
    if questions.is_empty() { Err(unreadable("it says `clarifying_questions` and asks none")) } else { Ok(questions) }
}

/// An answer that keeps its form.
#[derive(Debug)]
pub(super) struct Said<T> {
    pub(super) form: T,
    /// `form` as JSON.
    pub(super) value: Value,
    /// What is said under keys that the form does not have, by the places of the form.
    pub(super) misnamed: Vec<String>,
}

/// Parses an answer of the form `schema`, or nearly of it, with reasoning, prose or fences around it. Fails with
/// `llm_parse_error`.
pub(super) fn parse<T: for<'de> Deserialize<'de>>(text: &str, schema: &str) -> Result<Said<T>, Misfit> {
    let tree: Value = serde_json::from_str(schema).unwrap_or_default();
    let fits = |value: &Value| T::deserialize(value).is_ok();
    let within = |place: String| if place.is_empty() { "the answer".to_owned() } else { place };
    let failure = match answer::read(text, &tree, &fits) {
        Ok(answer::Answer { value, misnamed }) => match T::deserialize(&value) {
            Ok(form) => return Ok(Said { form, value, misnamed }),
            Err(_) => misfit(schema, &value),
        },
        Err(Unreadable::Alien) => unreadable("it is not a JSON object"),
        Err(Unreadable::Broken(place)) => {
            unreadable(&format!("it is not a JSON object: it breaks in {}", within(place)))
        }
        Err(Unreadable::CutOff(place)) => unreadable(&format!("it ends in the middle of {}", within(place))),
        Err(Unreadable::Misfit { value, lost }) => {
            let mut misfit = Misfit::from(misfit(schema, &value));
            misfit.reasons.extend(lost);
            return Err(misfit);
        }
    };
    Err(failure.into())
}

/// Says where an answer leaves the form `schema`.
pub(super) fn misfit(schema: &str, answer: &Value) -> Failure {
    let misfits = form::misfits(schema, answer);
    // A number that is too large or negative is of its kind.
    if misfits.is_empty() { unreadable("a value is out of range") } else { unreadable(&misfits.join("\n")) }
}

/// `why` must not quote the answer.
pub(super) fn unreadable(why: &str) -> Failure {
    Failure::new(ErrorType::LlmParseError, format!("the language model's answer cannot be read: {why}"))
}
