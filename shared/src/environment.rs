//! Reading the environment: one variable at a time, each error naming the variable and its rule.
//!
//! Functions that read settings take the environment as a function from name to value, so that tests need no process.

use std::{borrow::Cow, time::Duration};

/// The variable that names the certificates to trust beside the public ones.
pub const CERTIFICATES: &str = "SSL_CERT_FILE";
/// The environment does not hold: which variable, and what it has to be. Never its value, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {rule}")]
pub struct BadConfig {
    /// The variable.
    pub variable: &'static str,
    /// What it has to be.
    pub rule: Cow<'static, str>,
}

impl BadConfig {
    /// `variable` does not keep `rule`, which begins with a verb: `must be …`.
    #[must_use]
    pub fn new(variable: &'static str, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { variable, rule: rule.into() }
    }
}

/// A variable of the process's environment.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    // A value that is no UTF-8 is none that is asked for either: it is refused by its rule, instead of counting as absent.
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// What `variable` has under this name, trimmed; an empty value counts as absent.
#[must_use]
pub fn given(variable: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The positive and finite number that `value` is.
pub fn positive(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0)
}

/// The time that `value` is in seconds, as `variable` has it: positive and finite.
pub fn seconds(variable: &'static str, value: &str) -> Result<Duration, BadConfig> {
    let seconds = positive(value).ok_or(BadConfig::new(variable, "must be a positive number of seconds"))?;
    // More seconds than the clock can count are as good as no limit: the invocation's own time is the limit then.
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}
