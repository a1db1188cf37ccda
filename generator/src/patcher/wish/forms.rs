//! How operations are said: forms with places for what the person means.

use std::ops::Range;

use super::{
    cut::Said,
    tables::{Form, TABLES},
};

/// What stands in the places of a form.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    pub(super) what: Option<Range<usize>>,
    pub(super) old: Option<Range<usize>>,
    pub(super) value: Option<Range<usize>>,
}

/// The form that a piece has, and what stands in its places.
pub(super) fn form<'f>(said: &Said<'_>, span: &Range<usize>) -> Option<(&'f Form, Slots)> {
    TABLES.forms.iter().find_map(|form| Some((form, fits(&form.form, said, span)?)))
}

/// What an idiom asks for, as an order: "I only want to hear from it when X" as "only notify me if X".
pub(super) fn idiom(said: &Said<'_>, span: &Range<usize>) -> Option<String> {
    TABLES.idioms.iter().find_map(|(form, order)| {
        let slots = fits(form, said, span)?;
        let fill = |text: String, name: &str, slot: &Option<Range<usize>>| match slot {
            Some(slot) => text.replace(name, said.raw(slot)),
            None => text,
        };
        let order = fill(order.clone(), "{what}", &slots.what);
        let order = fill(order, "{old}", &slots.old);
        Some(fill(order, "{value}", &slots.value))
    })
}

fn fits(form: &str, said: &Said<'_>, span: &Range<usize>) -> Option<Slots> {
    let parts: Vec<&str> = form.split(' ').collect();
    let mut slots = Slots::default();
    let mut at = span.start;
    for (index, part) in parts.iter().enumerate() {
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            let end = match parts.get(index + 1) {
                None => span.end,
                Some(next) => (at..span.end).find(|here| literal(next, said, span, *here) > 0)?,
            };
            let empty = end == at;
            match name {
                "rest" => {}
                _ if empty => return None,
                // One value, no more: "10", "7:30".
                "time" if end != at + 1 || !said.is_value(at) => return None,
                "what" => slots.what = Some(at..end),
                "old" => slots.old = Some(at..end),
                _ => slots.value = Some(at..end),
            }
            at = end;
        } else {
            match literal(part, said, span, at) {
                0 => return None,
                length => at += length,
            }
        }
    }
    (at == span.end).then_some(slots)
}

/// How many tokens from `at` on are this word, or one of a group.
fn literal(part: &str, said: &Said<'_>, span: &Range<usize>, at: usize) -> usize {
    match part.strip_prefix('<').and_then(|part| part.strip_suffix('>')) {
        Some(group) => {
            let length = TABLES.groups.get(group).map_or(0, |words| said.one_of(span, at, words));
            // "title of the ticket": a noun.
            if said.word(at + length) == "of" && group == "rename" { 0 } else { length }
        }
        None => said.sequence(span, at, part),
    }
}
