//! Fencing: a worker that lost its lease changes nothing.

use lifecycle::{
    ports::{Claim, Finished, OperationStore, Withdrawn},
    record::{Announcement, By, Creation, Fence, NewOperation, OperationRecord, Outcome, Status},
};

use super::{ALL, BEGIN, at, begin, completed, new_operation, noise, read, take, unique};

pub(crate) async fn a_worker_thought_dead_changes_nothing(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    begin(store, &new).await;
    let (_, dead, _) = take(store, id, BEGIN).await;
    let (taken, alive, _) = take(store, id, at(90)).await;
    assert_eq!(store.extend(id, dead, at(500)).await, Ok(false));
    assert_eq!(store.release(id, dead, at(91)).await, Ok(false));
    assert_eq!(store.hand_over(id, dead, None, at(91)).await, Ok(false));
    assert_eq!(store.finish(id, By::Claim(dead), &completed("dead"), at(91)).await, Ok(Finished::Superseded));
    assert_eq!(store.get_with_outcome(id, at(91), ALL).await, Ok(Some((taken, None))));
    let finished = store.finish(id, By::Claim(alive), &completed("alive"), at(92)).await;
    assert!(matches!(finished, Ok(Finished::First(_))), "{finished:?}");
    let (_, outcome) = store.get_with_outcome(id, at(92), ALL).await.unwrap().unwrap();
    assert_eq!(outcome, Some(completed("alive")));
}

pub(crate) async fn a_lapsed_lease_still_counts_until_another_claim(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (_, fence, _) = take(store, &new.operation_id, BEGIN).await;
    assert_eq!(store.extend(&new.operation_id, fence, at(300)).await, Ok(true));
    let busy = store.claim(&new.operation_id, at(299), at(400)).await;
    assert_eq!(busy, Ok(Claim::Busy { until: at(300) }));
    let finished = store.finish(&new.operation_id, By::Claim(fence), &completed("A"), at(400)).await;
    assert!(matches!(finished, Ok(Finished::First(_))), "{finished:?}");
}

pub(crate) async fn a_released_or_handed_over_claim_is_not_extended(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (_, fence, _) = take(store, &new.operation_id, BEGIN).await;
    assert_eq!(store.release(&new.operation_id, fence, at(1)).await, Ok(true));
    assert_eq!(store.extend(&new.operation_id, fence, at(90)).await, Ok(false));
    let (_, fence, _) = take(store, &new.operation_id, at(2)).await;
    assert_eq!(store.hand_over(&new.operation_id, fence, None, at(3)).await, Ok(true));
    assert_eq!(store.extend(&new.operation_id, fence, at(90)).await, Ok(false));
    assert_eq!(read(store, &new.operation_id).await.leased_until, None);
}

pub(crate) async fn releasing_twice_counts_one_failure(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (_, fence, _) = take(store, &new.operation_id, BEGIN).await;
    for now in [at(1), at(2)] {
        assert_eq!(store.release(&new.operation_id, fence, now).await, Ok(true));
    }
    let record = read(store, &new.operation_id).await;
    assert_eq!((record.failures, record.updated_at), (1, at(1)));
    assert_eq!(store.hand_over(&new.operation_id, fence, None, at(3)).await, Ok(false));
    assert_eq!(read(store, &new.operation_id).await, record);
}

pub(crate) async fn handing_over_twice_succeeds(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (_, fence, _) = take(store, &new.operation_id, BEGIN).await;
    for now in [at(1), at(2)] {
        assert_eq!(store.hand_over(&new.operation_id, fence, None, now).await, Ok(true));
    }
    let record = read(store, &new.operation_id).await;
    assert_eq!((record.status, record.updated_at), (Status::Running, at(1)));
    assert_eq!(store.release(&new.operation_id, fence, at(3)).await, Ok(false));
    assert_eq!(read(store, &new.operation_id).await, record);
}

pub(crate) async fn who_finishes_what_was_handed_over_knows_what_was_asked_and_how_far_it_was(
    store: &dyn OperationStore,
) {
    for bytes in [1_000, 350_000] {
        let new = NewOperation { request: noise(bytes), ..new_operation() };
        begin(store, &new).await;
        let (_, fence, _) = take(store, &new.operation_id, BEGIN).await;
        for now in [at(1), at(2)] {
            assert_eq!(store.hand_over(&new.operation_id, fence, Some("how far"), now).await, Ok(true));
        }
        let record = read(store, &new.operation_id).await;
        assert_eq!((record.handed_over, record.ticket.as_deref()), (true, Some("how far")));
        assert_eq!(store.request(&record, at(3)).await, Ok(Some(new.request.clone())));
        assert_eq!(store.request(&record, new.expires_at).await, Ok(None));
        let successor = OperationRecord { creation: Creation::unique(), ..record };
        assert_eq!(store.request(&successor, at(3)).await, Ok(None), "of another operation of this id");
    }
}

pub(crate) async fn after_the_end_nothing_changes(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    begin(store, &new).await;
    let (_, fence, _) = take(store, id, BEGIN).await;
    store.finish(id, By::Claim(fence), &completed("A"), at(1)).await.unwrap();
    let ended = store.get_with_outcome(id, at(1), ALL).await;
    assert_eq!(store.extend(id, fence, at(500)).await, Ok(false));
    assert_eq!(store.release(id, fence, at(2)).await, Ok(false));
    assert_eq!(store.hand_over(id, fence, None, at(2)).await, Ok(false));
    assert_eq!(store.get_with_outcome(id, at(1), ALL).await, ended);
}

pub(crate) async fn an_unknown_or_expired_operation_does_not_change(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (taken, fence, _) = take(store, &new.operation_id, BEGIN).await;
    let gone = unique("operation");
    for (id, now) in [(new.operation_id.as_str(), new.expires_at), (gone.as_str(), BEGIN)] {
        assert_eq!(store.release(id, fence, now).await, Ok(false));
        assert_eq!(store.hand_over(id, fence, None, now).await, Ok(false));
        let failed = Outcome::Failed { error_type: "timeout".to_owned(), body: "{}".to_owned() };
        assert_eq!(store.finish(id, By::Claim(fence), &failed, now).await, Ok(Finished::Unknown));
    }
    assert_eq!(store.extend(&gone, Fence { creation: Creation::unique(), claim: 0 }, at(90)).await, Ok(false));
    assert_eq!(store.announced(&gone, Creation::unique()).await, Ok(()));
    assert_eq!(store.get(&gone, BEGIN).await, Ok(None));
    assert_eq!(read(store, &new.operation_id).await, taken);
}

pub(crate) async fn a_late_write_for_a_withdrawn_operation_does_not_hit_its_successor(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    let creation = begin(store, &new).await;
    let (old, late, _) = take(store, id, BEGIN).await;
    assert_eq!(store.withdraw(id, late).await, Ok(Withdrawn::Gone));
    begin(store, &new).await;
    let (taken, fence, _) = take(store, id, at(1)).await;
    assert_eq!(fence.claim, late.claim);
    assert_eq!(store.withdraw(id, late).await, Ok(Withdrawn::Gone));
    assert_eq!(store.extend(id, late, at(500)).await, Ok(false));
    assert_eq!(store.release(id, late, at(2)).await, Ok(false));
    assert_eq!(store.hand_over(id, late, None, at(2)).await, Ok(false));
    assert_eq!(store.finish(id, By::Claim(late), &completed("late"), at(2)).await, Ok(Finished::Superseded));
    assert_eq!(store.finish(id, By::Anyone(creation), &completed("late"), at(2)).await, Ok(Finished::Unknown));
    assert_eq!(store.promise(&old, at(2)).await, Ok(false));
    assert_eq!(read(store, id).await, taken);
    store.finish(id, By::Claim(fence), &completed("A"), at(3)).await.unwrap();
    store.announced(id, creation).await.unwrap();
    assert_eq!(read(store, id).await.announcement, Announcement::Due);
}
