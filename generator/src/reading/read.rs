//! From a text to clauses.

use super::{Reading, Vocabulary, clauses, schedule, scope, strangers, token::tokens, units, words};

/// Reads a text.
#[must_use]
pub fn read(vocabulary: &Vocabulary, text: &str) -> Reading {
    let tokens = tokens(text);
    let schedule = schedule(text, &tokens);
    let mut units = units::units(vocabulary, text, &tokens, schedule.as_ref());
    strangers::find_verbs(vocabulary, &mut units);
    strangers::find_nouns(vocabulary, &mut units);
    let units = words::settle(vocabulary, &units);
    let pieces = clauses::pieces(vocabulary, &units);
    let clauses = scope::clauses(vocabulary, &tokens, &units, &pieces);
    Reading { text: text.to_owned(), tokens, clauses, schedule }
}
