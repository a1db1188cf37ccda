//! Values and times as people say them: "five", "yes", "5 seconds", "half an hour".

use serde_json::Value;
use shared::json;

use crate::{catalogue::schema::Types, patcher::find::bare};

/// Whether a text is a quoted one and nothing else.
pub(super) fn is_quote(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', ';', ',', '!', '?', ':']);
    quoted(text) && bare(text).len() < text.len()
}

/// Units of time, as inputs are called by them.
pub(super) const UNITS: [(&str, f64); 4] = [("seconds", 1.0), ("minutes", 60.0), ("hours", 3600.0), ("days", 86400.0)];

/// Whether an input is a time in one unit.
pub(super) fn is_unit(name: &str) -> bool {
    UNITS.iter().any(|(unit, _)| *unit == name)
}

/// A number with its unit of time: "5 seconds".
pub(super) fn amount_of(text: &str) -> Option<(f64, &'static str)> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| {
        UNITS.iter().any(|(unit, _)| {
            *word == *unit
                || format!("{word}s") == *unit
                || *word == "sec"
                || *word == "min"
                || *word == "secs"
                || *word == "mins"
        })
    })?;
    let unit = match *words.get(at)? {
        "sec" | "secs" => "seconds",
        "min" | "mins" => "minutes",
        word => UNITS.iter().map(|(unit, _)| *unit).find(|unit| word == *unit || format!("{word}s") == *unit)?,
    };
    let before = words.get(at.checked_sub(1)?)?;
    // "half an hour"
    if matches!(*before, "a" | "an") && at.checked_sub(2).and_then(|at| words.get(at)) == Some(&"half") {
        let halves = [("minutes", "seconds", 30.0), ("hours", "minutes", 30.0), ("days", "hours", 12.0)];
        return halves.iter().find(|(whole, ..)| *whole == unit).map(|(_, smaller, amount)| (*amount, *smaller));
    }
    let amount = match *before {
        "a" | "an" | "one" => 1.0,
        "half" => 0.5,
        word => match typed(word, Types::NUMBER).or_else(|| number(word)) {
            Some(value) => value.as_f64()?,
            None => return None,
        },
    };
    Some((amount, unit))
}

/// A value of a type, from a text.
pub(super) fn typed(text: &str, types: Types) -> Option<Value> {
    let text = text.trim();
    if types.is_any() || types.admits(&Value::from("")) {
        // "5" for what may be a number too.
        let number = json::spelt(text).filter(|value| value.is_number() && !types.is_any() && types.admits(value));
        return Some(number.unwrap_or_else(|| Value::from(text)));
    }
    if types.admits(&Value::Bool(true)) {
        return match text.to_lowercase().as_str() {
            "true" | "yes" | "on" | "enabled" | "active" => Some(Value::Bool(true)),
            "false" | "no" | "off" | "disabled" | "inactive" | "none" => Some(Value::Bool(false)),
            _ => None,
        };
    }
    if let Some(value) = json::spelt(text)
        && types.admits(&value)
    {
        return Some(value);
    }
    // "60 seconds" is 60.
    if let Some(number) = number(text).filter(|value| types.admits(value)) {
        return Some(number);
    }
    let list = types.admits(&Value::Array(Vec::new())) && !text.starts_with(['[', '{']);
    list.then(|| text.split(',').flat_map(|part| part.split(" and ")).map(|part| Value::from(part.trim())).collect())
}

/// The only number of a short text: "5", "five", "60 seconds".
pub(super) fn number(text: &str) -> Option<Value> {
    let tokens = crate::reading::tokens(text);
    if tokens.len() > 4 {
        return None;
    }
    let mut numbers = tokens.iter().filter_map(|token| match token.value() {
        Some(crate::reading::Value::Number(number)) => Some(*number),
        Some(crate::reading::Value::Duration(_) | crate::reading::Value::Amount(_)) => {
            let raw = token.raw(text);
            let digits: String = raw
                .chars()
                .skip_while(|c| !c.is_ascii_digit())
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect();
            digits.parse::<f64>().ok()
        }
        _ => None,
    });
    let only = numbers.next().filter(|_| numbers.next().is_none())?;
    Some(if only.fract() == 0.0 && only.abs() < 9e15 { Value::from(only as i64) } else { Value::from(only) })
}

pub(super) fn quoted(text: &str) -> bool {
    text.trim().starts_with(['"', '“', '\'', '‘', '`'])
}
