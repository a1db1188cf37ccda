//! How a call of a tool ends, as the protocol tells it.

use serde::Serialize;
use serde_json::value::RawValue;
use shared::{action::Action, bad_request::BadRequest, error_type::ErrorType, json, refusal::Refusal};

use crate::answer::{Answered, Complete, written};

/// The longest result with its text: what surrounds it, and its escapes in a gateway's answer, have room beside it.
const LARGEST: usize = 2 * 1024 * 1024;

pub(crate) enum Outcome {
    /// Fits the tool's output schema.
    Done(Box<RawValue>),
    /// What the model has to put right: told as an error of the tool.
    Rejected(Box<RawValue>),
    /// The whole result: the client asks its person, and calls again.
    Asks(Box<RawValue>),
    /// The whole result: the client follows the task.
    Task(Box<RawValue>),
}

#[derive(Serialize)]
struct Text<'a> {
    r#type: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    content: [Text<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_content: Option<&'a RawValue>,
    is_error: bool,
}

/// The result of a call. Its text repeats what is structured, for clients that read the text alone.
pub(crate) fn told(content: &RawValue, is_error: bool) -> Result<Box<RawValue>, Refusal> {
    let text = content.get();
    if text.len() + json::size(text).unwrap_or(usize::MAX / 2) > LARGEST {
        return Err(BadRequest::AgentTooLarge.into());
    }
    let content = [Text { r#type: "text", text }];
    let structured_content = (!is_error).then(|| serde_json::from_str(text)).transpose();
    let structured_content =
        structured_content.map_err(|_| Refusal::unexpected(Action::Mcp, "a result is not JSON"))?;
    written(&Complete::new(Told { content, structured_content, is_error }))
}

pub(super) fn answered(outcome: Outcome) -> Result<Answered, Refusal> {
    let answered = |outcome, result| Answered { result, outcome, error_type: None };
    Ok(match outcome {
        Outcome::Done(content) => answered("tool_done", told(&content, false)?),
        Outcome::Rejected(content) => {
            Answered { error_type: Some(ErrorType::ValidationError), ..answered("error", told(&content, true)?) }
        }
        Outcome::Asks(result) => answered("input_required", result),
        Outcome::Task(result) => answered("operation_started", result),
    })
}
