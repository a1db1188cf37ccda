//! How many repeats a process can afford. One more call for each that fails is what keeps a service down that is down.

use std::sync::atomic::{AtomicU32, Ordering};

/// A request is repeated at most this often.
pub(crate) const MAX_REPEATS: u32 = 2;
/// What a repeat costs; what a call earns that was answered. So in the long run a tenth of all calls is repeated, which is
/// more than fails where a service is well.
const REPEAT: u32 = 10;
const ANSWER: u32 = 1;
/// What there is at the beginning, and at most: the repeats of one request. Lambda gives every request at once a process of
/// its own, so an outage meets tens of them with their budgets full: 1,000 requests to fifty processes are 1,100 calls.
const MOST: u32 = MAX_REPEATS * REPEAT;

/// The repeats that a process has left, all its requests together.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

impl Budget {
    /// That of a process which has just begun.
    pub(super) fn new() -> Self {
        Self(AtomicU32::new(MOST))
    }

    /// Takes one repeat; false where there is none left.
    pub(super) fn take(&self) -> bool {
        self.change(|left| left.checked_sub(REPEAT))
    }

    /// A call was answered by a service that works.
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
    fn ten_answers_earn_one_repeat_and_none_are_saved_up_for_an_outage() {
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
