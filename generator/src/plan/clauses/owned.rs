//! "Every tweet I bookmark", "the tweets I like": those that the service keeps for the person, by what it calls them.

use super::{act::names, recut::word};
use crate::{
    knowledge::Knowledge,
    reading::{Determiner, Phrase, Reading, Role},
};

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at).filter(|clause| clause.role == Role::Act) else { continue };
        let Some(frame) = &clause.frame else { continue };
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        let said: Vec<Option<(String, Option<String>)>> =
            frame.objects.iter().chain(arguments).map(|phrase| kept_by(known, reading, phrase)).collect();
        if said.iter().all(Option::is_none) {
            continue;
        }
        let Some(frame) = reading.clauses.get_mut(at).and_then(|clause| clause.frame.as_mut()) else { continue };
        let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
        for (phrase, done) in frame.objects.iter_mut().chain(arguments).zip(said) {
            let Some((done, service)) = done else { continue };
            phrase.services.extend(service.filter(|service| !phrase.services.contains(service)));
            let each = phrase.determiner == Determiner::Each;
            phrase.modifiers.extend(each.then(|| "new".to_owned()));
            phrase.head = format!("{done} {}", phrase.head);
            phrase.tail = None;
            (phrase.plural, phrase.determiner) = (true, Determiner::Mine);
        }
    }
}

/// "tweet I bookmark": "bookmarked", and the service that has bookmarked tweets.
fn kept_by(known: &Knowledge, reading: &Reading, phrase: &Phrase) -> Option<(String, Option<String>)> {
    let tail = phrase.tail.clone().filter(|tail| tail.len() == 2)?;
    let verb = word(reading, tail.start + 1).filter(|_| matches!(word(reading, tail.start), Some("i" | "we")))?;
    let done = format!("{verb}{}", if verb.ends_with('e') { "d" } else { "ed" });
    let called: Vec<String> = names(phrase).iter().map(|name| format!("{done} {name}")).collect();
    let blocks = known.catalogue.blocks();
    let kept = blocks.iter().find(|block| {
        let objects = &known.meaning(block).objects;
        !block.trigger && called.iter().any(|name| objects.contains(name))
    });
    kept.map(|block| (done, known.meaning(block).service.clone()))
}
