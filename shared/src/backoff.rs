//! Exponential back-off with jitter.

use std::time::Duration;

/// Largest exponent: 2^16 times `first` exceeds any `longest` used here.
const MAX_DOUBLINGS: u32 = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    pub first: Duration,
    pub longest: Duration,
}

impl Backoff {
    /// The wait after `failures` earlier failures (0 gives `first`), without jitter.
    #[must_use]
    pub fn wait(self, failures: u32) -> Duration {
        self.first.saturating_mul(1 << failures.min(MAX_DOUBLINGS)).min(self.longest)
    }

    /// Full jitter: from zero to [`Self::wait`]. Spreads callers that failed together.
    #[must_use]
    pub fn full_jitter(self, failures: u32) -> Duration {
        self.wait(failures).mul_f64(fastrand::f64())
    }

    /// Half jitter: from half of [`Self::wait`] to all of it, so that waits never get shorter.
    #[must_use]
    pub fn half_jitter(self, failures: u32) -> Duration {
        self.wait(failures).mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };

    #[test]
    fn waits_double_up_to_the_longest() {
        for (failures, milliseconds) in [(0, 100), (1, 200), (3, 800), (4, 1_000), (40, 1_000), (u32::MAX, 1_000)] {
            assert_eq!(BACKOFF.wait(failures), Duration::from_millis(milliseconds), "{failures}");
        }
    }

    #[test]
    fn callers_that_failed_together_are_spread_over_the_whole_wait() {
        for (failures, most) in [(0, 0.1), (1, 0.2), (3, 0.8), (4, 1.0), (40, 1.0)] {
            let waits: Vec<f64> = (0..2_000).map(|_| BACKOFF.full_jitter(failures).as_secs_f64() / most).collect();
            assert!(waits.iter().all(|wait| (0.0..=1.0).contains(wait)));
            for tenth in 0..10 {
                let low = f64::from(tenth) / 10.0;
                assert!(waits.iter().any(|wait| (low..low + 0.1).contains(wait)), "no wait at {low} of {most} s");
            }
        }
    }

    #[test]
    fn half_jitter_never_waits_less_than_before() {
        for failures in 0..4 {
            let (least, most) = (BACKOFF.wait(failures) / 2, BACKOFF.wait(failures));
            assert!((0..200).all(|_| (least..=most).contains(&BACKOFF.half_jitter(failures))), "{failures}");
        }
    }
}
