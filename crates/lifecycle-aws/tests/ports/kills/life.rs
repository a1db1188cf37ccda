//! A process that dies, or gets no answer, at a chosen call of a platform.

use std::{
    future::{Future, pending},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use lifecycle::{
    heads::{Page, Position},
    ports::{
        ByTask, CallbackQueue, Claim, CompletionEvent, CompletionEvents, Created, Finished, JobQueue, MayRead,
        MessageVisibility, OperationStore, Withdrawn,
    },
    progress::{Appended, Entry, ProgressLog},
    record::{By, Creation, Fence, NewOperation, OperationRecord, Outcome},
};
use shared::{
    caller::Owner,
    port_error::{PortError, PortFuture},
    timestamp::Timestamp,
};
use tokio::sync::Notify;

use super::ledger::Ledger;

/// What happens at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process dies before the call takes effect.
    DiesBefore,
    /// The process dies before the answer arrives.
    DiesAfter,
    /// The call fails and has no effect.
    Refused,
    /// The call fails after it took effect.
    AnswerLost,
}

impl Fault {
    pub(crate) const ALL: [Self; 4] = [Self::DiesBefore, Self::DiesAfter, Self::Refused, Self::AnswerLost];
}

/// The calls of one process.
#[derive(Debug, Default)]
pub(crate) struct Life {
    calls: AtomicUsize,
    fault: Option<(usize, Fault)>,
    died: Notify,
    /// The call at which it waits until [`Self::resume`].
    pause: Option<usize>,
    paused: Notify,
    resumed: Notify,
}

impl Life {
    pub(crate) fn with(fault: Option<(usize, Fault)>) -> Arc<Self> {
        Arc::new(Self { fault, ..Self::default() })
    }

    pub(crate) fn pausing(at: usize, fault: Option<(usize, Fault)>) -> Arc<Self> {
        Arc::new(Self { fault, pause: Some(at), ..Self::default() })
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Whether its fault has happened.
    pub(crate) fn is_disturbed(&self) -> bool {
        self.fault.is_some_and(|(at, _)| at < self.calls())
    }

    pub(crate) async fn paused(&self) {
        self.paused.notified().await;
    }

    pub(crate) fn resume(&self) {
        self.resumed.notify_one();
    }

    /// Runs a process until it ends or dies.
    pub(crate) async fn live<T>(&self, process: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.died.notified() => None,
            done = process => Some(done),
        }
    }

    async fn call<T>(&self, effect: PortFuture<'_, T>) -> Result<T, PortError> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if self.pause == Some(call) {
            self.paused.notify_one();
            self.resumed.notified().await;
        }
        let fault = self.fault.filter(|(at, _)| *at == call).map(|(_, fault)| fault);
        match fault {
            Some(Fault::DiesBefore) => self.die().await,
            Some(Fault::Refused) => return Err(refused()),
            _ => {}
        }
        let answer = effect.await;
        match fault {
            Some(Fault::DiesAfter) => self.die().await,
            Some(Fault::AnswerLost) => Err(refused()),
            _ => answer,
        }
    }

    async fn die<T>(&self) -> T {
        self.died.notify_one();
        pending().await
    }
}

fn refused() -> PortError {
    PortError { service: "the platform", code: "a fault of the test".to_owned() }
}

/// A port as a process sees it.
#[derive(Debug)]
pub(crate) struct Seen<P: ?Sized> {
    pub(crate) life: Arc<Life>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) port: Arc<P>,
    /// A sweep looks at this operation alone, if others are at another time of the test.
    pub(crate) only: Option<String>,
}

impl OperationStore for Seen<dyn OperationStore> {
    fn create<'a>(&'a self, new: &'a NewOperation) -> PortFuture<'a, Created> {
        Box::pin(self.life.call(self.port.create(new)))
    }

    fn withdraw<'a>(&'a self, operation_id: &'a str, fence: Fence) -> PortFuture<'a, Withdrawn> {
        Box::pin(self.life.call(self.port.withdraw(operation_id, fence)))
    }

    fn promise<'a>(&'a self, operation: &'a OperationRecord, now: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.life.call(self.port.promise(operation, now)))
    }

    fn get<'a>(&'a self, operation_id: &'a str, now: Timestamp) -> PortFuture<'a, Option<OperationRecord>> {
        Box::pin(self.life.call(self.port.get(operation_id, now)))
    }

    fn request<'a>(&'a self, operation: &'a OperationRecord, now: Timestamp) -> PortFuture<'a, Option<String>> {
        Box::pin(self.life.call(self.port.request(operation, now)))
    }

    fn get_with_outcome<'a>(
        &'a self,
        operation_id: &'a str,
        now: Timestamp,
        may_read: MayRead<'a>,
    ) -> PortFuture<'a, Option<(OperationRecord, Option<Outcome>)>> {
        Box::pin(self.life.call(self.port.get_with_outcome(operation_id, now, may_read)))
    }

    fn by_task<'a>(&'a self, task_id: &'a str, now: Timestamp) -> PortFuture<'a, ByTask> {
        Box::pin(self.life.call(self.port.by_task(task_id, now)))
    }

    fn newest_of_task<'a>(
        &'a self,
        owner: &'a Owner,
        task_id: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, Option<OperationRecord>> {
        Box::pin(self.life.call(self.port.newest_of_task(owner, task_id, now)))
    }

    fn of_owner<'a>(
        &'a self,
        owner: &'a Owner,
        after: Option<&'a Position>,
        limit: usize,
        now: Timestamp,
    ) -> PortFuture<'a, Page> {
        Box::pin(self.life.call(self.port.of_owner(owner, after, limit, now)))
    }

    fn claim<'a>(&'a self, operation_id: &'a str, now: Timestamp, until: Timestamp) -> PortFuture<'a, Claim> {
        let claim = async move {
            let claim = self.port.claim(operation_id, now, until).await?;
            if let Claim::Taken { .. } = claim {
                self.ledger.is_claimed(operation_id);
            }
            Ok(claim)
        };
        Box::pin(self.life.call(Box::pin(claim)))
    }

    fn extend<'a>(&'a self, operation_id: &'a str, fence: Fence, until: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.life.call(self.port.extend(operation_id, fence, until)))
    }

    fn release<'a>(&'a self, operation_id: &'a str, fence: Fence, now: Timestamp) -> PortFuture<'a, bool> {
        Box::pin(self.life.call(self.port.release(operation_id, fence, now)))
    }

    fn hand_over<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Fence,
        ticket: Option<&'a str>,
        now: Timestamp,
    ) -> PortFuture<'a, bool> {
        Box::pin(self.life.call(self.port.hand_over(operation_id, fence, ticket, now)))
    }

    fn put_off<'a>(
        &'a self,
        operation_id: &'a str,
        fence: Fence,
        ticket: &'a str,
        now: Timestamp,
    ) -> PortFuture<'a, bool> {
        Box::pin(self.life.call(self.port.put_off(operation_id, fence, ticket, now)))
    }

    fn finish_telling<'a>(
        &'a self,
        operation_id: &'a str,
        by: By,
        outcome: &'a Outcome,
        told: &'a [Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Finished> {
        let finish = async move {
            let finished = self.port.finish_telling(operation_id, by, outcome, told, now).await?;
            if let Finished::First(_) = finished {
                self.ledger.ends(operation_id);
            }
            Ok(finished)
        };
        Box::pin(self.life.call(Box::pin(finish)))
    }

    fn announced<'a>(&'a self, operation_id: &'a str, creation: Creation) -> PortFuture<'a, ()> {
        Box::pin(self.life.call(self.port.announced(operation_id, creation)))
    }

    fn due<'a>(&'a self, now: Timestamp, limit: usize) -> PortFuture<'a, Vec<String>> {
        let due = async move {
            let due = self.port.due(now, limit).await?;
            let is_seen = |id: &String| self.only.as_ref().is_none_or(|only| only == id);
            Ok(due.into_iter().filter(is_seen).collect())
        };
        Box::pin(self.life.call(Box::pin(due)))
    }

    fn look_again<'a>(&'a self, operation: &'a OperationRecord) -> PortFuture<'a, ()> {
        Box::pin(self.life.call(self.port.look_again(operation)))
    }
}

impl ProgressLog for Seen<dyn ProgressLog> {
    fn append<'a>(
        &'a self,
        holder: &'a OperationRecord,
        entries: &'a [Entry],
        now: Timestamp,
    ) -> PortFuture<'a, Option<Appended>> {
        Box::pin(self.life.call(self.port.append(holder, entries, now)))
    }

    fn entries<'a>(&'a self, operation: &'a OperationRecord, after: u32) -> PortFuture<'a, Vec<Entry>> {
        Box::pin(self.life.call(self.port.entries(operation, after)))
    }
}

impl JobQueue for Seen<dyn JobQueue> {
    fn enqueue<'a>(&'a self, operation_id: &'a str, owner: Option<&'a Owner>) -> PortFuture<'a, ()> {
        let enqueue = async move {
            self.port.enqueue(operation_id, owner).await?;
            self.ledger.is_queued(operation_id);
            Ok(())
        };
        Box::pin(self.life.call(Box::pin(enqueue)))
    }
}

impl CallbackQueue for Seen<dyn CallbackQueue> {
    fn enqueue<'a>(&'a self, operation_id: &'a str, owner: Option<&'a Owner>) -> PortFuture<'a, ()> {
        Box::pin(self.life.call(self.port.enqueue(operation_id, owner)))
    }
}

impl CompletionEvents for Seen<dyn CompletionEvents> {
    fn publish<'a>(&'a self, event: &'a CompletionEvent) -> PortFuture<'a, ()> {
        Box::pin(self.life.call(self.port.publish(event)))
    }
}

/// The test itself is the queue that brings jobs.
impl MessageVisibility for Seen<()> {
    fn hide<'a>(&'a self, _: &'a str, _: Duration) -> PortFuture<'a, ()> {
        Box::pin(self.life.call(Box::pin(async { Ok(()) })))
    }
}
