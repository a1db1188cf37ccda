//! Who sends: "send from reminders@example.com".

use super::Edit;
use crate::{
    catalogue::singular,
    patcher::{find::Field, refused::Refused, wish::TABLES},
    reading::{self, Value as Typed},
};

/// Inputs that say who sends.
const SENDERS: [&str; 6] = ["from", "from_email", "from_address", "sender", "sender_email", "inbox_id"];
/// Words between the verb and "from", beside those for a text.
const IT: [&str; 4] = ["it", "them", "the", "everything"];

impl Edit<'_, '_> {
    /// The address behind "from" is whose mail it is, never who gets it.
    pub(super) fn sent_from(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let tokens = reading::tokens(text);
        let (last, before) = tokens.split_last()?;
        let (from, before) = before.split_last()?;
        let (verb, between) = before.split_first()?;
        let plain = between
            .iter()
            .all(|token| token.word().is_some_and(|word| IT.contains(&word) || TABLES.is_text(&singular(word))));
        if !matches!(last.value(), Some(Typed::Email(_)))
            || from.word() != Some("from")
            || !matches!(verb.word(), Some("send" | "mail" | "email"))
            || !plain
        {
            return None;
        }
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        let takes = |at: &usize| {
            let name = self.canvas.inputs_of(*at).into_iter().find(|name| SENDERS.contains(&name.as_str()))?;
            Some(Field { at: *at, name })
        };
        let fields: Vec<Field> = sends.iter().filter_map(takes).collect();
        Some(match fields.as_slice() {
            [field] => self.put(&field.clone(), last.raw(text)),
            _ => {
                let title = sends.first().map(|at| self.canvas.title(*at))?;
                Err(Refused::unsupported(format!("{title} has no input for who sends: the linked account does.")))
            }
        })
    }
}
