//! The ports in memory, for tests: a platform that keeps its word, and breaks it when told to.

mod platform;
mod queues;
mod store;

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use shared::port_error::{PortError, PortFuture};

pub use platform::MemoryPlatform;
pub use queues::{MemoryEvents, MemoryQueue};
pub use store::MemoryStore;

/// A method of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// `OperationStore::create`.
    Create,
    /// `OperationStore::withdraw`.
    Withdraw,
    /// `OperationStore::get`.
    Get,
    /// `OperationStore::get_with_outcome`.
    GetWithOutcome,
    /// `OperationStore::by_task`.
    ByTask,
    /// `OperationStore::claim`.
    Claim,
    /// `OperationStore::extend`.
    Extend,
    /// `OperationStore::release`.
    Release,
    /// `OperationStore::hand_over`.
    HandOver,
    /// `OperationStore::finish`.
    Finish,
    /// `OperationStore::announced`.
    Announced,
    /// `JobQueue::enqueue` and `CallbackQueue::enqueue`.
    Enqueue,
    /// `MessageVisibility::hide`.
    Hide,
    /// `CompletionEvents::publish`.
    Publish,
}

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing was done.
    Refused,
    /// It was done, and nobody heard of it.
    AnswerLost,
}

/// What a platform in memory was asked, and what of it is to fail.
#[derive(Debug)]
struct Faults {
    service: &'static str,
    state: Mutex<FaultState>,
}

#[derive(Debug, Default)]
struct FaultState {
    asked: Vec<Call>,
    planned: VecDeque<(Call, Fault)>,
}

impl Faults {
    fn of(service: &'static str) -> Self {
        Self { service, state: Mutex::default() }
    }

    fn plan(&self, call: Call, fault: Fault, times: usize) {
        lock(&self.state).planned.extend(std::iter::repeat_n((call, fault), times));
    }

    fn asked(&self, call: Call) -> usize {
        lock(&self.state).asked.iter().filter(|asked| **asked == call).count()
    }

    /// Runs `work` as the call `call`, unless that is to fail. It lets other tasks run first, as a platform would.
    fn run<'a, T: Send + 'a>(&'a self, call: Call, work: impl FnOnce() -> T + Send + 'a) -> PortFuture<'a, T> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            match self.next(call) {
                None => Ok(work()),
                Some(Fault::Refused) => Err(self.error("ProvisionedThroughputExceededException")),
                Some(Fault::AnswerLost) => {
                    work();
                    Err(self.error("timeout"))
                }
            }
        })
    }

    /// Notes the call, and tells how it fails, if it does.
    fn next(&self, call: Call) -> Option<Fault> {
        let mut state = lock(&self.state);
        state.asked.push(call);
        let planned = state.planned.iter().position(|(planned, _)| *planned == call)?;
        state.planned.remove(planned).map(|(_, fault)| fault)
    }

    fn error(&self, code: &str) -> PortError {
        PortError { service: self.service, code: code.to_owned() }
    }
}

/// A test that panicked while it held the lock has failed already; the others may go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
