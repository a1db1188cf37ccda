//! Numbers, amounts, times and spans of time as one piece without blanks writes them.

use super::{cardinals::count, durations::minutes, times};
use crate::reading::{Token, TokenKind, Value};

const CURRENCIES: [char; 6] = ['$', '€', '£', '¥', '₹', '₽'];

/// What a piece that holds a digit says.
pub(super) fn written(piece: &str) -> Option<Value> {
    if !piece.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if date(piece) {
        return Some(Value::Date(piece.to_owned()));
    }
    if let Some((hour, minute)) = times::written(piece) {
        return Some(Value::Time(hour, minute));
    }
    let bare = piece.trim_start_matches(['~', '+']);
    if bare.len() > 7 && bare.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Value::Identifier(piece.to_owned()));
    }
    if let Some(number) = number(bare) {
        return Some(Value::Number(number));
    }
    if amount(bare) {
        return Some(Value::Amount(piece.to_owned()));
    }
    let digits = bare.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(bare.len());
    let unit = bare.get(digits..)?;
    let unit = unit.strip_prefix('-').unwrap_or(unit);
    Some(Value::Duration(minutes(bare.get(..digits)?.parse().ok()?, unit)?))
}

/// "1,000", "3.5", "-4", "1k", "2.5M".
pub(super) fn number(piece: &str) -> Option<f64> {
    let (sign, digits) = piece.strip_prefix('-').map_or((1.0, piece), |rest| (-1.0, rest));
    let (digits, factor) = match digits.strip_suffix(['k', 'K', 'M']) {
        Some(rest) if digits.ends_with('M') => (rest, 1e6),
        Some(rest) => (rest, 1e3),
        None => (digits, 1.0),
    };
    let plain = if grouped(digits) { digits.replace(',', "") } else { digits.to_owned() };
    let fits = plain.starts_with(|c: char| c.is_ascii_digit())
        && plain.ends_with(|c: char| c.is_ascii_digit())
        && plain.chars().all(|c| c.is_ascii_digit() || c == '.')
        && plain.matches('.').count() < 2;
    fits.then(|| plain.parse::<f64>().ok()).flatten().map(|number| sign * number * factor)
}

/// "1,000,000.5"
fn grouped(digits: &str) -> bool {
    let whole = digits.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && whole.contains(',')
        && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
}

/// "$5", "€4,000", "5€", "20%", "3°C", "$1.5k".
fn amount(piece: &str) -> bool {
    let (sign, rest) = piece.strip_prefix('-').map_or(("", piece), |rest| ("-", rest));
    if let Some(rest) = rest.strip_prefix(CURRENCIES) {
        return number(rest).is_some();
    }
    if let Some(rest) = rest.strip_prefix("US$") {
        return number(rest).is_some();
    }
    ["%", "°C", "°F", "°", "€", "$", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF"]
        .iter()
        .find_map(|unit| rest.strip_suffix(unit))
        .is_some_and(|rest| number(&format!("{sign}{rest}")).is_some())
}

/// "2026-12-24", "2026-12-24T09:00:00Z", "25/12/2026", "24.12.26".
fn date(piece: &str) -> bool {
    let day = piece.split(['T']).next().unwrap_or_default();
    let Some(sign) = day.chars().find(|c| matches!(c, '-' | '/' | '.')) else { return false };
    let parts: Vec<&str> = day.split(sign).collect();
    let numbers: Option<Vec<u32>> = parts
        .iter()
        .map(|part| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten())
        .collect();
    let (Some(numbers), [first, _, last]) = (numbers, parts.as_slice()) else { return false };
    let fits = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    match numbers.as_slice() {
        [_, month, day] if first.len() == 4 => fits(*day, *month),
        [a, b, _]
            if matches!(last.len(), 2 | 4)
                && day.len() == piece.len()
                && (sign != '.' || last.len() == 4 || first.len() == 2) =>
        {
            fits(*a, *b) || fits(*b, *a)
        }
        _ => false,
    }
}

/// "4000 euros", "20 %", "USD 100", "three", "a dozen".
pub(super) fn spoken(text: &str, ahead: &[Token]) -> Option<(usize, Value)> {
    let raw = |from: usize, to: usize| text.get(ahead.get(from)?.start..ahead.get(to)?.end).map(str::to_owned);
    let first = ahead.first()?;
    // "€ 50", "USD 100"
    let sign = first.raw(text);
    let signed = is_currency(sign) || (sign.starts_with(CURRENCIES) && first.mark().is_some());
    if signed && let Some(Token { kind: TokenKind::Value(Value::Number(_)), .. }) = ahead.get(1) {
        return Some((2, Value::Amount(raw(0, 1)?)));
    }
    let (length, number) = count(ahead)?;
    let unit = ahead.get(length).map(|token| (token.word(), token.raw(text)));
    let unit_length = match unit {
        Some((Some("per"), _)) if ahead.get(length + 1)?.word() == Some("cent") => 2,
        Some((Some("degrees" | "degree"), _)) => {
            let scale = ahead.get(length + 1).and_then(Token::word);
            1 + usize::from(matches!(scale, Some("celsius" | "fahrenheit" | "c" | "f")))
        }
        Some((Some(word), raw)) if is_money(word) || is_currency(raw) => 1,
        Some((None, "%" | "€" | "$" | "£" | "¥" | "°C" | "°F" | "°")) => 1,
        _ => 0,
    };
    if unit_length > 0 {
        return Some((length + unit_length, Value::Amount(raw(0, length + unit_length - 1)?)));
    }
    // "one" is as often a pronoun; a single number in digits is one already.
    let said = length > 1 || first.word().is_some_and(|word| word != "one");
    said.then_some((length, Value::Number(number)))
}

const MONEY: [&str; 26] = [
    "euro", "euros", "eur", "dollar", "dollars", "usd", "pound", "pounds", "gbp", "franc", "francs", "chf", "yen",
    "jpy", "cents", "percent", "pct", "rupee", "rupees", "inr", "yuan", "cny", "bitcoin", "btc", "eth", "bucks",
];

/// What an amount is counted in: "euros", "percent".
pub(crate) fn is_money(word: &str) -> bool {
    MONEY.contains(&word)
}

fn is_currency(raw: &str) -> bool {
    ["USD", "EUR", "GBP", "CHF", "JPY", "INR", "AUD", "CAD"].contains(&raw)
}
