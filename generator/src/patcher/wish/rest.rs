//! Days on which nothing is to happen: "don't bother me with this on weekends".

use std::ops::Range;

use super::{
    Act,
    cut::Said,
    tables::{TABLES, is_in},
};
use crate::reading::{self, Mark};

/// What rests, and on which days, where a piece says nothing else.
pub(super) fn rest(said: &Said<'_>, span: &Range<usize>) -> Option<Act> {
    // "not on weekends, just Mon-Fri": the days that are left say it all.
    let comma = span.clone().rfind(|at| said.mark(*at) == Some(Mark::Comma) && is_in("just|only", said.word(at + 1)));
    if let Some(comma) = comma.filter(|comma| comma + 2 < span.end)
        && rest(said, &(span.start..comma)).is_some()
    {
        let left = said.raw(&(comma + 2..span.end));
        // "just at 8" names none: the others are left.
        let schedule = reading::schedule(left, &reading::tokens(left))?;
        let days = !schedule.cron.ends_with(" *");
        return days.then(|| Act::Schedule(left.to_owned()));
    }
    let is_day = |at: usize| TABLES.is_day_word(said.word(at)) && is_day(said.word(at));
    let joins = |at: usize| is_in("and|or|the|a|,|both|any|all", said.word(at)) || is_day(at);
    let opens = |at: usize| is_in("on|at|during|over", said.word(at));
    // In front of the order, or at its end.
    let (days, order) = if opens(span.start) {
        let end = (span.start + 1..span.end).find(|at| !joins(*at)).unwrap_or(span.end);
        (span.start..end, end..span.end)
    } else {
        let first = (span.start..span.end).rev().find(|at| !joins(*at))?;
        (first..span.end, span.start..first)
    };
    if !opens(days.start) || !days.clone().any(is_day) || order.clone().any(is_day) {
        return None;
    }
    let order = said.without_fillers(order);
    let refused = order.clone().take(3).find_map(|at| match said.one_of(&order, at, &TABLES.refusals) {
        0 => None,
        length => Some(at + length),
    });
    let other = order.clone().any(|at| is_in("except|unless|only|but|if|when|until|before", said.word(at)));
    let start = refused.filter(|_| !other)?;
    Some(Act::Rest { what: said.raw(&(start..order.end)).to_owned(), days: said.raw(&days).to_owned() })
}

fn is_day(word: &str) -> bool {
    let word = word.trim_end_matches('s');
    word.ends_with("day") && word != "midday" || word.ends_with("weekend")
}
