//! Withdrawal: only by the last claim, of an operation on which nobody relies.

use lifecycle::{
    ports::{Created, OperationStore, Withdrawn},
    record::{Creation, Fence, NewOperation},
};

use super::{BEGIN, anyone, at, begin, completed, keyed_operation, new_operation, read, take, unique};

/// The fence of an operation that nobody has claimed.
fn unclaimed(creation: Creation) -> Fence {
    Fence { creation, claim: 0 }
}

pub(crate) async fn a_withdrawn_operation_is_gone_with_its_key(store: &dyn OperationStore) {
    for new in [keyed_operation(), new_operation()] {
        let fence = unclaimed(begin(store, &new).await);
        assert_eq!(store.withdraw(&new.operation_id, fence).await, Ok(Withdrawn::Gone));
        assert_eq!(store.get(&new.operation_id, BEGIN).await, Ok(None));
        begin(store, &new).await;
    }
}

pub(crate) async fn the_key_of_a_withdrawn_operation_works_with_another_id(store: &dyn OperationStore) {
    let new = keyed_operation();
    let fence = unclaimed(begin(store, &new).await);
    assert_eq!(store.withdraw(&new.operation_id, fence).await, Ok(Withdrawn::Gone));
    begin(store, &NewOperation { operation_id: unique("operation"), ..new }).await;
}

pub(crate) async fn an_operation_that_another_has_claimed_is_not_withdrawn(store: &dyn OperationStore) {
    for new in [keyed_operation(), new_operation()] {
        let id = new.operation_id.as_str();
        let before = unclaimed(begin(store, &new).await);
        let (_, first, _) = take(store, id, BEGIN).await;
        assert_eq!(store.withdraw(id, before).await, Ok(Withdrawn::Kept));
        assert_eq!(store.release(id, first, at(1)).await, Ok(true));
        take(store, id, at(2)).await;
        assert_eq!(store.withdraw(id, first).await, Ok(Withdrawn::Kept));
        assert_eq!(read(store, id).await.claims, 2);
    }
}

pub(crate) async fn a_request_withdraws_the_operation_that_it_has_claimed(store: &dyn OperationStore) {
    let new = keyed_operation();
    begin(store, &new).await;
    let (_, fence, _) = take(store, &new.operation_id, BEGIN).await;
    assert_eq!(store.withdraw(&new.operation_id, fence).await, Ok(Withdrawn::Gone));
    assert_eq!(store.get(&new.operation_id, BEGIN).await, Ok(None));
    begin(store, &NewOperation { operation_id: unique("operation"), ..new }).await;
}

pub(crate) async fn an_operation_on_which_a_repeat_relies_is_not_withdrawn(store: &dyn OperationStore) {
    for new in [keyed_operation(), new_operation()] {
        let id = new.operation_id.as_str();
        let before = unclaimed(begin(store, &new).await);
        assert_eq!(store.promise(&read(store, id).await, at(1)).await, Ok(true));
        assert_eq!(store.withdraw(id, before).await, Ok(Withdrawn::Kept));
        let (taken, fence, _) = take(store, id, at(2)).await;
        assert!(taken.is_promised);
        assert_eq!(store.withdraw(id, fence).await, Ok(Withdrawn::Kept));
        assert_eq!(read(store, id).await, taken);
    }
}

pub(crate) async fn only_an_operation_that_exists_can_be_promised(store: &dyn OperationStore) {
    let new = new_operation();
    let id = new.operation_id.as_str();
    let fence = unclaimed(begin(store, &new).await);
    let seen = read(store, id).await;
    assert_eq!(store.promise(&seen, new.expires_at).await, Ok(false), "it has expired");
    store.withdraw(id, fence).await.unwrap();
    assert_eq!(store.promise(&seen, BEGIN).await, Ok(false));
    begin(store, &new).await;
    assert_eq!(store.promise(&seen, BEGIN).await, Ok(false), "that is another operation");
    let by = anyone(store, id).await;
    store.finish(id, by, &completed("A"), at(1)).await.unwrap();
    let ended = read(store, id).await;
    assert_eq!(store.promise(&ended, at(2)).await, Ok(true));
    assert_eq!(read(store, id).await, ended);
}

pub(crate) async fn an_operation_that_was_handed_over_or_has_ended_is_not_withdrawn(store: &dyn OperationStore) {
    let new = keyed_operation();
    let id = new.operation_id.as_str();
    begin(store, &new).await;
    let (_, fence, _) = take(store, id, BEGIN).await;
    assert_eq!(store.hand_over(id, fence, None, at(1)).await, Ok(true));
    let handed_over = read(store, id).await;
    assert_eq!(store.withdraw(id, fence).await, Ok(Withdrawn::Kept));
    assert_eq!(read(store, id).await, handed_over);
    let by_key = NewOperation { operation_id: unique("operation"), ..new.clone() };
    assert_eq!(store.create(&by_key).await, Ok(Created::Existing(Box::new(handed_over))));
    store.finish(id, anyone(store, id).await, &completed("A"), at(1)).await.unwrap();
    assert_eq!(store.withdraw(id, fence).await, Ok(Withdrawn::Kept));
    assert!(read(store, id).await.status.has_ended());
}

pub(crate) async fn a_repeated_withdrawal_does_not_hit_the_next_operation_of_the_id(store: &dyn OperationStore) {
    for new in [keyed_operation(), new_operation()] {
        let first = unclaimed(begin(store, &new).await);
        assert_eq!(store.withdraw(&new.operation_id, first).await, Ok(Withdrawn::Gone));
        begin(store, &new).await;
        let second = read(store, &new.operation_id).await;
        assert_eq!(store.withdraw(&new.operation_id, first).await, Ok(Withdrawn::Gone));
        assert_eq!(read(store, &new.operation_id).await, second);
        let by_key = NewOperation { operation_id: unique("operation"), ..new.clone() };
        if new.idempotency_key.is_some() {
            assert_eq!(store.create(&by_key).await, Ok(Created::Existing(Box::new(second))), "its key stays too");
        }
    }
}

pub(crate) async fn withdrawing_an_unknown_operation_succeeds(store: &dyn OperationStore) {
    let fence = unclaimed(Creation::unique());
    assert_eq!(store.withdraw(&unique("operation"), fence).await, Ok(Withdrawn::Gone));
}
