//! Everything that a text says of the time when something runs.

use super::{
    days::list,
    every::{Part, Rhythm, Unit},
    found::{Found, Sure, What},
    frequency::every,
    hints::{a_day, frequency, lamented},
    hours::{part_of_day, times, window},
    literal::literal,
    months::of_a_period,
    often::times_a,
    view::View,
    zones::zone,
};
use crate::reading::{Mark, Span, token::ordinal};

pub(super) fn parts(view: View<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let (mut at, mut sentence, mut begin) = (0, 0, 0);
    while at < view.tokens.len() {
        if matches!(view.mark(at), Some(Mark::Stop | Mark::Line)) && literal(view, at).is_none() {
            (at, sentence, begin) = (at + 1, sentence + 1, at + 1);
            continue;
        }
        match part(view, at, begin) {
            Some((span, what)) => {
                at = span.end.max(at + 1);
                found.push(Found { span, what, sentence });
            }
            None => at += 1,
        }
    }
    found
}

fn part(view: View<'_>, at: usize, begin: usize) -> Option<(Span, What)> {
    let explicit = |(span, rhythm)| (span, What::Rhythm(rhythm, Sure::Explicit));
    if let Some((span, cron)) = literal(view, at) {
        return Some((
            span,
            What::Rhythm(Rhythm { literal: Some(cron), ..Rhythm::new(Unit::Days(1)) }, Sure::Explicit),
        ));
    }
    window(view, at)
        .map(|(span, window)| (span, What::Window(window)))
        .or_else(|| times(view, at).map(|(span, times)| (span, What::Times(times))))
        .or_else(|| of_a_period(view, at).map(explicit))
        .or_else(|| every(view, at).filter(|(span, _)| !lamented(view, span, begin)).map(explicit))
        .or_else(|| times_a(view, at).filter(|(span, _)| !lamented(view, span, begin)).map(explicit))
        .or_else(|| frequency(view, at, begin))
        .or_else(|| except(view, at))
        .or_else(|| named_days(view, at))
        .or_else(|| part_of_day(view, at).map(|(span, part)| (span, What::Rhythm(Rhythm::at(part), Sure::Bare))))
        .or_else(|| a_day(view, at, begin))
        .or_else(|| on_date(view, at))
        .or_else(|| zone(view, at, false).and_then(|(length, zone)| Some((at..at + length, What::Zone(zone?)))))
}

/// "Mondays and Thursdays", "on weekdays", "Monday to Friday", "weekday mornings", "Monday 9am".
fn named_days(view: View<'_>, at: usize) -> Option<(Span, What)> {
    let on = usize::from(view.is(at, &["on"]));
    let list = list(view, at + on)?;
    let mut end = at + on + list.length;
    let part = view.word(end).and_then(Part::of);
    let plural = list.several || view.word(end).is_some_and(|word| part.is_some() && word.ends_with('s'));
    end += usize::from(part.is_some());
    let rhythm = Rhythm { hours: vec![part.map_or(9, Part::hour)], part, ..Rhythm::on(list.days) };
    if plural {
        return Some((at..end, What::Rhythm(rhythm, Sure::Days)));
    }
    let narrowed = [
        "this", "next", "last", "the", "over", "since", "until", "till", "before", "after", "from", "of", "for", "to",
        "coming", "past", "a",
    ];
    if on == 0 && at.checked_sub(1).is_some_and(|before| view.is(before, &narrowed)) {
        return None;
    }
    // "on Friday afternoon post …": in front, where it can belong to nothing else.
    let ahead = at.checked_sub(1).is_none_or(|before| view.word(before).is_none());
    if part.is_some() && (on == 0 || ahead) || on == 0 && times(view, end).is_some() {
        return Some((at..end, What::Rhythm(rhythm, Sure::Bare)));
    }
    Some((at..end, What::On(Some(list.days), part, Vec::new())))
}

/// "except on Sundays", "but not on weekends".
fn except(view: View<'_>, at: usize) -> Option<(Span, What)> {
    let but = usize::from(view.is(at, &["but"]));
    if !view.is(at + but, &["except", "excluding", "not"]) {
        return None;
    }
    let mut next = at + but + 1;
    for words in [["for", "on"], ["on", "at"], ["the", "any"]] {
        next += usize::from(view.is(next, &words));
    }
    let list = list(view, next)?;
    Some((at..next + list.length, What::Except(list.days)))
}

/// "on the 15th", "on 24 December": a part of a monthly or yearly rhythm.
fn on_date(view: View<'_>, at: usize) -> Option<(Span, What)> {
    let on = usize::from(view.is(at, &["on"]));
    // "monthly, on the first"
    let first =
        view.word(at + 2).filter(|word| ordinal(word).is_some() && view.words::<2>(at) == [Some("on"), Some("the")]);
    // "on the 1st" is a day whatever comes next.
    let digits = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    if let Some(first) = first.filter(|word| digits(word) || view.word(at + 3).is_none_or(|next| next == "at")) {
        return Some((at..at + 3, What::On(None, None, vec![first.to_owned()])));
    }
    let mut dates = vec![view.date(at + on)?.to_owned()];
    let mut end = at + on + 1;
    loop {
        let mut link = end + usize::from(view.mark(end) == Some(Mark::Comma));
        link += usize::from(view.is(link, &["and"]));
        match view.date(link).filter(|_| link > end) {
            Some(date) => dates.push(date.to_owned()),
            None => break,
        }
        end = link + 1;
    }
    Some((at..end, What::On(None, None, dates)))
}
