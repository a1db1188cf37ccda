//! "Create issues for the action items in these notes": the items are taken out of the text first, then each gets its own.

use super::{
    act::names,
    recut::{splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Determiner, Frame, Phrase, Reading, Role, Verb},
};

/// More is not looked at.
const CLAUSES: usize = 200;
/// What is kept one by one, whatever the service.
const RECORDS: [&str; 10] =
    ["task", "to-do", "todo", "issue", "ticket", "card", "event", "calendar event", "record", "row"];
/// What has parts that can be taken out of it.
const TEXTS: [&str; 7] = ["note", "transcript", "minutes", "minute", "document", "report", "article"];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let mut at = 0;
    while at < reading.clauses.len() && reading.clauses.len() < CLAUSES {
        at += drawn(known, reading, at).unwrap_or(1);
    }
}

fn drawn(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let frame = clause.frame.clone().filter(|frame| !frame.passive && frame.subject.is_none())?;
    let verb = frame.verb.clone()?;
    let record = |phrase: &Phrase| {
        let kept = names(phrase).iter().any(|name| RECORDS.contains(&name.as_str()));
        kept || known.choice(&names(phrase)).is_some()
    };
    let makes = known.is(&verb.lemma, Class::Make) || known.is(&verb.lemma, Class::Store);
    let item = |phrase: &Phrase| {
        let several = phrase.plural || phrase.determiner == Determiner::Each;
        let bare = phrase.values.is_empty() && phrase.services.is_empty() && !phrase.pronoun && !phrase.head.is_empty();
        let person = names(phrase).iter().any(|name| known.is_person(name));
        several && bare && !person && !known.is_generic(&phrase.head)
    };
    let for_them = frame
        .arguments
        .iter()
        .position(|argument| matches!(argument.preposition.as_str(), "for" | "from") && item(&argument.phrase))?;
    let items = frame.arguments.get(for_them)?.phrase.clone();
    let text = |phrase: &Phrase| phrase.services.is_empty() && names(phrase).iter().any(|name| known.is_askable(name));
    let within = frame.arguments.iter().position(|argument| {
        let phrase = &argument.phrase;
        let behind = phrase.span.start > items.span.start;
        behind && matches!(argument.preposition.as_str(), "in" | "from" | "of") && text(phrase)
    });
    let ahead = frame.objects.iter().all(|object| object.span.end < items.span.start);
    // "each e-mail in my inbox" is read where it lies.
    let read = names(&items).iter().any(|name| known.source(name).is_some());
    let written = within.and_then(|within| frame.arguments.get(within)).is_some_and(|within| is_text(&within.phrase));
    let found = within.is_some() && !read || written || !read && lie_in_text(known, reading, at, &items);
    if !(makes && ahead && found && frame.objects.iter().any(record)) {
        return None;
    }
    let cut = items.span.start.checked_sub(1).filter(|cut| word(reading, *cut).is_some())?;
    let mut arguments = frame.arguments.clone();
    let within = within.map(|within| arguments.remove(within));
    let end = within.as_ref().map_or(items.span.end, |within| within.phrase.span.end);
    let take_out = Frame {
        verb: Some(Verb { lemma: "extract".to_owned(), particle: None, span: cut..cut + 1 }),
        objects: vec![Phrase { determiner: Determiner::The, plural: true, ..items }],
        arguments: within.into_iter().collect(),
        ..Frame::default()
    };
    let create = Frame { arguments, ..frame };
    let all = vec![
        Clause { span: cut..end, frame: Some(take_out), ..clause.clone() },
        Clause { span: clause.span.start..cut, frame: Some(create), ..clause },
    ];
    splice(reading, at, all);
    Some(2)
}

/// "…: attendees, decisions, action items. Create issues for the action items", "take my notes and create a task for each action
/// item": parts of a text that is there before, and that nothing has taken out of it.
fn lie_in_text(known: &Knowledge, reading: &Reading, at: usize, items: &Phrase) -> bool {
    let before = || reading.clauses.iter().take(at).filter_map(|clause| clause.frame.as_ref());
    let phrases = |frame: &Frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).cloned().collect::<Vec<_>>()
    };
    let names_them = |frame: &&Frame| phrases(frame).iter().any(|phrase| phrase.head == items.head);
    let written = |frame: &Frame| frame.verb.as_ref().is_none_or(|verb| known.composes(&verb.lemma));
    let mut spoken = before().filter(names_them).peekable();
    if spoken.peek().is_some() {
        return spoken.all(written);
    }
    items.determiner == Determiner::Each && before().any(|frame| phrases(frame).iter().any(is_text))
}

/// A text that a person has: "my notes".
pub(in crate::plan) fn is_text(phrase: &Phrase) -> bool {
    phrase.services.is_empty() && TEXTS.contains(&phrase.head.rsplit(' ').next().unwrap_or_default())
}
