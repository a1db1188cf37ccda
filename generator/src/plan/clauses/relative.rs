//! "Post a picture that AI makes from my prompt": the picture is made first.

use super::recut::{reread, splice, word};
use crate::{
    knowledge::Knowledge,
    reading::{Clause, Determiner, Phrase, Reading, Role},
};

const MAKERS: [&str; 7] = ["ai", "chatgpt", "gpt", "claude", "it", "you", "llm"];

/// Parts the clause at `at` into what a language model makes and what is done with it.
pub(in crate::plan) fn made(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Act)?.clone();
    let mut frame = clause.frame.clone()?;
    let lemma = frame.verb.as_ref()?.lemma.clone();
    let mut phrases = frame.objects.iter_mut().chain(frame.arguments.iter_mut().map(|argument| &mut argument.phrase));
    let (tail, from) = phrases.find_map(|phrase| {
        let tail = phrase.tail.clone()?;
        let that = matches!(word(reading, tail.start), Some("that" | "which"));
        let maker = word(reading, tail.start + 1).is_some_and(|maker| MAKERS.contains(&maker));
        (that && maker && tail.len() > 2).then_some((tail, phrase.span.start))
    })?;
    let object = frame.objects.first()?.clone();
    if known.composes(&lemma) || object.determiner == Determiner::The {
        return None;
    }
    let mut make = reread(known, reading, tail.start + 2..tail.end, None).into_iter().next()?;
    let made = make.frame.as_mut()?;
    known.composes(&made.verb.as_ref()?.lemma).then_some(())?;
    let bare = Phrase { tail: None, span: object.span.start..object.span.end.min(tail.start), ..object };
    made.objects = vec![bare];
    (make.under, make.sentence, make.span) = (clause.under, clause.sentence, from..clause.span.end);
    let it = Phrase { span: from..from, head: "it".to_owned(), pronoun: true, ..Phrase::default() };
    frame.objects = vec![it];
    for argument in &mut frame.arguments {
        argument.phrase.tail = argument.phrase.tail.take().filter(|own| own.start != tail.start);
        argument.phrase.span.end = argument.phrase.span.end.min(tail.start).max(argument.phrase.span.start);
    }
    let rest = Clause { span: clause.span.start..from, frame: Some(frame), ..clause };
    splice(reading, at, vec![make, rest]);
    Some(2)
}
