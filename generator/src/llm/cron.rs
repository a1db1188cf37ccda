//! Cron expressions as models write them, brought to five fields of numbers.

use crate::reading::schedule::literal;

/// The expression in five fields; `None` if it is not one, or may be read in two ways.
///
/// Six fields begin with the second (always 0) or end with the year (always any). Often both readings are possible:
/// `0 7 * * * *` is 7:00 of every day, or the seventh minute of every hour.
pub(super) fn five_fields(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['`', '"', '\'']).trim();
    let lower = text.to_ascii_lowercase();
    if let Some(fields) = literal::nicknamed(&lower) {
        return Some(fields.to_owned());
    }
    let text = lower.strip_prefix("cron(").and_then(|_| text.get(5..)?.strip_suffix(')')).unwrap_or(text);
    let fields: Vec<&str> = text.split_whitespace().take(7).collect();
    let read = |fields: &[&str]| {
        // `?` is one of the two days, and means any.
        let is_open = |(at, field): (usize, &&str)| *field == "?" && !matches!(at, 2 | 4);
        let fields: Option<Vec<&str>> = (!fields.iter().enumerate().any(is_open))
            .then(|| fields.iter().map(|field| if *field == "?" { "*" } else { field }).collect());
        literal::cron(&fields?)
    };
    match fields.as_slice() {
        all @ [_, _, _, _, _] => read(all),
        [second, _, _, _, _, year] => {
            let with_second = fields.get(1..).filter(|_| *second == "0").and_then(read);
            let with_year = fields.get(..5).filter(|_| *year == "*").and_then(read);
            match (with_second, with_year) {
                (Some(_), Some(_)) => None,
                (one, other) => one.or(other),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::five_fields;

    #[test]
    fn a_schedule_runs_when_the_model_meant_or_is_asked_about() {
        for (text, fields) in [
            ("0 7 * * *", Some("0 7 * * *")),
            (" */15 9-17 * * MON-FRI ", Some("*/15 9-17 * * 1-5")),
            ("0 7 1,15 JAN ?", Some("0 7 1,15 1 *")),
            ("@daily", Some("0 0 * * *")),
            ("@Hourly", Some("0 * * * *")),
            ("`0 7 * * *`", Some("0 7 * * *")),
            ("cron(0 7 * * ? *)", Some("0 7 * * *")),
            ("0 7 ? * MON-FRI *", Some("0 7 * * 1-5")),
            ("0 0 7 ? * MON", Some("0 7 * * 1")),
            ("0 0 7 * * 1-5", Some("0 7 * * 1-5")),
            ("0 30 7 * * ?", Some("30 7 * * *")),
            // Every day at 7:00, or the seventh of each month at midnight.
            ("0 0 7 * * *", None),
            ("0 7 * * * *", None),
            ("0 7 * * 1 2027", None),
            ("every day at 7 am", None),
            ("every morning", None),
            ("61 7 * * *", None),
            ("0 7 * *", None),
            ("@reboot", None),
        ] {
            assert_eq!(five_fields(text).as_deref(), fields, "{text}");
        }
    }
}
