//! Messages: two that are sent by one verb, the way one goes, and to whom one goes that was written for each.

use super::recut::{is_joint, splice};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role, Verb},
};

/// "Send it with Gmail": that is the way it goes.
pub(super) fn sent_with(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_mut()?;
    let verb = frame.verb.as_ref()?;
    let sends = known.is(&verb.lemma, Class::Tell) && !known.composes(&verb.lemma);
    let way = |argument: &&mut Argument| {
        let phrase = &argument.phrase;
        let channel = matches!(phrase.services.as_slice(), [only] if known.channel(only).is_some());
        argument.preposition == "with" && channel && phrase.head.is_empty() && phrase.values.is_empty()
    };
    let argument = frame.arguments.iter_mut().find(way).filter(|_| sends)?;
    "via".clone_into(&mut argument.preposition);
    Some(())
}

/// "Send an email to the sender and a Slack notification to sales": two messages.
pub(super) fn sent_too(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame =
        clause.frame.clone().filter(|frame| !frame.negated && !frame.passive && !frame.objects.is_empty())?;
    let verb = frame.verb.clone().filter(|verb| matches!(verb.lemma.as_str(), "send" | "post"))?;
    let other = |argument: &Argument| {
        let phrase = &argument.phrase;
        let last = phrase.head.rsplit(' ').next().unwrap_or_default();
        let message = known.is_carrier(last) && phrase.determiner == Determiner::Some && !phrase.head.is_empty();
        let joint = phrase.span.start.checked_sub(1).is_some_and(|before| is_joint(reading, before));
        message && joint && argument.preposition == "to"
    };
    let second = frame.arguments.iter().position(other).filter(|second| *second > 0)?;
    let mut behind = frame.arguments.split_off(second);
    let message = behind.remove(0).phrase;
    let cut = message.span.start.checked_sub(1)?;
    let verb = Verb { span: message.span.start..message.span.start, ..verb };
    let sent = Frame { verb: Some(verb), objects: vec![message], arguments: behind, ..Frame::default() };
    let parts = vec![
        Clause { span: clause.span.start..cut, frame: Some(frame), ..clause.clone() },
        Clause { span: cut..clause.span.end, frame: Some(sent), ..clause },
    ];
    splice(reading, at, parts);
    Some(2)
}

/// "… writes a mail for each lead and sends it": to the one that it was written for.
pub(in crate::plan) fn to_each(known: &Knowledge, reading: &mut Reading) {
    for at in 1..reading.clauses.len() {
        let _ = goes_to(known, reading, at);
    }
}

fn goes_to(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && frame.recipients.is_empty())?;
    let sends = matches!(frame.verb.as_ref()?.lemma.as_str(), "send" | "email" | "mail" | "deliver");
    let it = frame.objects.iter().all(|phrase| phrase.pronoun || is_mail(phrase));
    let way = |argument: &Argument| {
        let mail = argument.phrase.head == "email" || argument.phrase.services.iter().all(|service| service == "Gmail");
        mail && argument.phrase.values.is_empty()
            && matches!(argument.preposition.as_str(), "by" | "via" | "with" | "through" | "over" | "using" | "from")
    };
    (sends && it && frame.arguments.iter().all(way)).then_some(())?;
    let (write, wrote) = reading.clauses.get(..at)?.iter().enumerate().rev().find(|(_, clause)| {
        let frame = clause.frame.as_ref();
        let composes = frame.and_then(|frame| frame.verb.as_ref()).is_some_and(|verb| known.composes(&verb.lemma));
        clause.role == Role::Act && composes && frame.is_some_and(|frame| frame.objects.iter().any(is_mail))
    })?;
    let text = wrote.frame.as_ref()?;
    let mail = text.objects.iter().find(|phrase| is_mail(phrase))?;
    let each = |argument: &Argument| {
        argument.preposition == "for"
            && matches!(argument.phrase.determiner, Determiner::Each | Determiner::All)
            && known.is_item_person(&argument.phrase.head)
    };
    const PERSONAL: [&str; 8] =
        ["personalised", "personalized", "personal", "cold", "outreach", "follow-up", "welcome", "thank-you"];
    let personal = mail.modifiers.iter().any(|word| PERSONAL.contains(&word.as_str()));
    // Of whoever the entry is about that comes, or is read.
    let looped = || {
        let guards =
            std::iter::successors(wrote.under, |guard| reading.clauses.get(*guard)?.under.filter(|next| next < guard));
        let mut guards = guards.take(4).filter_map(|guard| reading.clauses.get(guard));
        guards.any(|guard| matches!(guard.role, Role::Loop | Role::Trigger) && has_address(known, guard))
    };
    let mine = reading.clauses.get(write..=at)?.iter().filter_map(|clause| clause.frame.as_ref()).any(|frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.recipients.iter().chain(arguments).any(|phrase| matches!(phrase.head.as_str(), "me" | "us"))
    });
    (!mine && (text.arguments.iter().any(each) || personal && looped())).then_some(())?;
    let end = clause.span.end;
    let whom = Phrase { span: end..end, head: "customer".to_owned(), determiner: Determiner::The, ..Phrase::default() };
    reading.clauses.get_mut(at)?.frame.as_mut()?.recipients.push(whom);
    Some(())
}

/// A row, a form or a lead may have an address; an article or a film has none.
fn has_address(known: &Knowledge, guard: &Clause) -> bool {
    const ENTRIES: [&str; 9] =
        ["row", "form", "submission", "response", "contact", "signup", "registration", "order", "booking"];
    guard.frame.as_ref().is_some_and(|frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let mut phrases = frame.objects.iter().chain(arguments).chain(&frame.recipients).chain(&frame.subject);
        phrases.any(|phrase| {
            let last = phrase.head.rsplit(' ').next().unwrap_or_default();
            ENTRIES.contains(&last) || known.is_item_person(last)
        })
    })
}

fn is_mail(phrase: &Phrase) -> bool {
    phrase.head.rsplit(' ').next() == Some("email")
}

/// "Get a description plus a matching image": both. What writes or sends is told apart where pictures are.
pub(super) fn joined(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Act)?.frame.as_mut()?;
    let verb = &frame.verb.as_ref()?.lemma;
    (!known.composes(verb) && !known.is(verb, Class::Tell)).then_some(())?;
    let last = frame.objects.last()?.clone();
    let plus = |argument: &Argument| {
        let next = argument.phrase.span.start <= last.span.end + 2;
        argument.preposition == "plus" && next && argument.phrase.determiner == last.determiner
    };
    let plus = frame.arguments.iter().position(plus)?;
    frame.objects.push(frame.arguments.remove(plus).phrase);
    Some(())
}
