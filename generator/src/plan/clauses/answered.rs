//! "Extract the questions and mail me the answers": they are answered first, which nobody says.

use super::recut::splice;
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Determiner, Frame, Phrase, Reading, Role, Verb},
};

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) -> Option<()> {
    let last = |phrase: &Phrase| phrase.head.rsplit(' ').next().unwrap_or_default().to_owned();
    let lemma = |frame: &Frame| frame.verb.as_ref().map(|verb| verb.lemma.clone()).unwrap_or_default();
    let asked = reading.clauses.iter().position(|clause| {
        let frame = clause.frame.as_ref().filter(|_| clause.role == Role::Act);
        let found = |frame: &Frame| known.is(&lemma(frame), Class::Fetch) || lemma(frame) == "extract";
        frame.is_some_and(|frame| {
            found(frame) && frame.objects.iter().any(|phrase| last(phrase) == "question" && phrase.plural)
        })
    })?;
    let later = || reading.clauses.iter().enumerate().skip(asked + 1).filter(|(_, clause)| clause.role == Role::Act);
    let them = |span: std::ops::Range<usize>| Phrase {
        head: "them".to_owned(),
        pronoun: true,
        plural: true,
        span,
        ..Phrase::default()
    };
    let answers = |clause: &Clause| clause.frame.as_ref().is_some_and(|frame| lemma(frame) == "answer");
    if later().any(|(_, clause)| answers(clause)) {
        return None;
    }
    let (at, frame) = later().find_map(|(at, clause)| {
        let frame = clause.frame.as_ref()?;
        frame.objects.iter().any(|phrase| last(phrase) == "answer").then(|| (at, frame.clone()))
    })?;
    let noun = frame.objects.iter().find(|phrase| last(phrase) == "answer")?.clone();
    let place = frame.verb.as_ref()?.span.clone();
    if known.composes(&lemma(&frame)) && frame.objects.len() == 1 {
        // "Write an answer to each of them"
        let own = reading.clauses.get_mut(at)?.frame.as_mut()?;
        let verb = own.verb.as_mut()?;
        "answer".clone_into(&mut verb.lemma);
        verb.span.end = noun.span.end + usize::from(!own.arguments.is_empty());
        own.objects = vec![them(noun.span)];
        own.arguments.retain(|argument| argument.preposition != "to" && argument.preposition != "for");
        return Some(());
    }
    (noun.determiner == Determiner::The && known.is(&lemma(&frame), Class::Tell)).then_some(())?;
    let clause = reading.clauses.get(at)?.clone();
    let verb = Verb { lemma: "answer".to_owned(), particle: None, span: place.clone() };
    let answer = Frame { verb: Some(verb), objects: vec![them(place.start..place.start)], ..Frame::default() };
    let first = Clause { frame: Some(answer), span: clause.span.start..clause.span.start, ..clause.clone() };
    splice(reading, at, vec![first, clause]);
    Some(())
}
