//! Creation: once per id and per key.

use futures_util::future::join_all;
use lifecycle::{
    ports::{Created, OperationStore},
    record::{Announcement, Logged, NewOperation, OperationRecord, Status},
};
use shared::{caller::Owner, timestamp::Timestamp};

use super::{BEGIN, CROWD, begin, keyed_operation, new_operation, read, take, unique};

fn existing(created: Created) -> String {
    match created {
        Created::Existing(record) => record.operation_id,
        Created::New(_) => panic!("it was created"),
    }
}

pub(crate) async fn a_new_operation_is_read_as_it_was_written(store: &dyn OperationStore) {
    let new = new_operation();
    let creation = begin(store, &new).await;
    let expected = OperationRecord {
        operation_id: new.operation_id.clone(),
        creation,
        task_id: new.task_id,
        tool: new.tool,
        owner: new.owner,
        fingerprint: new.fingerprint,
        callback_url: new.callback_url,
        session_id: new.session_id,
        status: Status::Accepted,
        error_type: None,
        claims: 0,
        failures: 0,
        leased_until: None,
        handed_over: false,
        ticket: None,
        is_promised: false,
        announcement: Announcement::Due,
        logged: Logged::default(),
        created_at: new.created_at,
        updated_at: new.created_at,
        deadline: new.deadline,
        expires_at: new.expires_at,
    };
    assert_eq!(read(store, &new.operation_id).await, expected);
}

pub(crate) async fn a_repeated_id_returns_the_first_operation(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (taken, ..) = take(store, &new.operation_id, BEGIN).await;
    let repeat = NewOperation { task_id: unique("task"), owner: None, request: "{}".to_owned(), ..new.clone() };
    assert_eq!(store.create(&repeat).await, Ok(Created::Existing(Box::new(taken.clone()))));
    let repeat = NewOperation { idempotency_key: Some(unique("key")), ..repeat };
    assert_eq!(store.create(&repeat).await, Ok(Created::Existing(Box::new(taken.clone()))));
    assert_eq!(read(store, &new.operation_id).await, taken);
}

pub(crate) async fn a_repeated_key_returns_the_first_operation_whatever_the_id(store: &dyn OperationStore) {
    let new = keyed_operation();
    begin(store, &new).await;
    let first = read(store, &new.operation_id).await;
    for operation_id in [new.operation_id.clone(), unique("operation")] {
        let repeat = NewOperation { operation_id: operation_id.clone(), request: "{}".to_owned(), ..new.clone() };
        assert_eq!(store.create(&repeat).await, Ok(Created::Existing(Box::new(first.clone()))));
        assert_eq!(store.get(&operation_id, BEGIN).await.unwrap().is_some(), operation_id == new.operation_id);
    }
}

pub(crate) async fn two_owners_may_use_the_same_key(store: &dyn OperationStore) {
    let mine = keyed_operation();
    begin(store, &mine).await;
    for owner in [Some(Owner(unique("owner"))), None] {
        let theirs = NewOperation { operation_id: unique("operation"), owner, ..mine.clone() };
        begin(store, &theirs).await;
        let repeat = NewOperation { operation_id: unique("operation"), ..theirs.clone() };
        assert_eq!(existing(store.create(&repeat).await.unwrap()), theirs.operation_id);
    }
}

pub(crate) async fn an_operation_refused_for_its_id_does_not_reserve_its_key(store: &dyn OperationStore) {
    let first = new_operation();
    begin(store, &first).await;
    let refused = NewOperation { operation_id: first.operation_id.clone(), ..keyed_operation() };
    assert_eq!(existing(store.create(&refused).await.unwrap()), first.operation_id);
    begin(store, &NewOperation { operation_id: unique("operation"), ..refused }).await;
}

pub(crate) async fn an_expired_operation_frees_its_id_and_its_key(store: &dyn OperationStore) {
    let old = keyed_operation();
    begin(store, &old).await;
    take(store, &old.operation_id, BEGIN).await;
    let now = old.expires_at;
    let later = NewOperation { created_at: now, expires_at: Timestamp(now.0 + 60.0), ..old.clone() };
    let early = NewOperation { created_at: Timestamp(now.0 - 1.0), ..later.clone() };
    assert_eq!(existing(store.create(&early).await.unwrap()), old.operation_id);
    begin(store, &later).await;
    let record = store.get(&old.operation_id, now).await.unwrap().unwrap();
    assert_eq!((record.created_at, record.status, record.claims), (now, Status::Accepted, 0));
    let by_key = NewOperation { operation_id: unique("operation"), ..later };
    assert_eq!(existing(store.create(&by_key).await.unwrap()), old.operation_id);
}

/// Creates all concurrently and returns how many succeeded. Panics if the others did not get one of those.
async fn race(store: &dyn OperationStore, all: &[NewOperation]) -> usize {
    let answers = join_all(all.iter().map(|new| store.create(new))).await;
    let mut created = Vec::new();
    let mut seen = Vec::new();
    for (new, answer) in all.iter().zip(answers) {
        match answer.unwrap() {
            Created::New(_) => created.push(new.operation_id.clone()),
            Created::Existing(record) => seen.push(record.operation_id),
        }
    }
    assert!(seen.iter().all(|seen| created.contains(seen)), "seen: {seen:?}, created: {created:?}");
    created.len()
}

pub(crate) async fn of_twenty_concurrent_creates_with_one_id_one_succeeds(store: &dyn OperationStore) {
    assert_eq!(race(store, &vec![new_operation(); CROWD]).await, 1);
    assert_eq!(race(store, &vec![keyed_operation(); CROWD]).await, 1);
}

pub(crate) async fn of_twenty_concurrent_creates_with_one_key_one_succeeds(store: &dyn OperationStore) {
    let new = keyed_operation();
    let all: Vec<_> = (0..CROWD).map(|_| NewOperation { operation_id: unique("operation"), ..new.clone() }).collect();
    assert_eq!(race(store, &all).await, 1);
}
