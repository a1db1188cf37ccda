//! The operation store and its log in memory.

use std::{fmt, sync::Mutex, time::Duration};

use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};

use super::{
    faults::{Call, Fault, Faults, lock},
    table::{Entry, Table},
};
use crate::{
    heads::{Page, Position},
    ports::{ByTask, Claim, Created, Finished, MayRead, OperationStore, Withdrawn},
    progress::{self, Appended, ProgressLog},
    record::{Announcement, By, Creation, Fence, NewOperation, OperationRecord, Outcome},
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

    /// From now on a sweep finds the operation.
    pub fn due_now(&self, operation_id: &str) {
        if let Some(entry) = lock(&self.table).operations.get_mut(operation_id) {
            entry.due_at = Some(entry.record.created_at);
        }
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

    /// Forgets the faults to come.
    pub fn recover(&self) {
        self.faults.clear();
    }

    /// The next `times` calls never answer, and do nothing.
    pub fn hang(&self, call: Call, times: usize) {
        self.faults.plan(call, Fault::Hangs, times);
    }

    /// The next calls do their work at once and answer after these times: what they tell is old by then.
    pub fn answer_late(&self, call: Call, times: impl IntoIterator<Item = Duration>) {
        times.into_iter().for_each(|time| self.faults.plan(call, Fault::Late(time), 1));
    }

    fn run<'a, T: Send + 'a>(
        &'a self,
        call: Call,
        work: impl FnOnce(&mut Table) -> T + Send + 'a,
    ) -> PortFuture<'a, T> {
        self.faults.run(call, move || work(&mut lock(&self.table)))
    }
}

impl OperationStore for MemoryStore {
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created> {
        self.run(Call::Create, |table| table.create(new))
    }

    fn withdraw<'a>(&'a self, operation_id: &'a str, fence: Fence) -> PortFuture<'a, Withdrawn> {
        self.run(Call::Withdraw, move |table| table.withdraw(operation_id, fence))
    }

    fn promise<'a>(&'a self, operation: &'a OperationRecord, now: Timestamp) -> PortFuture<'a, bool> {
        self.run(Call::Promise, move |table| table.promise(operation, now))
    }

    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>> {
        self.run(Call::Get, move |table| table.at(operation_id, now).map(|entry| entry.record.clone()))
    }

    fn request<'a>(&'a self, operation: &'a OperationRecord, now: Timestamp) -> PortFuture<'a, Option<String>> {
        self.run(Call::Request, move |table| table.request(operation, now))
    }

    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
        may_read: MayRead<'a>,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>> {
        self.run(Call::GetWithOutcome, move |table| {
            let entry = table.at(operation_id, now).filter(|entry| may_read(&entry.record))?;
            Some((entry.record.clone(), entry.outcome.clone()))
        })
    }

    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, ByTask> {
        self.run(Call::ByTask, move |table| table.by_task(task_id, now))
    }

    fn newest_of_task<'a>(
        &'a self,
        owner: &'a Owner,
        task_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<OperationRecord>> {
        self.run(Call::NewestOfTask, move |table| table.newest_of_task(owner, task_id, now))
    }

    fn of_owner<'a>(
        &'a self,
        owner: &'a Owner,
        after: Option<&'a Position>,
        limit: usize,
        now: Timestamp,
    ) -> PortFuture<'a, Page> {
        self.run(Call::OfOwner, move |table| table.of_owner(owner, after, limit, now))
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

    fn hand_over<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Fence,
        ticket: Option<&'a str>,
        now: Timestamp,
    ) -> PortFuture<'a, bool> {
        self.run(Call::HandOver, move |table| table.hand_over(operation_id, fence, ticket, now))
    }

    fn put_off<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Fence,
        ticket: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, bool> {
        self.run(Call::PutOff, move |table| table.put_off(operation_id, fence, ticket, now))
    }

    fn finish_telling<'a>(
        &'a self,
        operation_id: &'a str,
        by: By,
        outcome: &'a Outcome,
        told: &'a [progress::Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Finished> {
        self.run(Call::Finish, move |table| table.finish((operation_id, by), outcome, told, now))
    }

    fn announced<'a>(&'a self, operation_id: &'a str, creation: Creation) -> PortFuture<'a, ()> {
        self.run(Call::Announced, move |table| {
            let ended = table.of(operation_id, creation).filter(|entry| entry.record.status.has_ended());
            if let Some(Entry { record, due_at, .. }) = ended {
                record.announcement = Announcement::Made;
                *due_at = None;
            }
        })
    }

    fn due<'a>(&'a self, now: Timestamp, limit: usize) -> PortFuture<'a, Vec<String>> {
        self.run(Call::Due, move |table| table.due(now, limit))
    }

    fn look_again<'a>(&'a self, operation: &'a OperationRecord) -> PortFuture<'a, ()> {
        self.run(Call::LookAgain, |table| {
            let open = table.of(&operation.operation_id, operation.creation);
            if let Some(entry) = open.filter(|entry| !entry.record.status.has_ended()) {
                entry.due_at = Some(operation.deadline);
            }
        })
    }
}

impl ProgressLog for MemoryStore {
    fn append<'a>(
        &'a self,
        holder: &'a OperationRecord,
        entries: &'a [progress::Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Option<Appended>> {
        self.run(Call::Append, move |table| table.append(holder, entries, now))
    }

    fn entries<'a>(&'a self, operation: &'a OperationRecord, after: u32) -> PortFuture<'a, Vec<progress::Entry>> {
        self.run(Call::Entries, move |table| table.entries(operation, after))
    }
}
