//! Days of the month, and the ends of weeks and months.

use super::{
    days::{Days, List, WEEKDAYS, list},
    every::{Rhythm, Unit, unit},
    view::View,
};
use crate::reading::{Mark, Span, token::ordinal};

/// "the 25th of each month", "the first of every month", "the last day of the month", "the first Monday of each month",
/// "at the end of each week".
pub(super) fn of_a_period(view: View<'_>, at: usize) -> Option<(Span, Rhythm)> {
    let mut next = at + usize::from(view.is(at, &["on", "by"]));
    let the = usize::from(view.is(next, &["the"]));
    next += the;
    if let Some(found) = edge(view, at) {
        return Some(found);
    }
    if view.is(next, &["day"])
        && let Some(date) =
            view.number(next + 1).and_then(|date| u8::try_from(date).ok()).filter(|date| (1..32).contains(date))
    {
        let length = of_period(view, next + 2)?;
        return Some((at..next + 2 + length, on_date(date)));
    }
    let (dates, end) = dates(view, next)?;
    // "the first working day of the month", "the last day of the month"
    let day = usize::from(view.is(end, &["day"]));
    if let Some(length) = of_period(view, end + day) {
        return Some((at..end + day + length, Rhythm { dates, ..Rhythm::new(Unit::Months(1)) }));
    }
    if let Some(length) = of_longer(view, end + day) {
        let months = if view.is(end + day + length - 1, &["quarter"]) { 3 } else { 12 };
        return Some((at..end + day + length, Rhythm { dates, ..Rhythm::new(Unit::Months(months)) }));
    }
    let list = list(view, end)?;
    let length = of_period(view, end + list.length)?;
    let said: Vec<&str> = (next..end + list.length).map(|at| view.raw(at)).collect();
    Some((at..end + list.length + length, nth_day(&said.join(" "), &list)))
}

fn of_longer(view: View<'_>, at: usize) -> Option<usize> {
    let fits = view.is(at, &["of"]) && view.is(at + 1, &["each", "every", "the", "a"]);
    (fits && view.is(at + 2, &["quarter", "year"])).then_some(3)
}

/// "the 1st and 15th", "first": the days, and what follows them.
pub(super) fn dates(view: View<'_>, at: usize) -> Option<(Vec<u8>, usize)> {
    let mut dates = vec![day_of_month(view, at)?];
    let mut end = at + 1;
    loop {
        let mut link = end + usize::from(view.mark(end) == Some(Mark::Comma));
        link += usize::from(view.is(link, &["and"]));
        link += usize::from(view.is(link, &["on"]));
        link += usize::from(view.is(link, &["the"]));
        match day_of_month(view, link).filter(|_| link > end && dates.len() < 31) {
            Some(date) => dates.push(date),
            None => return Some((dates, end)),
        }
        end = link + 1;
    }
}

/// "25th", "the 25th", "first", "last"; 0 is the last one.
fn day_of_month(view: View<'_>, at: usize) -> Option<u8> {
    if let Some(date) = view.date(at) {
        return ordinal(date.trim_start_matches("the ").trim_start_matches("The "));
    }
    view.word(at).and_then(|word| if word == "last" { Some(0) } else { ordinal(word) })
}

/// "at the end of each day", "at the start of the week", "end of month".
fn edge(view: View<'_>, at: usize) -> Option<(Span, Rhythm)> {
    let at_word = usize::from(view.is(at, &["at", "by", "on", "towards"]));
    let the = usize::from(view.is(at + at_word, &["the"]));
    let edge = at + at_word + the;
    let last = match view.word(edge)? {
        "end" => true,
        "start" | "beginning" => false,
        _ => return None,
    };
    if !view.is(edge + 1, &["of"]) {
        return None;
    }
    let determined = view.is(edge + 2, &["each", "every", "the", "my", "a"]);
    let each = view.is(edge + 2, &["each", "every"]);
    if at_word == 0 && !each {
        return None;
    }
    let name = edge + 2 + usize::from(determined);
    let word = view.word(name)?;
    let rhythm = match (word, last) {
        ("day" | "workday", true) => Rhythm { hours: vec![18], ..Rhythm::new(Unit::Days(1)) },
        ("week" | "workweek", true) => Rhythm { hours: vec![17], ..Rhythm::on(Days::one(5)) },
        ("week" | "workweek", false) => Rhythm::on(Days::one(1)),
        ("month", true) => on_date(0),
        _ => unit(word)?,
    };
    let rhythm = if word == "workday" { Rhythm { days: Some(WEEKDAYS), ..rhythm } } else { rhythm };
    Some((at..name + 1, rhythm))
}

pub(super) fn nth_day(said: &str, list: &List) -> Rhythm {
    let note = format!("\"{said}\" of a month is not possible: it runs on each such day");
    Rhythm { days: Some(list.days), ..Rhythm::new(Unit::Weeks(1)) }.note(Some(note))
}

/// On one day of each month; 0 is the last.
pub(super) fn on_date(date: u8) -> Rhythm {
    Rhythm { dates: vec![date], ..Rhythm::new(Unit::Months(1)) }
}

/// "of each month", "of the month", "each month".
pub(super) fn of_period(view: View<'_>, at: usize) -> Option<usize> {
    let of = usize::from(view.is(at, &["of", "in"]));
    let determiner = view.is(at + of, &["each", "every", "the", "a", "any"]) || (of == 0 && view.is(at, &["per"]));
    let the = view.is(at + of, &["the", "a", "any"]) && of == 0;
    (determiner && !the && view.is(at + of + 1, &["month"])).then_some(of + 2)
}
