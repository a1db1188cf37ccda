//! "They should not repeat", "a quote that I have not had before": another one is wanted at each run.

use crate::reading::{Phrase, Reading, Role, Span, Token};

const NONE: [&str; 18] = [
    "not",
    "never",
    "no",
    "without",
    "avoid",
    "dont",
    "don't",
    "havent",
    "haven't",
    "hasnt",
    "hasn't",
    "shouldnt",
    "shouldn't",
    "cant",
    "can't",
    "cannot",
    "skip",
    "none",
];
pub(in crate::plan) const REPEATS: [&str; 9] =
    ["repeat", "repeats", "repeated", "repeating", "repetition", "repetitions", "duplicate", "duplicates", "twice"];
const HAD: [&str; 12] =
    ["had", "seen", "got", "gotten", "heard", "received", "used", "sent", "read", "posted", "told", "mailed"];

/// Where the goal asks for another one at each run.
pub(in crate::plan) fn asks_for_other(reading: &Reading) -> Option<Span> {
    let clauses = reading.clauses.iter().filter(|clause| {
        matches!(clause.role, Role::Act | Role::Restriction | Role::Manner | Role::Value | Role::Instruction)
    });
    clauses.into_iter().find_map(|clause| other_in(reading, &clause.span))
}

fn other_in(reading: &Reading, span: &Span) -> Option<Span> {
    let word = |at: usize| reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
    let none = span.clone().find(|at| NONE.contains(&word(*at)))?;
    let rest = none + 1..span.end;
    let has = |words: &[&str]| rest.clone().any(|at| words.contains(&word(at)));
    let never = word(none) == "never" && has(&["same"]);
    let again =
        never || has(&REPEATS) || has(&["same"]) && has(&["again"]) || has(&HAD) && has(&["before", "yet", "already"]);
    let start = (span.start..none).rev().take(3).find(|at| matches!(word(*at), "that" | "which")).unwrap_or(none);
    again.then_some(start..span.end)
}

/// What tells a thing only from those of earlier runs says nothing else of it.
pub(in crate::plan) fn untail(reading: &mut Reading) {
    let other = |phrase: &Phrase| phrase.tail.as_ref().and_then(|tail| other_in(reading, tail)).is_some();
    let mut found = Vec::new();
    for (at, clause) in reading.clauses.iter().enumerate().filter(|(_, clause)| clause.role == Role::Act) {
        let Some(mut frame) = clause.frame.clone() else { continue };
        let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
        for phrase in frame.objects.iter_mut().chain(arguments).filter(|phrase| other(phrase)) {
            if let Some(tail) = phrase.tail.take() {
                phrase.span.end = tail.start.max(phrase.span.start);
            }
        }
        found.push((at, frame));
    }
    for (at, frame) in found {
        if let Some(clause) = reading.clauses.get_mut(at) {
            clause.frame = Some(frame);
        }
    }
}
