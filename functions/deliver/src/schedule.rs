//! When to send a failed webhook again: the example schedule of Standard Webhooks, as far as SQS allows.

use std::time::Duration;

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;

/// The wait after each of the first attempts; [`LONGEST`] after all later ones.
const WAITS: [u64; 6] = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
/// SQS hides a message for at most 12 hours after receiving it, of which the invocation may have used 15 minutes.
const LONGEST: Duration = Duration::from_secs(12 * HOUR - 15 * MINUTE);
/// Lengthens a wait by up to this fraction, so that webhooks which failed together are not all sent at once.
const JITTER: f64 = 0.1;

/// Returns the wait after attempt number `attempt`, counted from 1: at least `retry_after`, at most [`LONGEST`].
pub(crate) fn wait(attempt: u32, retry_after: Option<Duration>) -> Duration {
    let index = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait = WAITS.get(index).map_or(LONGEST, |seconds| Duration::from_secs(*seconds));
    wait.mul_f64(1.0 + JITTER * fastrand::f64()).max(retry_after.unwrap_or_default()).min(LONGEST)
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
    fn retry_after_lengthens_the_wait_up_to_the_queues_limit() {
        assert_eq!(wait(1, Some(Duration::from_secs(600))), Duration::from_secs(600));
        assert!(wait(2, Some(Duration::from_secs(1))) >= Duration::from_secs(300));
        assert_eq!(wait(1, Some(Duration::MAX)), LONGEST);
    }
}
