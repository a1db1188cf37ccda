//! What the model says to the person: one line of limited length, at most five questions.

use serde::Deserialize;
use serde_json::Value;
use shared::{error_type::ErrorType, failure::Failure, port::Question};

use super::{form, salvage};
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

/// Parses an answer of the form `schema`, wrapped in prose or not; fails with `llm_parse_error`.
pub(super) fn parse<T: for<'de> Deserialize<'de>>(text: &str, schema: &str) -> Result<T, Failure> {
    let object = salvage::object(text).ok_or_else(|| unreadable("it is not a JSON object"))?;
    T::deserialize(&object).map_err(|_| misfit(schema, &object))
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
