//! Decides which of the parts are the agent's schedule, and what belongs to it.

use std::collections::HashSet;

use super::{
    cron::cron,
    days::{ALL, day},
    every::{Rhythm, Unit},
    found::{Found, Sure, What},
    gaps::Gaps,
    hours::{APPOINTMENTS, Clock, ELSEWHEN, Times, Window},
    parts::parts,
    view::View,
};
use crate::reading::{Schedule, Span, Token, token::day_and_month};

/// When the agent should run, if the text says so. The first rhythm that is said counts; "a weekly report" only if
/// there is none. Times, days and hours of the same sentence belong to it; other rhythms are in `others`.
pub fn schedule(text: &str, tokens: &[Token]) -> Option<Schedule> {
    let view = View { text, tokens };
    let parts = parts(view);
    let mut plan = Plan::start(view, &parts)?;
    plan.rhythms();
    plan.days();
    plan.hours();
    Some(plan.schedule())
}

struct Plan<'p> {
    view: View<'p>,
    parts: &'p [Found],
    gaps: Gaps,
    /// Where the rhythm was said.
    at: &'p Found,
    rhythm: Rhythm,
    clocks: Vec<Clock>,
    window: Option<Window>,
    zone: Option<String>,
    spans: Vec<Span>,
    others: Vec<Span>,
}

fn rhythm_of(found: &Found) -> Option<(&Rhythm, Sure)> {
    match &found.what {
        What::Rhythm(rhythm, sure) => Some((rhythm, *sure)),
        _ => None,
    }
}

impl<'p> Plan<'p> {
    fn start(view: View<'p>, parts: &'p [Found]) -> Option<Self> {
        let first =
            |fits: fn(Sure) -> bool| parts.iter().find(|part| rhythm_of(part).is_some_and(|(_, sure)| fits(sure)));
        let at = first(|sure| sure >= Sure::Days)
            .or_else(|| first(|sure| sure == Sure::Hint))
            .or_else(|| parts.iter().find(|part| bare(view, part)))?;
        let rhythm = rhythm_of(at).map_or_else(|| Rhythm::new(Unit::Days(1)), |(rhythm, _)| rhythm.clone());
        Some(Self {
            view,
            parts,
            gaps: Gaps::of(view, parts),
            at,
            rhythm,
            clocks: Vec::new(),
            window: None,
            zone: None,
            spans: vec![at.span.clone()],
            others: Vec::new(),
        })
    }

    /// The tokens between the rhythm and another part.
    fn between(&self, other: &Found) -> Span {
        if other.span.start < self.at.span.start {
            other.span.end..self.at.span.start
        } else {
            self.at.span.end..other.span.start
        }
    }

    /// Whether what is said there belongs to the rhythm: right next to it, or days that narrow it.
    fn belongs(&self, other: &Found, sure: Sure) -> bool {
        let between = self.between(other);
        let near = self.gaps.open(&between) < 3 && self.gaps.links(&between) == 0;
        let added =
            other.span.start.checked_sub(1).is_some_and(|before| self.view.is(before, &["and", "then", "also"]));
        other.sentence == self.at.sentence && (near || (sure == Sure::Days && !added))
    }

    fn rhythms(&mut self) {
        for other in self.parts {
            let Some((rhythm, sure)) = rhythm_of(other).filter(|_| other.span != self.at.span) else { continue };
            let same = cron(rhythm, &[], None).0 == cron(&self.rhythm, &[], None).0;
            if same || (sure == Sure::Hint && self.covers(rhythm)) {
                self.take(other);
            } else if let Some(both) = self.belongs(other, sure).then(|| merged(&self.rhythm, rhythm)).flatten() {
                self.rhythm = both;
                self.take(other);
            } else if sure == Sure::Bare {
                let weekly = matches!(self.rhythm.unit, Unit::Weeks(_)) && self.rhythm.days.is_none();
                let part = rhythm.part.filter(|_| other.sentence == self.at.sentence && self.rhythm.part.is_none());
                if weekly && rhythm.days.is_some() {
                    self.rhythm.days = rhythm.days;
                    self.take(other);
                } else if let Some(part) = part.filter(|_| !self.rhythm.is_fine() && self.rhythm.hours == [9]) {
                    (self.rhythm.part, self.rhythm.hours) = (Some(part), vec![part.hour()]);
                    self.take(other);
                }
            } else {
                self.others.push(other.span.clone());
            }
        }
    }

    /// "a daily digest" and "every weekday", "a weekly report" and "each Friday".
    fn covers(&self, hint: &Rhythm) -> bool {
        let weekly =
            self.rhythm.days.is_some_and(|days| days.0.count_ones() < 3) || matches!(self.rhythm.unit, Unit::Weeks(_));
        match hint.unit {
            Unit::Days(1) => matches!(self.rhythm.unit, Unit::Days(1)) && hint.days.is_none(),
            Unit::Weeks(_) => weekly,
            unit => unit == self.rhythm.unit,
        }
    }

    fn take(&mut self, part: &Found) {
        self.spans.push(part.span.clone());
    }

    /// "weekly … on Friday", "monthly … on the 15th".
    fn days(&mut self) {
        for other in self.parts.iter().filter(|other| other.sentence == self.at.sentence) {
            if let What::Except(days) = other.what {
                self.rhythm.days = Some(self.rhythm.days.unwrap_or(ALL).without(days));
                self.spans.push(other.span.clone());
            }
        }
        for other in self.parts.iter().filter(|other| other.sentence == self.at.sentence) {
            let What::On(days, part, dates) = &other.what else { continue };
            match self.rhythm.unit {
                Unit::Weeks(_) if self.rhythm.days.is_none() && days.is_some() => {
                    self.rhythm.days = *days;
                    if let Some(part) = part {
                        (self.rhythm.part, self.rhythm.hours) = (Some(*part), vec![part.hour()]);
                    }
                }
                Unit::Months(_) if self.rhythm.dates.is_empty() && !dates.is_empty() => {
                    for date in dates {
                        let (day, month) = day_and_month(date);
                        self.rhythm.dates.extend(day);
                        self.rhythm.months.extend(month);
                    }
                    self.rhythm.months.dedup();
                    if !self.rhythm.months.is_empty() {
                        self.rhythm.unit = Unit::Months(12);
                    }
                }
                _ => continue,
            }
            self.take(other);
        }
    }

    fn hours(&mut self) {
        if self.rhythm.literal.is_some() {
            return;
        }
        let here = self.parts.iter().filter(|other| other.sentence == self.at.sentence);
        let windows: Vec<(&Found, Window)> = here
            .filter_map(|part| match part.what {
                What::Window(window) => Some((part, window)),
                _ => None,
            })
            .collect();
        if !self.rhythm.is_fine()
            && let Some((part, times)) = self.nearest()
        {
            self.clocks.clone_from(&times.clocks);
            self.zone.clone_from(&times.zone);
            self.take(part);
        } else if let Some((_, first)) = windows.first() {
            // "during working hours (8 to 16)"
            let exact = windows.iter().map(|(_, window)| window).find(|window| !window.working).unwrap_or(first);
            self.window = Some(Window { working: windows.iter().any(|(_, window)| window.working), ..*exact });
            self.spans.extend(windows.iter().map(|(part, _)| part.span.clone()));
        }
        for other in self.parts.iter().filter(|other| other.sentence == self.at.sentence) {
            if let (What::Zone(zone), None) = (&other.what, &self.zone) {
                self.zone = Some(zone.clone());
                self.spans.push(other.span.clone());
            }
        }
    }

    /// The time that stands nearest in the sentence; one that is said for itself in another sentence only if there is
    /// none.
    fn nearest(&self) -> Option<(&'p Found, &'p Times)> {
        let times = self.parts.iter().filter_map(|part| match &part.what {
            What::Times(times) => Some((part, times)),
            _ => None,
        });
        let near = |(part, times): &(&Found, &Times)| times.said || self.gaps.open(&self.between(part)) < 2;
        let here = times.clone().filter(|(part, _)| part.sentence == self.at.sentence).filter(near);
        let distance = |(part, _): &(&Found, &Times)| self.gaps.open(&self.between(part));
        let others: HashSet<usize> = self.others.iter().map(|span| span.start).collect();
        let taken = self.parts.iter().filter(|part| others.contains(&part.span.start));
        let taken: HashSet<usize> = taken.map(|part| part.sentence).collect();
        let lone = |part: &Found| !taken.contains(&part.sentence) && !elsewhere(self.view, &part.span);
        here.min_by_key(distance).or_else(|| times.clone().find(|(part, times)| times.said && lone(part)))
    }

    fn schedule(mut self) -> Schedule {
        let (cron, approximate) = cron(&self.rhythm, &self.clocks, self.window);
        self.spans.sort_unstable_by_key(|span| span.start);
        let mut spans: Vec<Span> = Vec::new();
        for span in self.spans.into_iter().filter(|span| !span.is_empty()) {
            match spans.last_mut().filter(|last| last.end >= span.start) {
                Some(last) => last.end = last.end.max(span.end),
                None => spans.push(span),
            }
        }
        Schedule { cron, timezone: self.zone, spans, approximate, others: self.others }
    }
}

/// One rhythm that narrows the other.
fn merged(one: &Rhythm, other: &Rhythm) -> Option<Rhythm> {
    let (base, more) = if other.is_fine() { (other, one) } else { (one, other) };
    let fits = match (base.unit, more.unit) {
        (Unit::Minutes(_) | Unit::Hours(_), Unit::Days(1)) => true,
        (Unit::Days(1), Unit::Days(1)) => base.days.is_none() || more.days.is_none(),
        (Unit::Weeks(_), Unit::Days(1)) => more.days.is_some() || more.part.is_some(),
        (Unit::Months(_), Unit::Days(1)) => more.days.is_none(),
        _ => false,
    };
    if !fits || base.literal.is_some() || more.literal.is_some() {
        return None;
    }
    let mut both = base.clone();
    both.days = base.days.or(more.days);
    both.part = base.part.or(more.part);
    if base.hours == [9] {
        both.hours.clone_from(&more.hours);
    }
    Some(both)
}

/// A time of day that nothing else has: "in the morning", "send it at 7am".
fn bare(view: View<'_>, part: &Found) -> bool {
    let fits = match &part.what {
        What::Rhythm(..) => true,
        What::Times(times) => times.said,
        _ => false,
    };
    fits && !elsewhere(view, &part.span)
}

/// "the weather for tomorrow", "tomorrow's meetings": the day of what is read, not when it is read.
fn of_what(view: View<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).is_some_and(|before| view.is(before, &["for", "of", "about"]));
    before || view.tokens.get(at).is_some_and(|token| view.text.get(token.start..token.end).is_some_and(owns))
}

fn owns(word: &str) -> bool {
    word.ends_with("'s") || word.ends_with("\u{2019}s")
}

/// Whether the sentence is about one day, or about what has a time of its own.
fn elsewhere(view: View<'_>, span: &Span) -> bool {
    let ends = |at: &usize| {
        view.mark(*at).is_some_and(|mark| matches!(mark, crate::reading::Mark::Stop | crate::reading::Mark::Line))
    };
    let before = (0..span.start).rev().take_while(|at| !ends(at)).take(20);
    let after = (span.end..view.tokens.len()).take_while(|at| !ends(at)).take(20);
    // "If it rains today, message me at 7am", "message me at 7am if it rains": the time is that of the message.
    let tested = |at: &usize| view.is(*at, &["if"]);
    let after = after.take_while(|at| !tested(at));
    let comma = before.clone().find(|at| view.mark(*at) == Some(crate::reading::Mark::Comma));
    let condition = comma.filter(|comma| before.clone().any(|at| at < *comma && tested(&at)));
    let before = before.take_while(|at| condition.is_none_or(|comma| *at > comma));
    // "At 22:30 send me tomorrow's events": the time of what is done.
    let ahead = span.start.checked_sub(1).is_none_or(|before| ends(&before));
    before.chain(after).any(|at| {
        !ahead && view.is(at, &APPOINTMENTS)
            || view.is(at, &ELSEWHEN) && !of_what(view, at)
            || view.is(at, &["if", "when", "whenever", "book", "arrange"])
            || view.date(at).is_some()
            || view.word(at).is_some_and(|word| word.len() > 5 && day(word).is_some())
    })
}
