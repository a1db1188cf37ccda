//! Queues and the event bus in memory.

use std::{sync::Mutex, time::Duration};

use shared::{caller::Owner, port_error::PortFuture};

use super::faults::{Call, Fault, Faults, lock};
use crate::ports::{CallbackQueue, CompletionEvent, CompletionEvents, JobQueue, MessageVisibility};

/// A queue of jobs or callbacks, or the one that a worker receives from.
#[derive(Debug)]
pub struct MemoryQueue {
    enqueued: Mutex<Vec<String>>,
    hidden: Mutex<Vec<(String, Duration)>>,
    faults: Faults,
}

impl Default for MemoryQueue {
    fn default() -> Self {
        Self { enqueued: Mutex::default(), hidden: Mutex::default(), faults: Faults::new("queue") }
    }
}

impl MemoryQueue {
    /// Ids of operations, in order.
    #[must_use]
    pub fn enqueued(&self) -> Vec<String> {
        lock(&self.enqueued).clone()
    }

    /// Receipt handles and times of all calls of `hide`, in order.
    #[must_use]
    pub fn hidden(&self) -> Vec<(String, Duration)> {
        lock(&self.hidden).clone()
    }

    /// How often `call` was made, failed calls included.
    #[must_use]
    pub fn calls(&self, call: Call) -> usize {
        self.faults.count(call)
    }

    /// The next `times` calls fail and do nothing.
    pub fn refuse(&self, call: Call, times: usize) {
        self.faults.plan(call, Fault::Refused, times);
    }

    /// The next `times` calls do their work and fail all the same.
    pub fn lose_answer(&self, call: Call, times: usize) {
        self.faults.plan(call, Fault::AnswerLost, times);
    }

    fn put<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        self.faults.run(Call::Enqueue, || lock(&self.enqueued).push(operation_id.to_owned()))
    }
}

impl JobQueue for MemoryQueue {
    fn enqueue<'a>(&'a self, operation_id: &'a str, _: Option<&'a Owner>) -> PortFuture<'a, ()> {
        self.put(operation_id)
    }
}

impl CallbackQueue for MemoryQueue {
    fn enqueue<'a>(&'a self, operation_id: &'a str, _: Option<&'a Owner>) -> PortFuture<'a, ()> {
        self.put(operation_id)
    }
}

impl MessageVisibility for MemoryQueue {
    fn hide<'a>(&'a self, receipt_handle: &'a str, time: Duration) -> PortFuture<'a, ()> {
        self.faults.run(Call::Hide, move || lock(&self.hidden).push((receipt_handle.to_owned(), time)))
    }
}

#[derive(Debug)]
pub struct MemoryEvents {
    published: Mutex<Vec<CompletionEvent>>,
    faults: Faults,
}

impl Default for MemoryEvents {
    fn default() -> Self {
        Self { published: Mutex::default(), faults: Faults::new("event bus") }
    }
}

impl MemoryEvents {
    #[must_use]
    pub fn published(&self) -> Vec<CompletionEvent> {
        lock(&self.published).clone()
    }

    /// The next `times` calls fail and do nothing.
    pub fn refuse(&self, times: usize) {
        self.faults.plan(Call::Publish, Fault::Refused, times);
    }

    /// The next `times` calls never answer, and do nothing.
    pub fn hang(&self, times: usize) {
        self.faults.plan(Call::Publish, Fault::Hangs, times);
    }

    /// Forgets the faults to come.
    pub fn recover(&self) {
        self.faults.clear();
    }

    /// The next `times` calls do their work and fail all the same.
    pub fn lose_answer(&self, times: usize) {
        self.faults.plan(Call::Publish, Fault::AnswerLost, times);
    }
}

impl CompletionEvents for MemoryEvents {
    fn publish<'a>(&'a self, event: &'a CompletionEvent) -> PortFuture<'a, ()> {
        self.faults.run(Call::Publish, || lock(&self.published).push(event.clone()))
    }
}
