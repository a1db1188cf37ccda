//! Time zones.

use super::view::View;
use crate::reading::token::AREAS;

/// Unmistakable in capitals.
const LONG: [&str; 33] = [
    "UTC", "GMT", "CST", "CDT", "EST", "EDT", "MST", "MDT", "PST", "PDT", "BST", "CET", "CEST", "EET", "EEST", "WET",
    "WEST", "MSK", "IST", "SGT", "HKT", "JST", "KST", "AEST", "AEDT", "ACST", "AWST", "NZST", "NZDT", "BRT", "AKST",
    "HST", "SAST",
];
/// Only right after a time.
const SHORT: [&str; 5] = ["ET", "CT", "MT", "PT", "Z"];

/// "CST", "UTC+2", "Europe/Berlin", "Berlin time", "local time": how many tokens, and the zone.
pub(super) fn zone(view: View<'_>, at: usize, after_time: bool) -> Option<(usize, Option<String>)> {
    let first = view.token(at)?;
    let raw = view.raw(at);
    let touching = |from: usize| {
        let mut end = from;
        while let (Some(last), Some(next)) = (view.token(end), view.token(end + 1)) {
            if last.end != next.start || !fits(view.raw(end + 1)) {
                break;
            }
            end += 1;
        }
        end
    };
    let text = |last: usize| view.text.get(first.start..view.token(last)?.end).map(str::to_owned);
    if view.is(at, &AREAS) && view.raw(at + 1) == "/" {
        let last = touching(at);
        return Some((last + 1 - at, text(last)));
    }
    let name = raw.split(['+', '-']).next().unwrap_or_default();
    if LONG.contains(&name) || (after_time && SHORT.contains(&name)) {
        let last = touching(at);
        return Some((last + 1 - at, text(last)));
    }
    if after_time && view.is(at, &["local", "my"]) {
        let local = at + usize::from(view.is(at, &["my"]));
        return (view.words::<2>(local) == [Some("local"), Some("time")]).then_some((local + 2 - at, None));
    }
    let place = |at: usize| view.word(at).is_some() && view.raw(at).starts_with(char::is_uppercase);
    let length = (1..=2).find(|length| view.is(at + length, &["time"]) && (at..at + length).all(place))?;
    after_time.then(|| (length + 1, text(at + length)))
}

/// What may be written right after a part of a zone: "+2", "/Berlin".
fn fits(raw: &str) -> bool {
    matches!(raw, "+" | "-" | "/" | "−" | "–" | ":" | "_")
        || raw.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-')
        || raw.starts_with(|c: char| c.is_ascii_uppercase())
}
