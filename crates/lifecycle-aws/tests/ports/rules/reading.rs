//! Reads: what was written, by id and by task.

use lifecycle::{
    ports::{ByTask, OperationStore},
    record::{By, NewOperation, Outcome},
};

use shared::caller::Owner;

use super::{ALL, BEGIN, anyone, at, begin, completed, new_operation, noise, take, unique};

/// Ends an operation with `outcome` and reads that back.
async fn stored(store: &dyn OperationStore, outcome: &Outcome) -> Option<Outcome> {
    let new = new_operation();
    begin(store, &new).await;
    let (_, fence, _) = take(store, &new.operation_id, BEGIN).await;
    store.finish(&new.operation_id, By::Claim(fence), outcome, at(1)).await.unwrap();
    store.get_with_outcome(&new.operation_id, at(1), ALL).await.unwrap().unwrap().1
}

pub(crate) async fn an_outcome_of_any_length_is_read_as_it_was_written(store: &dyn OperationStore) {
    for body in [String::new(), "null".to_owned(), noise(1_000), noise(350_000), noise(6_000_000)] {
        let bytes = body.len();
        for outcome in [Outcome::Completed(body.clone()), Outcome::Failed { error_type: "timeout".to_owned(), body }] {
            assert!(stored(store, &outcome).await == Some(outcome), "{bytes} bytes");
        }
    }
}

pub(crate) async fn an_operation_that_has_not_ended_has_no_outcome(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (taken, ..) = take(store, &new.operation_id, BEGIN).await;
    assert_eq!(store.get_with_outcome(&new.operation_id, at(1), ALL).await, Ok(Some((taken, None))));
    assert_eq!(store.get_with_outcome(&unique("operation"), at(1), ALL).await, Ok(None));
}

pub(crate) async fn an_expired_operation_does_not_exist(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    store.finish(&new.operation_id, anyone(store, &new.operation_id).await, &completed("A"), at(1)).await.unwrap();
    let now = new.expires_at;
    assert_eq!(store.get(&new.operation_id, now).await, Ok(None));
    assert_eq!(store.get_with_outcome(&new.operation_id, now, ALL).await, Ok(None));
    assert_eq!(store.by_task(&new.task_id, now).await, Ok(ByTask::Nothing));
}

pub(crate) async fn missing_fields_stay_missing(store: &dyn OperationStore) {
    let new = NewOperation { owner: None, callback_url: None, session_id: None, ..new_operation() };
    begin(store, &new).await;
    let record = super::read(store, &new.operation_id).await;
    assert_eq!((record.owner, record.callback_url, record.session_id), (None, None, None));
}

pub(crate) async fn an_operation_is_found_by_its_task(store: &dyn OperationStore) {
    let new = new_operation();
    assert_eq!(store.by_task(&new.task_id, BEGIN).await, Ok(ByTask::Nothing));
    begin(store, &new).await;
    begin(store, &new_operation()).await;
    assert_eq!(store.by_task(&new.task_id, BEGIN).await, Ok(ByTask::One(new.operation_id)));
}

pub(crate) async fn a_task_of_two_operations_finds_neither(store: &dyn OperationStore) {
    let first = new_operation();
    begin(store, &first).await;
    let second = NewOperation { task_id: first.task_id.clone(), expires_at: at(700_000), ..new_operation() };
    begin(store, &second).await;
    assert_eq!(store.by_task(&first.task_id, BEGIN).await, Ok(ByTask::Several));
    assert_eq!(store.by_task(&first.task_id, first.expires_at).await, Ok(ByTask::One(second.operation_id)));
}

fn owner(name: &str) -> Option<Owner> {
    Some(Owner(name.to_owned()))
}

pub(crate) async fn a_caller_finds_the_newest_of_its_own_operations_of_a_task(store: &dyn OperationStore) {
    let (task_id, me) = (unique("task"), Owner(unique("owner")));
    let mut ids = Vec::new();
    // Not in the order of their times.
    for (owner, seconds) in
        [(Some(me.clone()), 30), (Some(me.clone()), 40), (Some(me.clone()), 20), (owner("other"), 60)]
    {
        let new = NewOperation { owner, task_id: task_id.clone(), created_at: at(seconds), ..new_operation() };
        begin(store, &new).await;
        ids.push(new.operation_id);
    }
    begin(store, &NewOperation { owner: Some(me.clone()), created_at: at(50), ..new_operation() }).await;
    begin(store, &NewOperation { owner: None, task_id: task_id.clone(), created_at: at(70), ..new_operation() }).await;
    let found = store.newest_of_task(&me, &task_id, at(80)).await.unwrap().unwrap();
    assert_eq!(found, super::read(store, &ids[1]).await);
    let (_, fence, _) = take(store, &ids[1], at(80)).await;
    store.withdraw(&ids[1], fence).await.unwrap();
    let found = store.newest_of_task(&me, &task_id, at(80)).await.unwrap().unwrap();
    assert_eq!(found.operation_id, ids[0], "the newest one was withdrawn");
}

pub(crate) async fn a_task_without_an_operation_of_the_caller_is_not_found(store: &dyn OperationStore) {
    let me = Owner(unique("owner"));
    let new = NewOperation { owner: Some(me.clone()), ..new_operation() };
    let unowned = NewOperation { owner: None, ..new_operation() };
    begin(store, &new).await;
    begin(store, &unowned).await;
    assert_eq!(store.newest_of_task(&Owner(unique("owner")), &new.task_id, at(1)).await, Ok(None));
    assert_eq!(store.newest_of_task(&me, &unowned.task_id, at(1)).await, Ok(None));
    assert_eq!(store.newest_of_task(&me, &unique("task"), at(1)).await, Ok(None));
    assert_eq!(store.newest_of_task(&me, &new.task_id, new.expires_at).await, Ok(None), "it has expired");
    assert!(store.newest_of_task(&me, &new.task_id, at(1)).await.unwrap().is_some());
}

pub(crate) async fn an_outcome_is_not_fetched_for_a_caller_who_may_not_read_it(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let by = anyone(store, &new.operation_id).await;
    store.finish(&new.operation_id, by, &completed(&noise(350_000)), at(1)).await.unwrap();
    assert_eq!(store.get_with_outcome(&new.operation_id, at(1), &|_| false).await, Ok(None));
    let (record, _) = store.get_with_outcome(&new.operation_id, at(1), ALL).await.unwrap().unwrap();
    assert_eq!(record.operation_id, new.operation_id);
}
