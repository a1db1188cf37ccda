//! What stands around a request: praise of the agent that is wished for, and services that it is to connect.

use super::recut::{reread, splice, word};
use crate::{
    knowledge::Knowledge,
    reading::{Clause, Frame, Mark, Phrase, Reading, Role},
};

pub(in crate::plan) fn unframe(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        praised(known, reading, at);
    }
    labelled(known, reading);
    connected(known, reading);
}

/// "Stripe: new subscription -> …", "Gmail: forward the mails from …": the service is that of what comes next.
fn labelled(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let (label, rest) = reading.clauses.split_first_mut()?;
    let next = rest.first_mut().filter(|next| matches!(next.role, Role::Trigger | Role::Act))?;
    let [only] = label.frame.as_ref().filter(|frame| frame.verb.is_none())?.objects.as_slice() else { return None };
    let colon = reading.tokens.get(label.span.end.checked_sub(1)?)?.mark() == Some(Mark::Colon);
    if label.role != Role::Trigger || !colon || !only.head.is_empty() || only.services.len() != 1 {
        return None;
    }
    let frame = next.frame.as_mut().filter(|frame| named_in(frame).next().is_none())?;
    let things = || frame.subject.iter().chain(&frame.objects);
    let at = things().position(|phrase| is_thing(known, phrase));
    let at = at.or_else(|| things().position(|phrase| !phrase.pronoun && !phrase.head.is_empty()))?;
    let thing = frame.subject.iter_mut().chain(&mut frame.objects).nth(at)?;
    thing.services.extend(only.services.iter().cloned());
    label.role = Role::LeadIn;
    for clause in rest.iter_mut().filter(|clause| clause.under == Some(0)) {
        clause.under = None;
    }
    Some(())
}

/// "A bot that sums up my mails **would be great**", "… **would save us hours**".
fn praised(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let before = reading.clauses.get(..at)?.iter();
    before.rev().take_while(|before| before.sentence == clause.sentence).find(|before| before.role == Role::LeadIn)?;
    let praise = (clause.span.start + 1..clause.span.end).find(|at| {
        let verb = word(reading, at + 1).unwrap_or_default();
        word(reading, *at) == Some("would") && matches!(verb, "be" | "save" | "help" | "make" | "really" | "free")
    })?;
    // "(whatsapp would be nice)" is praise of something else.
    let last = clause.span.end - 1;
    if (praise..last).any(|at| reading.tokens.get(at).is_some_and(|token| token.mark().is_some())) {
        return None;
    }
    let mut acts = reread(known, reading, clause.span.start..praise, None);
    for act in &mut acts {
        (act.under, act.sentence) = (clause.under, clause.sentence);
    }
    acts.push(Clause { span: praise..clause.span.end, role: Role::Background, frame: None, ..clause });
    splice(reading, at, acts);
    Some(())
}

/// "Connect Airtable with Slack so that each new record is posted in #sales": what is done with them is the request.
fn connected(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let at = reading.clauses.iter().position(|clause| clause.role == Role::Act && connects(clause))?;
    let services: Vec<String> = named(&reading.clauses.get(at)?.frame).cloned().collect();
    let next = reading.clauses.get(at + 1)?.clone();
    match next.role {
        Role::Background => {
            let so = word(reading, next.span.start) == Some("so");
            let start = next.span.start + 1 + usize::from(word(reading, next.span.start + 1) == Some("that"));
            let acts = if so { reread(known, reading, start..next.span.end, None) } else { Vec::new() };
            let mut acts = if acts.is_empty() { return None } else { acts };
            for act in &mut acts {
                (act.under, act.sentence) = (next.under, next.sentence);
            }
            splice(reading, at + 1, acts);
        }
        Role::Act | Role::Trigger | Role::LeadIn | Role::Loop => {}
        _ => return None,
    }
    let (from, to) = (services.first()?, services.last()?);
    reading.clauses.get_mut(at)?.role = Role::LeadIn;
    for clause in reading.clauses.iter_mut().skip(at + 1) {
        let Some(frame) = clause.frame.as_mut().filter(|frame| named_in(frame).next().is_none()) else { continue };
        // The thing comes from the first, and goes to the last.
        for argument in &mut frame.arguments {
            let place = matches!(argument.preposition.as_str(), "to" | "in" | "into" | "on");
            if place && !argument.phrase.pronoun {
                argument.phrase.services.push(to.clone());
            }
        }
        let thing = frame.subject.iter_mut().chain(&mut frame.objects).find(|phrase| is_thing(known, phrase));
        if let Some(thing) = thing {
            thing.services.push(from.clone());
        }
    }
    Some(())
}

fn is_thing(known: &Knowledge, phrase: &Phrase) -> bool {
    !phrase.pronoun && !phrase.head.is_empty() && !known.is_person(&phrase.head) && !known.is_carrier(&phrase.head)
}

/// Two services, and a verb that only joins them.
fn connects(clause: &Clause) -> bool {
    let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref()).map_or("", |verb| verb.lemma.as_str());
    let joins = matches!(verb, "connect" | "integrate" | "link" | "hook" | "wire" | "combine" | "couple" | "bridge");
    joins && named(&clause.frame).count() > 1
}

fn named(frame: &Option<Frame>) -> impl Iterator<Item = &String> {
    frame.iter().flat_map(named_in)
}

fn named_in(frame: &Frame) -> impl Iterator<Item = &String> {
    let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
    frame.objects.iter().chain(arguments).chain(&frame.subject).flat_map(|phrase| &phrase.services)
}
