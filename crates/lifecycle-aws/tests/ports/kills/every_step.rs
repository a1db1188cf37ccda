//! Every step of every flow, in memory.

use std::sync::Arc;

use lifecycle::memory::{MemoryEvents, MemoryQueue, MemoryStore};

use super::{
    flows::{
        FLOWS,
        Process::{self, Async, Cancel, Complete, InRequest, Later, Read, Sweep, Work},
        Step,
    },
    ledger::Ledger,
    life::{Fault, Life},
    world::{Operation, Platform},
};

/// More calls than any process makes.
const MOST_CALLS: usize = 40;

struct Memory {
    platform: Arc<Platform>,
    callbacks: Arc<MemoryQueue>,
    events: Arc<MemoryEvents>,
}

impl Memory {
    fn new() -> Self {
        let (callbacks, events) = (Arc::<MemoryQueue>::default(), Arc::<MemoryEvents>::default());
        let store = Arc::<MemoryStore>::default();
        let platform = Platform {
            store: Arc::<MemoryStore>::clone(&store),
            log: store,
            jobs: Arc::new(MemoryQueue::default()),
            callbacks: Arc::<MemoryQueue>::clone(&callbacks),
            events: Arc::<MemoryEvents>::clone(&events),
        };
        Self { platform: Arc::new(platform), callbacks, events }
    }

    fn operation(&self, steps: &[Step], is_keyed: bool) -> Arc<Operation> {
        let operation = Operation::new(&self.platform, &Arc::new(Ledger::default()), steps, 0);
        Arc::new(Operation { is_keyed, ..operation })
    }

    /// Panics if something is wrong with the only operation.
    async fn check(&self, operation: &Operation, what: &str) {
        let wrong = operation.faults(&self.events.published(), self.callbacks.enqueued().len()).await;
        assert!(wrong.is_empty(), "{what}: {wrong:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_accepted_is_lost_wherever_one_process_dies_or_gets_no_answer() {
    let mut tried = 0;
    for (name, steps, processes) in FLOWS {
        for (disturbed, fault) in (0..processes.len()).flat_map(|process| Fault::ALL.map(|fault| (process, fault))) {
            for call in 0..=MOST_CALLS {
                assert!(call < MOST_CALLS, "{name}: a process makes too many calls");
                let memory = Memory::new();
                let operation = memory.operation(steps, call % 2 == 0);
                let mut is_over = false;
                for (index, process) in processes.iter().enumerate() {
                    let life = Life::with((index == disturbed).then_some((call, fault)));
                    operation.run(*process, &life).await;
                    is_over |= index == disturbed && !life.is_disturbed();
                }
                operation.recover().await;
                memory.check(&operation, &format!("{name}, process {disturbed}, call {call}, {fault:?}")).await;
                tried += 1;
                if is_over {
                    break;
                }
            }
        }
    }
    assert!(tried > 500, "{tried} are too few");
}

#[tokio::test(start_paused = true)]
async fn nothing_accepted_is_lost_however_two_processes_interleave() {
    let firsts =
        [(Async, &[][..]), (InRequest, &[]), (InRequest, &[Step::Fails]), (Work, &[]), (Work, &[Step::HandsOver])];
    let seconds = [Async, InRequest, Work, Complete, Cancel, Read, Sweep];
    for ((first, steps), second) in firsts.iter().flat_map(|first| seconds.map(|second| (*first, second))) {
        // The second call of an asynchronous request is the one of the queue.
        for fault in [None, Some((1, Fault::Refused)), Some((1, Fault::AnswerLost))] {
            for first_pause in 0..MOST_CALLS {
                let mut is_over = false;
                for second_pause in 0..MOST_CALLS {
                    let what = format!("{first:?} {steps:?} {fault:?} at {first_pause}, {second:?} at {second_pause}");
                    let lives = interleaved(first, steps, second, (first_pause, second_pause), fault, &what).await;
                    is_over = lives[0].calls() <= first_pause;
                    if lives[1].calls() <= second_pause {
                        break;
                    }
                }
                if is_over {
                    break;
                }
            }
        }
    }
}

/// Runs the first process up to a call, then the second up to one, then the first to its end, then the second.
async fn interleaved(
    first: Process,
    steps: &[Step],
    second: Process,
    (first_pause, second_pause): (usize, usize),
    fault: Option<(usize, Fault)>,
    what: &str,
) -> [Arc<Life>; 2] {
    let memory = Memory::new();
    let operation = memory.operation(steps, false);
    if first == Work {
        operation.run(Async, &Life::with(None)).await;
    }
    if second == Sweep {
        operation.run(Later(130), &Life::with(None)).await;
    }
    let lives = [Life::pausing(first_pause, fault), Life::pausing(second_pause, None)];
    let mut running = Vec::new();
    for (process, life) in [first, second].into_iter().zip(&lives) {
        let (operation, its_life) = (Arc::clone(&operation), Arc::clone(life));
        let mut task = tokio::spawn(async move { operation.run(process, &its_life).await });
        tokio::select! {
            done = &mut task => done.unwrap(),
            () = life.paused() => running.push((task, life)),
        }
    }
    for (task, life) in running {
        life.resume();
        task.await.unwrap();
    }
    operation.recover().await;
    memory.check(&operation, what).await;
    lives
}
