//! One act for several services: "add it to Airtable and to HubSpot", "create a Linear issue and a Notion page".

use super::recut::splice;
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Determiner, Frame, Phrase, Reading, Role, Span, Token, Verb},
};

/// Puts an act for each service in the place of one for all of them. Chats are told together.
pub(in crate::plan) fn spread(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.as_ref()?;
    let verb = &frame.verb.as_ref()?.lemma;
    let writes = [Class::Store, Class::Make, Class::Change].iter().any(|class| known.is(verb, *class));
    let reads = !writes && known.is(verb, Class::Fetch) && !known.is(verb, Class::Tell);
    let frames = match reads {
        true => places(known, reading, frame, true)?,
        false => places(known, reading, frame, false).or_else(|| objects(frame)).filter(|_| writes)?,
    };
    let count = frames.len();
    // Each of several places that are read has its own words.
    let own = |frame: &Frame, at: usize| {
        let place = frame.arguments.iter().find(|argument| !argument.phrase.services.is_empty())?;
        let start = if at == 0 { clause.span.start } else { place.phrase.span.start - 1 };
        Some(start..if at + 1 == count { clause.span.end } else { place.phrase.span.end })
    };
    let each = |(at, frame): (usize, Frame)| {
        // What cannot be done is named by itself.
        let foreign = |argument: &&Argument| argument.phrase.services.iter().any(|service| !known.has_service(service));
        let foreign = frame.arguments.iter().find(foreign).map(|argument| &argument.phrase.span);
        let whole = own(&frame, at).filter(|_| reads).unwrap_or(clause.span.clone());
        let span = foreign.map_or(whole, |span| span.start.saturating_sub(1)..span.end);
        crate::reading::Clause { span, frame: Some(frame), ..clause.clone() }
    };
    splice(reading, at, frames.into_iter().enumerate().map(each).collect());
    Some(count)
}

/// "…, and a Notion page for it": made as what stands before it is.
pub(in crate::plan) fn made_too(known: &Knowledge, reading: &mut Reading, at: usize) {
    let some = |frame: &Frame| {
        let first = frame.objects.first().filter(|phrase| phrase.determiner == Determiner::Some)?;
        (!first.services.is_empty()).then_some(())
    };
    let before = at.checked_sub(1).and_then(|before| reading.clauses.get(before));
    let Some(before) = before.filter(|before| before.role == Role::Act) else { return };
    let made = before.frame.as_ref().filter(|frame| some(frame).is_some()).and_then(|frame| frame.verb.clone());
    let (Some(verb), sentence) = (made.filter(|verb| known.is(&verb.lemma, Class::Make)), before.sentence) else {
        return;
    };
    let same = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act && clause.sentence == sentence);
    let Some(frame) = same.and_then(|clause| clause.frame.as_mut()) else { return };
    if frame.verb.is_none() && some(frame).is_some() {
        let start = frame.objects.first().map_or(verb.span.end, |phrase| phrase.span.start);
        frame.verb = Some(Verb { span: start..start, ..verb });
    }
}

fn joined(reading: &Reading, one: &Span, other: &Span) -> bool {
    let between = reading.tokens.get(one.end..other.start).unwrap_or_default();
    (1..5).contains(&between.len())
        && between.iter().any(|token| {
            token.mark() == Some(crate::reading::Mark::Comma) || matches!(token.word(), Some("and" | "plus" | "also"))
        })
        && between.iter().filter_map(Token::word).all(|word| JOINTS.contains(&word))
}

const JOINTS: [&str; 9] = ["and", "plus", "also", "to", "into", "in", "on", "as", "well"];

/// An act for each of the places, all of which stand behind each other: where things go, or where they are.
fn places(known: &Knowledge, reading: &Reading, frame: &Frame, read: bool) -> Option<Vec<Frame>> {
    // "Save the mails in Gmail to Notion": what stands behind "in" is where they are.
    let moves = |argument: &Argument| matches!(argument.preposition.as_str(), "to" | "into");
    let target = frame.arguments.iter().any(|argument| moves(argument) && !argument.phrase.services.is_empty());
    let place = |argument: &&Argument| {
        (moves(argument) || !target && matches!(argument.preposition.as_str(), "in" | "on"))
            && argument.phrase.services.len() == 1
    };
    let found: Vec<&Argument> = frame.arguments.iter().filter(place).collect();
    let mut services: Vec<&String> = found.iter().flat_map(|argument| &argument.phrase.services).collect();
    services.sort();
    services.dedup();
    let side_by_side = found.windows(2).all(|two| match two {
        [one, other] => joined(reading, &one.phrase.span, &other.phrase.span),
        _ => false,
    });
    let told = found.iter().all(|argument| {
        !argument.phrase.values.is_empty()
            || argument.phrase.services.iter().any(|service| known.channel(service).is_some())
    });
    if found.len() < 2 || services.len() < found.len() || !side_by_side || told && !read || target && read {
        return None;
    }
    let one = |kept: &&Argument| {
        let other = |argument: &Argument| place(&argument) && argument.phrase.span != kept.phrase.span;
        let arguments = frame.arguments.iter().filter(|argument| !other(argument)).cloned().collect();
        Frame { arguments, ..frame.clone() }
    };
    Some(found.iter().map(one).collect())
}

/// An act for each of the things, each of which is made in a service of its own.
fn objects(frame: &Frame) -> Option<Vec<Frame>> {
    let own = |phrase: &Phrase| phrase.services.len() == 1 && !phrase.head.is_empty() && !phrase.pronoun;
    let mut services: Vec<&String> = frame.objects.iter().flat_map(|phrase| &phrase.services).collect();
    services.sort();
    services.dedup();
    if frame.objects.len() < 2 || services.len() < frame.objects.len() || !frame.objects.iter().all(own) {
        return None;
    }
    let one = |phrase: &Phrase| Frame { objects: vec![phrase.clone()], ..frame.clone() };
    Some(frame.objects.iter().map(one).collect())
}
