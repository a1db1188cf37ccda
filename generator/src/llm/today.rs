//! When and where a request is made: models know neither.

use std::time::{SystemTime, UNIX_EPOCH};

/// The areas of the IANA database.
const AREAS: [&str; 9] =
    ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// The day in UTC, such as `Friday 2026-11-27`; the first of the era for a clock before it.
pub(super) fn date(now: SystemTime) -> String {
    let days = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    let weekday = usize::try_from(days % 7).ok().and_then(|day| DAYS.get(day)).copied().unwrap_or_default();
    // Counted from 1 March 0000 in eras of 400 years: Howard Hinnant, "chrono-compatible low-level date algorithms".
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{weekday} {:04}-{month:02}-{day:02}", year + era * 400 + later)
}

/// The first time zone that a text names as the IANA database does: `Europe/Berlin`.
pub(super) fn timezone(text: &str) -> Option<&str> {
    let parts = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+')));
    let is_zone = |part: &&str| {
        let (area, place) = part.split_once('/').unwrap_or_default();
        AREAS.contains(&area)
            && !AREAS.contains(&place)
            && place.len() > 2
            && part.len() <= 64
            && place.starts_with(|c: char| c.is_uppercase())
    };
    parts.filter(|part| part.contains('/')).find(is_zone)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_model_is_told_the_day_on_which_it_plans() {
        for (seconds, day) in [
            (0, "Thursday 1970-01-01"),
            (951_782_400, "Tuesday 2000-02-29"),
            (1_795_737_600, "Friday 2026-11-27"),
            (4_107_542_399, "Sunday 2100-02-28"),
            (4_107_542_400, "Monday 2100-03-01"),
        ] {
            assert_eq!(date(UNIX_EPOCH + Duration::from_secs(seconds)), day);
        }
    }

    #[test]
    fn the_persons_time_zone_is_found_where_it_is_named() {
        for (text, zone) in [
            ("answers: 1. by mail (time zone: Europe/Berlin).", Some("Europe/Berlin")),
            ("America/Argentina/Buenos_Aires", Some("America/Argentina/Buenos_Aires")),
            ("Asia/Pacific sales and https://example.com/Europe/x", None),
            ("either/or, at 7", None),
            ("", None),
        ] {
            assert_eq!(timezone(text), zone, "{text}");
        }
    }
}
