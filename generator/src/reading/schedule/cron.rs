//! A rhythm as five fields.

use super::{
    days::{Days, WEEKDAYS},
    every::{Rhythm, Unit},
    hours::{Clock, Window},
};

/// The expression, and what it cannot say.
pub(super) fn cron(rhythm: &Rhythm, clocks: &[Clock], window: Option<Window>) -> (String, Option<String>) {
    if let Some(literal) = &rhythm.literal {
        return (literal.clone(), None);
    }
    let days = rhythm.days.or(window.filter(|window| window.working).map(|_| WEEKDAYS));
    let week = days.map_or_else(|| "*".to_owned(), Days::cron);
    let mut notes: Vec<String> = rhythm.note.clone().into_iter().collect();
    let step = |n: u32| if n == 1 { "*".to_owned() } else { format!("*/{n}") };
    let written = match rhythm.unit {
        Unit::Minutes(n) => format!("{} {} * * {week}", step(n), hours(window, 1)),
        Unit::Hours(n) => format!("0 {} * * {week}", hours(window, n)),
        unit => {
            let clock = match window {
                Some(wide) if clocks.is_empty() && wide.to.abs_diff(wide.from) > 2 => format!("0 {}", hours(window, 1)),
                Some(Window { from, .. }) if clocks.is_empty() => format!("0 {from}"),
                _ => times(rhythm, clocks, &mut notes),
            };
            match unit {
                Unit::Months(n) => format!("{clock} {}", months(rhythm, n, &mut notes)),
                Unit::Weeks(_) => format!("{clock} * * {}", days.map_or_else(|| "1".to_owned(), Days::cron)),
                Unit::Days(n) if n > 1 => format!("{clock} {} * *", step(n)),
                _ => format!("{clock} * * {week}"),
            }
        }
    };
    (written, (!notes.is_empty()).then(|| notes.join("; ")))
}

fn hours(window: Option<Window>, every: u32) -> String {
    let step = if every > 1 { format!("/{every}") } else { String::new() };
    match window {
        None => format!("*{step}"),
        Some(Window { from, to, .. }) if from == to => from.to_string(),
        Some(Window { from, to, .. }) if from <= to => format!("{from}-{to}{step}"),
        Some(Window { from, to, .. }) => format!("{from}-23{step},0-{to}{step}"),
    }
}

/// Minute and hour.
fn times(rhythm: &Rhythm, clocks: &[Clock], notes: &mut Vec<String>) -> String {
    let named = rhythm.days.is_some();
    let place = |clock: &Clock| match rhythm.part {
        Some(part) if clock.bare => part.place(clock.hour),
        // "Fridays at four": within working hours.
        None if clock.bare && named && (1..=6).contains(&clock.hour) => clock.hour + 12,
        _ => clock.hour,
    };
    let mut hours: Vec<u8> = if clocks.is_empty() { rhythm.hours.clone() } else { clocks.iter().map(place).collect() };
    let mut minutes: Vec<u8> = clocks.iter().map(|clock| clock.minute).collect();
    let all = minutes.len();
    for list in [&mut hours, &mut minutes] {
        list.sort_unstable();
        list.dedup();
    }
    if minutes.len() > 1 && minutes.len() * hours.len() != all {
        let said = |clock: &Clock| format!("{}:{:02}", place(clock), clock.minute);
        let said: Vec<String> = clocks.iter().map(said).collect();
        let minute = clocks.first().map_or(0, |clock| clock.minute);
        minutes = vec![minute];
        notes.push(format!("{} is not possible: it runs at minute {minute} of each hour named", said.join(" and ")));
    }
    if minutes.is_empty() {
        minutes.push(0);
    }
    format!("{} {}", joined(&minutes), joined(&hours))
}

fn joined(numbers: &[u8]) -> String {
    numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
}

/// Day of the month, month, and any day of the week.
fn months(rhythm: &Rhythm, every: u32, notes: &mut Vec<String>) -> String {
    let mut dates = rhythm.dates.clone();
    dates.sort_unstable();
    dates.dedup();
    if let Some(late) = dates.iter().find(|date| **date > 28) {
        notes.push(format!("a month without day {late} is left out"));
    }
    let day = if dates.contains(&0) {
        notes.push("the last day of a month is not possible: it runs on the 28th and the days after it".to_owned());
        "28-31".to_owned()
    } else if dates.is_empty() {
        "1".to_owned()
    } else {
        joined(&dates)
    };
    let month = match every {
        1 => "*".to_owned(),
        12 if rhythm.months.is_empty() => "1".to_owned(),
        12 => joined(&rhythm.months),
        n => format!("*/{n}"),
    };
    format!("{day} {month} *")
}
