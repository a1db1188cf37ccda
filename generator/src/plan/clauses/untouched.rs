//! "Archive the newsletters and leave the rest in the inbox", "don't touch the others": nothing is to be done, and no step
//! that does something else does it.

use super::recut::word;
use crate::reading::{Clause, Determiner, Frame, Phrase, Reading, Role};

pub(in crate::plan) fn settle(reading: &mut Reading) {
    for at in 1..reading.clauses.len() {
        let _ = left_alone(reading, at);
    }
}

fn left_alone(reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref()?;
    let lemma = frame.verb.as_ref()?.lemma.as_str();
    let state = |phrase: &&Phrase| matches!(phrase.head.as_str(), "alone" | "untouched" | "unchanged" | "unread");
    let mut told = frame.objects.iter().filter(|phrase| !state(phrase)).chain(&frame.subject);
    let rest = told.next().is_some_and(|phrase| is_rest(reading, phrase)) && told.next().is_none();
    let own = frame.subject.is_some() && frame.objects.is_empty();
    let stays = match lemma {
        "leave" | "keep" => !own,
        "stay" | "remain" => own,
        _ => frame.negated,
    };
    // "The rest" is a case of its own there, in which it stays.
    let case = clause.under.filter(|under| is_rest_case(reading.clauses.get(*under)));
    let first = reading.clauses.iter().take(case.unwrap_or(at)).any(|clause| clause.role == Role::Act);
    if !(rest && first && stays && is_nowhere_new(frame, lemma)) {
        return None;
    }
    if case.is_some_and(|case| reading.clauses.iter().filter(|other| other.under == Some(case)).count() == 1) {
        reading.clauses.get_mut(case?)?.role = Role::LeadIn;
    }
    let clause = reading.clauses.get_mut(at)?;
    (clause.role, clause.under) = (Role::LeadIn, clause.under.filter(|under| Some(*under) != case));
    Some(())
}

fn is_rest_case(clause: Option<&Clause>) -> bool {
    clause
        .is_some_and(|clause| clause.role == Role::Condition && clause.frame.as_ref().is_some_and(|f| f.verb.is_none()))
}

/// "as it is", "in the inbox", "left in Gmail": where it is already; "as a draft", "kept in Notion" would put it somewhere.
fn is_nowhere_new(frame: &Frame, lemma: &str) -> bool {
    frame.arguments.iter().all(|argument| {
        let phrase = &argument.phrase;
        let draft = matches!(phrase.head.rsplit(' ').next(), Some("draft" | "drafts"));
        (lemma != "keep" || phrase.services.is_empty())
            && phrase.values.is_empty()
            && phrase.determiner != Determiner::Some
            && !draft
    })
}

/// "the rest", "everything else", "all other mails"
fn is_rest(reading: &Reading, phrase: &Phrase) -> bool {
    let mut words = phrase.span.clone().chain(phrase.span.end..phrase.span.end + 1).filter_map(|at| word(reading, at));
    let bare = phrase.values.is_empty() && phrase.services.is_empty();
    bare && match phrase.head.as_str() {
        "rest" | "other" | "others" => phrase.determiner != Determiner::Some,
        "everything" | "anything" => words.any(|word| word == "else"),
        _ => words.any(|word| matches!(word, "other" | "remaining")),
    }
}
