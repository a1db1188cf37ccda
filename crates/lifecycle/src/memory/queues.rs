//! A queue and a bus in memory.

use std::{sync::Mutex, time::Duration};

use shared::port_error::PortFuture;

use super::{Call, Fault, Faults, lock};
use crate::ports::{CallbackQueue, CompletionEvent, CompletionEvents, JobQueue, MessageVisibility};

/// A queue that keeps what was put on it: of jobs, of callbacks, or the one that a worker's messages came from.
#[derive(Debug)]
pub struct MemoryQueue {
    enqueued: Mutex<Vec<String>>,
    hidden: Mutex<Vec<(String, Duration)>>,
    faults: Faults,
}

impl Default for MemoryQueue {
    fn default() -> Self {
        Self { enqueued: Mutex::default(), hidden: Mutex::default(), faults: Faults::of("queue") }
    }
}

impl MemoryQueue {
    /// What was put on it, in order: ids of operations.
    #[must_use]
    pub fn enqueued(&self) -> Vec<String> {
        lock(&self.enqueued).clone()
    }

    /// What was hidden, in order: the receipt handle, and for how long.
    #[must_use]
    pub fn hidden(&self) -> Vec<(String, Duration)> {
        lock(&self.hidden).clone()
    }

    /// How often `call` was made, those that failed among them.
    #[must_use]
    pub fn calls(&self, call: Call) -> usize {
        self.faults.asked(call)
    }

    /// The next `times` calls of `call` fail, and do nothing.
    pub fn refuse(&self, call: Call, times: usize) {
        self.faults.plan(call, Fault::Refused, times);
    }

    /// The next `times` calls of `call` do what they should and fail all the same.
    pub fn lose_answer(&self, call: Call, times: usize) {
        self.faults.plan(call, Fault::AnswerLost, times);
    }

    fn put<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        self.faults.run(Call::Enqueue, || lock(&self.enqueued).push(operation_id.to_owned()))
    }
}

impl JobQueue for MemoryQueue {
    fn enqueue<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        self.put(operation_id)
    }
}

impl CallbackQueue for MemoryQueue {
    fn enqueue<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        self.put(operation_id)
    }
}

impl MessageVisibility for MemoryQueue {
    fn hide<'a>(&'a self, receipt_handle: &'a str, time: Duration) -> PortFuture<'a, ()> {
        self.faults.run(Call::Hide, move || lock(&self.hidden).push((receipt_handle.to_owned(), time)))
    }
}

/// A bus that keeps what was put on it.
#[derive(Debug)]
pub struct MemoryEvents {
    published: Mutex<Vec<CompletionEvent>>,
    faults: Faults,
}

impl Default for MemoryEvents {
    fn default() -> Self {
        Self { published: Mutex::default(), faults: Faults::of("event bus") }
    }
}

impl MemoryEvents {
    /// What was put on it, in order.
    #[must_use]
    pub fn published(&self) -> Vec<CompletionEvent> {
        lock(&self.published).clone()
    }

    /// The next `times` events are refused.
    pub fn refuse(&self, times: usize) {
        self.faults.plan(Call::Publish, Fault::Refused, times);
    }

    /// The next `times` events are put on the bus, and the call fails all the same.
    pub fn lose_answer(&self, times: usize) {
        self.faults.plan(Call::Publish, Fault::AnswerLost, times);
    }
}

impl CompletionEvents for MemoryEvents {
    fn publish<'a>(&'a self, event: &'a CompletionEvent) -> PortFuture<'a, ()> {
        self.faults.run(Call::Publish, || lock(&self.published).push(event.clone()))
    }
}
