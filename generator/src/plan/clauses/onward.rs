//! "Sum up my mails to Slack", "ranked by votes, to Discord": what is thought out is sent there.

use super::{
    act::is_report,
    recut::{reread, splice},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Mark, Phrase, Reading, Role, Span, Token, Value, Verb},
};

/// Parts the clause at `at` into what is thought out and where it goes.
pub(in crate::plan) fn onward(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let mut frame = clause.frame.clone()?;
    let verb = frame.verb.as_ref()?;
    let lemma = &verb.full();
    let others = [Class::Tell, Class::Store, Class::Make, Class::Change];
    // "Turn the tasks into posts in a database": made first, then stored.
    let turns = matches!(lemma.as_str(), "turn" | "convert" | "transform" | "repurpose")
        && frame
            .arguments
            .iter()
            .filter(|argument| matches!(argument.preposition.as_str(), "into" | "to"))
            .any(|argument| !holds(known, &argument.phrase));
    let (thinks, fetches) = (known.is(lemma, Class::Think), known.is(lemma, Class::Fetch));
    if !thinks && !fetches || !turns && others.iter().any(|class| known.is(lemma, *class)) {
        return None;
    }
    // "Look on eBay for cameras, to my mail"; what is read in a service is not sent there.
    // "Read the mails to support@acme.com" are those that came there.
    let comma = |argument: &Argument| {
        let before = argument.phrase.span.start.checked_sub(2).and_then(|at| reading.tokens.get(at)?.mark());
        before == Some(Mark::Comma)
    };
    let way = |argument: &Argument| {
        // "Find its founder on LinkedIn": sought there, and sent nowhere.
        let sought = known.is(lemma, Class::Search) && matches!(argument.preposition.as_str(), "on" | "in");
        thinks && !sought || argument.preposition == "to" && comma(argument) && !holds(known, &argument.phrase)
    };
    let place = frame.arguments.iter().rposition(|argument| way(argument) && goes(known, reading, &frame, argument))?;
    let place = frame.arguments.remove(place);
    let cut = place.phrase.span.start.saturating_sub(1).clamp(clause.span.start, clause.span.end);
    let lemma = if holds(known, &place.phrase) { "save" } else { "send" };
    let verb = Verb { lemma: lemma.to_owned(), particle: None, span: cut..cut };
    let send = Frame { verb: Some(verb), objects: vec![it(cut)], arguments: vec![place], ..Frame::default() };
    let part = |span: Span, frame: Frame| Clause { span, frame: Some(frame), ..clause.clone() };
    let parts = vec![part(clause.span.start..cut, frame), part(cut..clause.span.end, send)];
    splice(reading, at, parts);
    Some(2)
}

/// "Write a summary of my mails, posted to Slack": what is made is sent there.
pub(in crate::plan) fn sent_on(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let verb = clause.frame.as_ref()?.verb.as_ref()?.span.end;
    let comma = |at: &usize| reading.tokens.get(*at).and_then(Token::mark) == Some(Mark::Comma);
    let cut = (verb..clause.span.end).rev().find(comma)?;
    let first = reading.tokens.get(cut + 1)?.word()?;
    known.vocabulary.participle(first)?;
    let [mut sent] = <[Clause; 1]>::try_from(reread(known, reading, cut + 1..clause.span.end, Some("it"))).ok()?;
    let frame = sent.frame.as_mut()?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let placed = |phrase: &Phrase| {
        let value = |at: &usize| reading.tokens.get(*at).and_then(Token::value);
        let room = |at: &usize| matches!(value(at), Some(Value::Channel(_) | Value::Email(_)));
        !phrase.services.is_empty() || phrase.head == "me" || phrase.values.iter().any(room)
    };
    let to =
        frame.arguments.iter().filter(|argument| matches!(argument.preposition.as_str(), "to" | "in" | "into" | "on"));
    if ![Class::Tell, Class::Store].iter().any(|class| known.is(lemma, *class))
        || !to.map(|argument| &argument.phrase).chain(&frame.recipients).any(placed)
    {
        return None;
    }
    (frame.objects, frame.subject, frame.passive) = (vec![it(cut)], None, false);
    (sent.under, sent.sentence) = (clause.under, clause.sentence);
    let mut parts = reread(known, reading, clause.span.start..cut, None);
    for part in &mut parts {
        (part.under, part.sentence) = (clause.under, clause.sentence);
    }
    parts.push(sent);
    let count = parts.len();
    splice(reading, at, parts);
    Some(count)
}

/// "Write an article, make a cover for it and publish it": one word for one thing, which is not the cover. "Read the news, write
/// a poem about it and post it": what is made last.
pub(in crate::plan) fn same_thing(known: &Knowledge, reading: &mut Reading) {
    let it = |phrase: &Phrase| phrase.pronoun && phrase.head == "it";
    for at in 2..reading.clauses.len() {
        let Some([made, beside, clause]) = reading.clauses.get_mut(at - 2..=at) else { continue };
        if [&*made, beside, clause].iter().any(|clause| clause.role != Role::Act) {
            continue;
        }
        let (Some(made), Some(beside), Some(frame)) = (&made.frame, &beside.frame, &mut clause.frame) else { continue };
        let composed = made.verb.as_ref().is_some_and(|verb| known.composes(&verb.lemma));
        let whole = made.objects.first().filter(|phrase| composed && !phrase.pronoun && !phrase.head.is_empty());
        let other = beside.objects.first().is_some_and(|phrase| !phrase.pronoun);
        let spoken_of =
            other && beside.arguments.iter().any(|argument| argument.preposition == "for" && it(&argument.phrase));
        let again = frame.objects.first_mut().filter(|phrase| it(phrase));
        if let (Some(whole), true, Some(again)) = (whole, spoken_of, again) {
            (again.head, again.pronoun, again.determiner) = (whole.head.clone(), false, Determiner::The);
        }
    }
}

/// What stands before.
fn it(at: usize) -> Phrase {
    Phrase { span: at..at, head: "it".to_owned(), pronoun: true, ..Phrase::default() }
}

fn goes(known: &Knowledge, reading: &Reading, frame: &Frame, argument: &Argument) -> bool {
    let Argument { preposition, phrase } = argument;
    let channel = phrase.services.iter().any(|service| known.channel(service).is_some());
    let room = phrase
        .values
        .iter()
        .any(|at| matches!(reading.tokens.get(*at).and_then(Token::value), Some(Value::Channel(_) | Value::Email(_))));
    let mail = matches!(phrase.head.as_str(), "email" | "inbox")
        && matches!(phrase.determiner, Determiner::None | Determiner::Mine)
        && phrase.services.is_empty();
    let last = frame.arguments.iter().all(|other| other.phrase.span.start <= phrase.span.start);
    // "sum up the messages in Slack" are read there; "the records of Airtable in Slack" are not.
    let elsewhere = || {
        let told = frame.arguments.iter().map(|argument| &argument.phrase).chain(&frame.objects);
        // "sum up each in Discord": of what was spoken of before.
        let spoken = |other: &Phrase| other.pronoun || other.head == "each";
        frame.objects.iter().any(spoken)
            || told.into_iter().any(|other| other.span != phrase.span && !other.services.is_empty())
    };
    // "mentions on Twitter and Reddit": the same place twice.
    let beside = |other: &Argument| {
        other.preposition == *preposition && other.phrase.span != phrase.span && !other.phrase.services.is_empty()
    };
    match preposition.as_str() {
        "in" | "into" | "to" if holds(known, phrase) => last && elsewhere() && phrase.determiner != Determiner::The,
        "to" => channel || room || mail && last,
        "by" | "via" => last && (channel || mail),
        "in" | "on" => last && (channel || room) && elsewhere() && !frame.arguments.iter().any(beside),
        _ => false,
    }
}

/// A service that keeps what is put into it: "in a Notion database".
fn holds(known: &Knowledge, phrase: &Phrase) -> bool {
    phrase.services.iter().any(|service| known.container(service).is_some() && known.channel(service).is_none())
}

/// "Explain the code, and find bugs in it": in the code, and not in what was said of it.
pub(in crate::plan) fn in_the_same(known: &Knowledge, reading: &mut Reading) {
    for at in 1..reading.clauses.len() {
        let Some([before, clause]) = reading.clauses.get_mut(at - 1..=at) else { continue };
        let acts = before.role == Role::Act && clause.role == Role::Act && before.sentence == clause.sentence;
        let (Some(told), Some(frame), true) = (&before.frame, &mut clause.frame, acts) else { continue };
        let about = told.verb.as_ref().is_some_and(|verb| {
            matches!(
                verb.lemma.as_str(),
                "explain" | "describe" | "review" | "analyse" | "check" | "rate" | "score" | "grade"
            )
        });
        let searches = frame.verb.as_ref().is_some_and(|verb| {
            known.is(&verb.lemma, Class::Search)
                || matches!(verb.lemma.as_str(), "find" | "fix" | "list" | "spot" | "mark")
        });
        let of = told.arguments.iter().find(|of| of.preposition == "of").map(|of| &of.phrase);
        let piece =
            |phrase: &Phrase| matches!(phrase.head.as_str(), "piece" | "bit" | "part" | "block" | "set" | "page");
        let thing = told.objects.first().filter(|phrase| !phrase.pronoun && phrase.services.is_empty());
        let thing = thing.map(|thing| of.filter(|_| piece(thing)).unwrap_or(thing));
        let Some(thing) = thing.filter(|thing| about && searches && !thing.head.is_empty()) else { continue };
        for argument in frame.arguments.iter_mut().filter(|argument| argument.preposition == "in") {
            if argument.phrase.pronoun && argument.phrase.head == "it" {
                let (span, determiner) = (argument.phrase.span.clone(), Determiner::The);
                let (head, modifiers) = (thing.head.clone(), thing.modifiers.clone());
                argument.phrase = Phrase { span, head, modifiers, determiner, ..Phrase::default() };
            }
        }
    }
}

/// "Write a report in Slack about my issues": written first, then sent there.
pub(in crate::plan) fn written_there(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone().filter(|frame| !frame.passive && !frame.negated)?;
    let verb = frame.verb.as_ref().filter(|verb| known.composes(&verb.lemma))?;
    let [text] = frame.objects.as_slice() else { return None };
    let report = is_report(&text.head);
    let about = frame.arguments.iter().any(|of| matches!(of.preposition.as_str(), "about" | "of" | "on" | "from"));
    let there = |argument: &Argument| {
        let phrase = &argument.phrase;
        let channel = phrase
            .services
            .iter()
            .any(|service| known.channel(service).is_some_and(|_| known.container(service).is_none()));
        channel && phrase.head.is_empty() && argument.preposition == "in"
    };
    let place = frame.arguments.iter().position(there).filter(|_| report && about && text.services.is_empty())?;
    let start = verb.span.start;
    let mut place = frame.arguments.remove(place);
    "to".clone_into(&mut place.preposition);
    let end = clause.span.end;
    let send = Verb { lemma: "send".to_owned(), particle: None, span: end..end };
    let sent = Frame { verb: Some(send), objects: vec![it(end)], arguments: vec![place], ..Frame::default() };
    let parts = vec![
        Clause { span: clause.span.start.min(start)..end, frame: Some(frame), ..clause.clone() },
        Clause { span: end..end, frame: Some(sent), ..clause },
    ];
    splice(reading, at, parts);
    Some(2)
}

/// "Flag conflicts, by mail": what is found goes out this way.
pub(in crate::plan) fn by_mail(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let at = reading.clauses.iter().rposition(|clause| clause.role == Role::Act)?;
    let clause = reading.clauses.get(at)?.clone();
    let mut frame =
        clause.frame.clone().filter(|frame| !frame.passive && !frame.negated && !frame.objects.is_empty())?;
    let verb = frame.verb.as_ref()?;
    let marks = matches!(verb.lemma.as_str(), "flag" | "highlight" | "mark" | "point" | "spot" | "identify" | "detect");
    let mail = |argument: &Argument| {
        let phrase = &argument.phrase;
        let bare = phrase.determiner == Determiner::None && phrase.values.is_empty() && phrase.modifiers.is_empty();
        bare && matches!(argument.preposition.as_str(), "by" | "via" | "over") && phrase.head == "email"
    };
    let way = frame.arguments.iter().position(mail).filter(|_| marks && !known.is(&verb.lemma, Class::Tell))?;
    let way = frame.arguments.remove(way);
    let cut = way.phrase.span.start.checked_sub(1).filter(|cut| *cut > verb.span.end)?;
    let verb = Verb { lemma: "send".to_owned(), particle: None, span: cut..cut };
    let me = Phrase { span: cut..cut, head: "me".to_owned(), pronoun: true, ..Phrase::default() };
    let sent = Frame {
        verb: Some(verb),
        objects: vec![it(cut)],
        recipients: vec![me],
        arguments: vec![way],
        ..Frame::default()
    };
    let parts = vec![
        Clause { span: clause.span.start..cut, frame: Some(frame), ..clause.clone() },
        Clause { span: cut..clause.span.end, frame: Some(sent), ..clause },
    ];
    splice(reading, at, parts);
    Some(())
}
