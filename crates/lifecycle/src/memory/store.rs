//! The operation store in memory.

use std::{collections::HashMap, fmt, sync::Mutex};

use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};

use super::faults::{Call, Fault, Faults, lock};
use crate::{
    ports::{Claim, Created, Finished, OperationStore},
    record::{Announcement, Fence, NewOperation, OperationRecord, Outcome, Status},
};

pub struct MemoryStore {
    table: Mutex<Table>,
    faults: Faults,
}

/// Leaves out the table, which holds requests and results.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Table {
    operations: HashMap<String, Entry>,
    keys: Vec<Key>,
}

struct Key {
    owner: Option<Owner>,
    key: String,
    operation_id: String,
    expires_at: Timestamp,
}

struct Entry {
    record: OperationRecord,
    request: String,
    outcome: Option<Outcome>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self { table: Mutex::default(), faults: Faults::new("operations table") }
    }
}

impl MemoryStore {
    /// The stored operation, even if expired. Not counted as a call, like [`Self::outcome`] and [`Self::ids`].
    #[must_use]
    pub fn record(&self, operation_id: &str) -> Option<OperationRecord> {
        lock(&self.table).operations.get(operation_id).map(|entry| entry.record.clone())
    }

    #[must_use]
    pub fn outcome(&self, operation_id: &str) -> Option<Outcome> {
        lock(&self.table).operations.get(operation_id).and_then(|entry| entry.outcome.clone())
    }

    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        lock(&self.table).operations.keys().cloned().collect()
    }

    /// How often `call` was made, failed calls included.
    #[must_use]
    pub fn calls(&self, call: Call) -> usize {
        self.faults.count(call)
    }

    /// The next `times` calls fail and do nothing: the table is throttled or down.
    pub fn refuse(&self, call: Call, times: usize) {
        self.faults.plan(call, Fault::Refused, times);
    }

    /// The next `times` calls do their work and fail all the same: their answers get lost.
    pub fn lose_answer(&self, call: Call, times: usize) {
        self.faults.plan(call, Fault::AnswerLost, times);
    }

    fn run<'a, T: Send + 'a>(
        &'a self,
        call: Call,
        work: impl FnOnce(&mut Table) -> T + Send + 'a,
    ) -> PortFuture<'a, T> {
        self.faults.run(call, move || work(&mut lock(&self.table)))
    }
}

impl Table {
    /// The operation, unless it has expired at `now`.
    fn at(&mut self, operation_id: &str, now: Timestamp) -> Option<&mut Entry> {
        self.operations.get_mut(operation_id).filter(|entry| now < entry.record.expires_at)
    }

    fn create(&mut self, new: &NewOperation) -> Created {
        let now = new.created_at;
        let of_key = self.keys.iter().find(|key| {
            key.owner == new.owner && Some(&key.key) == new.idempotency_key.as_ref() && now < key.expires_at
        });
        let of_key = of_key.map(|key| key.operation_id.clone());
        for operation_id in [Some(new.operation_id.clone()), of_key].into_iter().flatten() {
            if let Some(entry) = self.at(&operation_id, now) {
                return Created::Existing(Box::new(entry.record.clone()));
            }
        }
        if let Some(key) = &new.idempotency_key {
            self.keys.retain(|old| old.owner != new.owner || old.key != *key);
            self.keys.push(Key {
                owner: new.owner.clone(),
                key: key.clone(),
                operation_id: new.operation_id.clone(),
                expires_at: new.expires_at,
            });
        }
        let entry = Entry { record: OperationRecord::accepted(new), request: new.request.clone(), outcome: None };
        self.operations.insert(new.operation_id.clone(), entry);
        Created::New
    }

    fn withdraw(&mut self, operation_id: &str) {
        if self.operations.get(operation_id).is_some_and(|entry| entry.record.status == Status::Accepted) {
            self.operations.remove(operation_id);
            self.keys.retain(|key| key.operation_id != operation_id);
        }
    }

    fn claim(&mut self, operation_id: &str, now: Timestamp, until: Timestamp) -> Claim {
        let Some(Entry { record, request, .. }) = self.at(operation_id, now) else { return Claim::Unknown };
        if let Some(refused) = record.claim_refused(now) {
            return refused;
        }
        record.status = Status::Running;
        record.claims = record.claims.saturating_add(1);
        record.leased_until = Some(until);
        record.updated_at = now;
        Claim::Taken { fence: Fence(record.claims), record: Box::new(record.clone()), request: request.clone() }
    }

    fn extend(&mut self, operation_id: &str, fence: Fence, until: Timestamp) -> bool {
        let held = self.operations.get_mut(operation_id).filter(|entry| is_held_by(&entry.record, fence));
        held.map(|entry| entry.record.leased_until = Some(until)).is_some()
    }

    fn release(&mut self, operation_id: &str, fence: Fence, now: Timestamp) -> bool {
        let Some(Entry { record, .. }) = self.at(operation_id, now) else { return false };
        if !is_held_by(record, fence) {
            return record.was_released_by(fence);
        }
        record.status = Status::Accepted;
        record.failures = record.failures.saturating_add(1);
        record.leased_until = None;
        record.updated_at = now;
        true
    }

    fn hand_over(&mut self, operation_id: &str, fence: Fence, now: Timestamp) -> bool {
        let Some(Entry { record, .. }) = self.at(operation_id, now) else { return false };
        if !is_held_by(record, fence) {
            return record.was_handed_over_by(fence);
        }
        record.handed_over = true;
        record.leased_until = None;
        record.updated_at = now;
        true
    }

    fn finish(&mut self, operation_id: &str, fence: Option<Fence>, outcome: &Outcome, now: Timestamp) -> Finished {
        let Some(Entry { record, outcome: kept, .. }) = self.at(operation_id, now) else { return Finished::Unknown };
        if let Some(refused) = record.finish_refused(fence) {
            return refused;
        }
        record.status = outcome.status();
        record.error_type = outcome.error_type().map(str::to_owned);
        record.leased_until = None;
        record.updated_at = now;
        *kept = Some(outcome.clone());
        Finished::First(Box::new(record.clone()))
    }
}

/// Whether `fence` is the last claim and the operation was not released, handed over or ended since. A lapsed lease
/// still counts until another worker claims the operation.
fn is_held_by(record: &OperationRecord, fence: Fence) -> bool {
    record.claims == fence.0 && record.leased_until.is_some()
}

impl OperationStore for MemoryStore {
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created> {
        self.run(Call::Create, |table| table.create(new))
    }

    fn withdraw<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        self.run(Call::Withdraw, |table| table.withdraw(operation_id))
    }

    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>> {
        self.run(Call::Get, move |table| table.at(operation_id, now).map(|entry| entry.record.clone()))
    }

    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>> {
        self.run(Call::GetWithOutcome, move |table| {
            table.at(operation_id, now).map(|entry| (entry.record.clone(), entry.outcome.clone()))
        })
    }

    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<String>> {
        self.run(Call::ByTask, move |table| {
            let records = table.operations.values().map(|entry| &entry.record);
            let mut found = records.filter(|record| record.task_id == task_id && now < record.expires_at);
            found.next().filter(|_| found.next().is_none()).map(|record| record.operation_id.clone())
        })
    }

    fn claim<'a>(&'a self, operation_id: &'a str, now: Timestamp, until: Timestamp) -> PortFuture<'a, Claim> {
        self.run(Call::Claim, move |table| table.claim(operation_id, now, until))
    }

    fn extend<'a>(&'a self, operation_id: &'a str, fence: Fence, until: Timestamp) -> PortFuture<'a, bool> {
        self.run(Call::Extend, move |table| table.extend(operation_id, fence, until))
    }

    fn release<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool> {
        self.run(Call::Release, move |table| table.release(operation_id, fence, now))
    }

    fn hand_over<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool> {
        self.run(Call::HandOver, move |table| table.hand_over(operation_id, fence, now))
    }

    fn finish<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Option<Fence>,
        outcome: &'a Outcome,
        now: Timestamp,
    ) -> PortFuture<'a, Finished> {
        self.run(Call::Finish, move |table| table.finish(operation_id, fence, outcome, now))
    }

    fn announced<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        self.run(Call::Announced, |table| {
            let ended = table.operations.get_mut(operation_id).filter(|entry| entry.record.status.has_ended());
            if let Some(Entry { record, .. }) = ended {
                record.announcement = Announcement::Made;
            }
        })
    }
}
