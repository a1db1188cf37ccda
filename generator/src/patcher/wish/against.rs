//! What a wish is not about: "X, not Y", "X and not Y", "not Y but X".

use std::ops::Range;

use super::{
    cut::Said,
    tables::{TABLES, is_in},
};
use crate::reading::{Mark, Value};

/// How far "not" and "but" stand apart.
const NEAR: usize = 10;
/// What stands in front of a place, a time or a matter.
const LEADS: &str = "to|in|from|on|for|at|with|by|about|into|via|under";

/// Where "…, not Y" or "… and not Y" ends the order, and where Y begins.
pub(super) fn contrast(said: &Said<'_>, span: &Range<usize>) -> Option<(usize, usize)> {
    let comma =
        (span.start + 1..span.end).rfind(|at| said.mark(*at) == Some(Mark::Comma) && said.word(at + 1) == "not");
    if let Some(at) = comma {
        return Some((at, at + 2));
    }
    let nearest = span.end.saturating_sub(NEAR).max(span.start + 1);
    let at = (nearest..span.end).rfind(|at| matches!(said.word(*at), "and" | "but") && said.word(at + 1) == "not")?;
    let end = if said.mark(at - 1) == Some(Mark::Comma) { at - 1 } else { at };
    let other = at + 2;
    // "if it is urgent and not from me", "make it short and not too formal": one condition, one remark.
    let condition = (span.start..end).any(|at| said.one_of(span, at, &TABLES.conditions) > 0);
    (end > span.start && other < span.end && named(said, other) && !condition).then_some((end, other))
}

/// Whether a value, a thing or a place begins there, rather than something that is done.
fn named(said: &Said<'_>, at: usize) -> bool {
    said.is_value(at) || is_in(LEADS, said.word(at)) || is_in("the|a|an|my|one|what|something|anything", said.word(at))
}

/// "not Y but X" and "don't look in Y but in X", as "X and not Y".
pub(super) fn turned(said: &Said<'_>, span: &Range<usize>) -> Option<String> {
    let but = (span.start + 2..span.end).find(|at| said.word(*at) == "but")?;
    if (span.start..but).any(|at| said.one_of(span, at, &TABLES.conditions) > 0) || but + 1 >= span.end {
        return None;
    }
    let raw = |from: usize, to: usize| said.raw(&(from..to));
    let near = but.saturating_sub(NEAR).max(span.start);
    let forbids = ["dont", "do not"].iter().map(|words| said.sequence(span, span.start, words)).max().unwrap_or(0);
    if forbids > 0 {
        // The same preposition stands in front of both.
        let lead = said.word(but + 1);
        let at = (near..but).rfind(|at| is_in(LEADS, lead) && said.word(*at) == lead)?;
        let order = raw(span.start + forbids, at);
        return Some(format!("{order} {} and not {}", raw(but + 1, span.end), raw(at, but)));
    }
    let not = (near..but).rfind(|at| said.word(*at) == "not").filter(|not| not + 1 < but)?;
    // "not only … but also", "I do not want X but Y"
    if !named(said, not + 1) || is_in("also|only", said.word(but + 1)) {
        return None;
    }
    let before = if not > span.start { raw(span.start, not) } else { "" };
    Some(format!("{before} {} and not {}", raw(but + 1, span.end), raw(not + 1, but)).trim().to_owned())
}

/// Whether some tokens say how many, or how long.
pub(super) fn counts(said: &Said<'_>, span: &Range<usize>) -> bool {
    span.clone().any(|at| {
        let value = said.tokens.get(at).and_then(|token| token.value());
        matches!(value, Some(Value::Number(_) | Value::Duration(_)))
    })
}
