//! "Take a screenshot of a page", "daily screenshot of a page to Slack": a noun that says what is done is the verb.

use super::recut::splice;
use crate::{
    knowledge::Knowledge,
    reading::{Clause, Frame, Phrase, Reading, Role, Verb},
};

/// Says nothing beside what is taken or made.
const LIGHT: [&str; 10] = ["want", "need", "take", "make", "do", "create", "get", "grab", "capture", "perform"];

/// Parts the clause at `at` into what is done and where it goes.
pub(in crate::plan) fn nominal(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let mut frame = clause.frame.clone()?;
    let [phrase] = frame.objects.as_slice() else { return None };
    let done = |noun: &str| known.tools().iter().any(|tool| tool.verbs.contains(noun) && tool.nouns.contains(noun));
    let start = phrase.span.start;
    let said = Verb { lemma: phrase.head.clone(), particle: None, span: phrase.span.clone() };
    let of = frame.arguments.iter().position(|argument| argument.preposition == "of")?;
    if !done(&phrase.head) {
        return None;
    }
    let mut of = frame.arguments.remove(of).phrase;
    if of.head.is_empty() && !of.values.is_empty() {
        of.head = "page".to_owned();
    }
    let cut = of.span.end.clamp(clause.span.start, clause.span.end);
    let light = frame.verb.as_ref().is_none_or(|verb| LIGHT.contains(&verb.lemma.as_str()));
    let (inner, rest) =
        std::mem::take(&mut frame.arguments).into_iter().partition(|argument| argument.phrase.span.start < cut);
    let act = Frame { verb: Some(said), objects: vec![of], arguments: inner, ..Frame::default() };
    let first = Clause { span: clause.span.start..cut, frame: Some(act), ..clause.clone() };
    frame.arguments = rest;
    if light && frame.arguments.is_empty() {
        let whole = Clause { span: clause.span.clone(), ..first };
        splice(reading, at, vec![whole]);
        return Some(1);
    }
    let it = Phrase { span: cut..cut, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let send = Verb { lemma: "send".to_owned(), particle: None, span: cut..cut };
    let verb = frame.verb.take().filter(|_| !light).unwrap_or(send);
    let second = Frame { verb: Some(verb), objects: vec![it], ..frame };
    let mut first = first;
    let mut second = Clause { span: cut..clause.span.end, frame: Some(second), ..clause.clone() };
    // "Email me a screenshot of it": told first, done last.
    if !light {
        (first.span, second.span) = (start..clause.span.end, clause.span.start..start);
    }
    splice(reading, at, vec![first, second]);
    Some(2)
}
