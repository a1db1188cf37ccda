//! "Score each lead. 8 or higher: …, 5-7: …": a range in front of a colon is the case of what follows.

use super::recut::word;
use crate::reading::{Mark, Reading, Role, Token, TokenKind};

const WORDS: [&str; 15] = [
    "or", "and", "to", "up", "higher", "more", "above", "over", "lower", "less", "below", "under", "at", "least",
    "most",
];

/// Makes such labels conditions, and puts the acts behind them under them.
pub(in crate::plan) fn labels(reading: &mut Reading) {
    for at in 1..reading.clauses.len() {
        let Some(clause) = reading.clauses.get(at).filter(|clause| clause.role == Role::Title) else { continue };
        let kind = |token: usize| reading.tokens.get(token).map(|token| &token.kind);
        let range = clause.span.clone().all(|token| match kind(token) {
            Some(TokenKind::Word(_)) => word(reading, token).is_some_and(|word| WORDS.contains(&word)),
            _ => true,
        });
        let number = clause.span.clone().any(|token| matches!(kind(token), Some(TokenKind::Value(_))));
        let colon = reading.tokens.get(clause.span.end - 1).and_then(Token::mark) == Some(Mark::Colon);
        let judged = reading.clauses.iter().take(at).any(|before| {
            let verb = before.frame.as_ref().and_then(|frame| frame.verb.as_ref());
            verb.is_some_and(|verb| matches!(verb.lemma.as_str(), "score" | "rate" | "grade" | "judge" | "rank"))
        });
        if !(range && number && colon && judged) {
            continue;
        }
        let sentence = clause.sentence;
        for later in reading.clauses.iter_mut().skip(at + 1).take_while(|later| later.sentence == sentence) {
            if matches!(later.role, Role::Title | Role::Condition) {
                break;
            }
            if later.role == Role::Act {
                later.under = Some(at);
            }
        }
        if let Some(clause) = reading.clauses.get_mut(at) {
            (clause.role, clause.under) = (Role::Condition, None);
        }
    }
}
