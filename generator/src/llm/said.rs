//! What a model says to a person: cut to a sane length, at most five questions.

use serde::Deserialize;
use serde_json::Value;
use shared::{error_type::ErrorType, failure::Failure, port::Question};

use super::salvage;
use crate::planner::shortened;

/// The most questions that a person is asked at once.
const QUESTIONS: usize = 5;
/// The most characters of a sentence, and of a name.
const SENTENCE: usize = 500;
const NAME: usize = 100;

/// A question, as the model words it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Asked {
    question: String,
    #[serde(default)]
    keyword: Option<String>,
    #[serde(default)]
    example: Option<String>,
}

/// A sentence of the model, without control characters; `None` where it says nothing.
pub(super) fn sentence(text: Option<&str>) -> Option<String> {
    plain(text?, SENTENCE)
}

/// A name that the model gives; `None` where it is empty.
pub(super) fn name(text: Option<&str>) -> Option<String> {
    plain(text?, NAME)
}

fn plain(text: &str, most: usize) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    let line = if line.chars().count() > most { shortened(&line, most) } else { line };
    (!line.is_empty()).then_some(line)
}

/// The questions, at most five. Fails with `llm_parse_error` where none asks anything.
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

/// The object of an answer, of the form `T`. Fails with `llm_parse_error`, saying what is wrong.
pub(super) fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Failure> {
    let object: Value = salvage::object(text).ok_or_else(|| unreadable("it is no JSON object"))?;
    T::deserialize(object).map_err(|error| unreadable(&shortened(&error.to_string(), SENTENCE)))
}

/// The failure of an answer that is not of the form that was asked for.
pub(super) fn unreadable(why: &str) -> Failure {
    Failure::new(ErrorType::LlmParseError, format!("the language model's answer cannot be read: {why}"))
}
