//! "I want to know when the site is down", "I need to hear about it": whoever wants to hear of something is told.

use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Determiner, Phrase, Reading, Role, Verb},
};

/// What one wishes who wants to be told.
const HEARS: [&str; 3] = ["know", "hear", "learn"];

/// Makes the wish an act of telling: it goes out, and is nothing to think about.
pub(in crate::plan) fn heard(known: &Knowledge, reading: &mut Reading) {
    for at in 1..reading.clauses.len() {
        let lead = reading.clauses.get(at - 1).filter(|lead| lead.role == Role::LeadIn);
        let narrator = |token: usize| reading.tokens.get(token).and_then(|token| token.word());
        let wishes = lead.is_some_and(|lead| lead.span.clone().any(|at| matches!(narrator(at), Some("i" | "we"))));
        // "I need to know who talks about us. Look for …, and put it into a sheet": why, for it is told there.
        let sends = |later: &Clause| {
            let verb = later.frame.as_ref().and_then(|frame| frame.verb.as_ref());
            let out = |verb: &Verb| known.is(&verb.lemma, Class::Tell) || known.is(&verb.lemma, Class::Store);
            later.role == Role::Act && verb.is_some_and(out)
        };
        let sentence = reading.clauses.get(at).map(|clause| clause.sentence);
        let mut later = reading.clauses.iter().skip(at + 1).filter(|later| Some(later.sentence) != sentence);
        let elsewhere = wishes && later.any(sends);
        let Some(clause) = reading.clauses.get_mut(at).filter(|clause| wishes && clause.role == Role::Act) else {
            continue;
        };
        let Some(frame) = clause.frame.as_mut().filter(|frame| frame.subject.is_none() && !frame.negated) else {
            continue;
        };
        let Some(verb) = frame.verb.as_mut().filter(|verb| HEARS.contains(&verb.lemma.as_str())) else { continue };
        if elsewhere {
            clause.role = Role::Background;
            continue;
        }
        "tell".clone_into(&mut verb.lemma);
        let span = verb.span.end..verb.span.end;
        frame.recipients.push(Phrase { span, head: "me".to_owned(), pronoun: true, ..Phrase::default() });
    }
}

/// "nothing is sent" is not sent.
pub(in crate::plan) fn negate(reading: &mut Reading) {
    let none = |phrase: &Phrase| phrase.head == "nothing" || phrase.determiner == Determiner::No;
    for clause in reading.clauses.iter_mut().filter(|clause| clause.role == Role::Act) {
        let Some(frame) = &mut clause.frame else { continue };
        frame.negated |= frame.subject.as_ref().is_some_and(none);
    }
    // "Don't send anything on weekends" is no time to run at.
    let spans = reading.schedule.iter().flat_map(|schedule| &schedule.spans).collect::<Vec<_>>();
    let within =
        |clause: &Clause| spans.iter().all(|span| clause.span.start <= span.start && span.end <= clause.span.end);
    let forbids =
        |clause: &Clause| clause.role == Role::Act && clause.frame.as_ref().is_some_and(|frame| frame.negated);
    if !spans.is_empty() && reading.clauses.iter().any(|clause| forbids(clause) && within(clause)) {
        reading.schedule = None;
    }
}
