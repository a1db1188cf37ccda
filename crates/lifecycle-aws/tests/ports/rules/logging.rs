//! The log: written by the last claim alone, in order and once.

use std::sync::Arc;

use futures_util::future::join_all;
use lifecycle::{
    ports::{Finished, OperationStore},
    progress::{Appended, Entry, ProgressLog, Told},
    record::{By, Fence, Logged, NewOperation, OperationRecord},
};
use shared::{progress::Step, timestamp::Timestamp};

use super::{BEGIN, CROWD, at, begin, completed, new_operation, noise, read, take, unique};

/// A store, and the log of its operations.
pub(crate) struct Kept {
    pub(crate) store: Arc<dyn OperationStore>,
    pub(crate) log: Arc<dyn ProgressLog>,
}

impl Kept {
    /// A new operation that a worker has claimed.
    async fn claimed(&self) -> OperationRecord {
        let new = new_operation();
        begin(&*self.store, &new).await;
        take(&*self.store, &new.operation_id, BEGIN).await.0
    }

    /// How far the log has come, by this write or before.
    async fn append(&self, holder: &OperationRecord, entries: &[Entry], now: Timestamp) -> Option<Logged> {
        self.log.append(holder, entries, now).await.unwrap().and_then(Appended::logged)
    }

    /// The numbers of all entries above `after`.
    async fn numbers(&self, operation: &OperationRecord, after: u32) -> Vec<u32> {
        self.log.entries(operation, after).await.unwrap().iter().map(|entry| entry.seq).collect()
    }
}

fn entries(numbers: std::ops::RangeInclusive<u32>) -> Vec<Entry> {
    let told = |seq| if seq == 2 { Told::Started } else { Told::Step { name: Step::Planning, detail: None } };
    numbers.map(|seq| Entry { seq, at: at(seq.into()).rfc3339(), attempt: 1, told: told(seq) }).collect()
}

pub(crate) async fn entries_are_read_in_order_from_any_number_on(kept: &Kept) {
    let mut holder = kept.claimed().await;
    for (numbers, writes) in [(2..=3, 1), (4..=4, 2), (5..=12, 3)] {
        let last = *numbers.end();
        let logged = kept.append(&holder, &entries(numbers), at(1)).await.unwrap();
        assert_eq!(logged, Logged { last, writes });
        holder.logged = logged;
    }
    assert_eq!(kept.log.entries(&holder, 0).await, Ok(entries(2..=12)));
    for after in 1..=13 {
        assert_eq!(kept.numbers(&holder, after).await, (after + 1..=12).collect::<Vec<_>>(), "after {after}");
    }
    assert_eq!(read(&*kept.store, &holder.operation_id).await, holder, "nothing else of the operation changes");
}

pub(crate) async fn a_worker_thought_dead_writes_no_entry(kept: &Kept) {
    let dead = kept.claimed().await;
    let (alive, ..) = take(&*kept.store, &dead.operation_id, at(90)).await;
    assert_eq!(kept.append(&dead, &entries(2..=3), at(91)).await, None);
    assert_eq!(kept.numbers(&alive, 0).await, [0; 0]);
    assert_eq!(kept.append(&alive, &entries(2..=2), at(91)).await, Some(Logged { last: 2, writes: 1 }));
    assert_eq!(kept.append(&dead, &entries(2..=3), at(92)).await, None);
    assert_eq!(kept.numbers(&alive, 0).await, [2]);
}

pub(crate) async fn a_lapsed_lease_still_writes_until_another_claim(kept: &Kept) {
    let holder = kept.claimed().await;
    assert_eq!(kept.append(&holder, &entries(2..=2), at(500)).await, Some(Logged { last: 2, writes: 1 }));
}

pub(crate) async fn nothing_is_logged_after_an_end_a_release_or_a_hand_over(kept: &Kept) {
    for what in ["end", "release", "hand-over"] {
        let holder = kept.claimed().await;
        let (id, fence) = (holder.operation_id.as_str(), holder.fence());
        match what {
            "end" => drop(kept.store.finish(id, By::Claim(fence), &completed("A"), at(1)).await.unwrap()),
            "release" => assert_eq!(kept.store.release(id, fence, at(1)).await, Ok(true)),
            _ => assert_eq!(kept.store.hand_over(id, fence, None, at(1)).await, Ok(true)),
        }
        assert_eq!(kept.append(&holder, &entries(2..=2), at(2)).await, None, "{what}");
        let now = read(&*kept.store, id).await;
        assert_eq!(kept.numbers(&now, 0).await, [0; 0], "{what}");
    }
}

pub(crate) async fn entries_that_come_with_the_end_complete_the_log_without_a_write_of_it(kept: &Kept) {
    for written in [0, 2] {
        let holder = kept.claimed().await;
        let id = holder.operation_id.clone();
        if written > 0 {
            // The worker may have heard of this write or not: what it tells at the end may begin with the same entries.
            kept.append(&holder, &entries(2..=3), at(1)).await.unwrap();
        }
        let told = entries(2..=5);
        let by = By::Claim(holder.fence());
        let ended = kept.store.finish_telling(&id, by, &completed("A"), &told, at(2)).await.unwrap();
        let Finished::First(ended) = ended else { panic!("{ended:?}") };
        assert_eq!(ended.logged, Logged { last: 5, writes: written.min(1) });
        assert_eq!(read(&*kept.store, &id).await, *ended);
        assert_eq!(kept.log.entries(&ended, 0).await, Ok(told));
        for after in 1..=6 {
            assert_eq!(kept.numbers(&ended, after).await, (after + 1..=5).collect::<Vec<_>>(), "after {after}");
        }
    }
}

pub(crate) async fn who_may_not_end_an_operation_tells_nothing_either(kept: &Kept) {
    let dead = kept.claimed().await;
    let id = dead.operation_id.as_str();
    let (alive, fence, _) = take(&*kept.store, id, at(90)).await;
    let late = kept.store.finish_telling(id, By::Claim(dead.fence()), &completed("A"), &entries(2..=4), at(91)).await;
    assert_eq!(late, Ok(Finished::Superseded));
    assert_eq!(kept.numbers(&alive, 0).await, [0; 0]);
    kept.store.finish_telling(id, By::Claim(fence), &completed("B"), &entries(2..=3), at(92)).await.unwrap();
    let ended = read(&*kept.store, id).await;
    let again = kept.store.finish_telling(id, By::Claim(fence), &completed("C"), &entries(2..=9), at(93)).await;
    assert_eq!(again, Ok(Finished::Already(Box::new(ended.clone()))));
    assert_eq!(kept.numbers(&ended, 0).await, [2, 3]);
}

pub(crate) async fn a_generator_that_has_taken_the_job_over_goes_on_with_the_log(kept: &Kept) {
    let worker = kept.claimed().await;
    let (id, fence) = (worker.operation_id.as_str(), worker.fence());
    kept.append(&worker, &entries(2..=3), at(1)).await.unwrap();
    assert_eq!(kept.store.hand_over(id, fence, None, at(2)).await, Ok(true));
    let mut generator = read(&*kept.store, id).await;
    for last in 4..=5 {
        let logged = Logged { last, writes: last - 2 };
        let appended = kept.log.append(&generator, &entries(last..=last), at(3)).await;
        assert_eq!(appended, Ok(Some(Appended::Now(logged))));
        assert_eq!(kept.log.append(&generator, &entries(last..=last), at(3)).await, Ok(Some(Appended::Before(logged))));
        generator.logged = logged;
    }
    assert_eq!(kept.append(&worker, &entries(4..=4), at(4)).await, None, "the worker has given it away");
    assert_eq!(kept.numbers(&generator, 0).await, [2, 3, 4, 5]);
    assert_eq!(kept.append(&generator, &entries(6..=6), generator.deadline).await, None);
    kept.store.finish(id, By::Anyone(generator.creation), &completed("A"), at(5)).await.unwrap();
    assert_eq!(kept.append(&generator, &entries(6..=6), at(6)).await, None, "it has ended");
    assert_eq!(kept.numbers(&generator, 0).await, [2, 3, 4, 5]);
}

pub(crate) async fn nothing_is_logged_after_the_deadline(kept: &Kept) {
    let holder = kept.claimed().await;
    for now in [holder.deadline, holder.expires_at] {
        assert_eq!(kept.append(&holder, &entries(2..=2), now).await, None);
    }
    assert_eq!(kept.numbers(&holder, 0).await, [0; 0]);
}

pub(crate) async fn a_repeated_write_logs_nothing_twice(kept: &Kept) {
    let holder = kept.claimed().await;
    let first = Logged { last: 3, writes: 1 };
    assert_eq!(kept.append(&holder, &entries(2..=3), at(1)).await, Some(first));
    // The worker has not heard of its write, and has more to tell by now.
    assert_eq!(kept.append(&holder, &entries(2..=5), at(2)).await, Some(first));
    assert_eq!(kept.numbers(&holder, 0).await, [2, 3]);
    let holder = OperationRecord { logged: first, ..holder };
    assert_eq!(kept.append(&holder, &entries(4..=5), at(3)).await, Some(Logged { last: 5, writes: 2 }));
    assert_eq!(kept.numbers(&holder, 0).await, [2, 3, 4, 5]);
}

pub(crate) async fn of_twenty_concurrent_writes_of_one_claim_one_is_made(kept: &Kept) {
    let holder = kept.claimed().await;
    let batch = entries(2..=4);
    let writes = join_all((0..CROWD).map(|_| kept.log.append(&holder, &batch, at(1)))).await;
    let logged = Logged { last: 4, writes: 1 };
    let of = |appended| writes.iter().filter(|write| **write == Ok(Some(appended))).count();
    assert_eq!((of(Appended::Now(logged)), of(Appended::Before(logged))), (1, CROWD - 1));
    assert_eq!(kept.numbers(&holder, 0).await, [2, 3, 4]);
}

pub(crate) async fn the_next_attempt_goes_on_where_the_last_one_ended(kept: &Kept) {
    let holder = kept.claimed().await;
    kept.append(&holder, &entries(2..=3), at(1)).await.unwrap();
    assert_eq!(kept.store.release(&holder.operation_id, holder.fence(), at(2)).await, Ok(true));
    let (next, ..) = take(&*kept.store, &holder.operation_id, at(3)).await;
    assert_eq!(next.logged, Logged { last: 3, writes: 1 });
    assert_eq!(kept.append(&next, &entries(4..=4), at(4)).await, Some(Logged { last: 4, writes: 2 }));
    assert_eq!(kept.numbers(&next, 0).await, [2, 3, 4]);
}

pub(crate) async fn an_operation_shows_nothing_of_an_earlier_one_of_its_id(kept: &Kept) {
    let new = new_operation();
    begin(&*kept.store, &new).await;
    let (first, fence, _) = take(&*kept.store, &new.operation_id, BEGIN).await;
    kept.append(&first, &entries(2..=9), at(1)).await.unwrap();
    kept.store.withdraw(&new.operation_id, fence).await.unwrap();
    let creation = begin(&*kept.store, &new).await;
    let (second, second_fence, _) = take(&*kept.store, &new.operation_id, at(2)).await;
    assert_eq!(second_fence, Fence { creation, claim: 1 });
    assert_eq!(second.logged, Logged::default());
    assert_eq!(kept.append(&first, &entries(2..=3), at(3)).await, None);
    assert_eq!(kept.numbers(&second, 0).await, [0; 0]);
    assert_eq!(kept.append(&second, &entries(2..=2), at(3)).await, Some(Logged { last: 2, writes: 1 }));
    assert_eq!(kept.numbers(&second, 0).await, [2]);
}

pub(crate) async fn texts_of_any_language_are_read_as_they_were_written(kept: &Kept) {
    let holder = kept.claimed().await;
    let told = [
        Told::Step { name: Step::AskingModel, detail: Some("Begrüße \"täglich\" 🌞".to_owned()) },
        Told::AttemptFailed { error_type: "timeout".to_owned(), retry_at: at(9).rfc3339() },
        Told::HandedOver,
        Told::Failed { error_type: noise(64), message: noise(500) },
    ];
    let written = (2..).zip(told).map(|(seq, told)| Entry { seq, at: at(1).rfc3339(), attempt: 1, told });
    let written: Vec<_> = written.collect();
    kept.append(&holder, &written, at(1)).await.unwrap();
    assert_eq!(kept.log.entries(&holder, 0).await, Ok(written));
}

pub(crate) async fn an_unknown_operation_has_no_log(kept: &Kept) {
    let holder = kept.claimed().await;
    let unknown = OperationRecord { operation_id: unique("operation"), ..holder };
    assert_eq!(kept.append(&unknown, &entries(2..=2), at(1)).await, None);
    assert_eq!(kept.numbers(&unknown, 0).await, [0; 0]);
}

pub(crate) async fn a_lease_is_renewed_while_its_log_is_written(kept: &Kept) {
    let new = NewOperation { deadline: at(10_000), ..new_operation() };
    begin(&*kept.store, &new).await;
    let (mut holder, fence, _) = take(&*kept.store, &new.operation_id, BEGIN).await;
    for last in 2..12 {
        let batch = entries(last..=last);
        let renewed = kept.store.extend(&new.operation_id, fence, at(u64::from(last) * 90));
        let (logged, renewed) = tokio::join!(kept.append(&holder, &batch, at(1)), renewed);
        assert_eq!((renewed, logged.map(|logged| logged.last)), (Ok(true), Some(last)));
        holder.logged = logged.unwrap();
    }
}
