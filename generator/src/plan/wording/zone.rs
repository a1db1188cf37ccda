//! Time zones as people write them.

use crate::knowledge::Knowledge;

/// The name in the IANA database: "CST", "UTC+2", "Berlin time", "Europe/Berlin".
pub(in crate::plan) fn iana(known: &Knowledge, written: &str) -> Option<String> {
    let name = written.strip_suffix(" time").unwrap_or(written).trim();
    if let Some(zone) = known.zone(name) {
        return Some(zone.to_owned());
    }
    let offset =
        ["UTC", "GMT"].iter().find_map(|zero| name.strip_prefix(zero)).map(|rest| rest.replace(['−', '–'], "-"));
    if let Some(hours) = offset.as_deref().and_then(|rest| rest.trim_end_matches(":00").parse::<i8>().ok()) {
        // The signs of these names are the other way round.
        return (-14..=12)
            .contains(&-hours)
            .then(|| if hours == 0 { "UTC".to_owned() } else { format!("Etc/GMT{:+}", -hours) });
    }
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-'));
    (name.contains('/') && plain).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::iana;
    use crate::knowledge::Knowledge;

    #[test]
    fn a_schedule_runs_in_the_zone_that_the_person_meant() {
        let known = Knowledge::embedded().unwrap();
        for (written, zone) in [
            ("CST", Some("America/Chicago")),
            ("PT", Some("America/Los_Angeles")),
            ("UTC", Some("UTC")),
            ("UTC+2", Some("Etc/GMT-2")),
            ("GMT-5", Some("Etc/GMT+5")),
            ("Berlin time", Some("Europe/Berlin")),
            ("Asia/Tokyo", Some("Asia/Tokyo")),
            ("UTC+99", None),
            ("Narnia time", None),
        ] {
            assert_eq!(iana(&known, written).as_deref(), zone, "{written}");
        }
    }
}
