//! The time limits of the short run and of the long one.

use std::time::Duration;

/// The limit of an API function in production.
pub(crate) const AMPLE: Duration = Duration::from_secs(28);
/// What a function keeps of its limit to send the answer.
pub(crate) const RESERVE: Duration = Duration::from_millis(500);
/// What a tool of `mcp` keeps back besides.
pub(crate) const TOOL_MARGIN: Duration = Duration::from_millis(200);
/// How long a function waits for the body of an error status, which may name a better class.
pub(crate) const ERROR_BODY: Duration = Duration::from_secs(5);
/// The limit of a call of `health`.
pub(crate) const HEALTH: Duration = Duration::from_secs(5);
/// `AGENT_GENERATOR_TIMEOUT` when the invocation's own deadline is far away.
pub(crate) const OPERATOR_SECONDS: &str = "1";

pub(crate) fn is_long() -> bool {
    std::env::var("FAULTS_LONG").is_ok_and(|value| value == "1")
}

/// The limit of an invocation that waits for its deadline.
pub(crate) fn near() -> Duration {
    if is_long() { AMPLE } else { Duration::from_secs(2) }
}

/// How long a process stays frozen.
pub(crate) fn frozen() -> Duration {
    let seconds = std::env::var("FAULTS_FROZEN_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1))
}
