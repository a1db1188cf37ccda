//! From a text to clauses.

use std::ops::Range;

use super::{
    Reading, Schedule, Span, Token, TokenKind, Value, Vocabulary, clauses, schedule, scope, strangers, token::tokens,
    units, words,
};

/// Reads a text.
#[must_use]
pub fn read(vocabulary: &Vocabulary, text: &str) -> Reading {
    read_with_names(vocabulary, text, &[])
}

/// Reads a text in which some places, in order, are names, whatever words they are made of.
#[must_use]
pub fn read_with_names(vocabulary: &Vocabulary, text: &str, names: &[Range<usize>]) -> Reading {
    let tokens = joined(text, tokens(text), names);
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
    // "check if it is up every 5 minutes" is one: nothing is up so often.
    let often = |schedule: &Schedule| schedule.cron.split(' ').nth(1).is_some_and(|hour| hour.starts_with('*'));
    let schedule = schedule.filter(|schedule| often(schedule) || !schedule.spans.iter().all(asked));
    Reading { text: text.to_owned(), tokens, clauses, schedule }
}

/// Each name as one quoted token, unless it is part of a token already.
fn joined(text: &str, tokens: Vec<Token>, names: &[Range<usize>]) -> Vec<Token> {
    if names.is_empty() {
        return tokens;
    }
    let mut all: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut names = names.iter().peekable();
    for token in tokens {
        while names.next_if(|name| name.end <= token.start).is_some() {}
        match names.peek().filter(|name| (name.start..name.end).contains(&token.start)) {
            Some(name) if token.start == name.start => {
                let said = text.get((*name).clone()).unwrap_or_default().to_owned();
                let end = name.end.max(token.end);
                all.push(Token { start: token.start, end, kind: TokenKind::Value(Value::Quoted(said)) });
            }
            Some(name) if all.last().is_some_and(|last| last.end >= name.end) => {}
            _ => all.push(token),
        }
    }
    all
}
