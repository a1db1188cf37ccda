//! "When a customer writes and sounds angry": what is said of an event after it has happened is a condition of its own.

use super::recut::{reread, splice, word};
use crate::{
    knowledge::Knowledge,
    reading::{Argument, Clause, Mark, Phrase, Reading, Role, Token},
};

/// Verbs whose second verb says what goes on, not what the event is like.
const ASPECTS: [&str; 8] = ["start", "stop", "begin", "finish", "keep", "need", "want", "run"];

/// Parts the clause of a trigger at `at` in two.
pub(in crate::plan) fn tested(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    by_mail(reading, at);
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Trigger)?.clone();
    let frame = clause.frame.as_ref()?;
    let rest = frame.complement.clone().filter(|rest| rest.start > clause.span.start)?;
    let lemma = &frame.verb.as_ref()?.lemma;
    let joined = matches!(word(reading, rest.start - 1), Some("and" | "but"));
    // "emails us asking for a refund"
    let participle = word(reading, rest.start).is_some_and(|word| word.len() > 4 && word.ends_with("ing"));
    if !(joined || participle) || ASPECTS.contains(&lemma.as_str()) || frame.subject.as_ref()?.pronoun && participle {
        return None;
    }
    let cut = rest.start - usize::from(joined);
    let mut test = reread(known, reading, rest.start..clause.span.end, Some("it")).into_iter().next()?.frame?;
    test.subject = Some(Phrase { span: cut..cut, head: "it".to_owned(), pronoun: true, ..Phrase::default() });
    let condition = Clause {
        span: cut..clause.span.end,
        role: Role::Condition,
        sentence: clause.sentence,
        under: Some(at),
        frame: Some(test),
    };
    let mut trigger = Clause { span: clause.span.start..cut, ..clause };
    trigger.frame.iter_mut().for_each(|frame| frame.complement = None);
    splice(reading, at, vec![trigger, condition]);
    govern(reading, at);
    Some(2)
}

/// "When a customer emails us": what comes is a mail.
fn by_mail(reading: &mut Reading, at: usize) -> Option<()> {
    let frame = reading.clauses.get_mut(at).filter(|clause| clause.role == Role::Trigger)?.frame.as_mut()?;
    let verb = frame.verb.as_ref().filter(|verb| matches!(verb.lemma.as_str(), "email" | "mail"))?;
    let phrase = Phrase { span: verb.span.clone(), head: "email".to_owned(), ..Phrase::default() };
    frame.arguments.push(Argument { preposition: "by".to_owned(), phrase });
    Some(())
}

/// What depended on the trigger now depends on the condition; "otherwise …" is its other side.
fn govern(reading: &mut Reading, trigger: usize) {
    let mut guard = trigger + 1;
    for at in trigger + 2..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at) else { return };
        if clause.under != Some(trigger) {
            continue;
        }
        let mut words = clause.span.clone().filter(|at| reading.tokens.get(*at).and_then(Token::mark).is_none());
        let other = words.next().is_some_and(|first| matches!(word(reading, first), Some("otherwise" | "else")))
            && !reading.tokens.get(clause.span.start).is_some_and(|token| token.mark() == Some(Mark::Colon));
        let Some(clause) = reading.clauses.get_mut(at) else { return };
        if other && clause.role == Role::Act {
            (clause.role, guard) = (Role::Otherwise(trigger + 1), at);
        } else {
            clause.under = Some(guard);
        }
    }
}
