//! Cuts clauses of a reading anew: reads a part of the text again, and puts several clauses in the place of one.

use super::act;
use crate::{
    knowledge::Knowledge,
    reading::{self, Clause, Mark, Reading, Role, Span, Token},
};

/// Words between two parts of a sentence.
pub(in crate::plan) const JOINTS: [&str; 6] = ["and", "but", "then", "for", "or", "also"];

pub(in crate::plan) fn word(reading: &Reading, at: usize) -> Option<&str> {
    reading.tokens.get(at)?.word()
}

pub(in crate::plan) fn mark(reading: &Reading, at: usize) -> Option<Mark> {
    reading.tokens.get(at).and_then(Token::mark)
}

/// A comma, "and", "plus" or "then".
pub(in crate::plan) fn is_joint(reading: &Reading, at: usize) -> bool {
    word(reading, at).is_some_and(|word| matches!(word, "and" | "then" | "plus"))
        || mark(reading, at) == Some(Mark::Comma)
}

/// Reads a part of the text again, as if it stood alone; `subject` stands in front of it.
pub(in crate::plan) fn reread(known: &Knowledge, reading: &Reading, span: Span, subject: Option<&str>) -> Vec<Clause> {
    let text = act::words(reading, &span);
    if text.is_empty() {
        return Vec::new();
    }
    let ahead = usize::from(subject.is_some());
    let joined = subject.map_or_else(|| text.to_owned(), |subject| format!("{subject} {text}"));
    let mut clauses = reading::read(&known.vocabulary, &joined).clauses;
    let shift = |inner: &mut Span| {
        let place = |at: usize| (at + span.start).saturating_sub(ahead).min(span.end);
        *inner = place(inner.start)..place(inner.end);
    };
    let last = clauses.len().saturating_sub(1);
    for (at, clause) in clauses.iter_mut().enumerate() {
        shift(&mut clause.span);
        if at == 0 {
            clause.span.start = span.start;
        }
        if at == last {
            clause.span.end = span.end;
        }
        clause.under = None;
        // "It should (be sent)": nothing to be done by itself.
        let leads = clause.role == Role::LeadIn && clause.frame.is_none();
        if !leads && !matches!(clause.role, Role::Act | Role::Restriction | Role::Manner) {
            clause.role = Role::Act;
        }
        let Some(frame) = &mut clause.frame else { continue };
        frame.verb.iter_mut().for_each(|verb| shift(&mut verb.span));
        frame.complement.iter_mut().for_each(shift);
        let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
        for phrase in frame.objects.iter_mut().chain(arguments).chain(&mut frame.recipients).chain(&mut frame.subject) {
            shift(&mut phrase.span);
            phrase.tail.iter_mut().for_each(shift);
            for value in &mut phrase.values {
                *value = (*value + span.start).saturating_sub(ahead);
            }
        }
    }
    clauses
}

/// Puts several clauses in the place of one; what depends on later ones still does.
pub(in crate::plan) fn splice(reading: &mut Reading, at: usize, mut clauses: Vec<Clause>) {
    let more = clauses.len().saturating_sub(1);
    let moved = |index: usize| if index > at { index + more } else { index };
    // The new ones depend on what the old one did, wherever that is now.
    let own = reading.clauses.get(at).and_then(|clause| clause.under);
    for clause in clauses.iter_mut().filter(|clause| clause.under == own) {
        clause.under = own.map(moved);
    }
    for clause in &mut reading.clauses {
        clause.under = clause.under.map(moved);
        if let Role::Otherwise(of) = &mut clause.role {
            *of = moved(*of);
        }
    }
    reading.clauses.splice(at..(at + 1).min(reading.clauses.len()), clauses);
}

pub(in crate::plan) fn remove(reading: &mut Reading, at: usize) {
    reading.clauses.remove(at);
    for clause in &mut reading.clauses {
        clause.under = clause.under.map(|under| if under >= at { under.saturating_sub(1) } else { under });
        if let Role::Otherwise(of) = &mut clause.role
            && *of >= at
        {
            *of = of.saturating_sub(1);
        }
    }
}
