//! A time of day.

use super::cardinals::number_word;
use crate::reading::{Mark, Token, TokenKind, Value};

/// "9am", "9:30am", "18:15", "9h30", "9.30pm".
pub(super) fn written(piece: &str) -> Option<(u8, u8)> {
    let digits = piece.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
    let suffix: String =
        piece.get(digits.len()..)?.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect();
    let split = digits.split_once([':', 'h', 'H']).or_else(|| digits.split_once('.').filter(|_| !suffix.is_empty()));
    let (hour, minute) = match split {
        Some((hour, minute)) => {
            // Seconds say nothing.
            let minute = minute.split(':').next().unwrap_or_default();
            if minute.len() != 2 {
                return None;
            }
            (hour, minute)
        }
        None if suffix.is_empty() => return None,
        None => (digits, "0"),
    };
    if !(1..=2).contains(&hour.len()) {
        return None;
    }
    on_the_clock(hour.parse().ok()?, minute.parse().ok()?, &suffix)
}

/// Hour and minute with "am" or "pm" after it, or nothing.
fn on_the_clock(hour: u8, minute: u8, half: &str) -> Option<(u8, u8)> {
    let hour = match half {
        "" if hour == 24 && minute == 0 => 0,
        "" => hour,
        "am" if hour == 12 => 0,
        "am" if hour < 13 => hour,
        "pm" if hour < 12 => hour + 12,
        "pm" => hour,
        _ => return None,
    };
    (hour < 24 && minute < 60).then_some((hour, minute))
}

/// "noon", "nine o'clock", "half past nine", "9 pm", "8 in the evening", and a bare hour after "at", "by", "around".
pub(super) fn spoken(text: &str, before: &[Token], ahead: &[Token]) -> Option<(usize, Value)> {
    let (length, hour, minute) = named(ahead)
        .or_else(|| past(before, ahead))
        .or_else(|| suffixed(text, ahead))
        .or_else(|| bare(text, before, ahead))?;
    Some((length, Value::Time(hour, minute)))
}

fn word(ahead: &[Token], at: usize) -> Option<&str> {
    ahead.get(at)?.word()
}

fn named(ahead: &[Token]) -> Option<(usize, u8, u8)> {
    match word(ahead, 0)? {
        "noon" | "midday" => Some((1, 12, 0)),
        "midnight" => Some((1, 0, 0)),
        _ => None,
    }
}

/// A whole number up to `most`, in digits or as a word.
fn whole(token: Option<&Token>, most: u8) -> Option<u8> {
    let number = match &token?.kind {
        TokenKind::Value(Value::Number(number)) if number.fract() == 0.0 && (0.0..=60.0).contains(number) => {
            *number as u8
        }
        TokenKind::Word(word) => number_word(word)?,
        _ => return None,
    };
    (number <= most).then_some(number)
}

/// "half past nine", "a quarter to five", "twenty past eight".
fn past(before: &[Token], ahead: &[Token]) -> Option<(usize, u8, u8)> {
    let skip = usize::from(word(ahead, 0) == Some("a"));
    let (part, sure) = match word(ahead, skip) {
        Some("half") => (30, true),
        Some("quarter") => (15, true),
        _ => (whole(ahead.get(skip), 29)?, after_preposition(before).is_some()),
    };
    let unit = usize::from(matches!(word(ahead, skip + 1), Some("minutes" | "min")));
    let side = word(ahead, skip + 1 + unit)?;
    let hour = whole(ahead.get(skip + 2 + unit), 12)?;
    let (hour, minute) = match side {
        "past" | "after" if sure || side == "past" => (hour, part),
        "to" | "before" if sure && part < 30 => (if hour == 0 { 23 } else { hour - 1 }, 60 - part),
        _ => return None,
    };
    let length = skip + 3 + unit;
    let (more, hour) = half(ahead, length, hour)?;
    Some((length + more, hour, minute))
}

/// What follows an hour and tells which half of the day it lies in: how many tokens, and the hour of the day.
fn half(ahead: &[Token], at: usize, hour: u8) -> Option<(usize, u8)> {
    let next = [0, 1, 2].map(|more| word(ahead, at + more));
    let (length, half) = match next {
        [Some("am"), ..] => (1, "am"),
        [Some("pm"), ..] => (1, "pm"),
        [Some("in"), Some("the"), Some("morning" | "mornings")] => (3, "am"),
        [Some("in"), Some("the"), Some("afternoon" | "evening" | "afternoons" | "evenings")] => (3, "pm"),
        [Some("at"), Some("night"), _] => (2, if hour < 5 || hour == 12 { "am" } else { "pm" }),
        _ => return Some((0, hour)),
    };
    // "18:15 in the evening"
    Some((length, on_the_clock(hour, 0, if hour > 12 { "" } else { half })?.0))
}

/// "9 pm", "9:30 am", "nine o'clock", "8 in the morning".
fn suffixed(text: &str, ahead: &[Token]) -> Option<(usize, u8, u8)> {
    let (length, hour, minute) = match ahead.first()?.kind {
        TokenKind::Value(Value::Time(hour, minute)) => (1, hour, minute),
        _ => hour(text, ahead)?,
    };
    let oclock = usize::from(matches!(word(ahead, length), Some("oclock" | "o-clock")));
    let (more, hour) = half(ahead, length + oclock, hour)?;
    (oclock + more > 0).then_some((length + oclock + more, hour, minute))
}

/// "9", "nine", "nine thirty", "9.30".
fn hour(text: &str, ahead: &[Token]) -> Option<(usize, u8, u8)> {
    let first = ahead.first()?;
    if let Some(hour) = whole(Some(first), 24) {
        let spoken = first.word().is_some() && hour < 13;
        let minute = ahead.get(1).filter(|next| spoken && next.word().is_some()).and_then(|next| whole(Some(next), 59));
        return Some(minute.filter(|minute| *minute > 9).map_or((1, hour, 0), |minute| (2, hour, minute)));
    }
    let (hour, minute) = first.raw(text).split_once('.').filter(|(_, minute)| minute.len() == 2)?;
    let (hour, minute) = on_the_clock(hour.parse().ok()?, minute.parse().ok()?, "")?;
    Some((1, hour, minute))
}

/// "at", "by", "around" right before this.
fn after_preposition(before: &[Token]) -> Option<&str> {
    let last = before.last()?.word()?;
    matches!(last, "at" | "by" | "around" | "about" | "until" | "till" | "before" | "after").then_some(last)
}

/// Words that may follow an hour, and never what is counted.
const FOLLOWING: [&str; 40] = [
    "each", "every", "on", "daily", "in", "and", "or", "sharp", "today", "tomorrow", "tonight", "the", "a", "an", "it",
    "my", "me", "us", "our", "to", "then", "local", "time", "et", "est", "edt", "cst", "cdt", "pst", "pdt", "cet",
    "cest", "gmt", "utc", "bst", "send", "post", "with", "i", "weekdays",
];

/// "at 9", and "at 9 and 17".
fn bare(text: &str, before: &[Token], ahead: &[Token]) -> Option<(usize, u8, u8)> {
    let first = ahead.first()?;
    let (length, hour, minute) = hour(text, ahead)?;
    let (hour, minute) = on_the_clock(hour, minute, "")?;
    let end = ahead.get(length - 1)?.end;
    let listed = match before {
        [.., Token { kind: TokenKind::Value(Value::Time(..)), .. }, link] => {
            matches!(link.kind, TokenKind::Mark(Mark::Comma)) || matches!(link.word(), Some("and" | "or"))
        }
        _ => false,
    };
    let preposition = after_preposition(before);
    // "Fridays at four go over it"
    let dated = before.len().checked_sub(2).and_then(|at| before.get(at)?.word()).is_some_and(is_day);
    let free = match ahead.get(length) {
        None => true,
        Some(_) if dated && preposition == Some("at") => true,
        Some(Token { kind: TokenKind::Mark(mark), start, .. }) => !(*mark == Mark::Other && *start == end),
        Some(Token { kind: TokenKind::Value(_), .. }) => false,
        Some(next) => {
            let word = next.word().unwrap_or_default();
            let verb =
                ahead.get(length + 1).is_some_and(|token| token.word().is_some_and(|word| FOLLOWING.contains(&word)));
            FOLLOWING.contains(&word)
                // "at 9 get the list", not "at 9 places", "at 9 percent".
                || (preposition == Some("at") && first.word().is_none() && !COUNTED.contains(&word) && (!word.ends_with('s') || verb))
        }
    };
    let fits = match preposition {
        Some("at" | "by" | "around") => true,
        // "before 9" and "after 9" tell a time only of a day.
        Some(_) => false,
        None => listed,
    };
    (fits && free).then_some((length, hour, minute))
}

const COUNTED: [&str; 8] = ["per", "percent", "of", "different", "most", "least", "people", "or"];

/// A word that names a day or a part of it: an hour may follow.
fn is_day(word: &str) -> bool {
    let name = word.trim_end_matches('s');
    name.ends_with("day")
        || matches!(name, "daily" | "morning" | "afternoon" | "evening" | "night" | "weekend" | "weekly")
}
