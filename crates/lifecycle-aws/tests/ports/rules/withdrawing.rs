//! Withdrawal: only of an operation that is `accepted`.

use lifecycle::{
    ports::{Created, OperationStore},
    record::NewOperation,
};

use super::{BEGIN, at, begin, completed, keyed_operation, read, take, unique};

pub(crate) async fn a_withdrawn_operation_is_gone_with_its_key(store: &dyn OperationStore) {
    let new = keyed_operation();
    begin(store, &new).await;
    store.withdraw(&new.operation_id).await.unwrap();
    assert_eq!(store.get(&new.operation_id, BEGIN).await, Ok(None));
    begin(store, &new).await;
}

pub(crate) async fn the_key_of_a_withdrawn_operation_works_with_another_id(store: &dyn OperationStore) {
    let new = keyed_operation();
    begin(store, &new).await;
    store.withdraw(&new.operation_id).await.unwrap();
    begin(store, &NewOperation { operation_id: unique("operation"), ..new }).await;
}

pub(crate) async fn a_running_operation_is_not_withdrawn(store: &dyn OperationStore) {
    let new = keyed_operation();
    begin(store, &new).await;
    let (taken, fence, _) = take(store, &new.operation_id, BEGIN).await;
    store.withdraw(&new.operation_id).await.unwrap();
    assert_eq!(read(store, &new.operation_id).await, taken);
    assert_eq!(store.hand_over(&new.operation_id, fence, at(1)).await, Ok(true));
    let handed_over = read(store, &new.operation_id).await;
    store.withdraw(&new.operation_id).await.unwrap();
    assert_eq!(read(store, &new.operation_id).await, handed_over);
    let by_key = NewOperation { operation_id: unique("operation"), ..new };
    assert_eq!(store.create(&by_key).await, Ok(Created::Existing(Box::new(handed_over))));
}

pub(crate) async fn a_released_operation_can_be_withdrawn(store: &dyn OperationStore) {
    let new = keyed_operation();
    begin(store, &new).await;
    let (_, fence, _) = take(store, &new.operation_id, BEGIN).await;
    assert_eq!(store.release(&new.operation_id, fence, at(1)).await, Ok(true));
    store.withdraw(&new.operation_id).await.unwrap();
    assert_eq!(store.get(&new.operation_id, BEGIN).await, Ok(None));
    begin(store, &NewOperation { operation_id: unique("operation"), ..new }).await;
}

pub(crate) async fn an_ended_operation_is_not_withdrawn(store: &dyn OperationStore) {
    let new = keyed_operation();
    begin(store, &new).await;
    store.finish(&new.operation_id, None, &completed("A"), at(1)).await.unwrap();
    let ended = read(store, &new.operation_id).await;
    store.withdraw(&new.operation_id).await.unwrap();
    assert_eq!(read(store, &new.operation_id).await, ended);
}

pub(crate) async fn withdrawing_an_unknown_operation_succeeds(store: &dyn OperationStore) {
    assert_eq!(store.withdraw(&unique("operation")).await, Ok(()));
}
