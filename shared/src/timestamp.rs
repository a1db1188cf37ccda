//! A point in time: stored as seconds, shown as RFC 3339.

use std::{num::NonZero, time::Duration};

use serde::{Deserialize, Serialize};
use time::{
    OffsetDateTime,
    format_description::well_known::{
        Iso8601,
        iso8601::{Config, EncodedConfig, TimePrecision},
    },
};

/// With milliseconds.
const RFC_3339: EncodedConfig =
    Config::DEFAULT.set_time_precision(TimePrecision::Second { decimal_digits: NonZero::new(3) }).encode();

/// Seconds since 1970 with fractions, as in the operations table.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub f64);

impl Timestamp {
    #[must_use]
    pub fn after(self, time: Duration) -> Self {
        Self(self.0 + time.as_secs_f64())
    }

    /// Formats as `2026-11-22T10:30:00.125Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let nanoseconds = ((self.0 * 1e3).round() as i128).saturating_mul(1_000_000);
        let time = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        time.format(&Iso8601::<RFC_3339>).unwrap_or_default()
    }

    /// The time up to `later`; zero if that has passed.
    #[must_use]
    pub fn until(self, later: Self) -> Duration {
        Duration::try_from_secs_f64(later.0 - self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_reads_in_the_same_format() {
        for (time, text) in [
            (1_667_900_000.0, "2022-11-08T09:33:20.000Z"),
            (1_667_900_000.123_4, "2022-11-08T09:33:20.123Z"),
            (1_667_900_000.999_6, "2022-11-08T09:33:21.000Z"),
            (f64::MAX, "1970-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp(time).rfc3339(), text);
        }
    }
}
