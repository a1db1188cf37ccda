//! Scripted faults: which calls of a port fail next, and how.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use shared::port_error::{PortError, PortFuture};

/// A method of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Create,
    Withdraw,
    Promise,
    Get,
    Request,
    GetWithOutcome,
    ByTask,
    NewestOfTask,
    OfOwner,
    Claim,
    Extend,
    Release,
    HandOver,
    PutOff,
    Finish,
    Announced,
    Due,
    LookAgain,
    Append,
    Entries,
    /// On either queue.
    Enqueue,
    Hide,
    Publish,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Fails and does nothing.
    Refused,
    /// Does its work and fails all the same.
    AnswerLost,
    /// Does nothing and never returns.
    Hangs,
    /// Does its work, and answers after this time.
    Late(Duration),
}

/// The calls made so far, and the faults to come.
#[derive(Debug)]
pub(super) struct Faults {
    service: &'static str,
    state: Mutex<FaultState>,
}

#[derive(Debug, Default)]
struct FaultState {
    calls: Vec<Call>,
    planned: VecDeque<(Call, Fault)>,
}

impl Faults {
    pub(super) fn new(service: &'static str) -> Self {
        Self { service, state: Mutex::default() }
    }

    pub(super) fn plan(&self, call: Call, fault: Fault, times: usize) {
        lock(&self.state).planned.extend(std::iter::repeat_n((call, fault), times));
    }

    pub(super) fn clear(&self) {
        lock(&self.state).planned.clear();
    }

    pub(super) fn count(&self, call: Call) -> usize {
        lock(&self.state).calls.iter().filter(|made| **made == call).count()
    }

    /// Runs `work`, unless the call is to fail. Yields first, so that other tasks run as they would on a real platform.
    pub(super) fn run<'a, T: Send + 'a>(
        &'a self,
        call: Call,
        work: impl FnOnce() -> T + Send + 'a,
    ) -> PortFuture<'a, T> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            match self.next(call) {
                None => Ok(work()),
                Some(Fault::Late(time)) => {
                    let answer = work();
                    tokio::time::sleep(time).await;
                    Ok(answer)
                }
                Some(Fault::Hangs) => std::future::pending().await,
                Some(Fault::Refused) => Err(self.error("ProvisionedThroughputExceededException")),
                Some(Fault::AnswerLost) => {
                    work();
                    Err(self.error("timeout"))
                }
            }
        })
    }

    /// Counts the call and returns its planned fault.
    fn next(&self, call: Call) -> Option<Fault> {
        let mut state = lock(&self.state);
        state.calls.push(call);
        let planned = state.planned.iter().position(|(planned, _)| *planned == call)?;
        state.planned.remove(planned).map(|(_, fault)| fault)
    }

    fn error(&self, code: &str) -> PortError {
        PortError { service: self.service, code: code.to_owned() }
    }
}

/// Ignores poisoning: the test that panicked has failed already.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
