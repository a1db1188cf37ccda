//! "Every morning", "each Monday at 9:30", "hourly": when the agent should run, as a cron hint.

use super::text::{Kind, Literal, Token};

/// When the agent should run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Minute, hour, day of the month, month, day of the week.
    pub cron: String,
    /// The person's own words.
    pub words: String,
}

/// The names of the days in the order of cron.
const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// What a unit of time means where no hour is named: the hour, and the days of the week.
const UNITS: [(&str, u8, &str); 9] = [
    ("day", 9, "*"),
    ("morning", 8, "*"),
    ("noon", 12, "*"),
    ("afternoon", 15, "*"),
    ("evening", 18, "*"),
    ("night", 22, "*"),
    ("weekday", 9, "1-5"),
    ("workday", 9, "1-5"),
    ("weekend", 9, "0,6"),
];

/// Words that are a schedule by themselves.
const ADVERBS: [(&str, &str); 6] = [
    ("daily", "day"),
    ("hourly", "hour"),
    ("weekly", "week"),
    ("monthly", "month"),
    ("nightly", "night"),
    ("weekdays", "weekday"),
];

/// Takes the first schedule out of the tokens.
pub(super) fn take(text: &str, tokens: &mut Vec<Token>) -> Option<Schedule> {
    for at in 0..tokens.len() {
        let Some((length, rhythm)) = rhythm(tokens.get(at..).unwrap_or_default()) else { continue };
        let mut end = at + length;
        let mut time = None;
        // The hour stands right after it, or right before it ("at 9 every day").
        if let Some((more, found)) = clock(tokens.get(end..).unwrap_or_default()) {
            (time, end) = (Some(found), end + more);
        }
        let mut start = at;
        if time.is_none()
            && let Some((before, found)) = (1..=3).filter_map(|back| at.checked_sub(back)).find_map(|before| {
                clock(tokens.get(before..at).unwrap_or_default())
                    .filter(|(n, _)| before + n == at)
                    .map(|(_, t)| (before, t))
            })
        {
            (time, start) = (Some(found), before);
        }
        let from = tokens.get(start)?.start;
        let to = tokens.get(end.checked_sub(1)?)?.end;
        tokens.drain(start..end);
        return Some(Schedule { cron: rhythm.cron(time), words: text.get(from..to)?.to_lowercase() });
    }
    None
}

enum Rhythm {
    Minutes(u32),
    Hours(u32),
    Days { hour: u8, days: String },
    Monthly,
}

impl Rhythm {
    fn cron(&self, time: Option<(u8, u8)>) -> String {
        match self {
            Self::Minutes(1) => "* * * * *".to_owned(),
            Self::Minutes(n) => format!("*/{n} * * * *"),
            Self::Hours(1) => "0 * * * *".to_owned(),
            Self::Hours(n) => format!("0 */{n} * * *"),
            Self::Days { hour, days } => {
                let (hour, minute) = time.unwrap_or((*hour, 0));
                format!("{minute} {hour} * * {days}")
            }
            Self::Monthly => {
                let (hour, minute) = time.unwrap_or((9, 0));
                format!("{minute} {hour} 1 * *")
            }
        }
    }
}

fn word(token: Option<&Token>) -> Option<&str> {
    match &token?.kind {
        Kind::Word(word) => Some(word),
        Kind::Literal(Literal::Number, number) => Some(number),
        _ => None,
    }
}

fn rhythm(tokens: &[Token]) -> Option<(usize, Rhythm)> {
    let first = word(tokens.first())?;
    if let Some((_, unit)) = ADVERBS.iter().find(|(adverb, _)| *adverb == first) {
        return Some((1, unit_rhythm(unit, 1)?));
    }
    match first {
        "every" | "each" => {
            let second = word(tokens.get(1))?;
            if let Ok(count) = second.parse::<u32>() {
                return Some((3, unit_rhythm(word(tokens.get(2))?, count.clamp(1, 59))?));
            }
            if matches!(second, "other" | "single" | "working" | "business") {
                let unit = if matches!(second, "working" | "business") { "weekday" } else { "day" };
                return word(tokens.get(2))
                    .filter(|third| *third == "day")
                    .and_then(|_| Some((3, unit_rhythm(unit, 1)?)));
            }
            let (length, days) = day_list(tokens.get(1..)?);
            if length > 0 {
                // "every Monday morning"
                let part = word(tokens.get(1 + length)).and_then(|next| UNITS.iter().find(|(unit, ..)| *unit == next));
                let hour = part.map_or(9, |(_, hour, _)| *hour);
                return Some((1 + length + usize::from(part.is_some()), Rhythm::Days { hour, days }));
            }
            Some((2, unit_rhythm(second, 1)?))
        }
        "on" => {
            let second = word(tokens.get(1))?;
            if second == "weekdays" {
                return Some((2, unit_rhythm("weekday", 1)?));
            }
            let (length, days) = day_list(tokens.get(1..)?);
            (length > 0 && second.ends_with('s')).then_some((1 + length, Rhythm::Days { hour: 9, days }))
        }
        "once" | "twice" => {
            let article = word(tokens.get(1)).filter(|word| matches!(*word, "a" | "per" | "every" | "each"));
            article?;
            Some((3, unit_rhythm(word(tokens.get(2))?, 1)?))
        }
        _ => None,
    }
}

/// "Monday", "Monday and Thursday": how many tokens, and the days for cron.
fn day_list(tokens: &[Token]) -> (usize, String) {
    let (mut length, mut days) = (0, Vec::new());
    for (at, token) in tokens.iter().enumerate().take(14) {
        match word(Some(token)) {
            Some(name) if DAYS.iter().any(|day| *day == name.trim_end_matches('s')) => {
                days.extend(DAYS.iter().position(|day| *day == name.trim_end_matches('s')));
                length = at + 1;
            }
            Some("and") if length > 0 => {}
            None if length > 0 && token.kind == Kind::Comma => {}
            _ => break,
        }
    }
    (length, days.iter().map(usize::to_string).collect::<Vec<_>>().join(","))
}

fn unit_rhythm(unit: &str, count: u32) -> Option<Rhythm> {
    let unit = unit.trim_end_matches('s');
    if let Some((_, hour, days)) = UNITS.iter().find(|(name, ..)| *name == unit) {
        return Some(Rhythm::Days { hour: *hour, days: (*days).to_owned() });
    }
    match unit {
        "minute" | "min" => Some(Rhythm::Minutes(count)),
        "hour" => Some(Rhythm::Hours(count.min(23))),
        "week" => Some(Rhythm::Days { hour: 9, days: "1".to_owned() }),
        "month" => Some(Rhythm::Monthly),
        _ => None,
    }
}

/// "at 9", "at 9:30 am", "at noon": how many tokens, hour and minute.
fn clock(tokens: &[Token]) -> Option<(usize, (u8, u8))> {
    let start = usize::from(matches!(word(tokens.first()), Some("at" | "around")));
    if start == 0 {
        return None;
    }
    let time = word(tokens.get(start))?;
    match time {
        "noon" | "midday" => return Some((start + 1, (12, 0))),
        "midnight" => return Some((start + 1, (0, 0))),
        _ => {}
    }
    let digits = time.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let mut suffix = time.get(digits.len()..).unwrap_or_default();
    let mut length = start + 1;
    if suffix.is_empty()
        && let Some(next @ ("am" | "pm" | "oclock")) = word(tokens.get(length))
    {
        (suffix, length) = (next, length + 1);
    }
    let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "0"));
    let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
    let hour = match suffix {
        "pm" if hour < 12 => hour + 12,
        "am" if hour == 12 => 0,
        _ => hour,
    };
    (hour < 24 && minute < 60).then_some((length, (hour, minute)))
}

#[cfg(test)]
mod tests {
    use super::take;
    use crate::planner::text::cut;

    #[test]
    fn an_agent_that_should_run_by_itself_says_when() {
        for (text, cron) in [
            ("every morning, do it", "0 8 * * *"),
            ("every day at 9", "0 9 * * *"),
            ("do it daily at 7:30am", "30 7 * * *"),
            ("each Monday at 5 pm", "0 17 * * 1"),
            ("on weekdays at 18:15", "15 18 * * 1-5"),
            ("every 15 minutes check it", "*/15 * * * *"),
            ("hourly", "0 * * * *"),
            ("every Monday and Thursday", "0 9 * * 1,4"),
            ("every Friday evening", "0 18 * * 5"),
            ("once a week", "0 9 * * 1"),
            ("at 6am every day", "0 6 * * *"),
            ("every month", "0 9 1 * *"),
        ] {
            let mut tokens = cut(text);
            assert_eq!(take(text, &mut tokens).map(|schedule| schedule.cron).as_deref(), Some(cron), "{text}");
        }
    }

    #[test]
    fn each_post_is_not_taken_for_a_time() {
        for text in ["for each post", "every entry of the feed", "at home", "each", "every", "on Slack"] {
            let mut tokens = cut(text);
            assert_eq!(take(text, &mut tokens), None, "{text}");
        }
    }
}
