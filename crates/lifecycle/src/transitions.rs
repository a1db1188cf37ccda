//! Why a change of state was refused, or that it was made already. Shared by the adapters of the store, which call
//! these after a conditional write has failed.

use shared::timestamp::Timestamp;

use crate::{
    ports::{Claim, Finished},
    record::{Fence, OperationRecord, Status},
};

impl OperationRecord {
    /// Why it cannot be claimed at `now`; `None` if it can.
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

    /// Whether the claim `fence` has already released it: a repeated call succeeds and does not count a second failure.
    #[must_use]
    pub fn was_released_by(&self, fence: Fence) -> bool {
        self.claims == fence.0 && self.status == Status::Accepted
    }

    /// Whether the claim `fence` has already handed it over.
    #[must_use]
    pub fn was_handed_over_by(&self, fence: Fence) -> bool {
        self.claims == fence.0 && self.handed_over && !self.status.has_ended()
    }

    /// Why it cannot be ended by the claim `fence`, or without a claim if that is `None`; `None` if it can.
    #[must_use]
    pub fn finish_refused(&self, fence: Option<Fence>) -> Option<Finished> {
        if self.status.has_ended() {
            return Some(Finished::Already(Box::new(self.clone())));
        }
        fence.is_some_and(|fence| self.claims != fence.0).then_some(Finished::Superseded)
    }
}
