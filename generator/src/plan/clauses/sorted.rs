//! "Label it bug, feature or question", "create tasks, using AI to write a title and set the priority": what stands behind a
//! thing as its kinds, or as its parts.

use super::recut::word;
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Argument, Clause, Determiner, Frame, Phrase, Reading, Role},
};

/// Parts of what is made, each with an input of its own.
const PARTS: [&str; 11] =
    ["title", "name", "headline", "priority", "summary", "description", "date", "deadline", "category", "label", "tag"];
const SETS: [&str; 10] =
    ["write", "generate", "set", "pick", "choose", "assign", "suggest", "determine", "create", "give"];

/// Reads the kinds that stand behind a thing without "as".
pub(in crate::plan) fn kinds_behind(reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at).filter(|clause| clause.role == Role::Act) else { continue };
        let Some(mut frame) = clause.frame.clone() else { continue };
        let changed = matches!(lemma(&frame), "label" | "tag" | "mark") && names_kinds(reading, &mut frame);
        if let Some(clause) = reading.clauses.get_mut(at).filter(|_| changed) {
            clause.frame = Some(frame);
        }
    }
}

fn lemma(frame: &Frame) -> &str {
    frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str())
}

fn names_kinds(reading: &Reading, frame: &mut Frame) -> bool {
    let [thing, first, .., last] = frame.objects.as_slice() else { return false };
    let many = thing.pronoun || thing.plural || matches!(thing.determiner, Determiner::The | Determiner::Each);
    let or = (first.span.start..last.span.start).any(|at| word(reading, at) == Some("or"));
    let kind = |phrase: &Phrase| {
        let bare = matches!(phrase.determiner, Determiner::None | Determiner::Some);
        bare && !phrase.pronoun && phrase.values.is_empty()
    };
    if !many || !or || !frame.objects.iter().skip(1).all(kind) {
        return false;
    }
    let kinds = frame.objects.split_off(1);
    frame.arguments.splice(0..0, kinds.into_iter().map(|phrase| Argument { preposition: "as".to_owned(), phrase }));
    true
}

/// "…, using AI to write a short title and set the priority": with them, in one step.
pub(in crate::plan) fn parts_behind(known: &Knowledge, reading: &mut Reading) {
    for at in 0..reading.clauses.len() {
        let _ = parts(known, reading, at);
    }
}

fn parts(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let made = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let frame = made.frame.as_ref()?;
    let makes = known.is(lemma(frame), Class::Make) || known.is(lemma(frame), Class::Store);
    let mut services =
        frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase)).flat_map(|of| &of.services);
    let there = services.any(|service| known.container(service).is_some() || known.has_service(service));
    let tool = |argument: &Argument| {
        matches!(argument.preposition.as_str(), "using" | "with" | "via") && argument.phrase.head == "ai"
    };
    let by_tool = frame.arguments.iter().any(tool);
    let part = |phrase: &Phrase| {
        let own = matches!(phrase.determiner, Determiner::Some | Determiner::The | Determiner::None);
        own && !phrase.plural
            && phrase.services.is_empty()
            && phrase.head.rsplit(' ').next().is_some_and(|head| PARTS.contains(&head))
    };
    let sets = |next: &Clause| {
        let same = next.role == Role::Act && next.sentence == made.sentence && next.under == made.under;
        let frame = next.frame.as_ref().filter(|_| same)?;
        let bare = frame.recipients.is_empty() && frame.arguments.iter().all(tool) && frame.complement.is_none();
        (bare && SETS.contains(&lemma(frame)) && !frame.objects.is_empty() && frame.objects.iter().all(part))
            .then(|| frame.objects.clone())
    };
    let start = reading.clauses.get(at + 1)?.span.start;
    (makes && there && (by_tool || word(reading, start) == Some("to"))).then_some(())?;
    let found: Vec<Vec<Phrase>> = reading.clauses.iter().skip(at + 1).map_while(sets).collect();
    let count = found.len();
    (count > 0).then_some(())?;
    for clause in reading.clauses.iter_mut().skip(at + 1).take(count) {
        (clause.role, clause.frame) = (Role::LeadIn, None);
    }
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.arguments.retain(|argument| !tool(argument));
    let with = |phrase: Phrase| Argument { preposition: "with".to_owned(), phrase };
    frame.arguments.extend(found.into_iter().flatten().map(with));
    Some(())
}
