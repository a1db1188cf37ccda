//! What the model says to the person: one line of limited length, at most five questions.

use serde::Deserialize;
use serde_json::Value;
use shared::{
    account::{LeftOut, Reason},
    error_type::ErrorType,
    failure::Failure,
    port::Question,
};

pub(crate) use super::answer::LONGEST;
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
pub(crate) struct Asked {
    question: String,
    #[serde(default)]
    keyword: Option<String>,
    #[serde(default)]
    example: Option<String>,
}

/// What the model says it left out.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Omitted {
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
pub(crate) struct Said<T> {
    pub(crate) form: T,
    /// `form` as JSON.
    pub(super) value: Value,
    /// What is said under keys that the form does not have, by the places of the form.
    pub(crate) misnamed: Vec<String>,
}

/// Why a text is not of a form, without quoting it.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// It cannot be read at all.
    Unreadable(String),
    /// `value` is nearest to the form. A misfit is `place: what is wrong`; `lost` are keys that mean nothing, which quote it.
    Misfits { value: Value, misfits: Vec<String>, lost: Vec<String> },
}

impl From<Unfit> for Misfit {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Unreadable(why) => unreadable(&why).into(),
            Unfit::Misfits { misfits, lost, .. } => {
                let mut misfit = Self::from(unreadable(&misfits.join("\n")));
                misfit.reasons.extend(lost);
                misfit
            }
        }
    }
}

/// Parses an answer of the form `schema`, or nearly of it, with reasoning, prose or fences around it. Fails with
/// `llm_parse_error`.
pub(super) fn parse<T: for<'de> Deserialize<'de>>(text: &str, schema: &str) -> Result<Said<T>, Misfit> {
    Ok(of_form(text, schema)?)
}

/// Like [`parse`], for whoever is told each misfit by itself.
pub(crate) fn of_form<T: for<'de> Deserialize<'de>>(text: &str, schema: &str) -> Result<Said<T>, Unfit> {
    let tree: Value = serde_json::from_str(schema).unwrap_or_default();
    let fits = |value: &Value| T::deserialize(value).is_ok();
    let within = |place: String| if place.is_empty() { "the answer".to_owned() } else { place };
    Err(match answer::read(text, &tree, &fits) {
        Ok(answer::Answer { value, misnamed }) => match T::deserialize(&value) {
            Ok(form) => return Ok(Said { form, value, misnamed }),
            Err(_) => Unfit::Misfits { misfits: misfits(schema, &value), lost: Vec::new(), value },
        },
        Err(Unreadable::Alien) => Unfit::Unreadable("it is not a JSON object".to_owned()),
        Err(Unreadable::Broken(place)) => {
            Unfit::Unreadable(format!("it is not a JSON object: it breaks in {}", within(place)))
        }
        Err(Unreadable::CutOff(place)) => Unfit::Unreadable(format!("it ends in the middle of {}", within(place))),
        Err(Unreadable::Misfit { value, lost }) => Unfit::Misfits { misfits: misfits(schema, &value), lost, value },
    })
}

/// Never empty.
fn misfits(schema: &str, answer: &Value) -> Vec<String> {
    let misfits = form::misfits(schema, answer);
    // A number that is too large or negative is of its kind.
    if misfits.is_empty() { vec!["a value is out of range".to_owned()] } else { misfits }
}

/// Says where an answer leaves the form `schema`.
pub(super) fn misfit(schema: &str, answer: &Value) -> Failure {
    unreadable(&misfits(schema, answer).join("\n"))
}

/// `why` must not quote the answer.
pub(super) fn unreadable(why: &str) -> Failure {
    Failure::new(ErrorType::LlmParseError, format!("the language model's answer cannot be read: {why}"))
}
