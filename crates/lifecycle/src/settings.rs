//! Times and limits of operations, from the environment.

use std::time::Duration;

use shared::{
    backoff::Backoff,
    environment::{self, BadConfig, positive, seconds},
};

use crate::callback::{CALLBACK_TRUSTED_HOSTS, TrustedHosts};

const TIMEOUT: &str = "OPERATION_TIMEOUT";
const RETENTION: &str = "OPERATION_RETENTION_DAYS";
const LEASE: &str = "LEASE_SECONDS";
const ATTEMPTS: &str = "JOB_ATTEMPTS";
const RETRY_BASE: &str = "RETRY_BASE_SECONDS";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A longer time is taken for a mistake.
const LONGEST: Duration = Duration::from_secs(365 * DAY.as_secs());
/// After the deadline: time for a sweep to announce the end.
const TO_TELL: Duration = Duration::from_secs(10 * 60);
/// Four times the longest invocation, and far below the 12 hours that SQS can hide a message.
const LONGEST_LEASE: Duration = Duration::from_secs(60 * 60);
/// The jobs queue drops a message after 20 receives, and a receive that finds the operation busy counts too.
const MOST_ATTEMPTS: u32 = 10;
/// Pause before a poison message comes again, until it goes to the dead-letter queue. Not zero, or a poller would
/// receive nothing else.
pub const POISON_PAUSE: Duration = Duration::from_secs(1);
/// Upper bound of the back-off between attempts, unless the generator asks for more.
pub(crate) const LONGEST_RETRY: Duration = Duration::from_secs(15 * 60);

#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `OPERATION_TIMEOUT`: from creation to deadline.
    pub timeout: Duration,
    /// `OPERATION_RETENTION_DAYS`: from creation to expiry.
    pub retention: Duration,
    /// `LEASE_SECONDS`: a worker that has not renewed its lease for this long is taken for dead.
    pub lease: Duration,
    /// `JOB_ATTEMPTS`: after this many, a transient failure ends the operation.
    pub attempts: u32,
    /// `RETRY_BASE_SECONDS`: the back-off after the first failure; it doubles with each failure.
    pub retry_base: Duration,
    /// `CALLBACK_TRUSTED_HOSTS`: webhook receivers that may be in a private network.
    pub trusted_hosts: TrustedHosts,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // The longest that a generator takes.
            timeout: Duration::from_secs(30 * 60),
            retention: Duration::from_secs(7 * DAY.as_secs()),
            lease: Duration::from_secs(90),
            attempts: 4,
            retry_base: Duration::from_secs(15),
            trusted_hosts: TrustedHosts::default(),
        }
    }
}

impl Settings {
    /// # Errors
    /// Names the first invalid variable.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let bounded = |name, default, limit| {
            environment::given(&variable, name)
                .map_or(Ok(default), |value| at_most(limit, name, seconds(name, &value)?))
        };
        let time = |name, default| bounded(name, default, LONGEST);
        let default = Self::default();
        let settings = Self {
            timeout: time(TIMEOUT, default.timeout)?,
            retention: environment::given(&variable, RETENTION).map_or(Ok(default.retention), |value| days(&value))?,
            lease: bounded(LEASE, default.lease, LONGEST_LEASE)?,
            attempts: environment::given(&variable, ATTEMPTS).map_or(Ok(default.attempts), |value| attempts(&value))?,
            retry_base: time(RETRY_BASE, default.retry_base)?,
            trusted_hosts: TrustedHosts::parse(
                &environment::given(&variable, CALLBACK_TRUSTED_HOSTS).unwrap_or_default(),
            )?,
        };
        if settings.retention < settings.timeout.saturating_add(TO_TELL) {
            return Err(BadConfig::new(RETENTION, "must be at least 10 minutes longer than OPERATION_TIMEOUT"));
        }
        Ok(settings)
    }

    /// The interval of lease renewals: two may fail before the lease lapses.
    #[must_use]
    pub fn renewal(&self) -> Duration {
        self.lease / 3
    }

    /// How long the message of a running job is hidden: longer than the lease, so that the next worker to receive it
    /// finds the lease lapsed.
    #[must_use]
    pub fn hidden(&self) -> Duration {
        self.lease.saturating_add(self.renewal())
    }

    /// Back-off with jitter after `failures` failures (at least 1), and at least the generator's `Retry-After` in
    /// seconds.
    #[must_use]
    pub fn retry_delay(&self, failures: u32, retry_after: Option<u32>) -> Duration {
        let backoff = Backoff { first: self.retry_base, longest: LONGEST_RETRY };
        let wait = backoff.half_jitter(failures.saturating_sub(1));
        wait.max(Duration::from_secs(retry_after.unwrap_or_default().into()))
    }
}

fn days(value: &str) -> Result<Duration, BadConfig> {
    let in_bounds = positive(value).filter(|days| *days <= LONGEST.as_secs_f64() / DAY.as_secs_f64());
    in_bounds
        .map(|days| DAY.mul_f64(days))
        .ok_or(BadConfig::new(RETENTION, "must be a positive number of days, at most 365"))
}

fn at_most(limit: Duration, variable: &'static str, time: Duration) -> Result<Duration, BadConfig> {
    let in_bounds = Some(time).filter(|time| *time <= limit);
    in_bounds.ok_or_else(|| BadConfig::new(variable, format!("must be at most {} seconds", limit.as_secs())))
}

fn attempts(value: &str) -> Result<u32, BadConfig> {
    let attempts = value.parse().ok().filter(|attempts| (1..=MOST_ATTEMPTS).contains(attempts));
    attempts.ok_or_else(|| BadConfig::new(ATTEMPTS, format!("must be a whole number from 1 to {MOST_ATTEMPTS}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(variables: &[(&'static str, &str)]) -> Result<Settings, BadConfig> {
        Settings::from_environment(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_empty_environment_has_the_documented_times() {
        let settings = parse(&[(TIMEOUT, ""), (LEASE, " ")]).unwrap();
        assert_eq!(settings, Settings::default());
        assert_eq!((settings.renewal(), settings.hidden()), (Duration::from_secs(30), Duration::from_secs(120)));
    }

    #[test]
    fn an_invalid_value_is_refused_by_the_name_of_its_variable() {
        for (name, value) in [
            (TIMEOUT, "0"),
            (TIMEOUT, "1e300"),
            (RETENTION, "0"),
            (RETENTION, "366"),
            (RETENTION, "7d"),
            (RETENTION, "0.02"),
            (RETENTION, "0.021"),
            (LEASE, "-1"),
            (LEASE, "90s"),
            (LEASE, "3601"),
            (ATTEMPTS, "0"),
            (ATTEMPTS, "11"),
            (ATTEMPTS, "1.5"),
            (RETRY_BASE, "nan"),
            (CALLBACK_TRUSTED_HOSTS, "hooks"),
        ] {
            assert_eq!(parse(&[(name, value)]).unwrap_err().variable, name, "{value}");
        }
    }

    #[test]
    fn the_retention_may_be_a_fraction_of_a_day() {
        for (days, seconds) in [("30", 2_592_000), ("0.5", 43_200), ("365", 31_536_000)] {
            assert_eq!(parse(&[(RETENTION, days)]).unwrap().retention, Duration::from_secs(seconds), "{days}");
        }
    }

    #[test]
    fn the_wait_doubles_with_each_failure_up_to_15_minutes() {
        let settings = Settings::default();
        for (failures, seconds) in [(1, 15.0), (2, 30.0), (3, 60.0), (4, 120.0), (40, 900.0)] {
            let wait = settings.retry_delay(failures, None).as_secs_f64();
            assert!((seconds / 2.0..=seconds).contains(&wait), "{failures}: {wait}");
        }
        assert_eq!(settings.retry_delay(1, Some(600)), Duration::from_secs(600));
        assert!(settings.retry_delay(9, Some(1)) > Duration::from_secs(400));
    }
}
