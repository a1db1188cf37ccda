//! The ways of saying a rhythm.

use super::{
    days::list,
    every::{Part, Rhythm, Unit, span, times, unit},
    months::{dates, nth_day, of_period, on_date},
    view::View,
};
use crate::reading::{
    Span,
    token::{day_and_month, ordinal},
};

/// "every 5 minutes", "each weekday", "every other Monday morning", "every first of the month".
pub(super) fn every(view: View<'_>, at: usize) -> Option<(Span, Rhythm)> {
    let lead = match view.words::<2>(at) {
        [Some("every" | "each"), _] => 1,
        [Some("once"), Some("every" | "each")] => 2,
        _ => return None,
    };
    // "for each day of the trip", "the meetings of each day", but "in the evening of each weekday".
    let part = || at.checked_sub(2).and_then(|part| view.word(part)).and_then(Part::of).is_some();
    if at.checked_sub(1).is_some_and(|before| view.is(before, &["for", "of"])) && !part() {
        return None;
    }
    let mut next = at + lead;
    next += usize::from(view.is(next, &["single", "and"]));
    next += usize::from(view.is(next, &["every"]));
    if let Some(minutes) = view.duration(next) {
        return Some((at..next + 1, span(minutes, &format!("every {}", view.raw(next)))));
    }
    if view.time(next).is_some() {
        return Some((at..next, Rhythm::new(Unit::Days(1))));
    }
    if let Some(date) = view.date(next) {
        if let (Some(day), Some(month)) = day_and_month(date) {
            let rhythm = Rhythm { months: vec![month], dates: vec![day], ..Rhythm::new(Unit::Months(12)) };
            return Some((at..next + 1, rhythm));
        }
        let (dates, end) = dates(view, next)?;
        let month = of_period(view, end).unwrap_or(0);
        return Some((at..end + month, Rhythm { dates, ..Rhythm::new(Unit::Months(1)) }));
    }
    let (length, rhythm) =
        vague(view, next).or_else(|| nth(view, next)).or_else(|| days(view, next)).or_else(|| plain(view, next))?;
    Some((at..next + length, rhythm))
}

/// "half hour", "few minutes", "couple of hours".
fn vague(view: View<'_>, at: usize) -> Option<(usize, Rhythm)> {
    match view.words::<3>(at) {
        [Some("half"), Some("hour"), _] => Some((2, times(Unit::Minutes(30), 1))),
        [Some("half-hour"), ..] => Some((1, times(Unit::Minutes(30), 1))),
        [Some("quarter"), Some("hour"), _] => Some((2, times(Unit::Minutes(15), 1))),
        [Some("half"), Some("day"), _] => Some((2, times(Unit::Hours(12), 1))),
        [Some("few" | "several"), Some(name), _] => {
            let count = if name.starts_with("min") { 5 } else { 3 };
            let unit = unit(name)?.unit;
            let rhythm = times(unit, count);
            let note = format!("every few {name} is taken for every {count}");
            Some((2, rhythm.note(Some(note))))
        }
        _ => None,
    }
}

/// "other day", "second week", "third Monday", "last Friday of the month", "first of the month".
fn nth(view: View<'_>, at: usize) -> Option<(usize, Rhythm)> {
    let word = view.word(at)?;
    let number = match word {
        "other" | "alternate" => 2,
        "last" => 0,
        _ => u32::from(ordinal(word)?),
    };
    if let Some(length) = of_period(view, at + 1) {
        return (word != "other").then(|| (1 + length, on_date(u8::try_from(number).unwrap_or(1))));
    }
    if word != "last"
        && let Some(rhythm) = view.word(at + 1).filter(|name| *name != "second").and_then(unit)
    {
        let part = rhythm.part;
        return Some((2, Rhythm { part, hours: rhythm.hours, ..times(rhythm.unit, number) }));
    }
    let list = list(view, at + 1)?;
    if matches!(word, "other" | "alternate") {
        return Some((1 + list.length, Rhythm { days: Some(list.days), ..times(Unit::Weeks(1), 2) }));
    }
    let month = of_period(view, at + 1 + list.length).unwrap_or(0);
    let said: Vec<String> = (at..at + 1 + list.length).map(|at| view.raw(at).to_lowercase()).collect();
    Some((1 + list.length + month, nth_day(&said.join(" "), &list)))
}

/// "Monday, Wednesday and Friday", "weekday morning".
fn days(view: View<'_>, at: usize) -> Option<(usize, Rhythm)> {
    let list = list(view, at)?;
    let part = view.word(at + list.length).and_then(Part::of);
    let rhythm = Rhythm { hours: vec![part.map_or(9, Part::hour)], part, ..Rhythm::on(list.days) };
    let length = list.length + usize::from(part.is_some());
    Some((length, rhythm))
}

fn plain(view: View<'_>, at: usize) -> Option<(usize, Rhythm)> {
    let name = view.word(at)?;
    // "each day's sales": what it is about.
    if view.raw(at).ends_with("'s") || view.raw(at).ends_with("’s") {
        return None;
    }
    // "each second row"
    if name == "second" && view.word(at + 1).is_some_and(|next| !["or", "and", "at", "if"].contains(&next)) {
        return None;
    }
    let rhythm = unit(name)?;
    let length = 1 + match view.words::<3>(at + 1) {
        [Some("of"), Some("the"), Some("week" | "month" | "year")] => 3,
        _ => 0,
    };
    Some((length, rhythm))
}
