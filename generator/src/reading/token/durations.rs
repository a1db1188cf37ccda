//! How long something takes.

use super::cardinals::{count, number_word};
use crate::reading::{Token, TokenKind, Value};

/// The minutes of a number of units; what is less than a minute counts as one.
pub(super) fn minutes(count: f64, unit: &str) -> Option<u32> {
    let one = match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0 / 60.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 1.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 60.0,
        "d" | "day" | "days" | "night" | "nights" => 1_440.0,
        "w" | "wk" | "wks" | "week" | "weeks" => 10_080.0,
        "fortnight" | "fortnights" => 20_160.0,
        "mo" | "mos" | "month" | "months" => 43_200.0,
        "quarter" | "quarters" => 129_600.0,
        "yr" | "yrs" | "year" | "years" => 525_600.0,
        _ => return None,
    };
    let minutes = (count * one).round();
    (0.0..=4e9).contains(&minutes).then(|| (minutes as u32).max(1))
}

/// "24 hours", "two weeks", "half an hour", "an hour and a half", "one and a half hours", "1 h 30 min".
pub(super) fn spoken(before: &[Token], ahead: &[Token]) -> Option<(usize, Value)> {
    let (length, minutes) = fraction(ahead).or_else(|| counted(ahead)).or_else(|| single(before, ahead))?;
    // "1h 30min", "an hour and 20 minutes"
    let and = usize::from(word(ahead, length) == Some("and"));
    let rest = ahead.get(length + and..).unwrap_or_default();
    if let Some((more, small)) = counted(rest).filter(|(_, small)| minutes >= 60 && *small < 60 && minutes <= 1_440) {
        return Some((length + and + more, Value::Duration(minutes + small)));
    }
    Some((length, Value::Duration(minutes)))
}

fn word(ahead: &[Token], at: usize) -> Option<&str> {
    ahead.get(at)?.word()
}

fn words<const N: usize>(ahead: &[Token]) -> [Option<&str>; N] {
    std::array::from_fn(|at| word(ahead, at))
}

fn unit(ahead: &[Token], at: usize, count: f64) -> Option<u32> {
    // "the two second ones"; "5 m" are metres.
    word(ahead, at)
        .filter(|unit| !matches!(*unit, "m" | "s" | "d" | "w") && (*unit != "second" || count == 1.0))
        .and_then(|unit| minutes(count, unit))
}

/// "half an hour", "a quarter of an hour", "three quarters of an hour".
fn fraction(ahead: &[Token]) -> Option<(usize, u32)> {
    match words::<5>(ahead) {
        [Some("half"), Some("a" | "an"), ..] => Some((3, unit(ahead, 2, 0.5)?)),
        [Some("quarter"), Some("of"), Some("a" | "an"), Some("hour"), _] => Some((4, 15)),
        [Some("a"), Some("quarter"), Some("of"), Some("a" | "an"), Some("hour")] => Some((5, 15)),
        [Some("three"), Some("quarters"), Some("of"), Some("a" | "an"), Some("hour")] => Some((5, 45)),
        [Some("a"), Some("half"), Some("hour"), ..] => Some((3, 30)),
        _ => None,
    }
}

/// "24 hours", "two working days", "one and a half hours", "two-week", "30min".
fn counted(ahead: &[Token]) -> Option<(usize, u32)> {
    let first = ahead.first()?;
    if let TokenKind::Value(Value::Duration(minutes)) = first.kind {
        return Some((1, minutes));
    }
    if let Some((number, name)) = first.word().and_then(|word| word.split_once('-')) {
        return Some((1, minutes(f64::from(number_word(number)?), name)?));
    }
    let (mut length, mut number) = match words::<3>(ahead) {
        [Some("a"), Some("couple"), Some("of")] => (3, 2.0),
        [Some("couple"), Some("of"), _] => (2, 2.0),
        _ => count(ahead)?,
    };
    if words::<3>(ahead.get(length..)?) == [Some("and"), Some("a"), Some("half")] {
        (length, number) = (length + 3, number + 0.5);
    }
    let kind = matches!(word(ahead, length), Some("working" | "business" | "calendar" | "full" | "whole" | "more"));
    let at = length + usize::from(kind);
    let minutes = unit(ahead, at, number)?;
    if words::<3>(ahead.get(at + 1..)?) == [Some("and"), Some("a"), Some("half")] {
        return Some((at + 4, unit(ahead, at, number + 0.5)?));
    }
    Some((at + 1, minutes))
}

/// "an hour and a half"; "an hour" where no rate is meant ("twice an hour").
fn single(before: &[Token], ahead: &[Token]) -> Option<(usize, u32)> {
    let [Some("a" | "an"), Some(_), ..] = words::<2>(ahead) else { return None };
    if words::<3>(ahead.get(2..)?) == [Some("and"), Some("a"), Some("half")] {
        return Some((5, unit(ahead, 1, 1.5)?));
    }
    let spans = ["for", "within", "in", "after", "than", "takes", "take", "least", "most", "about"];
    before.last()?.word().filter(|word| spans.contains(word))?;
    Some((2, unit(ahead, 1, 1.0)?))
}
