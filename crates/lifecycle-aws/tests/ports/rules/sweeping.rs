//! What a sweep looks at.

use std::time::Duration;

use lifecycle::{
    ports::OperationStore,
    record::{Fence, NewOperation},
};
use shared::timestamp::Timestamp;

use super::{anyone, begin, completed, new_operation, read};

/// More than these tests create.
const MANY: usize = 4_096;

/// An operation of a time at which no other test has any.
fn early() -> NewOperation {
    let created_at = Timestamp(1_900_000_000.0);
    NewOperation { created_at, deadline: created_at.after(Duration::from_secs(1_800)), ..new_operation() }
}

async fn is_due(store: &dyn OperationStore, new: &NewOperation, seconds: u64) -> bool {
    let due = store.due(new.created_at.after(Duration::from_secs(seconds)), MANY).await.unwrap();
    due.contains(&new.operation_id)
}

pub(crate) async fn an_operation_is_due_after_two_minutes(store: &dyn OperationStore) {
    let new = early();
    begin(store, &new).await;
    assert!(!is_due(store, &new, 119).await);
    assert!(is_due(store, &new, 120).await);
}

pub(crate) async fn an_operation_that_was_looked_at_or_promised_is_due_at_its_deadline(store: &dyn OperationStore) {
    for is_promised in [false, true] {
        let new = early();
        begin(store, &new).await;
        let record = read(store, &new.operation_id).await;
        if is_promised {
            store.promise(&record, new.created_at).await.unwrap();
        } else {
            store.look_again(&record).await.unwrap();
        }
        assert!(!is_due(store, &new, 1_799).await);
        assert!(is_due(store, &new, 1_800).await);
        assert_eq!(read(store, &new.operation_id).await.is_promised, is_promised);
    }
}

pub(crate) async fn an_operation_of_a_short_time_is_due_at_its_deadline(store: &dyn OperationStore) {
    let new = NewOperation { deadline: early().created_at.after(Duration::from_secs(5)), ..early() };
    begin(store, &new).await;
    assert!(!is_due(store, &new, 4).await);
    assert!(is_due(store, &new, 5).await);
}

pub(crate) async fn an_end_is_due_until_it_is_announced(store: &dyn OperationStore) {
    let new = early();
    let id = new.operation_id.as_str();
    let creation = begin(store, &new).await;
    let by = anyone(store, id).await;
    store.finish(id, by, &completed("A"), new.created_at).await.unwrap();
    let ended = read(store, id).await;
    store.look_again(&ended).await.unwrap();
    assert!(is_due(store, &new, 120).await, "nobody puts the end off");
    store.announced(id, creation).await.unwrap();
    store.look_again(&ended).await.unwrap();
    store.promise(&ended, new.created_at).await.unwrap();
    assert!(!is_due(store, &new, 5_000).await);
}

pub(crate) async fn a_withdrawn_operation_is_not_due(store: &dyn OperationStore) {
    let new = early();
    let creation = begin(store, &new).await;
    store.withdraw(&new.operation_id, Fence { creation, claim: 0 }).await.unwrap();
    assert!(!is_due(store, &new, 5_000).await);
}
