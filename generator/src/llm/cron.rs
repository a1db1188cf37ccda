//! Cron expressions as models write them, brought to five fields.

const MACROS: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/// The lowest and the highest number of a field, its names, and whether it may be `?`.
const FIELDS: [(u32, u32, &[&str], bool); 5] =
    [(0, 59, &[], false), (0, 23, &[], false), (1, 31, &[], true), (1, 12, &MONTHS, false), (0, 7, &DAYS, true)];

/// The expression in five fields; `None` if it is not one, or may be read in two ways.
///
/// Six fields begin with the second (always 0) or end with the year (always any). Often both readings are possible:
/// `0 7 * * * *` is 7:00 of every day, or the seventh minute of every hour.
pub(super) fn five_fields(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['`', '"', '\'']).trim();
    let lower = text.to_ascii_lowercase();
    if let Some((_, fields)) = MACROS.iter().find(|(name, _)| *name == lower) {
        return Some((*fields).to_owned());
    }
    let text = lower.strip_prefix("cron(").and_then(|_| text.get(5..)?.strip_suffix(')')).unwrap_or(text);
    let fields: Vec<&str> = text.split_whitespace().take(7).collect();
    let read = |fields: &[&str]| are_fields(fields).then(|| fields.join(" ").replace('?', "*"));
    match fields.as_slice() {
        all @ [_, _, _, _, _] => are_fields(all).then(|| all.join(" ")),
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

fn are_fields(fields: &[&str]) -> bool {
    fields.len() == FIELDS.len()
        && fields.iter().zip(FIELDS).all(|(field, (first, last, names, open))| {
            (open && *field == "?") || field.split(',').all(|item| is_item(item, first, last, names))
        })
}

/// `*`, a number, a name or a range, and how many to skip.
fn is_item(item: &str, first: u32, last: u32, names: &[&str]) -> bool {
    let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
    let is_number = |text: &str| {
        let is_name = || {
            text.get(..3).is_some_and(|short| names.iter().any(|name| name.eq_ignore_ascii_case(short)))
                && text.chars().all(char::is_alphabetic)
        };
        text.parse().map_or_else(|_| is_name(), |number: u32| (first..=last).contains(&number))
    };
    let is_range = range == "*"
        || range.split_once('-').map_or_else(|| is_number(range), |(from, to)| is_number(from) && is_number(to));
    is_range && step.is_none_or(|step| step.parse().is_ok_and(|step: u32| (1..=last.max(1)).contains(&step)))
}

#[cfg(test)]
mod tests {
    use super::five_fields;

    #[test]
    fn a_schedule_runs_when_the_model_meant_or_is_asked_about() {
        for (text, fields) in [
            ("0 7 * * *", Some("0 7 * * *")),
            (" */15 9-17 * * MON-FRI ", Some("*/15 9-17 * * MON-FRI")),
            ("0 7 1,15 JAN ?", Some("0 7 1,15 JAN ?")),
            ("@daily", Some("0 0 * * *")),
            ("@Hourly", Some("0 * * * *")),
            ("`0 7 * * *`", Some("0 7 * * *")),
            ("cron(0 7 * * ? *)", Some("0 7 * * *")),
            ("0 7 ? * MON-FRI *", Some("0 7 * * MON-FRI")),
            ("0 0 7 ? * MON", Some("0 7 * * MON")),
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
