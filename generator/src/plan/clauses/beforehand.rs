//! "Translated before they are posted to Slack": what is done before something else is done is followed by it.

use super::{
    approval::is_sign_off,
    recut::{reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Frame, Phrase, Reading, Role, Token, Value},
};

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in (0..reading.clauses.len()).rev() {
        let _ = hangs(known, reading, at);
        let _ = follows(known, reading, at);
        let _ = turned(known, reading, at);
    }
}

/// "Before an article is posted on LinkedIn it should be rewritten": rewritten first, then posted.
fn turned(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Restriction)?.clone();
    (word(reading, clause.span.start) == Some("before")).then_some(())?;
    let frame = clause.frame.as_ref().filter(|frame| !frame.negated && frame.passive)?;
    let thing = frame.subject.clone().filter(|subject| !subject.pronoun)?;
    let sends =
        known.is(&frame.verb.as_ref()?.lemma, Class::Tell) || known.is(&frame.verb.as_ref()?.lemma, Class::Store);
    let (places, own): (Vec<Argument>, Vec<Argument>) =
        frame.arguments.iter().cloned().partition(|argument| is_place(known, reading, argument));
    (sends && !places.is_empty()).then_some(())?;
    let act = reading.clauses.get(at + 1).filter(|act| act.role == Role::Act && !is_sign_off(act))?.clone();
    let mut first = act.frame.clone()?;
    let it = first.subject.as_ref().is_some_and(|subject| subject.pronoun);
    (it && first.passive && first.objects.is_empty()).then_some(())?;
    (first.subject, first.passive) = (None, false);
    first.objects.push(thing);
    first.arguments.splice(0..0, own);
    let again =
        Phrase { span: clause.span.end..clause.span.end, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let send = Frame { subject: None, passive: false, objects: vec![again], arguments: places, ..frame.clone() };
    let (span, later) = (clause.span.clone(), act.span.clone());
    splice(reading, at, vec![Clause { span: span.clone(), role: Role::LeadIn, frame: None, ..clause.clone() }]);
    let all = vec![
        Clause { frame: Some(first), span: span.start..later.end, ..act.clone() },
        Clause { frame: Some(send), role: Role::Act, under: act.under, span, ..clause },
    ];
    splice(reading, at + 1, all);
    Some(())
}

/// "Sum them up before posting them to Slack": cut off, as if it were said in a clause of its own.
fn hangs(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let told = clause.frame.as_ref()?.complement.clone()?;
    let cut = told.start.checked_sub(1).filter(|cut| word(reading, *cut) == Some("before"))?;
    let frame = reread(known, reading, told, None).into_iter().next()?.frame?;
    let mut act = clause.clone();
    act.span.end = cut;
    act.frame.as_mut()?.complement = None;
    let rest = Clause { span: cut..clause.span.end, role: Role::Restriction, frame: Some(frame), ..clause };
    splice(reading, at, vec![act, rest]);
    follows(known, reading, at + 1)
}

fn follows(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Restriction)?;
    (word(reading, clause.span.start) == Some("before")).then_some(())?;
    let frame = clause.frame.as_ref()?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let sends = known.is(lemma, Class::Tell) || known.is(lemma, Class::Store);
    let place = |argument: &Argument| is_place(known, reading, argument);
    (sends && frame.arguments.iter().any(place) && !frame.negated).then_some(())?;
    let first = at.checked_sub(1).and_then(|before| reading.clauses.get(before))?;
    let looks = |frame: &Frame| {
        let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        matches!(verb, "approve" | "confirm" | "review" | "ask" | "wait" | "let" | "show" | "okay")
    };
    if first.role != Role::Act || is_sign_off(first) || first.frame.as_ref().is_none_or(looks) {
        return None;
    }
    // Sent there by an act of its own.
    let services = |frame: &Frame| -> Vec<String> {
        frame.arguments.iter().flat_map(|argument| argument.phrase.services.clone()).collect()
    };
    let there = services(frame);
    let again = |other: &Clause| {
        let sent = other.frame.as_ref().map(services).unwrap_or_default();
        other.role == Role::Act && sent.iter().any(|service| there.contains(service))
    };
    if reading.clauses.iter().any(again) {
        return None;
    }
    let under = first.under;
    let clause = reading.clauses.get_mut(at)?;
    let frame = clause.frame.as_mut()?;
    if let Some(verb) = frame.verb.as_mut().filter(|verb| verb.lemma == "go") {
        "send".clone_into(&mut verb.lemma);
    }
    let subject = frame.subject.take().filter(|subject| !matches!(subject.head.as_str(), "i" | "we" | "you"));
    if let Some(subject) = subject.filter(|_| frame.objects.is_empty()) {
        let head = if subject.head == "they" { "them".to_owned() } else { subject.head.clone() };
        frame.objects.push(Phrase { head, ..subject });
    }
    frame.passive = false;
    (clause.role, clause.under) = (Role::Act, under);
    Some(())
}

/// Where a message goes, or something is kept.
fn is_place(known: &Knowledge, reading: &Reading, argument: &Argument) -> bool {
    let Argument { preposition, phrase } = argument;
    let value = |at: &usize| reading.tokens.get(*at).and_then(Token::value);
    let room = |at: &usize| matches!(value(at), Some(Value::Channel(_) | Value::Email(_) | Value::Subreddit(_)));
    let mail = preposition == "by" && phrase.head == "email";
    matches!(preposition.as_str(), "to" | "in" | "into" | "on" | "onto" | "via" | "by" | "over")
        && (mail || phrase.services.iter().any(|name| known.has_service(name)) || phrase.values.iter().any(room))
}
