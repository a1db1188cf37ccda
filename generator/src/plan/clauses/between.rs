//! "Copy new GitHub issues into Linear": what one service has is read there first.

use super::recut::splice;
use crate::{
    knowledge::Knowledge,
    reading::{Clause, Frame, Phrase, Reading, Role, Verb},
};

/// Verbs of bringing things from one place to another, and what is done at the other end.
const CARRY: [(&str, &str); 18] = [
    ("add", "add"),
    ("append", "append"),
    ("back up", "add"),
    ("backup", "add"),
    ("copy", "add"),
    ("duplicate", "add"),
    ("export", "add"),
    ("forward", "send"),
    ("import", "add"),
    ("log", "add"),
    ("mirror", "add"),
    ("move", "add"),
    ("push", "add"),
    ("put", "add"),
    ("save", "save"),
    ("store", "save"),
    ("sync", "add"),
    ("transfer", "add"),
];

/// Parts the clause at `at` into reading and bringing.
pub(in crate::plan) fn between(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = clause.frame.clone().filter(|frame| !frame.negated)?;
    let verb = frame.verb.as_ref()?;
    let particle = verb.particle.as_ref().map(|particle| format!("{} {particle}", verb.lemma));
    let said = particle.as_deref().unwrap_or(&verb.lemma);
    let (_, then) = CARRY.iter().find(|(carry, _)| *carry == said)?;
    let [object] = frame.objects.as_slice() else { return None };
    let other = |phrase: &Phrase| {
        phrase.services.iter().any(|service| known.has_service(service) && !object.services.contains(service))
    };
    let into = |preposition: &str| matches!(preposition, "to" | "into" | "onto" | "in" | "with");
    // "into a new tab of a Google Sheet"
    let within = frame.arguments.windows(2).find_map(|two| match two {
        [place, of] if into(&place.preposition) && of.preposition == "of" && other(&of.phrase) => Some(of),
        _ => None,
    });
    let target = frame.arguments.iter().find(|argument| into(&argument.preposition) && other(&argument.phrase));
    let target = target.or(within)?;
    if object.services.is_empty() || object.pronoun || target.phrase.span.start < object.span.end {
        return None;
    }
    let cut = target.phrase.span.start.saturating_sub(1).clamp(object.span.end, clause.span.end);
    let (inner, mut rest): (Vec<_>, Vec<_>) =
        frame.arguments.iter().cloned().partition(|argument| argument.phrase.span.start < cut);
    rest.iter_mut().take(1).for_each(|place| place.preposition = "to".to_owned());
    let get = Verb { lemma: "get".to_owned(), particle: None, span: object.span.start..object.span.start };
    let mut thing = object.clone();
    // "Sync the tasks every hour": those that are there already are not added again.
    let again = reading.schedule.is_some() && matches!(said, "sync" | "mirror");
    if again && !thing.modifiers.iter().any(|word| word == "new") {
        thing.modifiers.insert(0, "new".to_owned());
    }
    let read = Frame { verb: Some(get), objects: vec![thing], arguments: inner, ..Frame::default() };
    let head = if object.plural { "them" } else { "it" };
    let it =
        Phrase { span: cut..cut, head: head.to_owned(), pronoun: true, plural: object.plural, ..Phrase::default() };
    let bring = Verb { lemma: (*then).to_owned(), particle: None, span: verb.span.clone() };
    let bring = Frame { verb: Some(bring), objects: vec![it], arguments: rest, ..Frame::default() };
    let first = Clause { span: object.span.start..cut, frame: Some(read), ..clause.clone() };
    let second = Clause { span: cut..clause.span.end, frame: Some(bring), ..clause.clone() };
    splice(reading, at, vec![first, second]);
    Some(2)
}
