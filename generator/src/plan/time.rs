//! How long it is between two runs.

/// Minutes between two runs of a cron expression of five fields, at the most frequent; a day when it says less.
pub(super) fn interval(cron: &str) -> u32 {
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
