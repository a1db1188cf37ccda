//! Outcomes: the first one stays.

use futures_util::future::join_all;
use lifecycle::{
    ports::{Claim, Finished, OperationStore},
    record::{Announcement, By, Creation, OperationRecord, Outcome, Status},
};

use super::{ALL, BEGIN, CROWD, anyone, at, begin, completed, new_operation, noise, read, take, unique};

fn failed(error_type: &str) -> Outcome {
    Outcome::Failed { error_type: error_type.to_owned(), body: format!(r#"{{"error_type":"{error_type}"}}"#) }
}

pub(crate) async fn the_first_outcome_stays(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    begin(store, &new).await;
    let (taken, fence, _) = take(store, id, BEGIN).await;
    let expected = OperationRecord { status: Status::Completed, leased_until: None, updated_at: at(7), ..taken };
    let first = store.finish(id, By::Claim(fence), &completed("A"), at(7)).await;
    assert_eq!(first, Ok(Finished::First(Box::new(expected.clone()))));
    let anyone = anyone(store, id).await;
    for (by, outcome) in [(By::Claim(fence), completed("A")), (anyone, failed("timeout")), (anyone, completed("B"))] {
        let second = store.finish(id, by, &outcome, at(8)).await;
        assert_eq!(second, Ok(Finished::Already(Box::new(expected.clone()))));
    }
    let read = store.get_with_outcome(id, at(8), ALL).await;
    assert_eq!(read, Ok(Some((expected, Some(completed("A"))))));
}

pub(crate) async fn a_completion_ends_a_running_operation(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    begin(store, &new).await;
    let (_, fence, _) = take(store, id, BEGIN).await;
    let finished = store.finish(id, anyone(store, id).await, &completed("by completion"), at(1)).await;
    assert!(matches!(finished, Ok(Finished::First(_))), "{finished:?}");
    let finished = store.finish(id, By::Claim(fence), &completed("by worker"), at(2)).await;
    assert!(matches!(finished, Ok(Finished::Already(_))), "{finished:?}");
    let (_, outcome) = store.get_with_outcome(id, at(2), ALL).await.unwrap().unwrap();
    assert_eq!(outcome, Some(completed("by completion")));
}

pub(crate) async fn a_completion_ends_an_operation_that_was_handed_over(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    begin(store, &new).await;
    let (_, fence, _) = take(store, id, BEGIN).await;
    assert_eq!(store.hand_over(id, fence, None, at(1)).await, Ok(true));
    let finished = store.finish(id, anyone(store, id).await, &completed("A"), at(600)).await;
    assert!(matches!(finished, Ok(Finished::First(_))), "{finished:?}");
    let claim = store.claim(id, at(601), at(691)).await;
    assert!(matches!(claim, Ok(Claim::Ended(_))), "{claim:?}");
}

pub(crate) async fn an_error_keeps_its_type(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    store
        .finish(&new.operation_id, anyone(store, &new.operation_id).await, &failed("validation_error"), at(1))
        .await
        .unwrap();
    let (record, outcome) = store.get_with_outcome(&new.operation_id, at(1), ALL).await.unwrap().unwrap();
    assert_eq!((record.status, outcome), (Status::Failed, Some(failed("validation_error"))));
    assert_eq!(record.error_type.as_deref(), Some("validation_error"));
    assert_eq!(read(store, &new.operation_id).await, record);
}

pub(crate) async fn an_unknown_or_expired_operation_cannot_be_ended(store: &dyn OperationStore) {
    let gone = unique("operation");
    assert_eq!(
        store.finish(&gone, By::Anyone(Creation::unique()), &completed("A"), BEGIN).await,
        Ok(Finished::Unknown)
    );
    assert_eq!(store.get(&gone, BEGIN).await, Ok(None));
    let new = new_operation();
    begin(store, &new).await;
    let late =
        store.finish(&new.operation_id, anyone(store, &new.operation_id).await, &completed("A"), new.expires_at).await;
    assert_eq!(late, Ok(Finished::Unknown));
    assert_eq!(read(store, &new.operation_id).await.status, Status::Accepted);
}

pub(crate) async fn of_twenty_concurrent_outcomes_one_is_stored(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    // Every second outcome is too long for an item.
    let lengths = [10, 200_000].into_iter().cycle().take(CROWD);
    let outcomes: Vec<_> = lengths.map(|length| completed(&noise(length))).collect();
    let by = anyone(store, &new.operation_id).await;
    let finishing = outcomes.iter().map(|outcome| store.finish(&new.operation_id, by, outcome, at(1)));
    let mut first = Vec::new();
    for (outcome, finished) in outcomes.iter().zip(join_all(finishing).await) {
        match finished.unwrap() {
            Finished::First(_) => first.push(outcome),
            other => assert!(matches!(other, Finished::Already(_)), "{other:?}"),
        }
    }
    assert_eq!(first.len(), 1);
    let (_, outcome) = store.get_with_outcome(&new.operation_id, at(1), ALL).await.unwrap().unwrap();
    assert!(outcome.as_ref() == first.first().copied(), "not the outcome that was first: {outcome:?}");
}

pub(crate) async fn only_the_end_of_an_operation_can_be_announced(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    let creation = begin(store, &new).await;
    store.announced(id, creation).await.unwrap();
    assert_eq!(read(store, id).await.announcement, Announcement::Due);
    store.finish(id, anyone(store, id).await, &completed("A"), at(1)).await.unwrap();
    let due = read(store, id).await;
    assert_eq!(due.announcement, Announcement::Due);
    for _ in 0..2 {
        store.announced(id, creation).await.unwrap();
        assert_eq!(read(store, id).await, OperationRecord { announcement: Announcement::Made, ..due.clone() });
    }
}

pub(crate) async fn a_cancelled_operation_has_no_text_and_stays_cancelled(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    let creation = begin(store, &new).await;
    let (taken, fence, _) = take(store, id, BEGIN).await;
    let expected = OperationRecord { status: Status::Cancelled, leased_until: None, updated_at: at(7), ..taken };
    let first = store.finish(id, By::Anyone(creation), &Outcome::Cancelled, at(7)).await;
    assert_eq!(first, Ok(Finished::First(Box::new(expected.clone()))));
    assert_eq!(store.extend(id, fence, at(500)).await, Ok(false), "its worker learns of it");
    assert_eq!(store.release(id, fence, at(8)).await, Ok(false));
    assert_eq!(store.hand_over(id, fence, None, at(8)).await, Ok(false));
    for outcome in [completed("A"), failed("timeout"), Outcome::Cancelled] {
        for by in [By::Claim(fence), By::Anyone(creation)] {
            let second = store.finish(id, by, &outcome, at(8)).await;
            assert_eq!(second, Ok(Finished::Already(Box::new(expected.clone()))));
        }
    }
    assert_eq!(store.claim(id, at(900), at(990)).await, Ok(Claim::Ended(Box::new(expected.clone()))));
    let read = store.get_with_outcome(id, at(8), ALL).await;
    assert_eq!(read, Ok(Some((expected.clone(), Some(Outcome::Cancelled)))));
    store.announced(id, creation).await.unwrap();
    let made = OperationRecord { announcement: Announcement::Made, ..expected };
    assert_eq!(store.get(id, at(8)).await, Ok(Some(made)));
}

pub(crate) async fn of_twenty_concurrent_cancellations_and_results_one_is_stored(store: &dyn OperationStore) {
    for _ in 0..5 {
        let new = new_operation();
        let id = new.operation_id.as_str();
        let creation = begin(store, &new).await;
        let (_, fence, _) = take(store, id, BEGIN).await;
        let ends = (0..CROWD).map(|index| match index % 2 {
            0 => (By::Claim(fence), completed(&index.to_string())),
            _ => (By::Anyone(creation), Outcome::Cancelled),
        });
        let mut ends: Vec<_> = ends.collect();
        fastrand::shuffle(&mut ends);
        let finishing = ends.iter().map(|(by, outcome)| store.finish(id, *by, outcome, at(1)));
        let finished = join_all(finishing).await;
        let won = |finished: &Finished| matches!(finished, Finished::First(_));
        let first: Vec<_> = ends.iter().zip(&finished).filter(|(_, done)| done.as_ref().is_ok_and(won)).collect();
        assert_eq!(first.len(), 1, "{finished:?}");
        let (record, outcome) = store.get_with_outcome(id, at(1), ALL).await.unwrap().unwrap();
        assert_eq!((record.status, outcome.as_ref()), (first[0].0.1.status(), Some(&first[0].0.1)));
    }
}
