//! What to suggest where a goal cannot be planned. Nothing is suggested that the planner itself cannot build.

use super::{Knowledge, goal::planned, lexicon::Role, text};
use crate::Watch;

/// For a goal with nothing to go on.
pub(super) fn for_vague(knowledge: &Knowledge, watch: Watch<'_>) -> String {
    let known = &knowledge.recipes.suggestions;
    first_buildable(knowledge, known.vague.iter().cloned(), watch)
}

/// The nearest goal to one of which only the clauses `served` can be done.
pub(super) fn nearest(knowledge: &Knowledge, goal: &str, served: &[String], watch: Watch<'_>) -> String {
    let known = &knowledge.recipes.suggestions;
    let words: Vec<String> = text::cut(goal)
        .into_iter()
        .filter_map(|token| match token.kind {
            text::Kind::Word(word) => Some(knowledge.lexicon.known_form(&word)),
            _ => None,
        })
        .take(400)
        .collect();
    let near = known
        .nearest
        .iter()
        .filter(|near| near.words.iter().any(|word| words.contains(word)))
        .map(|near| near.goal.clone());
    let joined = (!served.is_empty()).then(|| served.join(", then "));
    first_buildable(knowledge, replaced(knowledge, goal).into_iter().chain(joined).chain(near), watch)
}

fn first_buildable(knowledge: &Knowledge, candidates: impl Iterator<Item = String>, watch: Watch<'_>) -> String {
    let mut candidates = candidates.filter(|goal| planned(knowledge, goal, None, watch).is_ok());
    candidates.next().unwrap_or_else(|| knowledge.recipes.suggestions.fallback.clone())
}

/// The goal with each service that no block speaks to replaced by the nearest that one does.
fn replaced(knowledge: &Knowledge, goal: &str) -> Option<String> {
    let tokens = text::cut(goal);
    let items = super::items::items(&knowledge.lexicon, &tokens);
    let mut out = String::new();
    let mut at = 0;
    for item in items.iter().filter(|item| item.is(Role::UnservedService)) {
        let Some(nearest) = knowledge.lexicon.nearest_service(&item.phrase) else { continue };
        out.push_str(goal.get(at..item.start)?);
        out.push_str(nearest);
        at = item.end;
    }
    out.push_str(goal.get(at..)?);
    // A goal is repeated in a suggestion only where it is short enough to be read there.
    (at > 0 && out.chars().count() <= 300).then_some(out)
}

/// Why a goal cannot be done.
pub(super) fn reason(parts: &[String]) -> String {
    let quoted: Vec<String> = parts.iter().take(3).map(|part| format!("\"{}\"", super::shortened(part, 80))).collect();
    format!("No available block can do this part: {}.", quoted.join(", "))
}
