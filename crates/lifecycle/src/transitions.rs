//! Why a change of state was refused, or was made already: told from an operation as it stands, in one place for every
//! adapter of the store.

use shared::timestamp::Timestamp;

use super::{
    ports::{Claim, Finished},
    record::{Fence, OperationRecord, Status},
};

impl OperationRecord {
    /// Why a worker cannot have it at `now`; `None` where it can.
    #[must_use]
    pub fn claim_refused(&self, now: Timestamp) -> Option<Claim> {
        if self.status.has_ended() {
            return Some(Claim::Ended(Box::new(self.clone())));
        }
        if self.handed_over {
            return Some(Claim::HandedOver);
        }
        self.leased_until.filter(|until| now < *until).map(|until| Claim::Busy { until })
    }

    /// Whether the claim `fence` has given it back already: a repeat of that call is right, and counts no second failure.
    #[must_use]
    pub fn was_released_by(&self, fence: Fence) -> bool {
        self.claims == fence.0 && self.status == Status::Accepted
    }

    /// Whether the claim `fence` has handed it over already.
    #[must_use]
    pub fn was_handed_over_by(&self, fence: Fence) -> bool {
        self.claims == fence.0 && self.handed_over && !self.status.has_ended()
    }

    /// Why `fence` (or anybody, where it is `None`) cannot end it; `None` where it can.
    #[must_use]
    pub fn finish_refused(&self, fence: Option<Fence>) -> Option<Finished> {
        if self.status.has_ended() {
            return Some(Finished::Already(Box::new(self.clone())));
        }
        fence.is_some_and(|fence| self.claims != fence.0).then_some(Finished::Superseded)
    }
}
