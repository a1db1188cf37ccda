//! The port on the table.

use lifecycle::{
    ports::{Claim, Created, Finished, OperationStore},
    record::{Fence, NewOperation, OperationRecord, Outcome},
};
use shared::{port_error::PortFuture, timestamp::Timestamp};

use super::read::Table;

impl OperationStore for Table {
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created> {
        Box::pin(self.begin(new))
    }

    fn withdraw<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        Box::pin(self.take_back(operation_id))
    }

    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>> {
        Box::pin(self.read_record(operation_id, now))
    }

    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>> {
        Box::pin(self.read_with_outcome(operation_id, now))
    }

    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<String>> {
        Box::pin(self.find_by_task(task_id, now))
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

    fn hand_over<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.pass_on(operation_id, fence, now))
    }

    fn finish<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Option<Fence>,
        outcome: &'a Outcome,
        now: Timestamp,
    ) -> PortFuture<'a, Finished> {
        Box::pin(self.end(operation_id, fence, outcome, now))
    }

    fn announced<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        Box::pin(self.note_announced(operation_id))
    }
}
