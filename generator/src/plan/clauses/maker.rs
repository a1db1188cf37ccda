//! "Cover letter generator", "script writer for TikTok": what makes something, named after it.

use super::recut::word;
use crate::{
    knowledge::Knowledge,
    reading::{Argument, Clause, Determiner, Phrase, Reading, Role, Verb},
};

/// What a maker does.
pub(super) const MAKERS: [(&str, &str); 14] = [
    ("generator", "generate"),
    ("creator", "generate"),
    ("maker", "generate"),
    ("writer", "write"),
    ("rewriter", "rewrite"),
    ("composer", "compose"),
    ("planner", "plan"),
    ("translator", "translate"),
    ("summariser", "summarise"),
    ("summarizer", "summarise"),
    ("proofreader", "proofread"),
    ("paraphraser", "rephrase"),
    ("designer", "design"),
    ("drafter", "draft"),
];

/// "Input: a product and its price", "inputs are …": what the person enters.
pub(in crate::plan) fn entered(reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let lead = at.checked_sub(1).and_then(|before| reading.clauses.get(before)).filter(|before| {
            matches!(before.role, Role::LeadIn | Role::Title) && word(reading, before.span.start).is_some_and(is_input)
        });
        let ahead = lead.map(|lead| lead.span.clone());
        let Some(frame) = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act) else { continue };
        let Some(frame) = frame.frame.as_mut().filter(|frame| !frame.objects.is_empty()) else { continue };
        let said = frame.subject.as_ref().is_some_and(|subject| is_input(&subject.head));
        let states = frame.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "be" | "include"));
        let span = match (ahead, &frame.verb) {
            (Some(span), None) => span,
            (_, Some(verb)) if said && states => verb.span.clone(),
            _ => continue,
        };
        frame.verb = Some(Verb { lemma: "enter".to_owned(), particle: None, span });
        frame.subject = Some(Phrase { head: "user".to_owned(), ..Phrase::default() });
    }
}

fn is_input(word: &str) -> bool {
    matches!(word, "input" | "inputs")
}

/// "Use Replicate to draw an image": draw it with Replicate.
pub(in crate::plan) fn used(known: &Knowledge, reading: &mut Reading) {
    for at in 1..reading.clauses.len() {
        let (before, rest) = reading.clauses.split_at_mut(at);
        let (Some(tool), Some(act)) = (before.last_mut(), rest.first_mut()) else { continue };
        if tool.role != Role::Act || act.role != Role::Act || tool.sentence != act.sentence {
            continue;
        }
        let (Some(with), Some(frame)) = (&tool.frame, &mut act.frame) else { continue };
        let uses = with.verb.as_ref().is_some_and(|verb| matches!(verb.lemma.as_str(), "use" | "utilise" | "leverage"));
        let [phrase] = with.objects.as_slice() else { continue };
        let [service] = phrase.services.as_slice() else { continue };
        if uses && with.arguments.is_empty() && phrase.values.is_empty() && frame.verb.is_some() {
            let preposition = if known.channel(service).is_some() { "via" } else { "with" };
            frame.arguments.push(Argument { preposition: preposition.to_owned(), phrase: phrase.clone() });
            tool.role = Role::LeadIn;
        }
    }
}

/// Reads a maker as the act that it does, unless acts behind it say what to do.
pub(in crate::plan) fn made(known: &Knowledge, reading: &mut Reading) {
    let acts = |clause: &Clause| {
        clause.role == Role::Act
            && clause.frame.as_ref().is_some_and(|frame| {
                frame.verb.as_ref().is_some_and(|verb| known.composes(&verb.lemma)) && frame.subject.is_none()
            })
    };
    let last = reading.clauses.iter().rposition(acts);
    for at in 0..reading.clauses.len() {
        let told = last.is_some_and(|last| last > at);
        let Some(clause) = reading.clauses.get_mut(at).filter(|clause| !told || clause.role == Role::Act) else {
            continue;
        };
        if !matches!(clause.role, Role::Act | Role::Title) {
            continue;
        }
        // "Build a X generator" too.
        let builds = |verb: &Verb| matches!(verb.lemma.as_str(), "build" | "make" | "create" | "develop" | "design");
        let Some(frame) = clause.frame.as_mut() else { continue };
        if frame.subject.is_some() || !frame.verb.as_ref().is_none_or(builds) {
            continue;
        }
        let [phrase] = frame.objects.as_slice() else { continue };
        let Some((_, lemma)) = MAKERS.iter().find(|(maker, _)| phrase.head == *maker) else { continue };
        let Some((head, modifiers)) = phrase.modifiers.split_last() else { continue };
        let end = phrase.tail.as_ref().map_or(phrase.span.end, |tail| tail.start);
        let Some(verb) = end.checked_sub(1).filter(|verb| *verb > phrase.span.start) else { continue };
        let object = Phrase {
            span: phrase.span.start..verb,
            head: head.clone(),
            modifiers: modifiers.to_vec(),
            determiner: Determiner::Some,
            ..phrase.clone()
        };
        frame.objects = vec![object];
        frame.passive = true;
        frame.verb = Some(Verb { lemma: (*lemma).to_owned(), particle: None, span: verb..end });
        clause.role = Role::Act;
    }
}
