//! How long things are given, in the bounded run and in the long one.

use std::time::Duration;

/// More time than any answer needs that does not wait for a deadline: what an API function has in production.
pub(crate) const AMPLE: Duration = Duration::from_secs(28);
/// What a function keeps for the answer itself.
pub(crate) const RESERVE: Duration = Duration::from_millis(500);
/// What the body of an error status has to name a better class.
pub(crate) const ERROR_BODY: Duration = Duration::from_secs(5);
/// What a call of `health` has.
pub(crate) const HEALTH: Duration = Duration::from_secs(5);
/// What an operator gives a call where the invocation would wait for ever.
pub(crate) const OPERATORS: &str = "1";

/// Whether this is the long run.
pub(crate) fn is_long() -> bool {
    std::env::var("FAULTS_LONG").is_ok_and(|value| value == "1")
}

/// What a call is given that lasts until its deadline.
pub(crate) fn near() -> Duration {
    if is_long() { AMPLE } else { Duration::from_secs(2) }
}

/// How long Lambda leaves a process frozen.
pub(crate) fn frozen() -> Duration {
    let seconds = std::env::var("FAULTS_FROZEN_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1))
}
