//! Reads environment variables one at a time; each error names the variable and its rule.
//!
//! Functions that read settings take the environment as a function from name to value, so that tests need no process.

use std::{borrow::Cow, time::Duration};

/// Names a PEM file of certificates to trust in addition to the public roots.
pub const CERTIFICATES: &str = "SSL_CERT_FILE";

/// A variable is missing or invalid. Never holds its value, which may be a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {rule}")]
pub struct BadConfig {
    pub variable: &'static str,
    /// Begins with a verb: `must be …`.
    pub rule: Cow<'static, str>,
}

impl BadConfig {
    #[must_use]
    pub fn new(variable: &'static str, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { variable, rule: rule.into() }
    }
}

/// Reads the process's environment. Decodes lossily, so that validation rejects non-UTF-8 instead of treating it as
/// unset.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The trimmed value of `name`; empty counts as unset.
#[must_use]
pub fn given(variable: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Parses a positive, finite number.
pub fn positive(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0)
}

/// Parses a positive, finite number of seconds.
pub fn seconds(variable: &'static str, value: &str) -> Result<Duration, BadConfig> {
    let seconds = positive(value).ok_or(BadConfig::new(variable, "must be a positive number of seconds"))?;
    // More seconds than `Duration` holds mean no limit: the invocation's own deadline applies.
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}
