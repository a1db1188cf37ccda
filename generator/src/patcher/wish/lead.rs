//! Where what stands in front of an order ends: "if the tweet is too long don't post it", "instead of Slack I'd like a mail".

use std::ops::Range;

use super::{
    cut::{Said, begins},
    tables::{TABLES, is_in},
};
use crate::{
    knowledge::Knowledge,
    reading::{Mark, Value},
};

/// How many words of a clause are looked at.
const AHEAD: usize = 40;

/// Where the order begins behind "two hours later".
pub(super) fn later(said: &Said<'_>, span: &Range<usize>) -> Option<usize> {
    let at = (span.start + 1..span.end.min(span.start + 4)).find(|at| is_in("later|afterwards", said.word(*at)))?;
    (at + 1 < span.end && lasting(said, &(span.start..at)).is_some()).then_some(at + 1)
}

/// How long something lasts: "25 minutes", "an hour".
pub(super) fn lasting(said: &Said<'_>, span: &Range<usize>) -> Option<Range<usize>> {
    let value = |at: &usize| said.tokens.get(*at).and_then(|token| token.value());
    if let Some(at) = span.clone().find(|at| matches!(value(at), Some(Value::Duration(_)))) {
        return Some(at..at + 1);
    }
    let unit = span.clone().skip(1).find(|at| is_in("minute|hour|day|week", said.word(*at)))?;
    is_in("a|an|one", said.word(unit - 1)).then_some(unit - 1..unit + 1)
}

/// "instead of Y, X": what goes, and the order behind it.
pub(super) fn instead(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let opener = said.one_of(span, span.start, "instead of|rather than|in place of");
    let first = span.start + opener;
    // "instead of a fixed X ask for it" is an input.
    if opener == 0 || said.sequence(span, first, "a fixed") > 0 {
        return None;
    }
    let ends =
        |at: &usize| begins(known, said, *at..span.end) || said.one_of(span, *at, "id like|i would like|please") > 0;
    let near = first + 1..span.end.min(span.start + AHEAD);
    let comma = near.clone().find(|at| said.mark(*at) == Some(Mark::Comma));
    // "instead of a mail put it in Notion, but keep the schedule": the comma ends the order.
    let goes_on = |comma: &usize| is_in("but|and", said.word(comma + 1));
    // "rather than LinkedIn post it on Bluesky, …": a thing stands in front of the order, nothing that is done.
    // "a Google Doc": nothing is done right behind an article.
    let named = |at: &usize| is_in("a|an|the|my|our|its|this|that", said.word(*at - 1));
    let order = near.clone().find(|at| !named(at) && ends(at));
    let thing = |at: &usize| {
        *at <= first + 3
            && !is_in("to|me|us|and|or|it", said.word(*at - 1))
            && !(first..*at).any(|at| said.word(at).ends_with("ing"))
    };
    let end = order.filter(thing).or(comma.filter(|comma| !goes_on(comma))).or(order).or(comma)?;
    let rest = if said.mark(end).is_some() { end + 1 } else { end };
    (rest < span.end).then_some((first..end, rest..span.end))
}

/// Where the order begins; `None` where nothing but an order, or no order, stands there.
pub(super) fn end(known: &Knowledge, said: &Said<'_>, span: &Range<usize>) -> Option<usize> {
    let opener = said.one_of(span, span.start, &TABLES.conditions).max(said.one_of(
        span,
        span.start,
        "after|once|as soon as|the moment|before|right before|right after|just before|just after",
    ));
    if opener == 0 {
        return None;
    }
    // "before adding the row": the verb that the clause tells.
    let first = said.word(span.start + opener);
    // "it's positive"
    let mut open = is_in("its|theyre|theres|thats|hes|shes", first);
    let mut told = open || first.ends_with("ing");
    for at in span.start + opener + 1..span.end.min(span.start + AHEAD) {
        let rest = at..span.end;
        let forbids = || said.one_of(&rest, at, "dont|do not|never|no need to|please dont|please do not") > 0;
        // "is empty", "is open": what stands behind "is" tells how it is.
        if told && !open && !said.is_value(at) && (forbids() || begins(known, said, rest)) {
            return Some(at);
        }
        // "if the post is a draft": an auxiliary, or a verb behind its subject, tells something of it.
        // "if the page can't be read": what stands behind "be" tells what is done to it.
        open = is_in(&TABLES.tells, said.word(at)) || is_in("be|been|being", said.word(at));
        told |= open || known.vocabulary.is_finite(said.word(at));
    }
    None
}
