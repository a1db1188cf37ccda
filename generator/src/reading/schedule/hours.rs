//! Times of day in the neighbourhood of a rhythm.

use super::{every::Part, view::View, zones::zone};
use crate::reading::{Mark, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    /// Neither "am" nor "pm", nor written with 24 hours.
    pub(super) bare: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Times {
    pub(super) clocks: Vec<Clock>,
    pub(super) zone: Option<String>,
    /// It is said that it happens then ("at", "by"), not just named.
    pub(super) said: bool,
}

/// Before a time that is a bound of something, or the time of something else.
const BOUNDS: [&str; 9] = ["since", "after", "before", "until", "till", "from", "between", "than", "past"];
/// What has a time of its own.
pub(super) const APPOINTMENTS: [&str; 22] = [
    "meeting",
    "meetings",
    "call",
    "calls",
    "appointment",
    "appointments",
    "event",
    "events",
    "flight",
    "flights",
    "table",
    "reservation",
    "dinner",
    "lunch",
    "train",
    "starts",
    "start",
    "ends",
    "begins",
    "slot",
    "due",
    "interview",
];
pub(super) const ELSEWHEN: [&str; 5] = ["today", "tomorrow", "tonight", "yesterday", "this"];

/// "at 9", "9am and 5pm CST", "by 8".
pub(super) fn times(view: View<'_>, at: usize) -> Option<(Span, Times)> {
    let said = view.is(at, &["at", "around", "by", "about"]) || view.raw(at) == "@";
    // "Time: 8:30"
    let labelled = view.mark(at.saturating_sub(1)) == Some(Mark::Colon)
        && view.is(at.saturating_sub(2), &["time", "when", "hour"]);
    let approximately = usize::from(said && view.is(at + 1, &["around", "about", "exactly", "precisely"]));
    let mut next = at + usize::from(said) + approximately;
    let before = at.checked_sub(1);
    if before
        .is_some_and(|before| view.is(before, &BOUNDS) || view.is(before, &APPOINTMENTS) || view.is(before, &ELSEWHEN))
    {
        return None;
    }
    let mut clocks = vec![clock(view, next)?];
    next += 1;
    let mut zoned = None;
    loop {
        let open = usize::from(view.mark(next) == Some(Mark::Open));
        if let Some((length, zone)) = zone(view, next + open, true) {
            let close = usize::from(open == 1 && view.mark(next + open + length) == Some(Mark::Close));
            zoned = zoned.or(zone);
            next += open + length + close;
        }
        let mut link = next + usize::from(view.mark(next) == Some(Mark::Comma) || view.raw(next) == "&");
        link += usize::from(view.is(link, &["and", "or"]));
        link += usize::from(link > next && view.is(link, &["at", "again"]));
        link += usize::from(link > next && view.is(link, &["at"]));
        match clock(view, link).filter(|_| link > next) {
            Some(clock) => clocks.push(clock),
            None => break,
        }
        next = link + 1;
    }
    if view.is(next, &ELSEWHEN) {
        return None;
    }
    next += usize::from(view.is(next, &["sharp"]));
    Some((at..next, Times { clocks, zone: zoned, said: said || labelled }))
}

fn clock(view: View<'_>, at: usize) -> Option<Clock> {
    let (hour, minute) = view.time(at)?;
    let raw = view.raw(at).to_lowercase();
    let told = ["am", "pm", "a.m", "p.m", ":", "noon", "midday", "midnight", "morning", "evening", "night"];
    let french = raw.starts_with(|c: char| c.is_ascii_digit()) && raw.contains('h') && !raw.contains("clock");
    Some(Clock { hour, minute, bare: !french && !told.iter().any(|word| raw.contains(word)) })
}

/// From one hour to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: u8,
    pub(super) to: u8,
    /// "during working hours": from Monday to Friday, if nothing else is said.
    pub(super) working: bool,
}

/// "between 8am and 10pm", "from 9 to 17", "9-17", "during working hours".
pub(super) fn window(view: View<'_>, at: usize) -> Option<(Span, Window)> {
    if view.is(at, &["during", "in", "within", "throughout", "over"]) {
        let the = usize::from(view.is(at + 1, &["the", "my", "our", "normal", "regular", "usual"]));
        let of = at + 1 + the;
        if view.is(of, &["working", "business", "office", "work"]) && view.is(of + 1, &["hours"]) {
            return Some((at..of + 2, Window { from: 9, to: 17, working: true }));
        }
        return (view.is(of, &["day", "daytime"]) && view.is(at, &["during", "throughout"]))
            .then_some((at..of + 1, Window { from: 8, to: 18, working: false }));
    }
    let opener = view.word(at).filter(|word| matches!(*word, "between" | "from"));
    let first = at + usize::from(opener.is_some());
    let link = match opener {
        Some("between") => view.is(first + 1, &["and"]) || matches!(view.raw(first + 1), "-" | "–"),
        Some(_) => view.is(first + 1, &["to", "until", "till", "through"]) || matches!(view.raw(first + 1), "-" | "–"),
        None => view.is(first + 1, &["to"]) || matches!(view.raw(first + 1), "-" | "–" | "—"),
    };
    let sure = view.time(first).is_some() || view.time(first + 2).is_some();
    // "rate it from 1 to 10": a scale.
    const RATED: [&str; 11] =
        ["rate", "rates", "rating", "score", "scores", "scale", "grade", "mark", "rank", "stars", "points"];
    let rated = (at.saturating_sub(10)..at).any(|before| view.is(before, &RATED));
    let scale = rated
        && !sure
        && view.number(first).is_some_and(|number| number <= 1)
        && view.number(first + 2).is_some_and(|number| matches!(number, 3..=6 | 10));
    if !link || scale || (!sure && (opener.is_none() || counts(view, first + 3))) {
        return None;
    }
    let from = end(view, first)?;
    let to = end(view, first + 2)?;
    // "9 to 5", "8-10pm"
    let (mut from, mut to) = (from, to);
    if from.bare && !to.bare && to.hour > 12 && from.hour < 12 && from.hour + 12 < to.hour {
        from.hour += 12;
    }
    if to.bare && to.hour < 12 && to.hour <= from.hour {
        to.hour += 12;
    }
    let mut next = first + 3;
    next += usize::from(view.is(next, &["oclock"]));
    Some((at..next, Window { from: from.hour, to: to.hour.min(23), working: false }))
}

fn end(view: View<'_>, at: usize) -> Option<Clock> {
    clock(view, at).or_else(|| {
        let hour = view.number(at).filter(|hour| *hour <= 24)?;
        Some(Clock { hour: u8::try_from(hour % 24).ok()?, minute: 0, bare: true })
    })
}

/// Whether a noun follows, which the number before counts.
fn counts(view: View<'_>, at: usize) -> bool {
    let free = ["on", "every", "each", "daily", "in", "and", "to", "at", "monday", "weekdays", "local", "o-clock"];
    view.word(at).is_some_and(|word| !free.contains(&word))
        || view.token(at).is_some_and(|token| token.value().is_some())
}

/// "in the morning", "at night", "overnight", "in the evenings".
pub(super) fn part_of_day(view: View<'_>, at: usize) -> Option<(Span, Part)> {
    let content = |before: usize| {
        let arrives = [
            "came",
            "come",
            "comes",
            "arrived",
            "arrive",
            "arrives",
            "received",
            "receive",
            "happened",
            "got",
            "sent",
            "published",
        ];
        (1..=2)
            .filter_map(|back| before.checked_sub(back))
            .any(|back| view.is(back, &arrives) || view.is(back, &APPOINTMENTS) || view.is(back, &ELSEWHEN))
    };
    let (length, part) = match view.words::<4>(at) {
        [Some("in"), Some("the"), Some("early" | "late"), Some(part)] => (4, Part::of(part)?),
        [Some("in"), Some("the"), Some(part), _] => (3, Part::of(part)?),
        [Some("early" | "late"), Some("in"), Some("the"), Some(part)] => (4, Part::of(part)?),
        [Some("at"), Some("night" | "lunchtime"), ..] => (2, Part::of(view.word(at + 1)?)?),
        [Some("overnight"), ..] => (1, Part::Night),
        [Some(part @ ("mornings" | "afternoons" | "evenings" | "nights")), ..] => (1, Part::of(part)?),
        [Some("first"), Some("thing"), ..] => (2, Part::Morning),
        _ => return None,
    };
    (!content(at)).then_some((at..at + length, part))
}
