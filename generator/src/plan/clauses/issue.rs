//! How wishes are written into a form: "Problem: … Proposed solution: …", "What problem does this solve? …", "Bonus: …".
//! The headings ask for nothing; what stands under a problem is why, what stands under a solution is the request.

use super::recut::{mark, word};
use crate::{
    knowledge::Knowledge,
    reading::{Clause, Mark, Reading, Role},
};

/// More words are no heading.
const HEADING: usize = 9;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Why,
    Wish,
    Name,
}

pub(in crate::plan) fn settle(known: &Knowledge, reading: &mut Reading) {
    let parts: Vec<Option<Part>> = reading.clauses.iter().map(|clause| part(known, reading, clause)).collect();
    let wished = parts.contains(&Some(Part::Wish));
    let mut current = None;
    for (at, part) in parts.iter().enumerate() {
        let named = current == Some(Part::Name) && part.is_none();
        current = part.or(current);
        let Some(clause) = reading.clauses.get_mut(at) else { return };
        let valued =
            reading.tokens.get(clause.span.clone()).unwrap_or_default().iter().any(|token| token.value().is_some());
        let bare = clause.frame.as_ref().is_some_and(|frame| frame.verb.is_none() && frame.arguments.is_empty());
        let role = match (part, current) {
            (Some(Part::Why), _) if !wished => None,
            (Some(_), _) => Some(Role::LeadIn),
            // What hurts today, and who wishes for it.
            (None, Some(Part::Why)) if wished && !(clause.role == Role::Value && valued) => Some(Role::Background),
            (None, Some(Part::Name)) if named && bare && parts.len() > at + 1 => Some(Role::Title),
            _ => None,
        };
        if named || !matches!(current, Some(Part::Name)) {
            current = current.filter(|part| *part != Part::Name);
        }
        let Some(role) = role else { continue };
        (clause.role, clause.under) = (role, None);
        for later in reading.clauses.iter_mut().filter(|later| later.under == Some(at)) {
            later.under = None;
        }
    }
}

/// What a clause heads, if all that it has is words of a heading.
fn part(known: &Knowledge, reading: &Reading, clause: &Clause) -> Option<Part> {
    let form = &known.tables.form;
    let ends = clause.span.clone().rev().take_while(|at| mark(reading, *at).is_some());
    let question = |at: usize| {
        let raw = reading.tokens.get(at).map(|token| token.raw(&reading.text));
        raw == Some("?")
    };
    let heads = ends.into_iter().any(|at| matches!(mark(reading, at), Some(Mark::Colon | Mark::Line)) || question(at));
    let words: Vec<&str> = clause.span.clone().filter_map(|at| word(reading, at)).take(HEADING + 1).collect();
    let valued = reading.tokens.get(clause.span.clone())?.iter().any(|token| token.value().is_some());
    (heads && !valued && (1..=HEADING).contains(&words.len())).then_some(())?;
    let is = |set: &std::collections::HashSet<String>| words.iter().any(|word| set.contains(*word));
    let heading = |word: &&str| {
        [&form.why, &form.wish, &form.more, &form.name, &form.around].iter().any(|set| set.contains(*word))
    };
    words.iter().all(heading).then_some(())?;
    match () {
        () if is(&form.why) || is(&form.today) && is(&form.wish) => Some(Part::Why),
        () if is(&form.wish) || is(&form.more) => Some(Part::Wish),
        () if is(&form.name) && words.len() == 1 => Some(Part::Name),
        () => None,
    }
}
