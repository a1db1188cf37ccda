//! What stands in front of an order and says which step it is about.

use std::ops::Range;

use super::{
    cut::Said,
    tables::{TABLES, is_in},
};
use crate::reading::{self, Mark, Value};

/// "**In step X**, ask for …": the step, and the rest.
pub(super) fn scope(said: &Said<'_>, span: &Range<usize>) -> Option<(String, Range<usize>)> {
    let bare = said.without_fillers(span.clone());
    let comma = (bare.start..(bare.start + 12).min(said.tokens.len()))
        .find(|at| matches!(said.mark(*at), Some(Mark::Comma | Mark::Colon)))?;
    if !is_in("in|inside|within|at", said.word(bare.start)) || comma > bare.end || comma <= bare.start + 1 {
        return None;
    }
    let words = bare.start + 1..comma;
    let other = words.clone().any(|at| is_in(&TABLES.no_steps, said.word(at)) || TABLES.is_language(said.word(at)));
    let clock = words.clone().any(|at| {
        matches!(said.tokens.get(at).and_then(|token| token.value()), Some(Value::Time(..) | Value::Duration(_)))
    });
    let opener = said.raw(&(bare.start..comma));
    if other || clock || reading::schedule(opener, &reading::tokens(opener)).is_some() {
        return None;
    }
    let step = said.raw(&words).trim_start_matches("the ").trim_start_matches("step ").to_owned();
    Some((step, (comma + 1).min(bare.end)..bare.end))
}
