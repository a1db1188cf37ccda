//! Whether a piece of a wish says when the agent runs.

use std::ops::Range;

use super::{
    Act,
    cut::Said,
    peel::Beside,
    tables::{TABLES, is_in},
};
use crate::reading::{self, Value};

/// A schedule, if the piece says nothing else.
pub(super) fn schedule(said: &Said<'_>, core: &Range<usize>, beside: &Beside, whole: &Range<usize>) -> Option<Act> {
    let text = said.raw(core);
    let read = reading::schedule(text, &reading::tokens(text));
    let is =
        |at: usize, fits: fn(&Value) -> bool| said.tokens.get(at).and_then(|token| token.value()).is_some_and(fits);
    let hour = core.clone().any(|at| bare_hour(said, core, at));
    let clock = hour || core.clone().any(|at| is(at, |value| matches!(value, Value::Time(..))));
    let lasts = core.clone().any(|at| is(at, |value| matches!(value, Value::Duration(_))));
    // "set the cron expression to 0 8 * * 1-5"
    if read.as_ref().is_some_and(|read| text.contains(&read.cron)) && !beside.also {
        return Some(Act::Schedule(said.raw(whole).to_owned()));
    }
    let words: Vec<&str> = core.clone().map(|at| said.word(at)).collect();
    let shifts = lasts && is_in("earlier|later|sooner", words.last()?);
    let days = words.iter().any(|word| TABLES.is_day_word(word));
    if read.is_none() && !clock && !lasts && !days {
        return None;
    }
    let verb = words.first().copied().unwrap_or_default();
    let adds = words.iter().any(|word| matches!(*word, "trigger" | "schedule" | "timer"))
        && matches!(verb, "add" | "put" | "set" | "give" | "create");
    // What the schedule does not say, and what is no word of schedules.
    let mut spans: Vec<Range<usize>> = read.as_ref().map(|read| read.spans.clone()).unwrap_or_default();
    if clock && read.is_none() {
        // "at 9am Eastern": of every day, so that the zone is read.
        let daily = format!("every day {text}");
        let read = reading::schedule(&daily, &reading::tokens(&daily));
        let back = |span: Range<usize>| span.start.saturating_sub(2)..span.end.saturating_sub(2);
        spans.extend(read.into_iter().flat_map(|read| read.spans).map(back));
    }
    let other = core.clone().enumerate().filter(|(index, at)| {
        let covered = spans.iter().any(|span| span.contains(index))
            || said.is_value(*at) && !said.word(*at).starts_with(['"', '\'', '@', '#']);
        !covered && said.mark(*at).is_none()
    });
    let others: Vec<&str> = other.map(|(_, at)| said.word(at)).collect();
    let foreign = others
        .iter()
        .skip(usize::from(TABLES.is_schedule_verb(verb)))
        .filter(|word| !TABLES.is_schedule_word(word) && !TABLES.is_day_word(word))
        .count();
    // "check the status page every 5 minutes": the verb says that it looks again and again.
    let looks = matches!(verb, "check" | "poll" | "scan" | "monitor" | "watch" | "refresh" | "look") && read.is_some();
    let begins = TABLES.is_schedule_verb(verb) || TABLES.is_schedule_word(verb) || TABLES.is_day_word(verb);
    // "move the reminder ten minutes earlier"
    let moved = shifts && foreign < 3 && is_in("move|shift|push|bring|send|post|run|do|make|start|schedule", verb);
    let only_time =
        (foreign == 0 || moved) && (begins || read.is_some() || clock && said.is_value(core.start) || shifts);
    let lasts_alone = read.is_none() && lasts && !clock && !shifts;
    // "also twice a day" is how often; "also at noon" is one time more.
    let often = read.is_some() && words.iter().any(|word| matches!(*word, "twice" | "times" | "hourly"));
    if lasts_alone || beside.also && !adds && !often {
        return None;
    }
    (only_time || looks || adds).then(|| Act::Schedule(said.raw(whole).to_owned()))
}

/// "at 8", at the end of what is said.
fn bare_hour(said: &Said<'_>, core: &Range<usize>, at: usize) -> bool {
    let hour = match said.tokens.get(at).and_then(|token| token.value()) {
        Some(Value::Number(number)) => (0.0..24.0).contains(number) && number.fract() == 0.0,
        _ => false,
    };
    hour && at > core.start && said.word(at - 1) == "at" && at + 1 == core.end
}
