//! Claims: one worker at a time.

use futures_util::future::join_all;
use lifecycle::{
    ports::{Claim, OperationStore},
    record::{Fence, NewOperation, OperationRecord, Status},
};

use super::{BEGIN, CROWD, anyone, at, begin, completed, new_operation, noise, read, take, unique};

pub(crate) async fn a_worker_gets_the_operation_and_its_request(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let accepted = read(store, &new.operation_id).await;
    let (record, fence, request) = take(store, &new.operation_id, at(1)).await;
    assert_eq!((fence.claim, request), (1, new.request));
    let expected = OperationRecord {
        status: Status::Running,
        claims: 1,
        leased_until: Some(at(91)),
        updated_at: at(1),
        ..accepted
    };
    assert_eq!(record, expected);
    assert_eq!(read(store, &new.operation_id).await, expected);
}

pub(crate) async fn a_second_worker_has_to_wait_for_the_lease_to_lapse(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (_, first, _) = take(store, &new.operation_id, BEGIN).await;
    let busy = store.claim(&new.operation_id, at(89), at(179)).await;
    assert_eq!(busy, Ok(Claim::Busy { until: at(90) }));
    assert_eq!(store.extend(&new.operation_id, first, at(120)).await, Ok(true));
    let busy = store.claim(&new.operation_id, at(119), at(209)).await;
    assert_eq!(busy, Ok(Claim::Busy { until: at(120) }));
    let (record, second, _) = take(store, &new.operation_id, at(120)).await;
    assert!(second.claim > first.claim);
    assert_eq!((record.claims, record.failures, record.leased_until), (2, 0, Some(at(210))));
}

pub(crate) async fn a_lease_of_zero_length_lapses_at_once(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let claim = store.claim(&new.operation_id, at(5), at(5)).await;
    assert!(matches!(claim, Ok(Claim::Taken { fence: Fence { claim: 1, .. }, .. })), "{claim:?}");
    assert_eq!(read(store, &new.operation_id).await.leased_until, Some(at(5)));
    let (_, fence, _) = take(store, &new.operation_id, at(5)).await;
    assert_eq!(fence.claim, 2);
}

pub(crate) async fn a_released_operation_is_free_at_once_and_has_one_more_failure(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (taken, first, _) = take(store, &new.operation_id, BEGIN).await;
    assert_eq!(store.release(&new.operation_id, first, at(3)).await, Ok(true));
    let expected =
        OperationRecord { status: Status::Accepted, failures: 1, leased_until: None, updated_at: at(3), ..taken };
    assert_eq!(read(store, &new.operation_id).await, expected);
    let (record, second, request) = take(store, &new.operation_id, at(3)).await;
    assert_eq!((record.failures, second.claim, request), (1, 2, new.request));
}

pub(crate) async fn an_operation_that_was_handed_over_cannot_be_claimed(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let (taken, fence, _) = take(store, &new.operation_id, BEGIN).await;
    assert_eq!(store.hand_over(&new.operation_id, fence, None, at(2)).await, Ok(true));
    let expected = OperationRecord { handed_over: true, leased_until: None, updated_at: at(2), ..taken };
    assert_eq!(read(store, &new.operation_id).await, expected);
    assert_eq!(store.claim(&new.operation_id, at(1_000), at(1_090)).await, Ok(Claim::HandedOver));
}

pub(crate) async fn an_operation_that_was_put_off_is_claimed_again_with_its_ticket(store: &dyn OperationStore) {
    let new = new_operation();
    let id = &new.operation_id;
    begin(store, &new).await;
    let (taken, fence, _) = take(store, id, BEGIN).await;
    for now in [at(2), at(3)] {
        assert_eq!(store.put_off(id, fence, "job 7", now).await, Ok(true), "a repeat changes nothing");
    }
    let ticket = Some("job 7".to_owned());
    let expected = OperationRecord { ticket, leased_until: None, updated_at: at(2), ..taken };
    assert_eq!(read(store, id).await, expected);
    let (again, later, request) = take(store, id, at(4)).await;
    assert_eq!((again.ticket, again.failures, request), (expected.ticket, 0, new.request));
    assert_eq!(store.put_off(id, fence, "job 8", at(5)).await, Ok(false), "an old claim");
    assert_eq!(store.release(id, later, at(5)).await, Ok(true));
    assert_eq!(read(store, id).await.ticket, None, "what failed begins anew");
}

pub(crate) async fn an_ended_operation_cannot_be_claimed(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    store.finish(&new.operation_id, anyone(store, &new.operation_id).await, &completed("A"), at(1)).await.unwrap();
    let ended = read(store, &new.operation_id).await;
    let claim = store.claim(&new.operation_id, at(1_000), at(1_090)).await;
    assert_eq!(claim, Ok(Claim::Ended(Box::new(ended))));
}

pub(crate) async fn an_unknown_or_expired_operation_cannot_be_claimed(store: &dyn OperationStore) {
    assert_eq!(store.claim(&unique("operation"), BEGIN, at(90)).await, Ok(Claim::Unknown));
    let new = new_operation();
    begin(store, &new).await;
    let now = new.expires_at;
    assert_eq!(store.claim(&new.operation_id, now, now).await, Ok(Claim::Unknown));
    assert_eq!(read(store, &new.operation_id).await.claims, 0);
}

pub(crate) async fn of_twenty_concurrent_claims_one_succeeds(store: &dyn OperationStore) {
    let new = new_operation();
    begin(store, &new).await;
    let claims = (0..CROWD).map(|_| store.claim(&new.operation_id, BEGIN, at(90)));
    let mut taken = 0;
    for claim in join_all(claims).await {
        match claim.unwrap() {
            Claim::Taken { .. } => taken += 1,
            other => assert_eq!(other, Claim::Busy { until: at(90) }),
        }
    }
    assert_eq!(taken, 1);
    assert_eq!(read(store, &new.operation_id).await.claims, 1);
}

pub(crate) async fn a_request_of_any_length_is_read_as_it_was_written(store: &dyn OperationStore) {
    for bytes in [0, 1_000, 350_000, 6_000_000] {
        let new = NewOperation { request: noise(bytes), ..new_operation() };
        begin(store, &new).await;
        let (_, _, request) = take(store, &new.operation_id, BEGIN).await;
        assert!(request == new.request, "{bytes} bytes became {}", request.len());
    }
}
