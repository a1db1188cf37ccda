//! The tokens of a text, to look at.

use crate::reading::{Mark, Token, TokenKind, Value, work::looked};

#[derive(Clone, Copy)]
pub(super) struct View<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
}

impl<'t> View<'t> {
    pub(super) fn token(self, at: usize) -> Option<&'t Token> {
        looked(1);
        self.tokens.get(at)
    }

    pub(super) fn word(self, at: usize) -> Option<&'t str> {
        self.token(at)?.word()
    }

    /// The word that many tokens before.
    pub(super) fn back(self, at: usize, by: usize) -> Option<&'t str> {
        self.word(at.checked_sub(by)?)
    }

    pub(super) fn mark(self, at: usize) -> Option<Mark> {
        self.token(at)?.mark()
    }

    pub(super) fn raw(self, at: usize) -> &'t str {
        self.token(at).map_or("", |token| token.raw(self.text))
    }

    pub(super) fn words<const N: usize>(self, at: usize) -> [Option<&'t str>; N] {
        std::array::from_fn(|more| self.word(at + more))
    }

    pub(super) fn is(self, at: usize, any: &[&str]) -> bool {
        self.word(at).is_some_and(|word| any.contains(&word))
    }

    pub(super) fn time(self, at: usize) -> Option<(u8, u8)> {
        match self.token(at)?.kind {
            TokenKind::Value(Value::Time(hour, minute)) => Some((hour, minute)),
            _ => None,
        }
    }

    pub(super) fn duration(self, at: usize) -> Option<u32> {
        match self.token(at)?.kind {
            TokenKind::Value(Value::Duration(minutes)) => Some(minutes),
            _ => None,
        }
    }

    /// A whole number.
    pub(super) fn number(self, at: usize) -> Option<u32> {
        match self.token(at)?.kind {
            TokenKind::Value(Value::Number(number)) => (0..=100).find(|whole| f64::from(*whole) == number),
            TokenKind::Word(ref word) if word == "one" => Some(1),
            _ => None,
        }
    }

    pub(super) fn date(self, at: usize) -> Option<&'t str> {
        match &self.token(at)?.kind {
            TokenKind::Value(Value::Date(date)) => Some(date),
            _ => None,
        }
    }
}
