//! What a wish is not about: "X, not Y", "X and not Y", "not Y but X".

use std::ops::Range;

use super::{
    Act,
    cut::Said,
    fragment,
    tables::{TABLES, is_in},
};
use crate::{
    knowledge::Knowledge,
    reading::{Mark, Value},
};

/// How far "not" and "but" stand apart.
const NEAR: usize = 10;
/// What stands in front of a place, a time or a matter.
const LEADS: &str = "to|in|from|on|for|at|with|by|about|into|via|under";

/// Where "…, not Y" or "… and not Y" ends the order, and where Y begins.
pub(super) fn contrast(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<(usize, usize)> {
    // "ask Claude not Perplexity": two names.
    let name = |at: usize| known.vocabulary.service(said.word(at)).is_some();
    if let Some(at) = (span.start + 1..span.end.saturating_sub(1))
        .find(|at| said.word(*at) == "not" && name(at - 1) && name(at + 1) && at + 2 == span.end)
    {
        return Some((at, at + 1));
    }
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
pub(super) fn turned(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<String> {
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
    // "no longer every day but every Monday"
    if let Some(at) = (near..but).find(|at| said.sequence(span, *at, "no longer") > 0 || said.word(*at) == "not")
        && let old = (at + said.one_of(span, at, "no longer|not")..but)
        && let new = (but + 1..span.end)
        && fragment::only_time(said, &old)
        && fragment::only_time(said, &new)
    {
        return Some(format!(
            "{} {} instead of {}",
            raw(span.start, at),
            raw(new.start, new.end),
            raw(old.start, old.end)
        ));
    }
    // "no longer Discord but Slack #rust"
    let name = |at: usize| known.vocabulary.service(said.word(at)).is_some();
    if said.sequence(span, span.start, "no longer") > 0 && but == span.start + 3 && name(but - 1) && name(but + 1) {
        return Some(format!("use {} instead of {}", raw(but + 1, span.end), raw(but - 1, but)));
    }
    let not = (near..but).rfind(|at| said.word(*at) == "not").filter(|not| not + 1 < but)?;
    // "not only … but also", "I do not want X but Y"
    if !named(said, not + 1) || is_in("also|only", said.word(but + 1)) {
        return None;
    }
    let before = if not > span.start { raw(span.start, not) } else { "" };
    Some(format!("{before} {} and not {}", raw(but + 1, span.end), raw(not + 1, but)).trim().to_owned())
}

/// "the city should be Hamburg, not asked": what is given so is no longer asked for.
pub(super) fn given(act: Act, contrast: &mut Option<String>) -> Act {
    let asked =
        |other: &str| matches!(other.to_lowercase().as_str(), "asked" | "asked for" | "an input" | "a question");
    match act {
        Act::Change { what, from: None, to } if contrast.as_deref().is_some_and(asked) => {
            *contrast = None;
            Act::Fix { what, value: Some(to) }
        }
        act => act,
    }
}

/// Whether some tokens say how many, or how long.
pub(super) fn counts(said: &Said<'_>, span: &Range<usize>) -> bool {
    span.clone().any(|at| {
        let value = said.tokens.get(at).and_then(|token| token.value());
        matches!(value, Some(Value::Number(_) | Value::Duration(_)))
    })
}
