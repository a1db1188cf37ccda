//! The operations and idempotency keys of the store in memory.

use std::collections::HashMap;

use shared::{caller::Owner, timestamp::Timestamp};

use crate::{
    heads::{Head, Page, Position},
    ports::{ByTask, Claim, Created, Finished, Withdrawn},
    progress::{self, Appended},
    record::{By, Creation, Fence, NewOperation, OperationRecord, Outcome, Status},
};

#[derive(Default)]
pub(super) struct Table {
    pub(super) operations: HashMap<String, Entry>,
    keys: Vec<Key>,
}

struct Key {
    owner: Option<Owner>,
    key: String,
    operation_id: String,
    expires_at: Timestamp,
}

pub(super) struct Entry {
    pub(super) record: OperationRecord,
    request: String,
    pub(super) outcome: Option<Outcome>,
    log: Vec<progress::Entry>,
    /// When a sweep looks at it. `None` once its end is announced.
    pub(super) due_at: Option<Timestamp>,
}

impl Table {
    /// The operation, unless it has expired at `now`.
    pub(super) fn at(&mut self, operation_id: &str, now: Timestamp) -> Option<&mut Entry> {
        self.operations.get_mut(operation_id).filter(|entry| now < entry.record.expires_at)
    }

    pub(super) fn create(&mut self, new: &NewOperation) -> Created {
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
        let creation = Creation::unique();
        let entry = Entry {
            record: OperationRecord::accepted(new, creation),
            request: new.request.clone(),
            outcome: None,
            log: Vec::new(),
            due_at: Some(new.due_at()),
        };
        self.operations.insert(new.operation_id.clone(), entry);
        Created::New(creation)
    }

    pub(super) fn withdraw(&mut self, operation_id: &str, fence: Fence) -> Withdrawn {
        let Some(entry) = self.operations.get(operation_id) else { return Withdrawn::Gone };
        if let Some(refused) = entry.record.withdrawal_refused(fence) {
            return refused;
        }
        self.operations.remove(operation_id);
        self.keys.retain(|key| key.operation_id != operation_id);
        Withdrawn::Gone
    }

    pub(super) fn promise(&mut self, operation: &OperationRecord, now: Timestamp) -> bool {
        let entry = self.of(&operation.operation_id, operation.creation);
        let Some(entry) = entry.filter(|entry| now < entry.record.expires_at) else { return false };
        if !entry.record.status.has_ended() {
            entry.record.is_promised = true;
            entry.due_at = Some(entry.record.deadline);
        }
        true
    }

    /// The operation of this creation.
    pub(super) fn of(&mut self, operation_id: &str, creation: Creation) -> Option<&mut Entry> {
        self.operations.get_mut(operation_id).filter(|entry| entry.record.creation == creation)
    }

    pub(super) fn request(&mut self, operation: &OperationRecord, now: Timestamp) -> Option<String> {
        let entry = self.of(&operation.operation_id, operation.creation)?;
        (now < entry.record.expires_at).then(|| entry.request.clone())
    }

    pub(super) fn by_task(&self, task_id: &str, now: Timestamp) -> ByTask {
        let records = self.operations.values().map(|entry| &entry.record);
        let mut found = records.filter(|record| record.task_id == task_id && now < record.expires_at);
        match (found.next(), found.next()) {
            (None, _) => ByTask::Nothing,
            (Some(record), None) => ByTask::One(record.operation_id.clone()),
            (Some(_), Some(_)) => ByTask::Several,
        }
    }

    pub(super) fn newest_of_task(&self, owner: &Owner, task_id: &str, now: Timestamp) -> Option<OperationRecord> {
        let records = self.operations.values().map(|entry| &entry.record);
        let own = records.filter(|record| record.owner.as_ref() == Some(owner) && now < record.expires_at);
        let found = own.filter(|record| record.task_id == task_id);
        found.max_by(|one, other| one.created_at.0.total_cmp(&other.created_at.0)).cloned()
    }

    pub(super) fn of_owner(&self, owner: &Owner, after: Option<&Position>, limit: usize, now: Timestamp) -> Page {
        let records = self.operations.values().map(|entry| &entry.record);
        let own = records.filter(|record| record.owner.as_ref() == Some(owner) && now < record.expires_at);
        let mut places: Vec<_> =
            own.map(|record| (record.created_at.0, record.operation_id.as_str(), record)).collect();
        places.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(one.1)));
        let is_behind = |place: &(f64, &str, _)| {
            after.is_none_or(|after| (place.0, place.1) < (after.created_at.0, after.operation_id.as_str()))
        };
        let mut rest = places.into_iter().filter(is_behind).map(|(.., record)| record);
        let heads: Vec<_> = rest.by_ref().take(limit).map(head).collect();
        let last = heads.last().filter(|_| rest.next().is_some());
        let next = last.map(|head| Position { created_at: head.created_at, operation_id: head.operation_id.clone() });
        Page { heads, next }
    }

    pub(super) fn due(&self, now: Timestamp, limit: usize) -> Vec<String> {
        let due = |entry: &&Entry| entry.due_at.is_some_and(|due_at| due_at <= now);
        self.operations.values().filter(due).take(limit).map(|entry| entry.record.operation_id.clone()).collect()
    }

    pub(super) fn claim(&mut self, operation_id: &str, now: Timestamp, until: Timestamp) -> Claim {
        let Some(Entry { record, request, .. }) = self.at(operation_id, now) else { return Claim::Unknown };
        if let Some(refused) = record.claim_refused(now) {
            return refused;
        }
        record.status = Status::Running;
        record.claims = record.claims.saturating_add(1);
        record.leased_until = Some(until);
        record.updated_at = now;
        Claim::Taken { fence: record.fence(), record: Box::new(record.clone()), request: request.clone() }
    }

    pub(super) fn extend(&mut self, operation_id: &str, fence: Fence, until: Timestamp) -> bool {
        let held = self.operations.get_mut(operation_id).filter(|entry| is_held_by(&entry.record, fence));
        held.map(|entry| entry.record.leased_until = Some(until)).is_some()
    }

    pub(super) fn release(&mut self, operation_id: &str, fence: Fence, now: Timestamp) -> bool {
        let Some(Entry { record, .. }) = self.at(operation_id, now) else { return false };
        if !is_held_by(record, fence) {
            return record.was_released_by(fence);
        }
        record.status = Status::Accepted;
        record.failures = record.failures.saturating_add(1);
        record.leased_until = None;
        record.ticket = None;
        record.updated_at = now;
        true
    }

    pub(super) fn hand_over(&mut self, operation_id: &str, fence: Fence, ticket: Option<&str>, now: Timestamp) -> bool {
        let Some(Entry { record, .. }) = self.at(operation_id, now) else { return false };
        if !is_held_by(record, fence) {
            return record.was_handed_over_by(fence);
        }
        record.handed_over = true;
        record.ticket = ticket.map(str::to_owned).or_else(|| record.ticket.take());
        record.leased_until = None;
        record.updated_at = now;
        true
    }

    pub(super) fn put_off(&mut self, operation_id: &str, fence: Fence, ticket: &str, now: Timestamp) -> bool {
        let Some(Entry { record, .. }) = self.at(operation_id, now) else { return false };
        if !is_held_by(record, fence) {
            return record.was_put_off_by(fence, ticket);
        }
        record.ticket = Some(ticket.to_owned());
        record.leased_until = None;
        record.updated_at = now;
        true
    }

    pub(super) fn append(
        &mut self,
        holder: &OperationRecord,
        entries: &[progress::Entry],
        now: Timestamp,
    ) -> Option<Appended> {
        let Entry { record, log, .. } = self.at(&holder.operation_id, now)?;
        if !record.is_held_like(holder, now) {
            return None;
        }
        if record.logged != holder.logged {
            return Some(Appended::Before(record.logged));
        }
        record.logged = record.logged.with(entries.last()?.seq);
        log.extend_from_slice(entries);
        Some(Appended::Now(record.logged))
    }

    pub(super) fn entries(&mut self, operation: &OperationRecord, after: u32) -> Vec<progress::Entry> {
        let entry = self.of(&operation.operation_id, operation.creation);
        let log = entry.map(|entry| entry.log.as_slice()).unwrap_or_default();
        log.iter().filter(|entry| entry.seq > after).cloned().collect()
    }

    pub(super) fn finish(
        &mut self,
        (operation_id, by): (&str, By),
        outcome: &Outcome,
        told: &[progress::Entry],
        now: Timestamp,
    ) -> Finished {
        let Some(Entry { record, outcome: kept, log, .. }) = self.at(operation_id, now) else {
            return Finished::Unknown;
        };
        if let Some(refused) = record.finish_refused(by) {
            return refused;
        }
        record.status = outcome.status();
        record.error_type = outcome.error_type().map(str::to_owned);
        record.leased_until = None;
        record.updated_at = now;
        log.extend(told.iter().filter(|entry| entry.seq > record.logged.last).cloned());
        record.logged.last = log.last().map_or(record.logged.last, |entry| entry.seq);
        *kept = Some(outcome.clone());
        Finished::First(Box::new(record.clone()))
    }
}

fn head(record: &OperationRecord) -> Head {
    Head {
        operation_id: record.operation_id.clone(),
        task_id: record.task_id.clone(),
        tool: record.tool,
        status: record.status,
        error_type: record.error_type.clone(),
        created_at: record.created_at,
        updated_at: record.updated_at,
        deadline: record.deadline,
    }
}

/// Whether `fence` is the last claim and the operation was not released, handed over or ended since. A lapsed lease
/// still counts until another worker claims the operation.
fn is_held_by(record: &OperationRecord, fence: Fence) -> bool {
    record.fence() == fence && record.leased_until.is_some()
}
