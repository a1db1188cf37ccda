//! What a worker tells the log. Nothing here fails or delays the work for long: a log that cannot be written only shows
//! less.

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use shared::{
    invocation::Clock,
    progress::{Progress, Step},
};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use super::{Appended, Entry, LAST_TOLD, ProgressLog, Told};
use crate::record::OperationRecord;

/// Entries that come within this time are one write. Shorter than the time between two reads of a watcher.
const GATHERING: Duration = Duration::from_millis(200);
/// Each write of an attempt gathers this many times longer than the one before, so that one is left for what a long call
/// of a model tells late.
const LATER: u32 = 10;
/// The longest that the end of an attempt waits for its entries.
const PATIENCE: Duration = Duration::from_secs(2);
/// Writes of one operation, of all its attempts.
const MOST_WRITES: u32 = 6;
/// Attempts for which a write is left: each tells how it went. Of four, the last one needs none, for its end is derived.
const MOST_KEPT: u32 = 3;
/// Entries that come with the end of an operation, at most: they share its item, which holds 400 KB, with a request and a
/// result. The longest entry has 4 KB.
const MOST_AT_END: usize = 40;
/// The number of the last node that is told, at most: what comes after a large agent is told as well.
const MOST_NODES: u32 = 150;

/// Gathers the entries of one claim.
pub(crate) struct Teller<'a> {
    log: &'a dyn ProgressLog,
    clock: Clock,
    /// Attempts after this one, at most.
    attempts_left: u32,
    state: Mutex<State>,
    news: Notify,
}

struct State {
    /// As the claim left it, with the log as far as it is known.
    holder: OperationRecord,
    /// Not written yet, in order.
    gathered: Vec<Entry>,
    /// The lease is lost.
    is_over: bool,
}

impl<'a> Teller<'a> {
    /// Tells for the claim that left `holder`, of at most `attempts`.
    pub(crate) fn new(log: &'a dyn ProgressLog, holder: OperationRecord, clock: Clock, attempts: u32) -> Self {
        let attempts_left = attempts.saturating_sub(holder.failures).saturating_sub(1);
        let state = Mutex::new(State { holder, gathered: Vec::new(), is_over: false });
        Self { log, clock, attempts_left, state, news: Notify::new() }
    }

    pub(crate) fn tell(&self, told: Told) {
        self.change(|state| {
            let last = state.gathered.last().map_or(state.holder.logged.last, |entry| entry.seq);
            let seq = last.saturating_add(1);
            let most = if matches!(told, Told::BlockAdded { .. }) { MOST_NODES } else { LAST_TOLD };
            if seq <= most {
                let at = self.clock.now().rfc3339();
                state.gathered.push(Entry { seq, at, attempt: state.holder.claims, told });
            }
        });
        self.news.notify_one();
    }

    /// Tells it if there is something to write anyway: it is not worth a write of its own.
    pub(crate) fn tell_along(&self, told: Told) {
        if self.change(|state| !state.gathered.is_empty()) {
            self.tell(told);
        }
    }

    /// Writes what is told while the work goes on.
    pub(crate) async fn keep(&self) -> Infallible {
        let mut gathering = GATHERING;
        loop {
            self.news.notified().await;
            sleep(gathering).await;
            // The rest is for how this attempt ends, and the next ones.
            let kept = self.attempts_left.saturating_add(1).min(MOST_KEPT);
            if self.writes_left() > kept {
                self.write().await;
                gathering = gathering.saturating_mul(LATER);
            }
        }
    }

    /// Takes what is left, for the write of the operation's end. If that is much, it is written before.
    pub(crate) async fn last_entries(&self) -> Vec<Entry> {
        if self.change(|state| state.gathered.len()) > MOST_AT_END {
            self.flush().await;
        }
        let mut entries = self.change(|state| std::mem::take(&mut state.gathered));
        // The log may have been down.
        entries.truncate(MOST_AT_END);
        entries
    }

    /// Writes what is left, before the attempt ends.
    pub(crate) async fn flush(&self) {
        let twice = async {
            self.write().await;
            // Only if the first one failed, or showed that an earlier one had succeeded.
            self.write().await;
        };
        if timeout(PATIENCE, twice).await.is_err() {
            tracing::warn!("could not write the log of an operation in time");
        }
    }

    /// An entry stays until it is known to be written: a dropped write may have been made or not.
    async fn write(&self) {
        let (holder, entries) = self.change(|state| (state.holder.clone(), state.gathered.clone()));
        if entries.is_empty() || self.writes_left() == 0 {
            return;
        }
        match self.log.append(&holder, &entries, self.clock.now()).await {
            Ok(Some(Appended::Now(logged) | Appended::Before(logged))) => self.change(|state| {
                state.holder.logged = logged;
                state.gathered.retain(|entry| entry.seq > logged.last);
            }),
            Ok(Some(Appended::NotKept)) => {}
            Ok(None) => self.change(|state| state.is_over = true),
            Err(error) => {
                tracing::warn!(operation_id = holder.operation_id, %error, "could not write the log of an operation");
            }
        }
    }

    fn writes_left(&self) -> u32 {
        self.change(|state| if state.is_over { 0 } else { MOST_WRITES.saturating_sub(state.holder.logged.writes) })
    }

    /// Ignores poisoning: every change leaves the state valid.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Progress for Teller<'_> {
    fn step(&self, step: Step, detail: Option<&str>) {
        // Our own details need no sanitising, which costs more than all else about the log. A block that a model names is not
        // ours.
        let told = if step == Step::AskingModel { Told::foreign_step } else { Told::step };
        self.tell(told(step, detail));
    }

    fn block_added(&self, node: &str, block: &str, name: &str) {
        self.tell(Told::block_added(node, block, name));
    }

    fn fixed(&self, rule: &str) {
        self.tell(Told::fixed(rule));
    }

    fn text(&self, delta: &str) {
        self.tell(Told::text(delta));
    }
}

impl std::fmt::Debug for Teller<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Teller").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        memory::{Call, MemoryStore, new_operation},
        ports::{Claim, OperationStore},
    };

    async fn claimed(store: &MemoryStore, clock: Clock) -> OperationRecord {
        let now = clock.now();
        store.create(&new_operation("op", "owner", now)).await.unwrap();
        let claim = store.claim("op", now, now.after(Duration::from_secs(90))).await.unwrap();
        let Claim::Taken { record, .. } = claim else { panic!("not taken") };
        *record
    }

    #[tokio::test]
    async fn a_secret_that_a_model_names_as_a_block_is_not_told() {
        let (store, clock) = (MemoryStore::default(), Clock::system());
        let teller = Teller::new(&store, claimed(&store, clock).await, clock, 4);
        teller.step(Step::AskingModel, Some("sk_live_4eC39HqLyjWDarjtT1zdp7dc"));
        teller.step(Step::Planning, Some("5 steps"));
        let told = serde_json::to_string(&teller.last_entries().await).unwrap();
        assert!(!told.contains("4eC39HqLyjWDarjtT1zdp7dc") && told.contains("5 steps"), "{told}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_watcher_of_a_long_attempt_sees_news_at_once_soon_and_later() {
        let (store, clock) = (MemoryStore::default(), Clock::system());
        let teller = Teller::new(&store, claimed(&store, clock).await, clock, 4);
        let last = || store.record("op").unwrap().logged.last;
        let mut seen = Vec::new();
        let work = async {
            for second in 0..60 {
                teller.step(Step::AskingModel, None);
                sleep(Duration::from_secs(1)).await;
                if seen.last().is_none_or(|(_, before)| *before != last()) {
                    seen.push((second, last()));
                }
            }
        };
        tokio::select! {
            () = work => {}
            never = teller.keep() => match never {},
        }
        let seconds: Vec<_> = seen.iter().map(|(second, _)| *second).collect();
        assert_eq!(seconds.len(), 3, "{seen:?}");
        assert!(seconds[0] == 0 && (1..=4).contains(&seconds[1]) && (15..=30).contains(&seconds[2]), "{seen:?}");
        assert_eq!(store.calls(Call::Append), 3, "three are left for how this attempt and the next ones end");
        teller.flush().await;
        assert_eq!(last(), 61, "nothing is lost");
    }
}
