//! "When an issue is opened, …, assign urgent issues to Bob": only such a one of what came.

use super::recut::splice;
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Determiner, Frame, Phrase, Reading, Role},
};

/// Say which, not what kind.
const PLAIN: [&str; 14] = [
    "new",
    "unread",
    "incoming",
    "other",
    "same",
    "own",
    "last",
    "latest",
    "recent",
    "next",
    "first",
    "remaining",
    "following",
    "single",
];

/// Puts the kind in front of the act as a condition. Returns how many clauses there are instead.
pub(in crate::plan) fn picked(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone()?;
    let verb = frame.verb.as_ref()?.lemma.as_str();
    let acts = [Class::Tell, Class::Store, Class::Change].iter().any(|class| known.is(verb, *class));
    if !acts || frame.negated || known.composes(verb) || known.is(verb, Class::Fetch) {
        return None;
    }
    let [object] = frame.objects.as_mut_slice() else { return None };
    let kinds = object.modifiers.iter().filter(|word| !PLAIN.contains(&word.as_str())).count();
    let plain = matches!(object.determiner, Determiner::None | Determiner::The | Determiner::All | Determiner::Each);
    if kinds == 0 || !object.plural || !plain || !object.services.is_empty() || !object.values.is_empty() {
        return None;
    }
    // One of them came, and it was not said of which kind.
    let came = reading.clauses.iter().take(at).filter(|event| event.role == Role::Trigger);
    let came = came.filter_map(|event| event.frame.as_ref()).any(|event| {
        let phrases = event.subject.iter().chain(&event.objects);
        phrases
            .into_iter()
            .any(|phrase| phrase.head == object.head && !phrase.plural && phrase.modifiers != object.modifiers)
    });
    came.then_some(())?;
    let kind = Phrase { head: String::new(), determiner: Determiner::None, tail: None, ..object.clone() };
    let thing =
        Phrase { modifiers: Vec::new(), determiner: Determiner::The, plural: false, tail: None, ..object.clone() };
    *object = Phrase { span: object.span.clone(), head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    let case = Frame { objects: vec![kind, thing], ..Frame::default() };
    let case = Clause { role: Role::Condition, frame: Some(case), ..clause.clone() };
    let act = Clause { frame: Some(frame), under: Some(at), ..clause };
    splice(reading, at, vec![case, act]);
    Some(2)
}
