//! Many watchers whose connections are cut at random.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::fixture::{STREAM, World, agent, events_in, step, watching};

const OPERATIONS: usize = 20;
const WATCHERS: usize = 50;
/// Entries of an operation between the first and the last one.
const STEPS: u64 = 30;

/// What the watcher of an operation hears, and how often it was cut.
async fn watch(world: Arc<World>, operation: usize, mut chance: fastrand::Rng) -> (Vec<u64>, usize) {
    let (mut heard, mut cuts) = (Vec::new(), 0);
    loop {
        let last = heard.last().map_or(String::new(), u64::to_string);
        let event = watching(&format!("op-{operation}"), json!(null), &[STREAM, ("Last-Event-ID", &last)]);
        let mut pieces = world.listen(&event, 100).await;
        let cut = sleep(Duration::from_millis(chance.u64(0..6_000)));
        tokio::pin!(cut);
        loop {
            let piece = tokio::select! {
                () = &mut cut => break,
                piece = pieces.next() => piece.unwrap(),
            };
            let Some(piece) = piece else { return (heard, cuts) };
            heard.extend(events_in(&piece).into_iter().map(|(id, ..)| id));
            if heard.last() == Some(&(STEPS + 2)) {
                return (heard, cuts);
            }
        }
        cuts += 1;
        sleep(Duration::from_millis(chance.u64(0..2_500))).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_watcher_hears_every_event_once_and_in_order_though_its_connections_are_cut() {
    let seed = 7;
    let mut chance = fastrand::Rng::with_seed(seed);
    let world = Arc::new(World::new().await);
    let mut working = JoinSet::new();
    for operation in 0..OPERATIONS {
        let (world, mut chance) = (Arc::clone(&world), chance.fork());
        world.start(&format!("op-{operation}"), "key-1").await;
        working.spawn(async move {
            let operation_id = format!("op-{operation}");
            for number in 0..STEPS {
                sleep(Duration::from_millis(chance.u64(0..1_500))).await;
                world.tell(&operation_id, [step(&format!("{number}"))]).await;
            }
            sleep(Duration::from_millis(chance.u64(0..1_500))).await;
            world.end(&operation_id, agent()).await;
        });
    }
    let mut watching = JoinSet::new();
    for watcher in 0..WATCHERS {
        watching.spawn(watch(Arc::clone(&world), watcher % OPERATIONS, chance.fork()));
    }
    let begin = Instant::now();
    working.join_all().await;
    let all = watching.join_all().await;
    assert!(begin.elapsed() < Duration::from_secs(90), "{:?}", begin.elapsed());
    assert!(all.iter().map(|(_, cuts)| cuts).sum::<usize>() > WATCHERS, "connections are cut");
    for (heard, cuts) in all {
        assert_eq!(heard, (1..=STEPS + 2).collect::<Vec<_>>(), "after {cuts} cuts, seed {seed}");
    }
}
