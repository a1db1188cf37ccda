//! A sending that the reading took for a part of something else: "each one that is overdue mail the client a reminder".

use crate::{
    plan::{model::Reason, steps::build::Builder},
    reading::{Clause, Role, Span, Token},
};

/// Behind these a verb of sending is a noun, or is denied.
const NOUN_BEFORE: [&str; 26] = [
    "a", "an", "the", "my", "our", "your", "their", "each", "every", "this", "that", "any", "all", "per", "by", "via",
    "from", "of", "in", "new", "unread", "not", "dont", "never", "without", "no",
];

const SENDS: [&str; 10] = ["mail", "email", "send", "message", "dm", "forward", "notify", "alert", "tweet", "text"];

/// What stands behind a verb that sends.
const WHOM: [&str; 10] = ["me", "us", "them", "him", "her", "the", "each", "every", "everyone", "everybody"];

impl Builder<'_, '_> {
    /// Nothing goes out, and somebody was to be written to.
    pub(in crate::plan) fn leave_swallowed(&mut self) {
        let steps = 0..self.draft.steps.len();
        if steps.into_iter().any(|at| self.draft.block(at).is_some_and(|block| self.known.delivers(block))) {
            return;
        }
        let asks = |clause: &&Clause| matches!(clause.role, Role::Act | Role::Loop | Role::Condition);
        let found: Vec<Span> =
            self.reading.clauses.iter().filter(asks).filter_map(|clause| self.swallowed(clause)).collect();
        for span in found {
            let told = "no step does this; say it in a sentence of its own";
            self.leave(self.text(&span), Reason::NotUnderstood, told);
        }
    }

    fn swallowed(&self, clause: &Clause) -> Option<Span> {
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
        let own =
            |at: usize| clause.frame.iter().filter_map(|frame| frame.verb.as_ref()).any(|verb| verb.span.contains(&at));
        let sends = |at: &usize| {
            let before = at.checked_sub(1).map(word).unwrap_or_default();
            let whom = word(at + 1);
            let output = matches!(word(*at), "send" | "message" | "alert" | "notify" | "text") && whom == "me";
            SENDS.contains(&word(*at)) && WHOM.contains(&whom) && !NOUN_BEFORE.contains(&before) && !output && !own(*at)
        };
        let at = (clause.span.start + 1..clause.span.end.saturating_sub(1)).find(sends)?;
        // "for each one that is overdue …" is said with it.
        let phrases = clause
            .frame
            .iter()
            .flat_map(|frame| frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase)));
        let around = phrases.filter(|phrase| phrase.span.contains(&at)).map(|phrase| phrase.span.start).max();
        Some(around.map_or(at, |start| start.saturating_sub(1).max(clause.span.start))..clause.span.end)
    }
}
