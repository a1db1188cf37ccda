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
        if let Some(done) = self.sent_by_account(text) {
            return Some(done);
        }
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

    /// "to the customer's address in the sheet", where no step gives an address by itself.
    pub(super) fn given_nowhere(&self, to: &str) -> Option<Refused> {
        let lower = to.to_lowercase();
        let whose =
            ["'s ", "’s ", " their ", " in the ", " from the ", " of the "].iter().any(|word| lower.contains(word));
        let address = lower.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "address" | "addresses"));
        if !address || !whose || lower.contains(['@', '"']) || lower.contains("http") || lower.contains(" web ") {
            return None;
        }
        let known = self.canvas.known;
        // It is looked up in each entry as it is.
        let looked_up = |at: usize| {
            let found = |link: crate::patcher::canvas::Link| {
                super::is_address(crate::patcher::find::outer(&link.input))
                    && self.canvas.is(link.from, |block| block.name == "FindInDictionaryBlock")
            };
            self.canvas.delivers(at) && self.canvas.links_into(at).any(found)
        };
        if let Some(at) = self.canvas.working().into_iter().find(|at| looked_up(*at)) {
            let title = self.canvas.title(at);
            return Some(Refused::unsupported(format!("{title} takes the address from each entry already.")));
        }
        let gives = |at: usize| {
            let outputs = self.canvas.block(at).into_iter().flat_map(|block| block.output_schema().properties.iter());
            outputs.into_iter().any(|(name, schema)| {
                let parts = std::iter::once(name).chain(schema.properties.iter().map(|(part, _)| part));
                parts.into_iter().any(|part| {
                    crate::patcher::canvas::words::words(known, part)
                        .iter()
                        .any(|word| matches!(word.as_str(), "email" | "mail" | "from" | "sender"))
                })
            })
        };
        if self.canvas.working().into_iter().any(gives) {
            return None;
        }
        Some(Refused::unsupported(format!(
            "No step gives \"{}\" by itself: which part of the data it is has to be said.",
            crate::text::shortened(to, 80)
        )))
    }

    /// "send it to their address"
    pub(super) fn sent_to_unknown(&self, text: &str) -> Option<Refused> {
        let (_, to) = text.split_once(" to ").filter(|(order, _)| self.sends(order) && order.split(' ').count() < 5)?;
        self.given_nowhere(to)
    }

    /// "send it from my Gmail account": the service that the mail goes by.
    fn sent_by_account(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let account = [" from my ", " from our ", " with my ", " with our ", " via my ", " through my ", " using my "]
            .iter()
            .find_map(|word| text.split_once(word));
        let (_, account) = account.filter(|(order, _)| self.sends(order) && order.split(' ').count() < 4)?;
        let named = ["account", "address", "mailbox", "inbox", "login"].iter().find_map(|end| {
            let name = account.strip_suffix(end)?.trim();
            (!name.is_empty()).then_some(name)
        })?;
        let service = self.service_in(named)?;
        let known = self.canvas.known;
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at) && self.counterpart(*at, named).is_some());
        let [at] = *sends.as_slice() else { return None };
        if self.canvas.is(at, |block| known.meaning(block).service.as_deref() == Some(service.as_str())) {
            let title = self.canvas.title(at);
            return Some(Err(Refused::unsupported(format!("{title} goes by {service} already."))));
        }
        self.canvas.exchanged = true;
        Some(self.replace_at(at, named))
    }
}
