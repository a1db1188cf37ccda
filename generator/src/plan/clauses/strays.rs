//! Words that the reading gave to a neighbour: an address behind "in five points", "or merge it" behind "don't".

use super::recut::word;
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Determiner, Mark, Reading, Role, Value, Verb},
};

/// What a text is cut into: nothing that has an address.
const UNITS: [&str; 8] = ["bullet point", "point", "sentence", "paragraph", "word", "line", "language", "tone"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        denied(reading, at);
        addressed(reading, at);
        for_me(known, reading, at);
        headed(known, reading, at);
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

/// "Find leads: - dentists in Austin": what stands below the heading is what is found.
fn headed(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| frame.arguments.is_empty() && frame.recipients.is_empty())?;
    let verb = frame.verb.clone().filter(|verb| known.is(&verb.lemma, Class::Search))?;
    let [object] = frame.objects.as_slice() else { return None };
    let bare = object.plural && object.determiner == Determiner::None && object.services.is_empty();
    let marks = clause.span.clone().rev().map_while(|at| reading.tokens.get(at)?.mark());
    let colon = marks.into_iter().any(|mark| mark == Mark::Colon);
    let next = reading.clauses.get(at + 1).filter(|next| next.role == Role::Act && bare && colon)?;
    let below = next.frame.as_ref().filter(|frame| frame.verb.is_none())?;
    below.objects.first().filter(|first| first.plural && !first.pronoun)?;
    let start = next.span.start;
    let next = reading.clauses.get_mut(at + 1)?.frame.as_mut()?;
    next.verb = Some(Verb { span: start..start, ..verb });
    reading.clauses.get_mut(at)?.role = Role::LeadIn;
    Some(())
}
