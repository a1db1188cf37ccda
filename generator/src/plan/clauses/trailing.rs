//! "Check whether it has tests, and comment if it doesn't": the question, and behind what is done the answer that it is done for.

use super::{
    checked::asks_up,
    recut::{is_joint, remove, reread, splice, word},
};
use crate::{
    knowledge::{Class, Knowledge},
    reading::{Clause, Frame, Reading, Role, Span, Verb},
};

/// What one does to find out whether something is so.
const CHECKS: [&str; 9] = ["check", "see", "verify", "test", "look", "find", "determine", "figure", "work"];
/// More clauses, or a longer question, are not looked at.
const CLAUSES: usize = 200;
const QUESTION: usize = 60;
/// Clauses between the question and its answer, at most.
const REACH: usize = 3;

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    // Every check that is found reads a part again.
    if reading.clauses.len() > CLAUSES {
        return;
    }
    for at in (0..reading.clauses.len()).rev() {
        let _ = answered(known, reading, at);
    }
}

fn answered(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    let check = reading.clauses.get(at)?.clone();
    let asked = question(reading, &check)?;
    let guard = (at + 1..reading.clauses.len().min(at + 2 + REACH))
        .find(|guard| reading.clauses.get(*guard).is_some_and(|clause| clause.role == Role::Condition))?;
    let answer = reading.clauses.get(guard)?.clone();
    let said = answer.frame.as_ref().filter(|frame| is_answer(frame))?;
    let depends: Vec<usize> = (at + 1..reading.clauses.len())
        .filter(|index| reading.clauses.get(*index).is_some_and(|clause| clause.under == Some(guard)))
        .collect();
    let cut = if depends.is_empty() { Some(cut_off(known, reading, &asked)?) } else { None };
    let question = asked.start..cut.unwrap_or(asked.end);
    let tested = reread(known, reading, question.clone(), None).into_iter().next()?.frame?;
    let up = asks_up(known, reading, &question);
    let under = answer.under.filter(|under| *under < at);
    // What is down answers nothing that could be looked at, so the failure itself is waited for.
    let tested = if up && said.negated { Frame { negated: true, ..tested } } else { tested };
    let otherwise = said.negated && !up;
    let mut all = vec![Clause { span: question, role: Role::Condition, frame: Some(tested), under, ..check.clone() }];
    if otherwise {
        let role = Role::Otherwise(at);
        all.push(Clause { span: answer.span.clone(), role, frame: None, under, ..check.clone() });
    }
    let place = at + usize::from(otherwise);
    for mut act in cut.map(|cut| done(known, reading, cut..asked.end)).unwrap_or_default() {
        (act.under, act.sentence) = (Some(place), check.sentence);
        all.push(act);
    }
    let more = all.len() - 1;
    remove(reading, guard);
    reading.clauses.get_mut(at)?.under = None;
    splice(reading, at, all);
    for index in depends {
        let index = if index > guard { index - 1 } else { index } + more;
        reading.clauses.get_mut(index)?.under = Some(place);
    }
    Some(())
}

/// What a clause asks about: "check whether …", "…, check if …". "Whether" itself says nothing.
fn question(reading: &Reading, check: &Clause) -> Option<Span> {
    let frame = check.frame.as_ref().filter(|frame| !frame.negated)?;
    let verb = frame.verb.as_ref()?.lemma.as_str();
    let asked = match check.role {
        Role::Act => frame.complement.clone().filter(|_| CHECKS.contains(&verb))?,
        Role::Condition if frame.complement.is_some() && !is_answer(frame) => check.span.clone(),
        _ => return None,
    };
    match word(reading, asked.start)? {
        "if" => Some(asked),
        "whether" => Some(asked.start + 1..asked.end),
        _ => None,
    }
}

/// "If it isn't", "if they do": nothing but the answer to what was asked.
fn is_answer(frame: &Frame) -> bool {
    let mut it = frame.subject.iter().chain(&frame.objects);
    let bare = frame.arguments.is_empty() && frame.complement.is_none();
    let verb = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
    bare && (frame.subject.is_some() || !frame.objects.is_empty())
        && it.all(|phrase| phrase.pronoun && phrase.values.is_empty())
        && matches!(verb, "" | "be" | "do" | "have")
}

/// Where in "it has tests, and comment" the question ends.
fn cut_off(known: &Knowledge, reading: &Reading, asked: &Span) -> Option<usize> {
    if asked.len() > QUESTION {
        return None;
    }
    asked.clone().skip(2).filter(|token| is_joint(reading, *token)).find(|token| {
        let acts = done(known, reading, *token..asked.end);
        let act = acts.first().and_then(|act| act.frame.as_ref());
        act.is_some_and(|frame| frame.verb.is_some() && frame.subject.is_none())
    })
}

/// What is done; "and comment" alone is a verb as well.
fn done(known: &Knowledge, reading: &Reading, span: Span) -> Vec<Clause> {
    let mut acts = reread(known, reading, span.clone(), None);
    let words: Vec<usize> =
        span.filter(|token| word(reading, *token).is_some() && !is_joint(reading, *token)).collect();
    if let ([act], [only]) = (acts.as_mut_slice(), words.as_slice())
        && let Some(lemma) = word(reading, *only)
    {
        let does = [Class::Tell, Class::Store, Class::Make, Class::Change].iter().any(|class| known.is(lemma, *class));
        if does || lemma == "comment" {
            let verb = Verb { lemma: lemma.to_owned(), particle: None, span: *only..*only + 1 };
            (act.role, act.frame) = (Role::Act, Some(Frame { verb: Some(verb), ..Frame::default() }));
        }
    }
    acts
}
