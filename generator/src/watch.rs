//! The end of work in this process: every loop over what a caller sends asks a [`Watch`], and big work has a thread of its
//! own, so that the process goes on renewing leases and answering.

use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use shared::{error_type::ErrorType, failure::Failure};
use tokio::{
    task::spawn_blocking,
    time::{Instant, timeout_at},
};

/// Text, in bytes, of which planning takes a few milliseconds: a thread would cost more than it saves.
const SMALL_WORDS: usize = 4 * 1024;
const SMALL_JSON: usize = 32 * 1024;

/// Asks whether work has to end.
#[derive(Clone, Copy)]
pub struct Watch<'a>(&'a dyn Fn() -> bool);

impl<'a> Watch<'a> {
    /// Never ends the work.
    pub const NONE: Watch<'static> = Watch(&|| false);

    /// Ends the work once `over` says so; it is asked often.
    pub fn new(over: &'a dyn Fn() -> bool) -> Self {
        Self(over)
    }

    /// Fails with `timeout` if the work has to end.
    pub fn check(self) -> Result<(), Failure> {
        if (self.0)() { Err(out_of_time()) } else { Ok(()) }
    }
}

fn out_of_time() -> Failure {
    Failure::new(ErrorType::Timeout, "planning took too long")
}

/// Whether work on this much of a person's words and of JSON, in bytes, takes long.
pub(crate) fn is_long(words: usize, json: usize) -> bool {
    words > SMALL_WORDS || json > SMALL_JSON
}

/// Works here and now, until `deadline`.
pub(crate) fn here<T>(deadline: Instant, work: impl FnOnce(Watch<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
    work(Watch(&|| Instant::now() >= deadline))
}

/// Works on another thread, until `deadline`. Dropped before that, it ends the work at its next check. A panic of the work
/// is one of the caller.
pub(crate) async fn beside<T: Send + 'static>(
    deadline: Instant,
    work: impl FnOnce(Watch<'_>) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let stop = Stop::default();
    let stopped = stop.0.clone();
    let working =
        spawn_blocking(move || work(Watch(&|| stopped.load(Ordering::Relaxed) || Instant::now() >= deadline)));
    match timeout_at(deadline, working).await {
        Ok(Ok(result)) => result,
        Ok(Err(error)) if error.is_panic() => panic::resume_unwind(error.into_panic()),
        Ok(Err(_)) => Err(Failure::new(ErrorType::UnexpectedError, "the process ends")),
        Err(_) => Err(out_of_time()),
    }
}

/// Set when it is dropped.
#[derive(Default)]
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    /// Works until the watch ends it, then says so.
    fn endless(ended: mpsc::Sender<ErrorType>) -> impl FnOnce(Watch<'_>) -> Result<(), Failure> + Send {
        move |watch| loop {
            if let Err(failure) = watch.check() {
                ended.send(failure.error_type.clone()).unwrap();
                return Err(failure);
            }
            std::thread::yield_now();
        }
    }

    #[tokio::test]
    async fn work_ends_at_its_deadline_here_and_beside() {
        let (ended, end) = mpsc::channel();
        assert_eq!(here(Instant::now(), endless(ended.clone())).unwrap_err().error_type, ErrorType::Timeout);
        assert_eq!(end.recv(), Ok(ErrorType::Timeout));
        let late = beside(Instant::now() + Duration::from_millis(5), endless(ended)).await;
        assert_eq!(late.unwrap_err().error_type, ErrorType::Timeout);
        assert_eq!(end.recv(), Ok(ErrorType::Timeout));
    }

    #[tokio::test]
    async fn a_worker_that_lost_its_lease_stops_planning() {
        let (ended, end) = mpsc::channel();
        let mut planning = Box::pin(beside(Instant::now() + Duration::from_secs(3_600), endless(ended)));
        // The executor goes on meanwhile.
        assert!(futures_poll(&mut planning).await.is_none());
        drop(planning);
        assert_eq!(end.recv(), Ok(ErrorType::Timeout));
    }

    async fn futures_poll<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
        tokio::select! {
            biased;
            done = future => Some(done),
            () = std::future::ready(()) => None,
        }
    }

    #[tokio::test]
    async fn a_panic_of_planning_is_the_requests_own() {
        let deadline = Instant::now() + Duration::from_secs(3_600);
        let caught = tokio::spawn(beside(deadline, |_| -> Result<(), Failure> { panic!("a fault of ours") })).await;
        assert!(caught.unwrap_err().is_panic());
    }
}
