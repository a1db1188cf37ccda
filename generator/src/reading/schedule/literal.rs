//! A cron expression that the person wrote.

use super::{days::day, view::View};
use crate::reading::{Span, TokenKind, Value};

/// The least and the most of each field.
const BOUNDS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];
const LONGEST: usize = 80;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// "0 9 * * 1", "`*/10 * * * *`", "@daily" at this place.
pub(super) fn literal(view: View<'_>, at: usize) -> Option<(Span, String)> {
    let token = view.token(at)?;
    let before = (1..=3).filter_map(|back| view.back(at, back));
    let named = before.into_iter().any(|word| matches!(word, "cron" | "crontab" | "cronjob" | "schedule"));
    let (start, span) = match &token.kind {
        TokenKind::Value(Value::Quoted(text)) => {
            return cron(&text.split_whitespace().collect::<Vec<_>>()).map(|cron| (at..at + 1, cron));
        }
        TokenKind::Value(Value::Handle(name)) => return nicknamed(name).map(|cron| (at..at + 1, cron.to_owned())),
        _ if view.raw(at).starts_with(|c: char| c.is_ascii_digit() || c == '*') => (token.start, at),
        // A line that begins with a star looks like an entry of a list.
        TokenKind::Mark(_) if view.raw(at).ends_with('*') => (token.end - 1, at),
        _ => return None,
    };
    // Longer than any expression that someone writes.
    let end =
        (start + LONGEST..view.text.len()).find(|end| view.text.is_char_boundary(*end)).unwrap_or(view.text.len());
    let line = view.text.get(start..end)?.lines().next()?;
    let mut fields = Vec::new();
    let mut end = 0;
    while fields.len() < BOUNDS.len() {
        let from = end + line.get(end..)?.find(|c: char| !c.is_whitespace())?;
        let length = line.get(from..)?.find(char::is_whitespace).unwrap_or(line.len() - from);
        fields.push(line.get(from..from + length)?);
        end = from + length;
    }
    let last = fields.pop()?;
    let bare = last.trim_end_matches(['.', ',', ';', ')', '`', '"', '\'', ':']);
    fields.push(bare);
    end = start + end - (last.len() - bare.len());
    if !named && !fields.contains(&"*") {
        return None;
    }
    let cron = cron(&fields)?;
    let length = view.tokens.get(span..)?.iter().take_while(|token| token.start < end).count();
    Some((span..span + length, cron))
}

/// The five fields of a nickname such as `@daily`.
pub(crate) fn nicknamed(name: &str) -> Option<&'static str> {
    match name {
        "@hourly" => Some("0 * * * *"),
        "@daily" | "@midnight" => Some("0 0 * * *"),
        "@weekly" => Some("0 0 * * 0"),
        "@monthly" => Some("0 0 1 * *"),
        "@yearly" | "@annually" => Some("0 0 1 1 *"),
        _ => None,
    }
}

/// Five fields with names put into numbers; `None` if they are not a cron expression.
pub(crate) fn cron(fields: &[&str]) -> Option<String> {
    if fields.len() != BOUNDS.len() {
        return None;
    }
    let fields: Option<Vec<String>> =
        fields.iter().zip(BOUNDS).enumerate().map(|(index, (field, bounds))| list(field, index, bounds)).collect();
    Some(fields?.join(" "))
}

fn list(field: &str, index: usize, bounds: (u32, u32)) -> Option<String> {
    let parts: Option<Vec<String>> = field.split(',').map(|part| part_of(part, index, bounds)).collect();
    Some(parts?.join(","))
}

/// "*", "*/5", "1-5", "8-18/2", "MON".
fn part_of(part: &str, index: usize, bounds: (u32, u32)) -> Option<String> {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    let step = match step {
        Some(step) => format!("/{}", step.parse::<u32>().ok().filter(|step| (1..60).contains(step))?),
        None => String::new(),
    };
    if range == "*" {
        return Some(format!("*{step}"));
    }
    let (from, to) = range.split_once('-').map_or((range, None), |(from, to)| (from, Some(to)));
    let from = number(from, index, bounds)?;
    Some(match to {
        Some(to) => format!("{from}-{}{step}", number(to, index, bounds)?),
        None => format!("{}{step}", if index == 4 { from % 7 } else { from }),
    })
}

fn number(text: &str, index: usize, (least, most): (u32, u32)) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    match index {
        3 if lower.len() == 3 && lower.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            MONTHS.iter().zip(1..).find_map(|(name, month)| (*name == lower).then_some(month))
        }
        4 if lower.len() == 3 && lower.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            day(&lower).map(|(day, _)| day.into())
        }
        _ => text.parse().ok().filter(|number| (least..=most).contains(number)),
    }
}
