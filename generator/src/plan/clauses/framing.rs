//! What stands around a request: praise of the agent that is wished for, and services that it is to connect.

use super::{
    act::names,
    recut::{reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Verb},
};

pub(in crate::plan) fn unframe(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        praised(known, reading, at);
    }
    started(reading);
    labelled(known, reading);
    announced(known, reading);
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
    let frame = next.frame.as_mut()?;
    let service = only.services.first()?;
    if !named_in(frame).any(|name| name == service) {
        let elsewhere = named_in(frame).next().is_some();
        // "Google Sheets: post new rows to Discord": what is new there starts it.
        if elsewhere && known.container(service).is_some() {
            return None;
        }
        let catalogue = &known.catalogue;
        let own = || catalogue.blocks_of(service).iter().filter_map(|at| catalogue.blocks().get(*at));
        // "GitHub: put new issues in a Notion database": what GitHub has, and not what goes to Notion.
        let held = |phrase: &Phrase| {
            let has = |noun: &String| own().any(|block| known.meaning(block).objects.contains(noun));
            !elsewhere || phrase.services.is_empty() && names(phrase).iter().any(has)
        };
        let held_there = known.container(service).is_some();
        let to = || frame.arguments.iter().filter(|_| !held_there).map(|argument| &argument.phrase);
        let things = || frame.subject.iter().chain(&frame.objects).chain(to()).filter(|phrase| held(phrase));
        let thing = things().find(|phrase| is_thing(known, phrase));
        let thing = thing.or_else(|| things().find(|phrase| !phrase.pronoun && !phrase.head.is_empty()))?;
        let span = thing.span.clone();
        let to = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
        let thing = frame.subject.iter_mut().chain(&mut frame.objects).chain(to).find(|phrase| phrase.span == span)?;
        thing.services.push(service.clone());
    }
    label.role = Role::LeadIn;
    for clause in rest.iter_mut().filter(|clause| clause.under == Some(0)) {
        clause.under = None;
    }
    Some(())
}

/// "When I run it, …": that is when it runs.
fn started(reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let frame = reading
            .clauses
            .get(at)
            .filter(|clause| clause.role == Role::Trigger)
            .and_then(|clause| clause.frame.as_ref());
        let runs = frame.is_some_and(|frame| {
            let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
            let own =
                frame.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "i" | "we" | "you" | "user"));
            let it = |phrase: &Phrase| phrase.pronoun || matches!(phrase.head.as_str(), "agent" | "workflow" | "bot");
            let plain = frame.arguments.is_empty() && !frame.objects.is_empty() && frame.objects.iter().all(it);
            own && plain && matches!(verb, "run" | "start" | "launch" | "execute" | "trigger")
        });
        if !runs {
            continue;
        }
        if let Some(clause) = reading.clauses.get_mut(at) {
            (clause.role, clause.frame) = (Role::LeadIn, None);
        }
        for clause in reading.clauses.iter_mut().filter(|clause| clause.under == Some(at)) {
            clause.under = None;
        }
    }
}

/// "Telegram alerts: new releases of acme/web": what comes is sent there, if nothing else says where it goes.
fn announced(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let label = reading.clauses.first()?.clone();
    let mut frame = label.frame.clone().filter(|frame| frame.verb.is_none() && frame.arguments.is_empty())?;
    let [only] = frame.objects.as_slice() else { return None };
    let colon = reading.tokens.get(label.span.end.checked_sub(1)?)?.mark() == Some(Mark::Colon);
    let sent = only.services.iter().any(|service| known.channel(service).is_some()) && known.is_carrier(&only.head);
    let told = |clause: &Clause| {
        let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref());
        clause.role == Role::Act && verb.is_some_and(|verb| known.is(&verb.lemma, Class::Tell))
    };
    if label.role != Role::Title || !colon || !sent || reading.clauses.iter().any(told) {
        return None;
    }
    let at = label.span.start..label.span.start;
    frame.objects.iter_mut().for_each(|carrier| (carrier.plural, carrier.determiner) = (false, Determiner::Some));
    frame.verb = Some(Verb { lemma: "send".to_owned(), particle: None, span: at.clone() });
    let under = reading.clauses.iter().rposition(|clause| clause.role == Role::Trigger && clause.under.is_none());
    let sentence = reading.clauses.last()?.sentence;
    let first = reading.clauses.first_mut()?;
    (first.role, first.span, first.frame) = (Role::LeadIn, at, None);
    reading.clauses.push(Clause { role: Role::Act, frame: Some(frame), under, sentence, ..label });
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
