//! Limits a process's repeats, so that during an outage they do not keep the service down.

use std::sync::atomic::{AtomicU32, Ordering};

/// Most repeats of one request.
pub(crate) const MAX_REPEATS: u32 = 2;
/// Ten answers earn one repeat. In the long run up to a tenth of all calls is repeated, more than fail while a service
/// works.
const REPEAT: u32 = 10;
const ANSWER: u32 = 1;
/// The initial and largest budget: the repeats of one request. Lambda serves concurrent requests in a process each, so
/// an outage meets many full budgets: 1,000 requests to 50 processes make 1,100 calls.
const MOST: u32 = MAX_REPEATS * REPEAT;

/// Shared by all requests of a client.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

impl Budget {
    pub(super) fn new() -> Self {
        Self(AtomicU32::new(MOST))
    }

    /// Takes one repeat; false if none is left.
    pub(super) fn take(&self) -> bool {
        self.change(|left| left.checked_sub(REPEAT))
    }

    /// Call after an answer from a working service.
    pub(super) fn earn(&self) {
        self.change(|left| (left < MOST).then(|| left + ANSWER));
    }

    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_answers_earn_one_repeat_and_no_more_than_two_are_saved_up() {
        let budget = Budget::new();
        for _ in 0..100 {
            budget.earn();
        }
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
        for _ in 0..10 {
            assert!(!budget.take());
            budget.earn();
        }
        assert_eq!([budget.take(), budget.take()], [true, false]);
    }
}
