//! What is said in a roundabout way, as it would be said plainly.

use super::act::is_rework;
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Determiner, Frame, Reading, Role},
};

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let reworked = at.checked_sub(1).and_then(|before| reading.clauses.get(before)).is_some_and(reworks);
        let Some(clause) = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act) else { continue };
        let Some(frame) = clause.frame.as_mut() else { continue };
        let _ = ones(frame);
        let _ = may_ask(frame);
        let _ = reminder(known, frame);
        let _ = added_up(frame);
        let _ = reworked.then(|| passed_on(frame));
    }
}

/// "The urgent ones of my unread mails": the urgent unread mails.
fn ones(frame: &mut Frame) -> Option<()> {
    let object = frame.objects.iter().position(|phrase| phrase.head == "one" && phrase.plural)?;
    let whose = |phrase: &crate::reading::Phrase| phrase.plural && !phrase.head.is_empty() && !phrase.pronoun;
    let of = frame.arguments.iter().position(|of| of.preposition == "of" && whose(&of.phrase))?;
    let whole = frame.arguments.remove(of).phrase;
    let ones = frame.objects.get_mut(object)?;
    let counted = matches!(ones.determiner, Determiner::Count(_));
    ones.modifiers.extend(whole.modifiers);
    ones.values.extend(whole.values);
    ones.services.extend(whole.services);
    ones.span.end = whole.span.end;
    if !counted {
        ones.determiner = whole.determiner;
    }
    (ones.head, ones.tail) = (whole.head, ones.tail.take().or(whole.tail));
    Some(())
}

/// "Let me ask questions about my workspace": they are answered.
fn may_ask(frame: &mut Frame) -> Option<()> {
    let asker = frame.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "me" | "us" | "people" | "user"));
    let asks = asker && frame.objects.iter().any(|phrase| phrase.head == "question");
    let verb = frame.verb.as_mut().filter(|verb| verb.lemma == "ask" && asks)?;
    "answer".clone_into(&mut verb.lemma);
    frame.subject = None;
    Some(())
}

/// "Post a reminder to fill in time sheets": a reminder has its own text.
fn reminder(known: &Knowledge, frame: &mut Frame) -> Option<()> {
    let [thing] = frame.objects.as_mut_slice() else { return None };
    let verb = frame.verb.as_mut().filter(|verb| known.is(&verb.lemma, Class::Tell))?;
    let tail = thing.tail.take_if(|_| thing.head == "reminder" && frame.complement.is_none())?;
    thing.span.end = tail.start;
    frame.complement = Some(tail);
    "remind".clone_into(&mut verb.lemma);
    Some(())
}

/// "Add up the invoices in my Gmail": what they come to is asked for.
fn added_up(frame: &mut Frame) -> Option<()> {
    let things = frame.objects.iter().all(|phrase| !phrase.pronoun && phrase.values.is_empty());
    let verb = frame.verb.as_mut().filter(|verb| things && verb.lemma == "add")?;
    verb.particle.take_if(|particle| particle == "up")?;
    "total".clone_into(&mut verb.lemma);
    Some(())
}

fn reworks(clause: &Clause) -> bool {
    let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
    clause.role == Role::Act && verb.is_some_and(|verb| is_rework(&verb.lemma))
}

/// "Translate each mail and forward it": what was made of it goes out, and not the mail.
fn passed_on(frame: &mut Frame) -> Option<()> {
    let it = matches!(frame.objects.as_slice(), [only] if only.pronoun);
    let verb = frame.verb.as_mut().filter(|verb| verb.lemma == "forward" && it)?;
    "send".clone_into(&mut verb.lemma);
    Some(())
}
