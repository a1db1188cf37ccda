//! From a text to clauses.

use super::{Reading, Span, Token, Vocabulary, clauses, schedule, scope, strangers, token::tokens, units, words};

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
    // "find out if it is open on Sundays": no time to run at.
    let asked = |span: &Span| {
        let mut told = clauses.iter().filter_map(|clause| clause.frame.as_ref()?.complement.clone());
        told.any(|told| {
            let first = tokens.get(told.start).and_then(Token::word);
            told.start <= span.start && span.end <= told.end && matches!(first, Some("if" | "whether"))
        })
    };
    let schedule = schedule.filter(|schedule| !schedule.spans.iter().all(asked));
    Reading { text: text.to_owned(), tokens, clauses, schedule }
}
