//! Sets apart what no single step makes: "write a post and an image" writes one and draws the other.

use super::recut::{is_joint, splice};
use crate::{
    knowledge::Knowledge,
    plan::wording::media::is_medium,
    reading::{Clause, Determiner, Frame, Phrase, Reading, Role, Span},
};

/// More is not made of one clause.
const PARTS: usize = 6;

/// Cuts a clause whose objects are of several kinds, one of them a picture, a sound or a film; says how many clauses there
/// are now.
pub(in crate::plan) fn media(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.as_ref()?;
    // "get a poem and a picture": they are made.
    let gets = |lemma: &str| {
        matches!(lemma, "get" | "receive" | "return" | "output")
            && frame.objects.iter().all(|phrase| phrase.determiner == Determiner::Some && phrase.services.is_empty())
    };
    let mut verb = frame.verb.clone().filter(|verb| known.composes(&verb.lemma) || gets(&verb.lemma))?;
    if gets(&verb.lemma) {
        "create".clone_into(&mut verb.lemma);
    }
    let objects = &frame.objects;
    let medium = |phrase: &Phrase| is_medium(&phrase.head);
    let joined = |phrase: &Phrase| phrase.span.start.checked_sub(1).is_some_and(|before| is_joint(reading, before));
    let listed = objects.iter().skip(1).all(joined);
    if objects.len() < 2 || objects.len() > PARTS || !listed || !objects.iter().any(medium) {
        return None;
    }
    // Texts that stand together are written together.
    let mut groups: Vec<Vec<&Phrase>> = Vec::new();
    for phrase in objects {
        match groups.last_mut() {
            Some(group) if !medium(phrase) && !group.iter().any(|other| medium(other)) => group.push(phrase),
            _ => groups.push(vec![phrase]),
        }
    }
    let last = objects.last()?.span.end;
    let starts: Vec<usize> = groups.iter().filter_map(|group| group.first()).map(|phrase| phrase.span.start).collect();
    let mut parts: Vec<Clause> = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let from = if index == 0 { clause.span.start } else { *starts.get(index)? };
        let end = starts.get(index + 1).copied().unwrap_or(clause.span.end);
        let own = |span: &Span| (from..end).contains(&span.start) || span.start >= last;
        let mut verb = verb.clone();
        if index > 0 {
            verb.span = from..from;
        }
        let frame = Frame {
            verb: Some(verb),
            objects: group.iter().map(|phrase| (*phrase).clone()).collect(),
            arguments: frame.arguments.iter().filter(|argument| own(&argument.phrase.span)).cloned().collect(),
            ..frame.clone()
        };
        parts.push(Clause { span: from..end, frame: Some(frame), ..clause.clone() });
    }
    let count = parts.len();
    splice(reading, at, parts);
    Some(count)
}
