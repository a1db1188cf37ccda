//! "check how many unread mails I have": the number of unread mails.

use super::recut::{reread, word};
use crate::{
    knowledge::Knowledge,
    reading::{Argument, Determiner, Phrase, Reading, Role},
};

const OWNS: [&str; 10] = ["i", "we", "there", "are", "is", "do", "does", "have", "has", "exist"];

/// "How many issues were opened in acme/app": counted, and none is opened.
pub(in crate::plan) fn counted(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let first = clause.span.clone().find(|at| word(reading, *at).is_some())?;
    let asks = word(reading, first) == Some("how") && word(reading, first + 1) == Some("many");
    let frame = clause.frame.as_ref().filter(|frame| asks && frame.passive)?;
    let done = frame.verb.as_ref()?.span.clone();
    let helper =
        |at: &usize| word(reading, *at).is_some_and(|word| matches!(word, "was" | "were" | "are" | "got" | "have"));
    let end = (first + 3..done.start).find(helper)?;
    let things = reread(known, reading, first + 2..end, Some("count")).into_iter().next()?.frame?;
    let [thing] = <[Phrase; 1]>::try_from(things.objects).ok()?;
    let head = "number".to_owned();
    let number = Phrase { span: first..first + 2, head, determiner: Determiner::The, ..Phrase::default() };
    let of = Argument { preposition: "of".to_owned(), phrase: Phrase { tail: Some(done), ..thing } };
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    "get".clone_into(&mut frame.verb.as_mut()?.lemma);
    (frame.passive, frame.subject, frame.objects) = (false, None, vec![number]);
    frame.arguments.insert(0, of);
    Some(())
}

/// Puts the number of things in the place of the question how many there are.
pub(in crate::plan) fn asked(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?;
    let span = clause.frame.as_ref().filter(|frame| frame.objects.is_empty())?.complement.clone()?;
    if word(reading, span.start) != Some("how") || word(reading, span.start + 1) != Some("many") {
        return None;
    }
    let from = span.start + 2;
    let owns = |at: usize| word(reading, at).is_some_and(|word| OWNS.contains(&word));
    // "how many there are": of what was spoken of before.
    if owns(from) {
        return None;
    }
    let end = (from + 1..span.end).find(|at| owns(*at)).unwrap_or(span.end);
    let rest = (end..span.end).find(|at| !owns(*at)).unwrap_or(span.end);
    let things = reread(known, reading, from..end, Some("count")).into_iter().next()?.frame?;
    let [thing] = <[Phrase; 1]>::try_from(things.objects).ok()?;
    let places = reread(known, reading, rest..span.end, Some("put")).into_iter().next().and_then(|clause| clause.frame);
    let head = "number".to_owned();
    let number = Phrase { span: span.start..from, head, determiner: Determiner::The, ..Phrase::default() };
    let frame = reading.clauses.get_mut(at)?.frame.as_mut()?;
    frame.complement = None;
    frame.objects.push(number);
    frame.arguments.push(Argument { preposition: "of".to_owned(), phrase: thing });
    frame.arguments.extend(things.arguments);
    frame.arguments.extend(places.into_iter().flat_map(|frame| frame.arguments));
    Some(())
}
