mod sentences;
mod tables;

use super::schedule;
use crate::reading::{Schedule, Span, tokens};

fn read(text: &str) -> Option<Schedule> {
    schedule(text, &tokens(text))
}

fn said(text: &str, spans: &[Span]) -> Vec<String> {
    let tokens = tokens(text);
    spans.iter().map(|span| text[tokens[span.start].start..tokens[span.end - 1].end].to_owned()).collect()
}

fn hold(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, cron)| {
            let found = read(text).map_or_else(|| "-".to_owned(), |schedule| schedule.cron);
            (found != *cron).then(|| format!("{text}: {found}, not {cron}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_first_rhythm_counts_and_the_others_are_told() {
    for (text, cron, others) in [
        ("Hourly look at the shop, and a report each Friday", "0 * * * *", &["each Friday"] as &[_]),
        ("A daily digest. Schedule it every weekday at 8.", "0 8 * * 1-5", &[]),
        ("Check every hour. Schedule it to run hourly.", "0 * * * *", &[]),
        ("Every Monday at 9 a plan and every Friday at 17 a review", "0 9 * * 1", &["every Friday"]),
        ("Every morning the weather, and once a month the bill", "0 8 * * *", &["once a month"]),
        ("Each day a joke, each day another one", "0 9 * * *", &[]),
    ] {
        let schedule = read(text).unwrap();
        assert_eq!(schedule.cron, cron, "{text}");
        assert_eq!(said(text, &schedule.others), others, "{text}");
    }
}

#[test]
fn what_cron_cannot_say_is_told() {
    for (text, cron) in [
        ("every 90 minutes", "0 * * * *"),
        ("every 30 seconds", "* * * * *"),
        ("every second", "* * * * *"),
        ("every 7 minutes", "*/7 * * * *"),
        ("every two weeks on Tuesday", "0 9 * * 2"),
        ("every other Friday at 10", "0 10 * * 5"),
        ("biweekly", "0 9 * * 1"),
        ("every first Monday", "0 9 * * 1"),
        ("the last Friday of each month", "0 9 * * 5"),
        ("on the last day of the month", "0 9 28-31 * *"),
        ("on the 31st of each month", "0 9 31 * *"),
        ("every 5 hours", "0 */5 * * *"),
        ("every few minutes", "*/5 * * * *"),
        ("daily at 9:10 and 17:40", "10 9,17 * * *"),
    ] {
        let schedule = read(text).unwrap();
        assert_eq!(schedule.cron, cron, "{text}");
        assert!(schedule.approximate.is_some(), "{text}");
    }
    for text in ["every 15 minutes", "every 6 hours", "every day at 9", "twice a week", "every 3 months"] {
        assert_eq!(read(text).unwrap().approximate, None, "{text}");
    }
}

#[test]
fn the_time_zone_is_kept_as_written() {
    for (text, zone) in [
        ("at 9:30am CST each weekday", Some("CST")),
        ("every day at 8 ET", Some("ET")),
        ("daily at 9:00 UTC+2", Some("UTC+2")),
        ("daily at 9:00 UTC+05:30", Some("UTC+05:30")),
        ("daily at 6 am GMT-3", Some("GMT-3")),
        ("every day at 9 Berlin time", Some("Berlin time")),
        ("every Monday at 8am (Europe/Berlin)", Some("Europe/Berlin")),
        ("daily at 7:00 America/New_York", Some("America/New_York")),
        ("daily at 7:00 (America/New_York), pull the code", Some("America/New_York")),
        ("daily at 5 pm New York time", Some("New York time")),
        ("daily at 7:00 local time", None),
        ("every day at 9", None),
    ] {
        assert_eq!(read(text).unwrap().timezone.as_deref(), zone, "{text}");
    }
}

#[test]
fn the_words_of_the_schedule_are_told_and_no_others() {
    for (text, words) in [
        ("Every weekday read my mail and post a list at 9:30", &["Every weekday", "at 9:30"] as &[_]),
        ("Weekdays at nine: plan my day", &["Weekdays at nine"]),
        ("Post it at 9:30am CST each weekday", &["at 9:30am CST each weekday"]),
        ("Make a daily digest", &["daily"]),
        ("Look every 15 minutes, but only during working hours", &["every 15 minutes", "during working hours"]),
    ] {
        assert_eq!(said(text, &read(text).unwrap().spans), words, "{text}");
    }
}
