//! Parts of a sentence that stand without a verb: ", weekdays at 7", "and the channel is #general", ", due tomorrow".

use std::ops::Range;

use super::{
    cut::Said,
    tables::{TABLES, is_in},
};
use crate::reading::{self, Mark, Value};

/// What is told of a message or a step by its bare name: "and subject \"Hi\"".
const NAMED: &str =
    "subject|title|body|message|text|label|channel|recipient|name|query|topic|caption|heading|headline|url|address";

/// Whether something else than what stands before it is asked for there. `joint`: what joins the two.
pub(super) fn begins(said: &Said<'_>, before: &Range<usize>, joint: usize, span: &Range<usize>) -> bool {
    let first = said.word(span.start);
    if matches!(first, "otherwise" | "else") {
        // "…, otherwise I forget it": why.
        return span.len() > 1
            && !is_in("i|we|it|they|you|he|she|the|nobody|people|my|our|its", said.word(span.start + 1));
    }
    let comma = (joint..span.start).any(|at| said.mark(at) == Some(Mark::Comma));
    let end = (span.start..span.end).find(|at| said.mark(*at) == Some(Mark::Comma)).unwrap_or(span.end);
    let part = span.start..end;
    is_due(said, &part)
        || is_told(said, &part)
        || is_named(said, before, &part)
        || comma && (is_complaint(said, &part) || is_now(said, &part))
        || comma && (is_manner(said, &part) || is_limit(said, &part) || is_barred(said, before, &part))
        || is_time(said, before, &part)
}

/// "the body is too much": why.
fn is_complaint(said: &Said<'_>, part: &Range<usize>) -> bool {
    let near = part.start + 1..part.end.min(part.start + 5);
    is_in("the|its|my|our|they|it", said.word(part.start))
        && near
            .clone()
            .any(|at| is_in("is|are|looks|look|sounds|sound|gets|get", said.word(at)) && said.word(at + 1) == "too")
}

/// "at the moment everything ends up in one": how it is, not how it should be.
fn is_now(said: &Said<'_>, part: &Range<usize>) -> bool {
    said.one_of(part, part.start, "at the moment|right now|currently|so far|until now|at present") > 0
        && !part.clone().any(|at| is_in(&TABLES.modals, said.word(at)))
}

/// Tokens before a part, at most, that are asked for a time.
const BEFORE: usize = 80;

/// "due tomorrow"
fn is_due(said: &Said<'_>, part: &Range<usize>) -> bool {
    said.word(part.start) == "due" && part.len() > 1 && part.len() < 6
}

/// "the channel is #general"
fn is_told(said: &Said<'_>, part: &Range<usize>) -> bool {
    let near = part.start + 1..part.end.min(part.start + 5);
    is_in("the|its|my", said.word(part.start))
        && near.clone().any(|at| {
            let value = if said.word(at + 1) == "now" { at + 2 } else { at + 1 };
            is_in("is|are", said.word(at)) && value + 1 == part.end && said.is_value(value)
        })
}

/// "subject \"Page of the day\"", where no other text in quotation marks stands before it.
pub(super) fn is_named(said: &Said<'_>, before: &Range<usize>, part: &Range<usize>) -> bool {
    let quoted = |at: usize| said.is_value(at) && said.word(at).starts_with(['"', '“']);
    let start = part.start + usize::from(is_in("the|its|with|as", said.word(part.start)));
    let last = part.end.saturating_sub(1);
    (start + 1..start + 3).contains(&last)
        && (start..last).all(|at| is_in(NAMED, said.word(at)) || is_in("line|text", said.word(at)))
        && quoted(last)
        && !before.clone().any(quoted)
}

/// "max 5", "at most 3 posts"; "at most 100 words" tells how a text is.
fn is_limit(said: &Said<'_>, part: &Range<usize>) -> bool {
    let opener = said.one_of(part, part.start, "max|maximum|at most|no more than|up to");
    let number = said.tokens.get(part.start + opener).and_then(|token| token.value());
    opener > 0
        && part.len() < opener + 3
        && matches!(number, Some(Value::Number(_)))
        && !TABLES.measures(said.raw(part))
}

/// "…, no emojis": how the text that is spoken of is not to be. What is written anew is told with its order.
fn is_barred(said: &Said<'_>, before: &Range<usize>, part: &Range<usize>) -> bool {
    let subject = is_in("the|its|could|can|keep|make|max|at", said.word(before.start));
    subject && said.word(part.start) == "no" && part.len() < 4 && TABLES.is_manner(said.raw(part))
}

/// "the summary in bullet points"
fn is_manner(said: &Said<'_>, part: &Range<usize>) -> bool {
    let near = part.start + 2..part.end.min(part.start + 5);
    is_in("the|its", said.word(part.start))
        && near.clone().any(|at| is_in("in|as", said.word(at)))
        && TABLES.is_manner(said.raw(part))
}

/// "weekdays at 7", where nothing before it says when.
fn is_time(said: &Said<'_>, before: &Range<usize>, part: &Range<usize>) -> bool {
    // The part first: what stands before it may be all of the wish.
    part.len() < 12 && before.len() < BEFORE && only_time(said, part) && !says_time(said, before)
}

fn says_time(said: &Said<'_>, span: &Range<usize>) -> bool {
    let clock = |at: usize| matches!(said.tokens.get(at).and_then(|token| token.value()), Some(Value::Time(..)));
    let text = said.raw(span);
    span.clone().any(|at| TABLES.is_day_word(said.word(at)) || clock(at))
        || reading::schedule(text, &reading::tokens(text)).is_some()
}

/// Whether some words say when, and nothing else.
pub(super) fn only_time(said: &Said<'_>, part: &Range<usize>) -> bool {
    let text = said.raw(part);
    let Some(read) = reading::schedule(text, &reading::tokens(text)) else { return false };
    let first = said.word(part.start);
    let opens = TABLES.is_day_word(first) || is_in("every|each|on|at|daily|once|twice|only|from", first);
    opens
        && part.clone().enumerate().all(|(index, at)| {
            read.spans.iter().any(|span| span.contains(&index))
                || TABLES.is_day_word(said.word(at))
                || TABLES.is_schedule_word(said.word(at))
                || said.is_value(at)
        })
}
