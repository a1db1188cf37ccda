//! Words that the reading gave to a neighbour: an address behind "in five points", "or merge it" behind "don't".

use super::recut::word;
use crate::{
    knowledge::Knowledge,
    reading::{Reading, Role, Value},
};

/// What a text is cut into: nothing that has an address.
const UNITS: [&str; 8] = ["bullet point", "point", "sentence", "paragraph", "word", "line", "language", "tone"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        denied(reading, at);
        addressed(reading, at);
        for_me(known, reading, at);
    }
}

/// "Don't approve or merge anything"
fn denied(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at)?;
    let before = reading.clauses.get(at.checked_sub(1)?)?;
    let goes_on = matches!(word(reading, clause.span.start)?, "or" | "nor") && before.sentence == clause.sentence;
    let denies = before.frame.as_ref()?.negated && before.role == Role::Act && clause.role == Role::Act;
    reading.clauses.get_mut(at)?.frame.as_mut()?.negated |= goes_on && denies;
    Some(())
}

/// "this article in 5 bullet points https://…": the address of the article.
fn addressed(reading: &mut Reading, at: usize) -> Option<()> {
    let tokens = &reading.tokens;
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    let [object, ..] = frame.objects.as_mut_slice() else { return None };
    let url = |at: &usize| matches!(tokens.get(*at).and_then(|token| token.value()), Some(Value::Url(_)));
    let unit = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
    let unit =
        unit.into_iter().find(|phrase| UNITS.contains(&phrase.head.as_str()) && phrase.values.iter().any(url))?;
    let (addresses, others) = std::mem::take(&mut unit.values).into_iter().partition(url);
    unit.values = others;
    unit.span.end = unit.values.iter().map(|at| at + 1).max().unwrap_or(unit.span.end - 1).max(unit.span.start + 1);
    let addresses: Vec<usize> = addresses;
    object.values.extend(addresses);
    Some(())
}

/// "Write commit messages for me": nobody is told.
fn for_me(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    known.composes(&frame.verb.as_ref()?.lemma).then_some(())?;
    frame
        .arguments
        .retain(|argument| argument.preposition != "for" || !matches!(argument.phrase.head.as_str(), "me" | "us"));
    Some(())
}
