//! The time of one Lambda invocation: its clock and its end.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::timestamp::Timestamp;

#[derive(Debug, Clone, Copy)]
pub struct Invocation<'a> {
    pub clock: Clock,
    /// All work must be done by then.
    pub end: Instant,
    /// Lambda's request id.
    pub request_id: &'a str,
}

/// Reads the system time once and advances it by the monotonic clock, so that time never jumps within an invocation.
/// Build one per invocation: between two, Lambda may freeze the process.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    time_at_start: Timestamp,
}

impl Clock {
    #[must_use]
    pub fn system() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::at(Timestamp(since_epoch.as_secs_f64()))
    }

    /// A clock that now shows `time`.
    #[must_use]
    pub fn at(time: Timestamp) -> Self {
        Self { start: Instant::now(), time_at_start: time }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.time_at_start.after(self.start.elapsed())
    }

    /// When the clock shows `time`: now if that has passed, and never after `limit`.
    #[must_use]
    pub fn instant(&self, time: Timestamp, limit: Instant) -> Instant {
        Instant::now().checked_add(self.now().until(time)).map_or(limit, |instant| instant.min(limit))
    }
}
