//! What runs at another time than the rest: an agent has one start.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::Act,
        model::Reason,
        steps::{build::Builder, cover},
    },
    reading::{Clause, Mark, Reading, Role, Span, Token},
};

/// What says when, not what: "Check hourly please."
const LOOKS: [&str; 12] =
    ["check", "run", "look", "repeat", "refresh", "poll", "please", "thanks", "update", "start", "schedule", "agent"];

/// "Check hourly please", "Run it at 7": nothing but a time.
pub(in crate::plan) fn only_times(reading: &mut Reading) {
    let Some(schedule) = reading.schedule.clone() else { return };
    let timed = |at: usize| schedule.spans.iter().any(|span| span.contains(&at));
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at).filter(|clause| clause.role == Role::Act) else { continue };
        let says = |token: usize| match reading.tokens.get(token) {
            Some(token) if token.value().is_some() => true,
            Some(token) => token.word().is_some_and(|word| !cover::is_empty(word) && !LOOKS.contains(&word)),
            None => false,
        };
        let mut tokens = clause.span.clone();
        let only_times = tokens.clone().any(timed) && !tokens.any(|token| !timed(token) && says(token));
        if let Some(clause) = reading.clauses.get_mut(at).filter(|_| only_times) {
            clause.role = Role::Schedule;
        }
    }
}

/// "otherwise leave me alone": nothing is to be done.
const IDLE: [&str; 17] = [
    "alone",
    "leave",
    "quiet",
    "silent",
    "bother",
    "disturb",
    "annoy",
    "spam",
    "otherwise",
    "nothing",
    "ignore",
    "skip",
    "stop",
    "silently",
    "stay",
    "remain",
    "else",
];

pub(in crate::plan) fn idle(reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at) else { break };
        let words: Vec<&str> = clause
            .span
            .clone()
            .filter_map(|token| reading.tokens.get(token)?.word())
            .filter(|word| !cover::is_empty(word))
            .collect();
        let acts = matches!(clause.role, Role::Act | Role::Otherwise(_)) && clause.frame.is_some();
        let idle = words.iter().any(|word| *word != "otherwise") && words.iter().all(|word| IDLE.contains(word));
        // "Nothing goes out before I approve it": then it does.
        let next = reading.clauses.get(at + 1).filter(|next| next.role == Role::Restriction);
        let first = next.and_then(|next| reading.tokens.get(next.span.start)?.word());
        let idle = idle && !matches!(first, Some("before" | "until"));
        // "Nothing goes out without my okay"
        let word = |token: usize| reading.tokens.get(token).and_then(Token::word);
        let idle = idle && !clause.span.clone().any(|token| word(token) == Some("without"));
        let guard = clause.under;
        if let Some(clause) = reading.clauses.get_mut(at).filter(|_| acts && idle) {
            clause.role = Role::Politeness;
        }
        // "3: nothing": neither is the case checked in which nothing is to be done.
        let waits = |clause: &Clause| match clause.role {
            Role::Otherwise(of) => Some(of) == guard,
            role => clause.under == guard && role != Role::Politeness,
        };
        // "If it is spam, do nothing. Post it": it is held back from what comes next.
        let labelled = guard.and_then(|guard| reading.clauses.get(guard)?.span.clone().next_back());
        let labelled = labelled.is_some_and(|last| {
            (last..last + 2).any(|at| reading.tokens.get(at).and_then(Token::mark) == Some(Mark::Colon))
        });
        let alone = acts && idle && labelled && !reading.clauses.iter().any(waits);
        if let Some(guard) = guard.filter(|_| alone).and_then(|guard| reading.clauses.get_mut(guard))
            && guard.role == Role::Condition
        {
            guard.role = Role::Politeness;
        }
    }
}

impl<'k, 'r> Builder<'k, 'r> {
    /// "…, and once a week tell me how many there are": an act with a rhythm of its own beside what starts the agent.
    pub(in crate::plan) fn runs_apart(&mut self, act: &Act<'r>) -> bool {
        let Some(schedule) = &self.reading.schedule else { return false };
        let inside = |spans: &[Span]| {
            spans.iter().any(|span| span.start >= act.clause.span.start && span.end <= act.clause.span.end)
        };
        let main = inside(&schedule.spans);
        let other = inside(&schedule.others) && !main && self.done > 0;
        let pronoun = act.frame.objects.iter().any(|phrase| phrase.pronoun);
        let goes_on = self.apart == Some(act.clause.sentence) && pronoun && !main;
        let waits = main && self.triggered() && self.done > 1 && !pronoun && !self.is(act, Class::Remember);
        if !(other || waits || goes_on) {
            return false;
        }
        self.by_event |= waits;
        self.apart = Some(act.clause.sentence);
        let told = "an agent starts in one way; make another agent for what runs at another time";
        self.leave(act.text(), Reason::NotSupported, told);
        self.cover.add(&act.clause.span);
        true
    }
}
