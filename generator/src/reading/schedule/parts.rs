//! Everything that a text says of the time when something runs.

use super::{
    days::{Days, list},
    every::{Part, Rhythm, Unit},
    frequency::every,
    hours::{Times, Window, part_of_day, times, window},
    literal::literal,
    months::of_a_period,
    often::{adverb, times_a},
    view::View,
    zones::zone,
};
use crate::reading::{Mark, Span};

/// How sure it is that a rhythm is the agent's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    /// A time of day and nothing else.
    Bare,
    /// "a weekly report": of something that the agent makes.
    Hint,
    /// "on weekdays": a rhythm, or a part of one.
    Days,
    Explicit,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Rhythm(Rhythm, Sure),
    Times(Times),
    Window(Window),
    /// "on Friday", "on the 15th": no rhythm, but a part of one.
    On(Option<Days>, Option<Part>, Vec<String>),
    Zone(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) span: Span,
    pub(super) what: What,
    pub(super) sentence: usize,
}

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
        .or_else(|| named_days(view, at))
        .or_else(|| part_of_day(view, at).map(|(span, part)| (span, What::Rhythm(Rhythm::at(part), Sure::Bare))))
        .or_else(|| a_day(view, at, begin))
        .or_else(|| on_date(view, at))
        .or_else(|| zone(view, at, false).and_then(|(length, zone)| Some((at..at + length, What::Zone(zone?)))))
}

/// "I waste hours every week", "mails that come in each day": how it is today.
fn lamented(view: View<'_>, span: &Span, begin: usize) -> bool {
    let who = ["i", "we", "they", "people", "customers", "users", "that", "which", "you"];
    let happens = [
        "waste", "spend", "lose", "get", "gets", "receive", "receives", "struggle", "forget", "miss", "come", "comes",
        "arrive", "arrives", "came", "wasting", "spending",
    ];
    let pair = |at: usize| view.is(at, &who) && (view.is(at + 1, &happens) || view.is(at + 2, &happens));
    let clause = (begin.max(span.start.saturating_sub(6))..span.start).rev().take_while(|at| view.mark(*at).is_none());
    clause.into_iter().any(pair) || pair(span.end) || pair(span.end + 1)
}

/// Words that cannot stand between "daily" and what is daily.
const AFTER_ADVERB: [&str; 46] = [
    "at", "in", "on", "around", "by", "to", "from", "for", "with", "into", "about", "via", "and", "or", "but", "then",
    "the", "a", "an", "my", "our", "me", "us", "it", "its", "this", "that", "all", "any", "each", "every", "as",
    "when", "if", "between", "during", "except", "using", "so", "please", "plus", "unless", "while", "of", "them",
    "is",
];
const RUNS: [&str; 26] = [
    "run",
    "runs",
    "running",
    "send",
    "sends",
    "sent",
    "execute",
    "executes",
    "scheduled",
    "schedule",
    "triggered",
    "triggers",
    "repeat",
    "repeats",
    "posted",
    "delivered",
    "check",
    "checks",
    "checked",
    "update",
    "updates",
    "updated",
    "mailed",
    "emailed",
    "refresh",
    "refreshes",
];
/// What an agent makes: "a daily digest" is made each day.
const PRODUCTS: [&str; 56] = [
    "report",
    "digest",
    "summary",
    "briefing",
    "brief",
    "newsletter",
    "mail",
    "email",
    "update",
    "reminder",
    "post",
    "message",
    "roundup",
    "round-up",
    "recap",
    "review",
    "overview",
    "notification",
    "alert",
    "idea",
    "tip",
    "news",
    "check",
    "backup",
    "workflow",
    "run",
    "job",
    "agent",
    "automation",
    "quote",
    "forecast",
    "reports",
    "digests",
    "summaries",
    "emails",
    "mails",
    "updates",
    "reminders",
    "posts",
    "messages",
    "ideas",
    "tips",
    "quotes",
    "alerts",
    "notifications",
    "schedule",
    "cron",
    "task",
    "tweet",
    "tweets",
    "joke",
    "routine",
    "bulletin",
    "rundown",
    "snapshot",
    "trigger",
];

/// "daily", "weekly" as an adverb, or before what the agent makes.
fn frequency(view: View<'_>, at: usize, begin: usize) -> Option<(Span, What)> {
    let word = view.word(at)?;
    let rhythm = adverb(word)?;
    let said = |sure| Some((at..at + 1, What::Rhythm(rhythm.clone(), sure)));
    let next = view.word(at + 1);
    let before = at.checked_sub(1);
    let adverbial = word != "annual"
        && (view.token(at + 1).is_none_or(|token| token.word().is_none())
            || next.is_some_and(|next| AFTER_ADVERB.contains(&next) || adverb(next).is_some())
            || before.is_some_and(|before| view.is(before, &RUNS)));
    if adverbial {
        return if lamented(view, &(at..at + 1), begin) { None } else { said(Sure::Explicit) };
    }
    let product = (1..=4).take_while(|more| view.word(at + more).is_some_and(|word| !AFTER_ADVERB.contains(&word)));
    if let Some(product) = product.map(|more| at + more).find(|at| view.is(*at, &PRODUCTS)) {
        // "the weekly reports of my team" are there already.
        let theirs = ["the", "these", "those", "their", "all", "our", "his", "her", "such"];
        let plural = view.word(product).is_some_and(|word| word.ends_with('s') && word != "news");
        let there = plural && before.is_some_and(|before| view.is(before, &theirs));
        return if there { None } else { said(Sure::Hint) };
    }
    // "Daily take the mails and …"
    let objects = ["the", "all", "my", "our", "a", "any", "every", "at", "through", "into", "up", "over", "out"];
    let orders = at == begin && view.is(at + 2, &objects);
    if orders && next.is_some() { said(Sure::Explicit) } else { None }
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
    if on == 0 && (times(view, end).is_some() || part.is_some()) {
        return Some((at..end, What::Rhythm(rhythm, Sure::Bare)));
    }
    Some((at..end, What::On(Some(list.days), part, Vec::new())))
}

/// "one post a day", "a summary per week".
fn a_day(view: View<'_>, at: usize, begin: usize) -> Option<(Span, What)> {
    if !view.is(at, &["a", "per"]) {
        return None;
    }
    let rhythm = view.word(at + 1).and_then(super::every::unit)?;
    let product = at.checked_sub(1).filter(|before| *before >= begin && view.is(*before, &PRODUCTS))?;
    let counted = (begin.max(product.saturating_sub(3))..product)
        .any(|at| view.number(at).is_some() || view.is(at, &["one", "a", "an"]));
    (counted && !lamented(view, &(at..at + 2), begin)).then_some((at..at + 2, What::Rhythm(rhythm, Sure::Hint)))
}

/// "on the 15th", "on 24 December": a part of a monthly or yearly rhythm.
fn on_date(view: View<'_>, at: usize) -> Option<(Span, What)> {
    let on = usize::from(view.is(at, &["on"]));
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
