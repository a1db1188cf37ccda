//! How long it is between two runs, and before or after what the agent runs.

use crate::reading::{Reading, Span, Value};

/// How long before or after something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) struct Lead {
    pub(in crate::plan) minutes: u32,
    pub(in crate::plan) before: bool,
}

/// Minutes of a unit of time.
pub(in crate::plan) fn unit(noun: &str) -> Option<u32> {
    match noun {
        "minute" => Some(1),
        "hour" => Some(60),
        "day" => Some(1440),
        "week" => Some(10080),
        _ => None,
    }
}

/// "an hour before", "the day before", "shortly before": from the start of `span` to the preposition.
pub(in crate::plan) fn lead(reading: &Reading, span: &Span) -> Option<Lead> {
    let tokens = reading.tokens.get(span.clone())?;
    let at = tokens.iter().position(|token| matches!(token.word(), Some("before" | "after")))?;
    let before = tokens.get(at)?.word() == Some("before");
    let words: Vec<&str> = tokens
        .get(..at)?
        .iter()
        .filter_map(|token| token.word())
        .filter(|word| !matches!(*word, "and" | "then" | "on" | "about" | "always"))
        .collect();
    let duration = tokens.get(..at)?.iter().find_map(|token| match token.value() {
        Some(Value::Duration(minutes)) => Some(*minutes),
        _ => None,
    });
    let minutes = match (duration, words.as_slice()) {
        (Some(minutes), []) => minutes,
        (None, ["half", "an", "hour"]) => 30,
        (None, ["a" | "an" | "one" | "the", noun] | [noun]) if unit(noun).is_some() => unit(noun)?,
        (None, ["shortly" | "right" | "just" | "directly" | "immediately"] | ["a", "bit"]) => 15,
        _ => return None,
    };
    Some(Lead { minutes, before })
}

/// Minutes between two runs of a cron expression of five fields, at the most frequent; a day when it says less.
pub(in crate::plan) fn interval(cron: &str) -> u32 {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [minute, hour, day, _, week] = fields.as_slice() else { return 1440 };
    let step = |field: &str| field.split_once('/').and_then(|(_, step)| step.parse::<u32>().ok());
    if *minute == "*" {
        return 1;
    }
    if let Some(step) = step(minute) {
        return step;
    }
    if let Some(step) = step(hour) {
        return step * 60;
    }
    if *hour == "*" || hour.contains('-') {
        return 60;
    }
    match (*day, *week) {
        ("*", "*") => 1440 / u32::try_from(hour.split(',').count()).unwrap_or(1).max(1),
        ("*", days) if days.contains(['-', ',']) => 1440,
        ("*", _) => 7 * 1440,
        _ => 31 * 1440,
    }
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn what_came_since_the_last_run_is_neither_missed_nor_told_twice() {
        for (cron, minutes) in [
            ("*/5 * * * *", 5),
            ("0 * * * *", 60),
            ("0 */2 * * *", 120),
            ("0 9 * * *", 1440),
            ("0 9,18 * * *", 720),
            ("0 9 * * 1-5", 1440),
            ("0 9 * * 1", 10080),
            ("0 9 1 * *", 44640),
        ] {
            assert_eq!(interval(cron), minutes, "{cron}");
        }
    }
}
