//! "Check if the site is up, and if not mail me": a condition, and what is done otherwise.

use super::recut::{remove, reread, splice, word};
use crate::{
    knowledge::Knowledge,
    reading::{Clause, Frame, Reading, Role, Span, Token, Value},
};

/// Reads a check and what depends on its answer as a condition. Returns over how many clauses.
pub(in crate::plan) fn checked(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let check = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = check.frame.as_ref()?;
    if !matches!(frame.verb.as_ref()?.lemma.as_str(), "check" | "see" | "verify" | "test" | "look") {
        return None;
    }
    let asked = frame.complement.clone()?;
    if !matches!(word(reading, asked.start), Some("if" | "whether")) {
        return None;
    }
    let next = reading.clauses.get(at + 1)?.clone();
    let body = match next.role {
        Role::Act => behind_if_not(reading, &next.span)?,
        Role::Condition if says_no(reading, &next) => next.span.end,
        _ => return None,
    };
    let tested = reread(known, reading, asked.clone(), None).into_iter().next()?.frame;
    let up = asks_up(known, reading, &asked);
    let guard = |span: Span, role: Role, frame: Option<Frame>| Clause { span, role, frame, ..check.clone() };
    // What is down answers nothing that could be looked at, so the failure itself is waited for.
    let guards = if up {
        let down = tested.map(|frame| Frame { negated: true, ..frame });
        vec![guard(asked.start..body, Role::Condition, down)]
    } else {
        let otherwise = guard(next.span.start..body, Role::Otherwise(at), None);
        vec![guard(asked, Role::Condition, tested), otherwise]
    };
    let last = at + guards.len() - 1;
    if next.role == Role::Condition {
        // What stands under it does so in its new place too.
        *reading.clauses.get_mut(at + 1)? = guards.last()?.clone();
        match guards.len() {
            1 => remove(reading, at),
            _ => *reading.clauses.get_mut(at)? = guards.into_iter().next()?,
        }
        return Some(last + 1 - at);
    }
    let mut acts = reread(known, reading, body..next.span.end, None);
    for act in &mut acts {
        (act.under, act.sentence) = (Some(last), next.sentence);
    }
    let count = guards.len() + acts.len();
    remove(reading, at + 1);
    splice(reading, at, guards.into_iter().chain(acts).collect());
    Some(count)
}

/// Whether a check asks if something answers: "is up", "returns 200".
pub(super) fn asks_up(known: &Knowledge, reading: &Reading, asked: &Span) -> bool {
    let well = |token: usize| {
        let value = reading.tokens.get(token).and_then(Token::value);
        matches!(value, Some(Value::Number(code)) if (200.0..300.0).contains(code))
    };
    asked.clone().any(|at| well(at) || word(reading, at).is_some_and(|word| known.is_up(word)))
}

/// "If not", "if it isn't".
fn says_no(reading: &Reading, clause: &Clause) -> bool {
    let mut words = clause.span.clone().filter_map(|at| word(reading, at)).peekable();
    let short = words.peek().is_some() && words.all(|word| matches!(word, "and" | "but" | "if" | "not" | "then"));
    short || clause.frame.as_ref().is_some_and(is_not)
}

/// "If it isn't": nothing but the answer to what was checked.
fn is_not(frame: &Frame) -> bool {
    let mut it = frame.subject.iter().chain(&frame.objects);
    let bare = frame.arguments.is_empty() && frame.complement.is_none() && frame.negated;
    bare && it.all(|phrase| phrase.pronoun)
        && frame.verb.as_ref().is_none_or(|verb| matches!(verb.lemma.as_str(), "be" | "do"))
}

/// Where the rest of "and if not, …" begins.
fn behind_if_not(reading: &Reading, span: &Span) -> Option<usize> {
    let says = |token: usize, wanted: &str| word(reading, token) == Some(wanted);
    let first = span.start + usize::from(says(span.start, "and"));
    let body = first + 2;
    let body = body + usize::from(word(reading, body).is_none());
    (says(first, "if") && says(first + 1, "not") && body < span.end).then_some(body)
}
