//! One invocation as work sees it: when it is, until when it lasts, and who asked.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::timestamp::Timestamp;

/// What holds for one invocation.
#[derive(Debug, Clone, Copy)]
pub struct Invocation<'a> {
    /// The time of day.
    pub clock: Clock,
    /// When everything has to be done.
    pub end: Instant,
    /// Lambda's id of it.
    pub request_id: &'a str,
}

/// The time of day, read once and counted on by the monotonic clock: within an invocation time never jumps. Between
/// invocations an environment may stand still, so each begins with a clock of its own.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    time_at_start: Timestamp,
}

impl Clock {
    /// A clock that shows the system's time.
    #[must_use]
    pub fn system() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::at(Timestamp(since_epoch.as_secs_f64()))
    }

    /// A clock that shows `time` now.
    #[must_use]
    pub fn at(time: Timestamp) -> Self {
        Self { start: Instant::now(), time_at_start: time }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.time_at_start.after(self.start.elapsed())
    }

    /// When it will show `time`: now, where that has passed; `limit`, where that is sooner.
    #[must_use]
    pub fn instant(&self, time: Timestamp, limit: Instant) -> Instant {
        Instant::now().checked_add(self.now().until(time)).map_or(limit, |instant| instant.min(limit))
    }
}
