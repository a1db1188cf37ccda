//! A day of the year or of the month.

use super::cardinals::number_word;
use crate::reading::{Mark, Token, TokenKind, Value};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const ORDINALS: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
];

/// "24 December 2026", "Dec 24", "the 24th of December", "the 25th", "December 2026", "on 24/12".
pub(super) fn spoken(text: &str, before: &[Token], ahead: &[Token]) -> Option<(usize, Value)> {
    let length =
        with_month(text, ahead).or_else(|| of_month(before, ahead)).or_else(|| slashed(text, before, ahead))?;
    let raw = text.get(ahead.first()?.start..ahead.get(length.checked_sub(1)?)?.end)?;
    Some((length, Value::Date(raw.to_owned())))
}

fn word(ahead: &[Token], at: usize) -> Option<&str> {
    ahead.get(at)?.word()
}

/// "May", "march" only with a capital.
pub(crate) fn is_month(text: &str, token: Option<&Token>) -> bool {
    let Some(token) = token else { return false };
    let capital = token.raw(text).starts_with(char::is_uppercase);
    token.word().is_some_and(|word| match word {
        // "it may", "to march"
        "may" | "march" | "mar" => capital,
        _ => FULL.contains(&word) || MONTHS.contains(&word) || word == "sept",
    })
}

/// "24th", "twenty-fourth".
pub(in crate::reading) fn ordinal(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if !digits.is_empty() {
        let fits = matches!(word.get(digits.len()..), Some("st" | "nd" | "rd" | "th"));
        return digits.parse().ok().filter(|day| fits && (1..=31).contains(day));
    }
    let small = |word: &str| ORDINALS.iter().zip(1..).find_map(|(name, day)| (*name == word).then_some(day));
    small(word).or_else(|| match word.split_once('-') {
        Some(("twenty", last)) => small(last).filter(|last| *last < 10).map(|last| 20 + last),
        Some(("thirty", "first")) => Some(31),
        None => match word {
            "twentieth" => Some(20),
            "thirtieth" => Some(30),
            _ => word.strip_suffix("th").and_then(number_word).filter(|day| *day > 12 && *day < 20),
        },
        _ => None,
    })
}

fn day(token: Option<&Token>) -> bool {
    match token.map(|token| &token.kind) {
        Some(TokenKind::Value(Value::Number(number))) => (1.0..=31.0).contains(number) && number.fract() == 0.0,
        Some(TokenKind::Word(word)) => ordinal(word).is_some(),
        _ => false,
    }
}

fn year(token: Option<&Token>) -> bool {
    matches!(token.map(|token| &token.kind), Some(TokenKind::Value(Value::Number(year))) if (1900.0..2200.0).contains(year))
}

fn comma(token: Option<&Token>) -> usize {
    usize::from(matches!(token.map(|token| &token.kind), Some(TokenKind::Mark(Mark::Comma))))
}

fn with_month(text: &str, ahead: &[Token]) -> Option<usize> {
    let the = usize::from(word(ahead, 0) == Some("the"));
    let mut length = if day(ahead.get(the)) {
        let of = usize::from(word(ahead, the + 1) == Some("of"));
        is_month(text, ahead.get(the + 1 + of)).then_some(the + 2 + of)?
    } else if is_month(text, ahead.first()) {
        // "Dec. 24"
        let dot = usize::from(ahead.get(1).is_some_and(|token| token.raw(text) == "."));
        let the = usize::from(word(ahead, 1 + dot) == Some("the"));
        if year(ahead.get(1)) {
            return Some(2);
        }
        day(ahead.get(1 + dot + the)).then_some(2 + dot + the)?
    } else {
        return None;
    };
    let comma = comma(ahead.get(length));
    if year(ahead.get(length + comma)) {
        length += comma + 1;
    }
    Some(length)
}

/// "the 25th", unless it counts something ("the 25th customer").
fn of_month(before: &[Token], ahead: &[Token]) -> Option<usize> {
    let the = usize::from(word(ahead, 0) == Some("the"));
    let numeral = word(ahead, the).filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    ordinal(numeral)?;
    let last = before.last();
    let dated = the == 1
        || last.and_then(Token::word).is_some_and(|word| ["on", "every", "each", "and", "by", "until"].contains(&word))
        || matches!(last.map(|token| &token.kind), Some(TokenKind::Mark(Mark::Comma)));
    let free = match ahead.get(the + 1).map(|token| &token.kind) {
        None | Some(TokenKind::Mark(_)) => true,
        Some(TokenKind::Word(word)) => [
            "of", "and", "at", "each", "every", "to", "or", "that", "i", "we", "it", "the", "my", "in", "is", "by",
            "send", "remind",
        ]
        .contains(&word.as_str()),
        Some(TokenKind::Value(_)) => false,
    };
    (dated && free).then_some(the + 1)
}

/// "on 24/12"
fn slashed(text: &str, before: &[Token], ahead: &[Token]) -> Option<usize> {
    let [left, slash, right, ..] = ahead else { return None };
    let dated =
        before.last()?.word().is_some_and(|word| ["on", "until", "before", "after", "since", "by"].contains(&word));
    (dated && slash.raw(text) == "/" && day(Some(left)) && day(Some(right)) && left.word().is_none()).then_some(3)
}

/// What is said of a day: the day of the month, and the month.
pub(in crate::reading) fn day_and_month(date: &str) -> (Option<u8>, Option<u8>) {
    let date = date.to_lowercase();
    let (mut day, mut month) = (None, None);
    for word in date.split(|c: char| !(c.is_alphanumeric() || c == '-')) {
        let found = MONTHS.iter().zip(1..).find(|(name, _)| word.starts_with(**name));
        month = month.or(found.map(|(_, month)| month));
        let number = ordinal(word).or_else(|| word.parse().ok().filter(|day| (1..=31).contains(day)));
        day = day.or(number);
    }
    (day, month)
}
