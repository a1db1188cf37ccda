//! Numbers as words.

use crate::reading::{Token, TokenKind, Value};

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// "seven", "twenty-five".
pub(super) fn number_word(word: &str) -> Option<u8> {
    let small = |word: &str| SMALL.iter().zip(0..).find_map(|(name, number)| (*name == word).then_some(number));
    let tens = |word: &str| TENS.iter().zip(2..).find_map(|(name, number)| (*name == word).then_some(10 * number));
    small(word).or_else(|| tens(word)).or_else(|| {
        let (left, right) = word.split_once('-')?;
        Some(tens(left)? + small(right).filter(|right: &u8| (1..10).contains(right))?)
    })
}

/// A number in digits or words at the start: how many tokens, and which. "one" is one as well, "a dozen" twelve.
pub(super) fn count(ahead: &[Token]) -> Option<(usize, f64)> {
    let factor = |at: usize| match ahead.get(at).and_then(Token::word)? {
        "hundred" => Some(1e2),
        "thousand" => Some(1e3),
        "million" => Some(1e6),
        "dozen" => Some(12.0),
        _ => None,
    };
    let first = ahead.first()?;
    let (length, number) = match (&first.kind, first.word()) {
        (TokenKind::Value(Value::Number(number)), _) => (1, *number),
        (_, Some("a" | "an")) => return factor(1).map(|factor| (2, factor)),
        (_, Some(word)) => {
            let number = number_word(word)?;
            match ahead.get(1).and_then(Token::word).and_then(number_word) {
                Some(more @ 1..10) if number >= 20 && number.is_multiple_of(10) => (2, f64::from(number + more)),
                _ => (1, f64::from(number)),
            }
        }
        _ => return None,
    };
    Some(factor(length).map_or((length, number), |factor| (length + 1, number * factor)))
}
