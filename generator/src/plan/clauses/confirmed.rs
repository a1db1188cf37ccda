//! "Check if it is a bug. If so, create an issue, if not, ignore it": one condition. Words that only point back to what was
//! asked would be a condition about nothing.

use super::{
    checked::asks_up,
    recut::{reread, splice, word},
};
use crate::{
    knowledge::Knowledge,
    reading::{Clause, Mark, Reading, Role, Token},
};

/// How far back the condition may lie that is answered by "if not".
const REACH: usize = 8;
/// What one does to find out whether something is so.
const CHECKS: [&str; 14] = [
    "check",
    "see",
    "verify",
    "test",
    "look",
    "determine",
    "decide",
    "confirm",
    "ensure",
    "work",
    "find",
    "figure",
    "judge",
    "assess",
];
/// Answers that an act may follow without a comma.
const PLAIN: [&str; 3] = ["so", "yes", "not"];
/// The longer ones first.
const YES: [&str; 19] = [
    "that is the case",
    "this is the case",
    "it is the case",
    "that is so",
    "this is so",
    "it is so",
    "that is true",
    "it is true",
    "they are",
    "they do",
    "there are",
    "there is",
    "it does",
    "it has",
    "it is",
    "its the case",
    "yes",
    "so",
    "true",
];
const NO: [&str; 14] = [
    "that is not the case",
    "this is not the case",
    "there are not",
    "there is not",
    "they are not",
    "they do not",
    "it does not",
    "it doesnt",
    "it is not",
    "it isnt",
    "they arent",
    "they dont",
    "its not",
    "not",
];

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let mut at = 0;
    while at < reading.clauses.len() {
        at += answered(known, reading, at).unwrap_or(1);
    }
    for at in 1..reading.clauses.len() {
        only_says(known, reading, at);
    }
}

/// Whether the words from `at` on answer yes or no, and where the answer ends.
fn answer(reading: &Reading, at: usize, end: usize) -> Option<(bool, usize)> {
    let said = |answer: &str| {
        let length = answer.split(' ').count();
        let same = answer
            .split(' ')
            .enumerate()
            .all(|(ahead, part)| word(reading, at + ahead).is_some_and(|word| word.replace('\'', "") == part));
        (same && at + length <= end).then_some(at + length)
    };
    let find = |answers: &[&str]| answers.iter().find_map(|answer| Some((said(answer)?, PLAIN.contains(answer))));
    let (yes, (stop, plain)) = match (find(&YES), find(&NO)) {
        // "it is not" begins like "it is".
        (Some(yes), Some(no)) if no.0 > yes.0 => (false, no),
        (Some(yes), _) => (true, yes),
        (None, Some(no)) => (false, no),
        (None, None) => return None,
    };
    let mark = |at: &usize| {
        matches!(
            reading.tokens.get(*at).and_then(Token::mark),
            Some(Mark::Comma | Mark::Colon | Mark::Stop | Mark::Semicolon | Mark::Dash | Mark::Arrow | Mark::Line)
        )
    };
    let rest = (stop..end).find(|at| !mark(at) && word(reading, *at) != Some("then")).unwrap_or(end);
    // "if it is an invoice", "if not paid": more than an answer.
    (rest == end || rest > stop || plain && yes).then_some((yes, rest))
}

/// Takes the answer at `at` for the condition that it answers. Returns over how many clauses.
fn answered(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let clause = reading.clauses.get(at).filter(|clause| clause.role == Role::Condition)?.clone();
    let light = |at: &usize| word(reading, *at).is_none_or(|word| matches!(word, "and" | "but" | "then" | "only"));
    let opener = clause.span.clone().find(|at| !light(at))?;
    matches!(word(reading, opener), Some("if" | "when")).then_some(())?;
    let (yes, rest) = answer(reading, opener + 1, clause.span.end)?;
    let before = at.checked_sub(1)?;
    let asked = reading.clauses.get(before)?;
    let of = match asked.role {
        Role::Condition => before,
        // "…, and if it is not up, mail me": what is down answers nothing, so the failure itself is waited for.
        Role::Act if !yes && asks_up(known, reading, &asked.span) => return None,
        Role::Act if yes || checks(asked) => checked(known, reading, before)?,
        _ if !yes => {
            let first = at.saturating_sub(REACH);
            let guards = |other: &Clause| other.role == Role::Condition && other.under == clause.under;
            first + reading.clauses.get(first..at)?.iter().rposition(guards)?
        }
        _ => return None,
    };
    // "Check X, if it doesn't, post": the check itself waits for nothing.
    let outer =
        reading.clauses.get(of)?.under.filter(|under| *under != at).or(clause.under.filter(|under| *under != of));
    reading.clauses.get_mut(of)?.under = outer;
    let (role, under, guard) = match yes {
        true => (Role::LeadIn, outer, of),
        false => (Role::Otherwise(of), outer, at),
    };
    if yes {
        for other in &mut reading.clauses {
            other.under = other.under.map(|under| if under == at { of } else { under });
            if other.role == Role::Otherwise(at) {
                other.role = Role::Otherwise(of);
            }
        }
    }
    let mut all = vec![Clause { span: clause.span.start..rest, role, under, frame: None, ..clause.clone() }];
    if rest < clause.span.end {
        let acts = reread(known, reading, rest..clause.span.end, None);
        all.extend(acts.into_iter().map(|act| Clause { under: Some(guard), sentence: clause.sentence, ..act }));
    }
    let count = all.len();
    splice(reading, at, all);
    Some(count)
}

fn checks(clause: &Clause) -> bool {
    clause.frame.as_ref().is_some_and(|frame| frame.complement.is_some())
}

/// "Check whether it rains": what is checked becomes the condition.
fn checked(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<usize> {
    let check = reading.clauses.get(at)?;
    let frame = check.frame.as_ref()?;
    CHECKS.contains(&frame.verb.as_ref()?.lemma.as_str()).then_some(())?;
    let asked = frame.complement.clone()?;
    matches!(word(reading, asked.start), Some("if" | "whether")).then_some(())?;
    let tested = reread(known, reading, asked.clone(), None).into_iter().next()?.frame;
    let check = reading.clauses.get_mut(at)?;
    (check.span, check.role, check.frame) = (asked, Role::Condition, tested);
    Some(at)
}

/// "…, **check** if the form is empty": the condition says what is checked. The word may hang on the clause before.
fn only_says(known: &Knowledge, reading: &mut Reading, at: usize) -> Option<()> {
    reading.clauses.get(at).filter(|clause| clause.role == Role::Condition)?;
    let checks = |at: usize| word(reading, at).is_some_and(|word| CHECKS.contains(&word));
    let before = reading.clauses.get(at - 1)?.clone();
    let outer = reading.clauses.get(at)?.under;
    let words: Vec<usize> = before.span.clone().filter(|at| word(reading, *at).is_some()).collect();
    let last = *words.last()?;
    checks(last).then_some(())?;
    let light = |at: &usize| {
        matches!(word(reading, *at), Some("and" | "then" | "please" | "first" | "also" | "always" | "automatically"))
    };
    if before.role == Role::Act && words.iter().all(|at| *at == last || light(at)) {
        let clause = reading.clauses.get_mut(at - 1)?;
        (clause.role, clause.frame, clause.under) = (Role::LeadIn, None, outer);
        return Some(());
    }
    if before.role != Role::Trigger || last <= before.span.start {
        return None;
    }
    let [again] = <[Clause; 1]>::try_from(reread(known, reading, before.span.start..last, None)).ok()?;
    let clause = reading.clauses.get_mut(at - 1)?;
    (clause.frame, clause.span) = (again.frame, before.span.start..last);
    Some(())
}
