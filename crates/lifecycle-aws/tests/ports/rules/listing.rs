//! Lists: a caller's own operations, newest first, page by page.

use lifecycle::{
    heads::{Head, Page, Position},
    ports::OperationStore,
    record::{NewOperation, Outcome, Status},
};
use shared::{caller::Owner, timestamp::Timestamp};

use super::{BEGIN, anyone, at, begin, new_operation, read, take, unique};

fn somebody() -> Owner {
    Owner(unique("owner"))
}

/// Begins operations at these seconds, and returns their ids.
async fn begin_at<const N: usize>(store: &dyn OperationStore, owner: &Owner, seconds: [u64; N]) -> [String; N] {
    let news = seconds.map(|seconds| {
        let created_at = Timestamp(at(seconds).0 + 0.125);
        NewOperation { owner: Some(owner.clone()), created_at, ..new_operation() }
    });
    for new in &news {
        begin(store, new).await;
    }
    news.map(|new| new.operation_id)
}

/// All pages of at most `limit`, from behind `after` on.
async fn all(store: &dyn OperationStore, owner: &Owner, after: Option<Position>, limit: usize) -> Vec<Head> {
    let (mut heads, mut after) = (Vec::new(), after);
    loop {
        let page = store.of_owner(owner, after.as_ref(), limit, at(100)).await.unwrap();
        assert!(page.heads.len() <= limit);
        heads.extend(page.heads);
        after = page.next;
        if after.is_none() {
            return heads;
        }
    }
}

fn ids(heads: &[Head]) -> Vec<&str> {
    heads.iter().map(|head| head.operation_id.as_str()).collect()
}

pub(crate) async fn a_caller_lists_its_own_operations_from_the_newest_on(store: &dyn OperationStore) {
    let (me, other) = (somebody(), somebody());
    let [second, third, first] = begin_at(store, &me, [20, 30, 10]).await;
    begin_at(store, &other, [15, 40]).await;
    for limit in [1, 2, 3, 100] {
        assert_eq!(ids(&all(store, &me, None, limit).await), [&third, &second, &first], "{limit} at once");
    }
    assert_eq!(store.of_owner(&somebody(), None, 100, at(1)).await, Ok(Page::default()));
}

pub(crate) async fn a_list_goes_on_behind_any_operation_of_it(store: &dyn OperationStore) {
    let me = somebody();
    begin_at(store, &me, [10, 20, 30, 40]).await;
    let heads = all(store, &me, None, 100).await;
    for (number, head) in heads.iter().enumerate() {
        let after = Position { created_at: head.created_at, operation_id: head.operation_id.clone() };
        let after: Position = after.to_string().parse().unwrap();
        assert_eq!(all(store, &me, Some(after.clone()), 2).await, heads[number + 1..], "behind {number}");
        assert_eq!(all(store, &somebody(), Some(after), 2).await, [], "a cursor opens no other list");
    }
    let gone = Position { created_at: at(25), operation_id: unique("operation") };
    assert_eq!(all(store, &me, Some(gone), 2).await, heads[2..], "the operation of a cursor may be gone");
}

pub(crate) async fn the_list_tells_how_an_operation_stands(store: &dyn OperationStore) {
    let me = somebody();
    let [id] = begin_at(store, &me, [1]).await;
    let head = |heads: Vec<Head>| heads.into_iter().next().unwrap();
    let accepted = head(all(store, &me, None, 9).await);
    let record = read(store, &id).await;
    let expected = Head {
        operation_id: record.operation_id,
        task_id: record.task_id,
        tool: record.tool,
        status: Status::Accepted,
        error_type: None,
        created_at: record.created_at,
        updated_at: record.updated_at,
        deadline: record.deadline,
    };
    assert_eq!(accepted, expected);
    take(store, &id, at(2)).await;
    let running = Head { status: Status::Running, updated_at: at(2), ..expected };
    assert_eq!(head(all(store, &me, None, 9).await), running);
    let failed = Outcome::Failed { error_type: "timeout".to_owned(), body: "{}".to_owned() };
    store.finish(&id, anyone(store, &id).await, &failed, at(3)).await.unwrap();
    let error_type = Some("timeout".to_owned());
    let ended = Head { status: Status::Failed, updated_at: at(3), error_type, ..running };
    assert_eq!(head(all(store, &me, None, 9).await), ended);
}

pub(crate) async fn what_was_withdrawn_has_expired_or_belongs_to_nobody_is_not_listed(store: &dyn OperationStore) {
    let me = somebody();
    let [kept, withdrawn] = begin_at(store, &me, [1, 2]).await;
    let short = NewOperation { owner: Some(me.clone()), expires_at: at(50), ..new_operation() };
    begin(store, &short).await;
    begin(store, &NewOperation { owner: None, ..new_operation() }).await;
    let (_, fence, _) = take(store, &withdrawn, BEGIN).await;
    store.withdraw(&withdrawn, fence).await.unwrap();
    assert_eq!(ids(&all(store, &me, None, 1).await), [&kept]);
}
