//! Why a change of state was refused, or that it was made already. Shared by the adapters of the store, which call
//! these after a conditional write has failed.

use shared::timestamp::Timestamp;

use crate::{
    ports::{Claim, Finished, Withdrawn},
    record::{By, Fence, OperationRecord, Status},
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
        self.fence() == fence && self.status == Status::Accepted
    }

    /// Whether the claim `fence` has already handed it over.
    #[must_use]
    pub fn was_handed_over_by(&self, fence: Fence) -> bool {
        self.fence() == fence && self.handed_over && !self.status.has_ended()
    }

    /// Whether the claim `fence` has already put it off.
    #[must_use]
    pub fn was_put_off_by(&self, fence: Fence, ticket: &str) -> bool {
        let is_off = self.leased_until.is_none() && !self.handed_over && !self.status.has_ended();
        self.fence() == fence && is_off && self.ticket.as_deref() == Some(ticket)
    }

    /// Whether the claim or the hand-over that left `holder` may append to its log at `now`.
    #[must_use]
    pub fn is_held_like(&self, holder: &Self, now: Timestamp) -> bool {
        let is_held = if holder.handed_over { self.handed_over } else { self.leased_until.is_some() };
        is_held && self.fence() == holder.fence() && !self.status.has_ended() && now < self.deadline
    }

    /// Why it cannot be withdrawn by the claim `fence`; `None` if it can: nobody else has claimed it, and nobody was
    /// told that it exists.
    #[must_use]
    pub fn withdrawal_refused(&self, fence: Fence) -> Option<Withdrawn> {
        if self.creation != fence.creation {
            return Some(Withdrawn::Gone);
        }
        let is_ours = self.claims == fence.claim && !self.status.has_ended();
        (!is_ours || self.handed_over || self.is_promised).then_some(Withdrawn::Kept)
    }

    /// Why it cannot be ended; `None` if it can.
    #[must_use]
    pub fn finish_refused(&self, by: By) -> Option<Finished> {
        if self.creation != by.creation() {
            // A claimed operation is only withdrawn by its claim, so this write is a late one of that claim.
            return Some(if by.claim().is_some() { Finished::Superseded } else { Finished::Unknown });
        }
        if self.status.has_ended() {
            return Some(Finished::Already(Box::new(self.clone())));
        }
        by.claim().is_some_and(|claim| self.claims != claim).then_some(Finished::Superseded)
    }
}
