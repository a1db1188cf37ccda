//! One request of a chat, as every API is asked it.

use std::borrow::Cow;

use serde_json::value::RawValue;
use shared::failure::Failure;

use super::{
    chat::{AnswerForm, Chat, Speaker},
    failures::unasked,
    learnt::{Structure, Wanted},
};

/// One request of a chat: the chat, and what is asked of the server with it.
#[derive(Debug)]
pub(super) struct Round<'a> {
    pub(super) chat: Chat<'a>,
    pub(super) wanted: Wanted,
    /// The system prompt, with the schema if the server may not know or heed it.
    instructions: Cow<'a, str>,
    /// The first turn, if the instructions open it.
    opening: Option<String>,
}

impl<'a> Round<'a> {
    pub(super) fn new(chat: Chat<'a>, wanted: Wanted, enforces: bool) -> Self {
        let is_enforced = enforces && chat.turns.len() == 1 && wanted.structure >= Structure::Schema;
        let instructions =
            if is_enforced { Cow::Borrowed(chat.instructions) } else { instructions_with_form(&chat).into() };
        let first = chat.turns.first().map_or("", |turn| turn.text.as_str());
        let opening = (!wanted.system).then(|| format!("{instructions}\n\n{first}"));
        Self { chat, wanted, instructions, opening }
    }

    /// Whether the schema stands in the prompt.
    pub(super) fn shows_form(&self) -> bool {
        matches!(self.instructions, Cow::Owned(_))
    }

    /// `None` if the instructions open the first turn.
    pub(super) fn system(&self) -> Option<&str> {
        self.opening.is_none().then_some(&self.instructions)
    }

    pub(super) fn turns(&self) -> impl Iterator<Item = (Speaker, &str)> {
        let turns = self.chat.turns.iter().enumerate();
        turns.map(|(at, turn)| {
            let text = self.opening.as_deref().filter(|_| at == 0).unwrap_or(&turn.text);
            (turn.speaker, text)
        })
    }
}

/// The system prompt without structured output: the schema is part of the text.
fn instructions_with_form(chat: &Chat<'_>) -> String {
    let schema = chat.form.schema;
    format!(
        "{}\n\nAnswer with one JSON object that keeps this JSON Schema, and with nothing else:\n{schema}",
        chat.instructions
    )
}

pub(super) fn schema(form: &AnswerForm) -> Result<&RawValue, Failure> {
    serde_json::from_str(form.schema).map_err(|_| unasked("the schema of its answer is not JSON"))
}
