//! The port on the table.

use lifecycle::{
    heads::{Page, Position},
    ports::{ByTask, Claim, Created, Finished, MayRead, OperationStore, Withdrawn},
    progress::Entry,
    record::{By, Creation, Fence, NewOperation, OperationRecord, Outcome},
};
use shared::{caller::Owner, port_error::PortFuture, timestamp::Timestamp};

use super::read::Table;

impl OperationStore for Table {
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created> {
        Box::pin(self.begin(new))
    }

    fn withdraw<'a>(&'a self, operation_id: &'a str, fence: Fence) -> PortFuture<'a, Withdrawn> {
        Box::pin(self.take_back(operation_id, fence))
    }

    fn promise<'a>(&'a self, operation: &'a OperationRecord, now: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.note_queued(operation, now))
    }

    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>> {
        Box::pin(self.read_record(operation_id, now))
    }

    fn request<'a>(&'a self, operation: &'a OperationRecord, now: Timestamp) -> PortFuture<'a, Option<String>> {
        Box::pin(self.read_request(operation, now))
    }

    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
        may_read: MayRead<'a>,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>> {
        Box::pin(self.read_with_outcome(operation_id, now, may_read))
    }

    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, ByTask> {
        Box::pin(self.find_by_task(task_id, now))
    }

    fn newest_of_task<'a>(
        &'a self,
        owner: &'a Owner,
        task_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<OperationRecord>> {
        Box::pin(self.find_newest_of_task(owner, task_id, now))
    }

    fn of_owner<'a>(
        &'a self,
        owner: &'a Owner,
        after: Option<&'a Position>,
        limit: usize,
        now: Timestamp,
    ) -> PortFuture<'a, Page> {
        Box::pin(self.find_of_owner(owner, after, limit, now))
    }

    fn claim<'a>(&'a self, operation_id: &'a str, now: Timestamp, until: Timestamp) -> PortFuture<'a, Claim> {
        Box::pin(self.take(operation_id, now, until))
    }

    fn extend<'a>(&'a self, operation_id: &'a str, fence: Fence, until: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.hold(operation_id, fence, until))
    }

    fn release<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.give_back(operation_id, fence, now))
    }

    fn hand_over<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Fence,
        ticket: Option<&'a str>,
        now: Timestamp,
    ) -> PortFuture<'a, bool> {
        Box::pin(self.pass_on(operation_id, fence, ticket, now))
    }

    fn put_off<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Fence,
        ticket: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, bool> {
        Box::pin(self.set_aside(operation_id, fence, ticket, now))
    }

    fn finish_telling<'a>(
        &'a self,
        operation_id: &'a str,
        by: By,
        outcome: &'a Outcome,
        told: &'a [Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Finished> {
        Box::pin(self.end((operation_id, by), outcome, told, now))
    }

    fn announced<'a>(&'a self, operation_id: &'a str, creation: Creation) -> PortFuture<'a, ()> {
        Box::pin(self.note_announced(operation_id, creation))
    }

    fn due<'a>(&'a self, now: Timestamp, limit: usize) -> PortFuture<'a, Vec<String>> {
        Box::pin(self.find_due(now, limit))
    }

    fn look_again<'a>(&'a self, operation: &'a OperationRecord) -> PortFuture<'a, ()> {
        Box::pin(self.put_off(operation))
    }
}
