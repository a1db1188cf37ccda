//! A thousand operations, each with processes that are killed at random steps.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use lifecycle::{
    memory::{MemoryEvents, MemoryQueue, MemoryStore},
    ports::CompletionEvent,
};

use super::{
    cloud::Cloud,
    flows::FLOWS,
    ledger::Ledger,
    life::{Fault, Life},
    world::{END, Operation, Platform, sweep_all},
};

const COUNT: u64 = 1_000;
/// The calls of a process, about.
const CALLS: usize = 8;

/// At a call that the process may not come to.
fn fault(random: &mut fastrand::Rng) -> Option<(usize, Fault)> {
    Some((random.usize(..CALLS), Fault::ALL[random.usize(..Fault::ALL.len())]))
}

/// One operation up to its end, or to its deadline.
async fn live(platform: &Arc<Platform>, ledger: &Arc<Ledger>, seed: u64, patience: Duration) -> Arc<Operation> {
    let mut random = fastrand::Rng::with_seed(seed);
    let (_, steps, processes) = FLOWS[random.usize(..FLOWS.len())];
    // One in ten is too long for the table.
    let padding = if random.u8(..10) == 0 { 100_000 } else { 0 };
    let operation = Operation::new(platform, ledger, steps, padding);
    let operation = Arc::new(Operation { is_keyed: random.bool(), patience, ..operation });
    for process in processes {
        operation.run(*process, &Life::with(fault(&mut random))).await;
    }
    operation.redeliver(|| fault(&mut random)).await;
    operation
}

/// Sweeps that die, then as many as it takes. Panics if they come to no end.
async fn sweep(platform: &Platform, ledger: &Arc<Ledger>) {
    let mut random = fastrand::Rng::with_seed(COUNT);
    for run in 0..60 {
        if platform.store.due(END, 1_000).await == Ok(Vec::new()) {
            return;
        }
        let fault = (run < 30).then(|| (random.usize(1..200), Fault::ALL[random.usize(..2)]));
        sweep_all(platform, ledger, &Life::with(fault)).await;
    }
    panic!("the sweeps come to no end");
}

async fn check(operations: &[Arc<Operation>], events: Vec<CompletionEvent>, callbacks: Vec<String>, jobs: Vec<String>) {
    let mut told: HashMap<String, Vec<CompletionEvent>> = HashMap::new();
    for event in events {
        told.entry(event.operation_id.clone()).or_default().push(event);
    }
    let count = |all: &[String]| {
        all.iter().fold(HashMap::<String, usize>::new(), |mut counts, id| {
            *counts.entry(id.clone()).or_default() += 1;
            counts
        })
    };
    let (callbacks, jobs) = (count(&callbacks), count(&jobs));
    let mut wrong = Vec::new();
    for operation in operations {
        let told = told.get(&operation.id).map(Vec::as_slice).unwrap_or_default();
        wrong.extend(operation.faults(told, callbacks.get(&operation.id).copied().unwrap_or_default()).await);
        let page = operation.ledger.page(&operation.id);
        if jobs.get(&operation.id).copied().unwrap_or_default() < page.enqueued {
            wrong.push(format!("a message is missing: {page:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), operations.len());
    let pages: Vec<_> = operations.iter().map(|operation| operation.ledger.page(&operation.id)).collect();
    let sum = |of: fn(&super::ledger::Page) -> usize| pages.iter().map(of).sum::<usize>();
    assert!(sum(|page| page.faults) > operations.len(), "too few faults");
    assert!(sum(|page| page.accepted) > operations.len() / 3, "too few were accepted");
}

#[tokio::test(start_paused = true)]
async fn of_a_thousand_operations_in_memory_none_is_lost_or_done_twice_and_each_end_is_told() {
    let (jobs, callbacks) = (Arc::<MemoryQueue>::default(), Arc::<MemoryQueue>::default());
    let (events, ledger) = (Arc::<MemoryEvents>::default(), Arc::<Ledger>::default());
    let store = Arc::<MemoryStore>::default();
    let platform = Arc::new(Platform {
        store: Arc::<MemoryStore>::clone(&store),
        log: store,
        jobs: Arc::<MemoryQueue>::clone(&jobs),
        callbacks: Arc::<MemoryQueue>::clone(&callbacks),
        events: Arc::<MemoryEvents>::clone(&events),
    });
    let mut operations = Vec::new();
    for seed in 0..COUNT {
        operations.push(live(&platform, &ledger, seed, Duration::from_secs(28)).await);
    }
    sweep(&platform, &ledger).await;
    check(&operations, events.published(), callbacks.enqueued(), jobs.enqueued()).await;
}

#[tokio::test]
async fn of_a_thousand_operations_in_the_local_cloud_none_is_lost_or_done_twice_and_each_end_is_told() {
    let Some(cloud) = Cloud::open().await else { return };
    let ledger = Arc::<Ledger>::default();
    let lives = (0..COUNT).map(|seed| live(&cloud.platform, &ledger, seed, Duration::from_secs(5)));
    let operations: Vec<_> = stream::iter(lives).buffer_unordered(32).collect().await;
    sweep(&cloud.platform, &ledger).await;
    check(&operations, cloud.events().await, cloud.callbacks().await, cloud.jobs().await).await;
}
