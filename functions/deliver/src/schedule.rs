//! When a webhook that was not taken is sent again: later each time, by Standard Webhooks' example.

use std::time::Duration;

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;

/// The wait after the first attempt, the second, …; from then on [`LONGEST`].
const WAITS: [u64; 6] = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
/// A queue hides a message for twelve hours at most, counted from when it handed it out; an invocation may have had it for
/// a quarter of an hour by then.
const LONGEST: Duration = Duration::from_secs(12 * HOUR - 15 * MINUTE);
/// A wait differs by as much as this part of it, so that what failed together does not come back together.
const JITTER: f64 = 0.1;

/// How long to wait after attempt number `attempt`, counted from 1; not less than the receiver asks for, as far as the
/// queue allows.
pub(crate) fn wait(attempt: u32, asked: Option<Duration>) -> Duration {
    let index = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait = WAITS.get(index).map_or(LONGEST, |seconds| Duration::from_secs(*seconds));
    wait.mul_f64(1.0 + JITTER * fastrand::f64()).max(asked.unwrap_or_default()).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_that_is_down_for_a_day_still_gets_its_webhook() {
        let mut waited = Duration::ZERO;
        for (attempt, least) in (1..).zip([5, 300, 1_800, 7_200, 18_000, 36_000, 42_300, 42_300]) {
            let least = Duration::from_secs(least);
            let wait = wait(attempt, None);
            assert!(wait >= least && wait <= least.mul_f64(1.1).min(LONGEST), "{attempt}: {wait:?}");
            waited += wait;
        }
        assert!(waited > Duration::from_secs(24 * HOUR));
        assert_eq!(wait(u32::MAX, None), LONGEST);
        assert!(wait(0, None) >= Duration::from_secs(5));
    }

    #[test]
    fn a_receiver_is_left_alone_as_long_as_it_asks() {
        assert_eq!(wait(1, Some(Duration::from_secs(600))), Duration::from_secs(600));
        assert!(wait(2, Some(Duration::from_secs(1))) >= Duration::from_secs(300));
        assert_eq!(wait(1, Some(Duration::MAX)), LONGEST);
    }
}
