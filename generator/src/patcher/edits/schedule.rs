//! When the agent runs. What the wish does not mention stays as it was.

use serde_json::Value as Json;

use super::Edit;
use crate::{
    patcher::Refused,
    reading::{self, Value},
    text::shortened,
};

const CRON: &str = "recommended_schedule_cron";

impl Edit<'_, '_> {
    pub(super) fn schedule(&mut self, text: &str) -> Result<(), Refused> {
        // What it was does not matter: "8:30 instead of 9".
        let lower = text.to_lowercase();
        let cut = [" instead", " rather than", " in place of"].iter().filter_map(|words| lower.find(words)).min();
        let text = cut.and_then(|end| text.get(..end)).unwrap_or(text);
        // "from 9 to 10": the new time is the last.
        let tokens = reading::tokens(text);
        let read = reading::schedule(text, &tokens);
        let old = self.cron();
        let words: Vec<&str> = tokens.iter().filter_map(reading::Token::word).collect();
        let time = tokens.iter().rev().find_map(|token| match token.value() {
            Some(Value::Time(hour, minute)) => Some((*hour, *minute)),
            _ => None,
        });
        let named = named_time(&words);
        let number = tokens.iter().rev().find_map(|token| match token.value() {
            Some(Value::Number(number)) if *number >= 0.0 && *number < 24.0 && number.fract() == 0.0 => {
                Some((*number as u8, 0))
            }
            _ => None,
        });
        let several = times(&tokens);
        let time = time.or(named).or(number.filter(|_| read.is_none()));
        let spans_days = read.as_ref().is_some_and(|read| !only_hours(&read.cron));
        let says_rhythm = words.iter().any(|word| {
            matches!(
                *word,
                "every"
                    | "each"
                    | "daily"
                    | "hourly"
                    | "weekly"
                    | "monthly"
                    | "everyday"
                    | "day"
                    | "days"
                    | "weekdays"
                    | "weekday"
                    | "week"
                    | "month"
                    | "hour"
                    | "minutes"
                    | "hours"
                    | "workdays"
                    | "weekends"
                    | "weekend"
            ) || word.ends_with("days")
                || word.ends_with("day") && *word != "today"
        });
        let cron = match (&read, &old, time) {
            // "at noon and at 6pm"
            (_, old, Some(_)) if several.len() > 1 && !says_rhythm => {
                let days = old.as_deref().unwrap_or("0 0 * * *");
                with_times(days, &several)
            }
            // Only the time changes: the days stay.
            (_, Some(old), Some(time)) if !says_rhythm => with_time(old, time),
            (None, None, Some(time)) => Some(format!("{} {} * * *", time.1, time.0)),
            // Only the days change: the time stays.
            (Some(read), Some(old), None) if spans_days && at_a_time(&read.cron) && at_a_time(old) => {
                with_days(old, &read.cron)
            }
            (None, Some(old), None) => days_of(&words).and_then(|days| with_day_field(old, days)),
            (Some(read), ..) => Some(read.cron.clone()),
            (None, None, None) => days_of(&words).map(|days| format!("0 9 * * {days}")),
            (None, Some(old), Some(time)) => with_time(old, time),
        };
        let Some(cron) = cron else {
            return Err(Refused::ask(
                format!("When should the agent run? \"{}\" does not say it.", shortened(text, 80)),
                "schedule",
                Some("Every weekday at 8:30".to_owned()),
            ));
        };
        if let Some(zone) =
            read.as_ref().and_then(|read| read.timezone.as_deref()).and_then(|zone| self.canvas.known.zone(zone))
        {
            self.canvas.agent.insert("recommended_schedule_timezone".to_owned(), Json::from(zone));
        }
        self.canvas.agent.insert(CRON.to_owned(), Json::from(cron));
        Ok(())
    }

    pub(super) fn pause(&mut self) -> Result<(), Refused> {
        if self.cron().is_none() {
            return Err(Refused::unsupported("The agent has no schedule: it runs when it is started.".to_owned()));
        }
        self.canvas.agent.insert(CRON.to_owned(), Json::Null);
        Ok(())
    }

    pub(super) fn cron(&self) -> Option<String> {
        self.canvas
            .agent
            .get(CRON)
            .and_then(Json::as_str)
            .map(str::to_owned)
            .filter(|cron| cron.split_whitespace().count() == 5)
    }
}

fn fields(cron: &str) -> Vec<&str> {
    cron.split_whitespace().collect()
}

/// Whether a schedule runs at set times, not every so many minutes or hours.
fn at_a_time(cron: &str) -> bool {
    fields(cron).iter().take(2).all(|field| field.split(',').all(|part| part.parse::<u8>().is_ok()))
}

fn only_hours(cron: &str) -> bool {
    fields(cron).iter().skip(2).all(|field| *field == "*")
}

fn with_time(old: &str, (hour, minute): (u8, u8)) -> Option<String> {
    match fields(old).as_slice() {
        [_, _, rest @ ..] => Some(format!("{minute} {hour} {}", rest.join(" "))),
        _ => None,
    }
}

/// Several times of one day: a cron expression has them if their minutes are the same.
fn with_times(old: &str, times: &[(u8, u8)]) -> Option<String> {
    let (_, minute) = *times.first()?;
    if times.iter().any(|(_, other)| *other != minute) {
        return None;
    }
    let mut hours: Vec<u8> = times.iter().map(|(hour, _)| *hour).collect();
    hours.sort_unstable();
    hours.dedup();
    let hours: Vec<String> = hours.iter().map(u8::to_string).collect();
    match fields(old).as_slice() {
        [_, _, rest @ ..] => Some(format!("{minute} {} {}", hours.join(","), rest.join(" "))),
        _ => None,
    }
}

/// The times that "and" joins.
fn times(tokens: &[reading::Token]) -> Vec<(u8, u8)> {
    if !tokens.iter().any(|token| token.word() == Some("and")) {
        return Vec::new();
    }
    let one = |token: &reading::Token| match (token.value(), token.word()) {
        (Some(Value::Time(hour, minute)), _) => Some((*hour, *minute)),
        (_, Some("noon" | "midday")) => Some((12, 0)),
        (_, Some("midnight")) => Some((0, 0)),
        _ => None,
    };
    tokens.iter().filter_map(one).collect()
}

fn with_days(old: &str, new: &str) -> Option<String> {
    match (fields(old).as_slice(), fields(new).as_slice()) {
        ([minute, hour, ..], [_, _, rest @ ..]) => Some(format!("{minute} {hour} {}", rest.join(" "))),
        _ => None,
    }
}

fn with_day_field(old: &str, days: &str) -> Option<String> {
    match fields(old).as_slice() {
        [minute, hour, ..] => Some(format!("{minute} {hour} * * {days}")),
        _ => None,
    }
}

fn named_time(words: &[&str]) -> Option<(u8, u8)> {
    let has = |word: &str| words.contains(&word);
    match () {
        () if has("midnight") => Some((0, 0)),
        () if has("noon") || has("midday") => Some((12, 0)),
        () => None,
    }
}

/// "weekdays only", "on Mondays"
fn days_of(words: &[&str]) -> Option<&'static str> {
    let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
    match () {
        () if has(&["weekdays", "weekday", "workdays"]) => Some("1-5"),
        () if has(&["weekends", "weekend"]) => Some("0,6"),
        () if has(&["mondays", "monday"]) => Some("1"),
        () if has(&["tuesdays", "tuesday"]) => Some("2"),
        () if has(&["wednesdays", "wednesday"]) => Some("3"),
        () if has(&["thursdays", "thursday"]) => Some("4"),
        () if has(&["fridays", "friday"]) => Some("5"),
        () if has(&["saturdays", "saturday"]) => Some("6"),
        () if has(&["sundays", "sunday"]) => Some("0"),
        () if has(&["daily"]) => Some("*"),
        () => None,
    }
}
