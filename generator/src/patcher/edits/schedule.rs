//! When the agent runs. What the wish does not mention stays as it was.

use serde_json::Value as Json;

use super::{Edit, days::Days};
use crate::{
    patcher::{refused::Refused, wish::Act},
    reading::{self, Schedule, Token, Value},
    text::shortened,
};

const CRON: &str = "recommended_schedule_cron";
const ZONE: &str = "recommended_schedule_timezone";

/// Words that say how often.
const RHYTHM: [&str; 14] = [
    "every", "each", "daily", "hourly", "weekly", "monthly", "everyday", "once", "twice", "times", "week", "month",
    "hour", "minutes",
];
/// Words that take days away.
const OFF: [&str; 10] = ["not", "no", "never", "off", "skip", "except", "without", "dont", "don't", "stop"];

impl Edit<'_, '_> {
    pub(super) fn schedule(&mut self, text: &str) -> Result<(), Refused> {
        let text = wanted_part(text);
        let when = When::of(text);
        // "every two weeks": what cron cannot say.
        let told = when.read.as_ref().and_then(|read| read.approximate.clone());
        self.canvas.told.extend(told);
        let Some(cron) = when.cron(self.cron().as_deref())? else {
            return Err(Refused::ask(
                format!("When should the agent run? \"{}\" does not say it.", shortened(text, 80)),
                "schedule",
                Some("Every weekday at 8:30".to_owned()),
            ));
        };
        let place = place_of_time(text);
        let zone = when.zone.as_deref().or(place.as_deref());
        match (zone, zone.and_then(|zone| self.canvas.known.zone(zone))) {
            (Some(_), Some(zone)) => drop(self.canvas.agent.insert(ZONE.to_owned(), Json::from(zone))),
            (Some(zone), None) => {
                return Err(Refused::ask(
                    format!("Which time zone is \"{}\"?", shortened(zone, 40)),
                    "timezone",
                    Some("Europe/Berlin".to_owned()),
                ));
            }
            _ => {}
        }
        self.canvas.agent.insert(CRON.to_owned(), Json::from(cron));
        Ok(())
    }

    /// "send the Slack message at 8": when the one thing goes out that goes out, no second message.
    pub(super) fn timed(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let also = self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_));
        if also || text.contains(['"', '“']) || self.other_place(text) {
            return None;
        }
        let cuts = [" at ", " every ", " on "].iter().flat_map(|word| text.match_indices(word));
        let timed = |(cut, _): (usize, &str)| Some((cut, text.get(cut + 1..).filter(|when| is_clock(when))?));
        let (cut, when) = cuts.filter_map(timed).min_by_key(|(cut, _)| *cut)?;
        let order = text.get(..cut).filter(|order| self.sends(order))?;
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        let named = self.governed(order).ok()?.filter(|at| sends.contains(at))?;
        let done = self.schedule(when);
        if let (Ok(()), Some(other)) = (&done, sends.into_iter().find(|at| *at != named)) {
            let title = self.canvas.title(other);
            self.canvas.told.push(format!("{title} goes out at that time too: the agent as a whole has one schedule."));
        }
        Some(done)
    }

    pub(super) fn pause(&mut self) -> Result<(), Refused> {
        if self.cron().is_none() {
            return Err(Refused::unsupported("The agent has no schedule: it runs when it is started.".to_owned()));
        }
        self.canvas.agent.insert(CRON.to_owned(), Json::Null);
        Ok(())
    }

    /// "8 is too early, 10 is better": hours of the schedule, where no step has such a number.
    pub(super) fn other_hour(&mut self, from: &str, to: &str) -> Option<Result<(), Refused>> {
        let cron = self.cron()?;
        let hour = |text: &str| When::of(&format!("at {text}")).time;
        let (hours, (old, _)) = (*fields(&cron).get(1)?, hour(from)?);
        let runs = hours.parse::<u8>().ok() == Some(old);
        (runs && hour(to).is_some() && self.canvas.holders_of(from).is_empty())
            .then(|| self.schedule(&format!("at {to}")))
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

/// "at 8", "every morning at 7": whether nothing but a time stands there.
fn is_clock(when: &str) -> bool {
    let tokens = reading::tokens(when);
    match tokens.as_slice() {
        [at, only] if at.word() == Some("at") => match only.value() {
            Some(Value::Time(..)) => true,
            Some(Value::Number(hour)) => (0.0..24.0).contains(hour),
            _ => matches!(only.word(), Some("noon" | "midnight")),
        },
        _ => reading::schedule(when, &tokens).is_some_and(|read| {
            let said = |at: usize| read.spans.iter().any(|span| span.contains(&at));
            let joins =
                |token: &Token| matches!(token.word(), Some("at" | "on" | "in" | "the" | "and" | "every" | "each"));
            tokens.iter().enumerate().all(|(at, token)| said(at) || joins(token))
        }),
    }
}

/// Without what it was: "8:30 instead of 9", "from Fridays to Mondays".
fn wanted_part(text: &str) -> &str {
    let lower = text.to_lowercase();
    let cut = [" instead", " rather than", " in place of"].iter().filter_map(|words| lower.find(words)).min();
    let text = cut.and_then(|end| text.get(..end)).unwrap_or(text);
    let lower = text.to_lowercase();
    let moves = ["shift", "move", "change", "switch", "reschedule", "push", "set", "from"];
    let moved = moves.iter().any(|verb| lower.split_whitespace().any(|word| word == *verb));
    match lower.find("from ").and_then(|from| Some(from + lower.get(from..)?.find(" to ")?)) {
        Some(to) if moved => text.get(to + 1..).unwrap_or(text),
        _ => text,
    }
}

/// "Berlin" of "9 o'clock Berlin time".
fn place_of_time(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches([',', '.', '!'])).collect();
    let at = words.iter().position(|word| *word == "time")?;
    let named =
        |word: &&&str| word.starts_with(|c: char| c.is_uppercase()) && !matches!(**word, "AM" | "PM" | "The" | "This");
    let place: Vec<&str> = words.get(..at)?.iter().rev().take_while(named).take(3).copied().collect();
    let place: Vec<&str> = place.into_iter().rev().collect();
    (!place.is_empty()).then(|| place.join(" "))
}

/// What a text says about time.
struct When {
    read: Option<Schedule>,
    words: Vec<String>,
    time: Option<(u8, u8)>,
    /// "at noon and at 6pm"
    several: Vec<(u8, u8)>,
    zone: Option<String>,
    /// It is written as a cron expression.
    literal: bool,
    /// Minutes that it runs later than before.
    shift: Option<i64>,
}

impl When {
    fn of(text: &str) -> Self {
        let tokens = reading::tokens(text);
        let words: Vec<String> = tokens.iter().filter_map(Token::word).map(str::to_owned).collect();
        let has = |word: &str| words.iter().any(|said| said == word);
        let sign = match () {
            () if has("later") => 1,
            () if has("earlier") || has("sooner") => -1,
            () => 0,
        };
        let shift = tokens.iter().filter(|_| sign != 0).find_map(|token| match token.value() {
            Some(Value::Duration(minutes)) if *minutes < 1440 => Some(sign * i64::from(*minutes)),
            _ => None,
        });
        let several = times(&tokens);
        let read = reading::schedule(text, &tokens).filter(|_| shift.is_none());
        let daily = format!("every day {text}");
        let of_day = reading::schedule(&daily, &reading::tokens(&daily));
        let zone = [&read, &of_day].into_iter().flatten().find_map(|read| read.timezone.clone());
        let literal = read.as_ref().is_some_and(|read| text.contains(&read.cron));
        let mut when = Self { read, words, time: None, several, zone, literal, shift };
        when.time = when.time_of(&tokens, of_day.as_ref());
        when
    }

    /// The time of day; "from 9 to 10": the new one is the last.
    fn time_of(&self, tokens: &[Token], of_day: Option<&Schedule>) -> Option<(u8, u8)> {
        let said = tokens.iter().rev().find_map(|token| match token.value() {
            Some(Value::Time(hour, minute)) => Some((*hour, *minute)),
            _ => None,
        });
        let named = match () {
            () if self.has("midnight") => Some((0, 0)),
            () if self.has("noon") || self.has("midday") => Some((12, 0)),
            () => None,
        };
        let number = tokens.iter().rev().find_map(|token| match token.value() {
            Some(Value::Number(number)) if (0.0..24.0).contains(number) && number.fract() == 0.0 => {
                Some((*number as u8, 0))
            }
            _ => None,
        });
        // "in the evening", "at half past ten"
        let part = of_day.filter(|read| only_hours(&read.cron) && at_a_time(&read.cron) && read.cron != "0 9 * * *");
        let part = part.and_then(|read| match fields(&read.cron).as_slice() {
            [minute, hour, ..] => Some((hour.parse().ok()?, minute.parse().ok()?)),
            _ => None,
        });
        said.or(named).or(part).or(number.filter(|_| self.read.is_none() && self.shift.is_none()))
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|said| said == word)
    }

    /// "once a day", "three times a day": how often, not on which days.
    fn counts(&self) -> bool {
        let all = ["every", "each", "daily", "everyday"];
        ["once", "twice", "times"].iter().any(|word| self.has(word)) && !all.iter().any(|word| self.has(word))
    }

    /// The schedule that comes of the old one.
    fn cron(&self, old: Option<&str>) -> Result<Option<String>, Refused> {
        if let Some(minutes) = self.shift {
            return match old {
                Some(old) => shifted(old, minutes).map(Some),
                None => Err(Refused::unsupported("The agent has no schedule that could be shifted.".to_owned())),
            };
        }
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        if let Some(at) = words.iter().position(|word| OFF.contains(word))
            && let Some(off) = Days::said(&words)
        {
            // "daily, not on weekends": what stands before it is the rhythm.
            let rhythm = words.get(..at).is_some_and(|before| before.iter().any(|word| RHYTHM.contains(word)));
            let base = self.read.as_ref().filter(|_| rhythm).map(|read| read.cron.as_str()).or(old);
            return without_days(base.unwrap_or("0 9 * * *"), off).map(Some);
        }
        let says_rhythm = words.iter().any(|word| RHYTHM.contains(word) || *word == "hours" || *word == "days");
        let says_days = Days::said(&words).is_some() || words.contains(&"day") || words.contains(&"days");
        let days = || Days::said(&words).map(Days::field);
        let every_day = words.windows(2).any(|pair| matches!(pair, ["every" | "each", "day"]));
        if self.several.len() > 1 && !says_rhythm && !says_days {
            return Ok(with_times(old.unwrap_or("0 0 * * *"), &self.several));
        }
        let cron = match (&self.read, old, self.time) {
            // "change the cron to 0 8 * * 1"
            (Some(read), ..) if self.literal => Some(read.cron.clone()),
            // "twice a day" of an agent that runs on some days: on these.
            // "every 3 hours during the day": hours of the same days.
            (Some(read), Some(old), _)
                if (self.counts() || spans_hours(&read.cron) && days().is_none() && !every_day)
                    && only_hours(&read.cron)
                    && on_several_days(old) =>
            {
                with_dates_of(&read.cron, old)
            }
            // Only the time changes: the days stay.
            (_, Some(old), Some(time)) if !says_rhythm && !says_days => with_time(old, time),
            (None, Some(old), Some(time)) => {
                with_time(old, time).and_then(|cron| days().map_or(Some(cron.clone()), |days| with_days(&cron, &days)))
            }
            (None, None, Some((hour, minute))) => {
                Some(format!("{minute} {hour} * * {}", days().unwrap_or_else(|| "*".to_owned())))
            }
            // Only the days change: the time stays, and how often it runs.
            (Some(read), Some(old), None) if !says_rhythm && !only_hours(&read.cron) && at_a_time(&read.cron) => {
                with_dates_of(old, &read.cron)
            }
            (Some(read), Some(old), None)
                if !only_hours(&read.cron) && at_a_time(&read.cron) && at_a_time(old) && old_time_fits(&read.cron) =>
            {
                with_dates_of(old, &read.cron)
            }
            (None, Some(old), None) => days().and_then(|days| with_days(old, &days)),
            (Some(read), ..) => Some(read.cron.clone()),
            (None, None, None) => days().map(|days| format!("0 9 * * {days}")),
        };
        // "on the weekend only, at noon": the days are said beside a time of every day.
        let daily = |cron: &str| only_hours(cron) && !says_rhythm && !self.literal;
        Ok(cron.and_then(|cron| match days() {
            Some(days) if daily(&cron) => with_days(&cron, &days),
            _ => Some(cron),
        }))
    }
}

fn fields(cron: &str) -> Vec<&str> {
    cron.split_whitespace().collect()
}

/// Whether a schedule runs at set times, not every so many minutes or hours.
fn at_a_time(cron: &str) -> bool {
    fields(cron).iter().take(2).all(|field| field.split(',').all(|part| part.parse::<u8>().is_ok()))
}

/// Whether the time of a schedule is only the usual one, so that the old one can stay.
fn old_time_fits(cron: &str) -> bool {
    cron.starts_with("0 9 ")
}

fn only_hours(cron: &str) -> bool {
    fields(cron).iter().skip(2).all(|field| *field == "*")
}

fn spans_hours(cron: &str) -> bool {
    fields(cron).get(1).is_some_and(|hours| hours.contains('-'))
}

fn on_several_days(cron: &str) -> bool {
    fields(cron).last().is_some_and(|days| days.contains(['-', ',']))
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
fn times(tokens: &[Token]) -> Vec<(u8, u8)> {
    if !tokens.iter().any(|token| token.word() == Some("and")) {
        return Vec::new();
    }
    let one = |token: &Token| match (token.value(), token.word()) {
        (Some(Value::Time(hour, minute)), _) => Some((*hour, *minute)),
        (_, Some("noon" | "midday")) => Some((12, 0)),
        (_, Some("midnight")) => Some((0, 0)),
        _ => None,
    };
    tokens.iter().filter_map(one).collect()
}

fn with_dates_of(old: &str, new: &str) -> Option<String> {
    match (fields(old).as_slice(), fields(new).as_slice()) {
        ([minute, hour, ..], [_, _, rest @ ..]) => Some(format!("{minute} {hour} {}", rest.join(" "))),
        _ => None,
    }
}

fn with_days(old: &str, days: &str) -> Option<String> {
    match fields(old).as_slice() {
        [minute, hour, ..] => Some(format!("{minute} {hour} * * {days}")),
        _ => None,
    }
}

/// The same schedule on fewer days.
fn without_days(cron: &str, off: Days) -> Result<String, Refused> {
    let unclear = || Refused::impossible(format!("The schedule `{cron}` would have no day left."));
    let [minute, hour, date, month, days] = *fields(cron).as_slice() else { return Err(unclear()) };
    let left = Days::of_field(days).and_then(|days| days.without(off)).ok_or_else(unclear)?;
    Ok(format!("{minute} {hour} {date} {month} {}", left.field()))
}

/// The same schedule, so many minutes later, within the day.
fn shifted(cron: &str, by: i64) -> Result<String, Refused> {
    let unclear = || {
        Refused::ask(
            format!("The schedule is `{cron}`: at which times should the agent run instead?"),
            "schedule",
            Some("Every weekday at 8:30".to_owned()),
        )
    };
    let parts = fields(cron);
    let [minute, hour, rest @ ..] = parts.as_slice() else { return Err(unclear()) };
    let minute: i64 = minute.parse().map_err(|_| unclear())?;
    let mut hours = Vec::new();
    let mut minutes = minute;
    for hour in hour.split(',') {
        let all = hour.parse::<i64>().map_err(|_| unclear())? * 60 + minute + by;
        let day = if rest.iter().all(|field| *field == "*") { all.rem_euclid(1440) } else { all };
        if !(0..1440).contains(&day) {
            return Err(unclear());
        }
        minutes = day % 60;
        hours.push(day / 60);
    }
    hours.sort_unstable();
    let hours = hours.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    Ok(format!("{minutes} {hours} {}", rest.join(" ")))
}
