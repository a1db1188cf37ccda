//! What was told to whom, and what was done, of each operation.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pages: Mutex<HashMap<String, Page>>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// How often a caller was answered 202.
    pub(crate) accepted: usize,
    /// Messages on the jobs queue.
    pub(crate) messages: usize,
    /// Messages that were ever on it.
    pub(crate) enqueued: usize,
    /// How often the work was begun.
    pub(crate) runs: usize,
    /// How often its outcome was the first to be written.
    pub(crate) ends: usize,
    /// How often a process of it was killed or got no answer.
    pub(crate) faults: usize,
    /// How often its caller was told that it is cancelled.
    pub(crate) cancelled: usize,
    /// How often its caller was told that it ended otherwise.
    pub(crate) too_late: usize,
    /// Claims after the end.
    pub(crate) late_claims: usize,
}

impl Ledger {
    pub(crate) fn page(&self, operation_id: &str) -> Page {
        self.pages().get(operation_id).cloned().unwrap_or_default()
    }

    pub(crate) fn note(&self, operation_id: &str, note: impl FnOnce(&mut Page)) {
        note(self.pages().entry(operation_id.to_owned()).or_default());
    }

    pub(crate) fn ends(&self, operation_id: &str) {
        self.note(operation_id, |page| page.ends += 1);
    }

    pub(crate) fn is_queued(&self, operation_id: &str) {
        self.note(operation_id, |page| {
            page.messages += 1;
            page.enqueued += 1;
        });
    }

    pub(crate) fn is_claimed(&self, operation_id: &str) {
        self.note(operation_id, |page| page.late_claims += usize::from(page.ends > 0));
    }

    fn pages(&self) -> MutexGuard<'_, HashMap<String, Page>> {
        self.pages.lock().unwrap()
    }
}
