//! Days of the week.

use super::view::View;
use crate::reading::Mark;

/// A set of days; bit 0 is Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days(pub(super) u8);

pub(super) const ALL: Days = Days(0b111_1111);
pub(super) const WEEKDAYS: Days = Days(0b011_1110);
pub(super) const WEEKEND: Days = Days(0b100_0001);

pub(crate) const NAMES: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const SHORT: [(&str, u8); 13] = [
    ("sun", 0),
    ("mon", 1),
    ("tue", 2),
    ("tues", 2),
    ("wed", 3),
    ("weds", 3),
    ("thu", 4),
    ("thur", 4),
    ("thurs", 4),
    ("fri", 5),
    ("sat", 6),
    ("mo", 1),
    ("fr", 5),
];

impl Days {
    pub(super) fn one(day: u8) -> Self {
        Self(1 << (day % 7))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// As cron has it: "1-5", "0,6".
    pub(super) fn cron(self) -> String {
        if self == ALL {
            return "*".to_owned();
        }
        let days: Vec<u8> = (0..7).filter(|day| self.0 & (1 << day) != 0).collect();
        match days.as_slice() {
            [first, .., last] if days.len() > 2 && usize::from(last - first) + 1 == days.len() => {
                format!("{first}-{last}")
            }
            _ => days.iter().map(u8::to_string).collect::<Vec<_>>().join(","),
        }
    }
}

/// The day that a word names, and whether it is in the plural ("Mondays").
pub(super) fn day(word: &str) -> Option<(u8, bool)> {
    let named = |name: &str| NAMES.iter().zip(0..).find_map(|(day, number)| (*day == name).then_some(number));
    named(word)
        .map(|day| (day, false))
        .or_else(|| word.strip_suffix('s').and_then(named).map(|day| (day, true)))
        .or_else(|| SHORT.iter().find(|(short, _)| *short == word).map(|(_, day)| (*day, false)))
}

/// A day at this place. Short names are words of their own as well ("sun", "sat"): they need a capital.
fn day_at(view: View<'_>, at: usize) -> Option<(u8, bool)> {
    let word = view.word(at)?;
    let capital = view.raw(at).starts_with(char::is_uppercase);
    day(word).filter(|_| word.len() > 5 || capital || !matches!(word, "sun" | "sat" | "wed" | "mo" | "fr" | "mon"))
}

/// "mon-fri"
fn hyphened(view: View<'_>, at: usize) -> Option<Days> {
    let (from, to) = view.word(at)?.split_once('-')?;
    Some(range(day(from)?.0, day(to)?.0))
}

fn range(from: u8, to: u8) -> Days {
    let length = (to + 7 - from) % 7;
    (0..=length).fold(Days(0), |days, more| days.and(Days::one(from + more)))
}

/// Days that a list or range names.
pub(super) struct List {
    pub(super) days: Days,
    pub(super) length: usize,
    /// More than one day, or a plural: a rhythm by itself.
    pub(super) several: bool,
}

/// "Monday", "Mondays and Thursdays", "Mon, Wed & Fri", "Monday to Friday", "Mon-Fri", "weekdays", "weekends".
pub(super) fn list(view: View<'_>, at: usize) -> Option<List> {
    let mut list: Option<List> = None;
    let mut next = at;
    for _ in 0..14 {
        let Some((days, length, plural)) = entry(view, next) else { break };
        let before = list.as_ref().map_or(Days(0), |list| list.days);
        let several = list.is_some() || plural;
        list = Some(List { days: before.and(days), length: next + length - at, several });
        next += length;
        let mut link = next;
        link += usize::from(view.mark(link) == Some(Mark::Comma) || view.raw(link) == "/");
        let and = view.is(link, &["and", "or"]) || view.raw(link) == "&";
        link += usize::from(and);
        link += usize::from(and && view.is(link, &["on", "every", "each"]));
        if link == next {
            break;
        }
        next = link;
    }
    list
}

fn entry(view: View<'_>, at: usize) -> Option<(Days, usize, bool)> {
    if let Some(days) = hyphened(view, at) {
        return Some((days, 1, true));
    }
    match view.words::<2>(at) {
        [Some("weekdays" | "workdays"), _] => return Some((WEEKDAYS, 1, true)),
        [Some("weekday" | "workday"), _] => return Some((WEEKDAYS, 1, false)),
        [Some("working" | "business" | "week" | "work"), Some(unit @ ("days" | "day"))] => {
            return Some((WEEKDAYS, 2, unit == "days"));
        }
        [Some("weekends"), _] => return Some((WEEKEND, 1, true)),
        [Some("weekend"), _] => return Some((WEEKEND, 1, false)),
        _ => {}
    }
    let (from, plural) = day_at(view, at)?;
    let dash = matches!(view.raw(at + 1), "-" | "–" | "—");
    let to = dash || view.is(at + 1, &["to", "through", "till", "until", "thru"]);
    if let Some((to, _)) = to.then(|| day_at(view, at + 2)).flatten() {
        return Some((range(from, to), 3, true));
    }
    Some((Days::one(from), 1, plural))
}
