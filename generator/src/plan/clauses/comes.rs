//! "Create an issue for each message that arrives in our channel": what arrives is the event, and the issue is made then.

use super::recut::{reread, splice};
use crate::{
    knowledge::Knowledge,
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role},
};

/// How something comes, of itself or by somebody.
const COMES: [&str; 10] = ["arrive", "come", "appear", "land", "post", "write", "send", "receive", "submit", "star"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    if reading.schedule.is_some() {
        return;
    }
    for at in (0..reading.clauses.len()).rev() {
        let _ = comes(known, reading, at);
    }
}

fn comes(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act && clause.under.is_none())?.clone();
    let mut frame = clause.frame.clone().filter(|frame| frame.subject.is_none() && !frame.negated)?;
    let each = |argument: &Argument| {
        let takes = matches!(argument.preposition.as_str(), "for" | "out of" | "from" | "of");
        takes && argument.phrase.determiner == Determiner::Each && argument.phrase.tail.is_some()
    };
    let what = frame.arguments.iter().position(each)?;
    let Argument { preposition, phrase } = frame.arguments.get(what)?.clone();
    let mut said = reread(known, reading, phrase.tail.clone()?, None).into_iter();
    let mut event = said.next().filter(|_| said.next().is_none())?.frame?;
    let lemma = event.verb.as_ref()?.lemma.as_str();
    let own = event.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "i" | "we"));
    if !COMES.contains(&lemma) || event.negated || own != (lemma == "star") {
        return None;
    }
    let thing = Phrase { tail: None, determiner: Determiner::Some, ..phrase.clone() };
    if own {
        event.objects.insert(0, thing)
    } else {
        event.subject = Some(thing)
    }
    // "out of": two words stand in front of it.
    let cut = phrase.span.start.saturating_sub(preposition.split(' ').count()).max(clause.span.start);
    let it = Phrase { span: cut..cut, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    match preposition.as_str() {
        "for" => drop(frame.arguments.remove(what)),
        _ => frame.arguments.get_mut(what)?.phrase = it,
    }
    let trigger = Clause { span: cut..clause.span.end, role: Role::Trigger, frame: Some(event), ..clause.clone() };
    let act = Clause { span: clause.span.start..cut, under: Some(at), frame: Some::<Frame>(frame), ..clause };
    splice(reading, at, vec![trigger, act]);
    // "…, and mail it to them": done with what was made then.
    for later in reading.clauses.iter_mut().skip(at + 2).filter(|later| later.role == Role::Act) {
        later.under.get_or_insert(at);
    }
    Some(())
}
