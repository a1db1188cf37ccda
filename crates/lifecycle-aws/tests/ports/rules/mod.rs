//! The rules by theme, and what they share.

pub(crate) mod claiming;
pub(crate) mod creating;
pub(crate) mod fencing;
pub(crate) mod finishing;
pub(crate) mod listing;
pub(crate) mod logging;
pub(crate) mod reading;
pub(crate) mod sweeping;
pub(crate) mod withdrawing;

use std::time::Duration;

use lifecycle::{
    ports::{Claim, Created, MayRead, OperationStore},
    record::{By, Creation, Fence, Fingerprint, NewOperation, OperationRecord, Outcome, Tool},
};
use shared::{caller::Owner, timestamp::Timestamp};

/// When these operations are created. In the future, so that a table with a TTL keeps them.
pub(crate) const BEGIN: Timestamp = Timestamp(2_000_000_000.25);

/// Concurrent calls.
pub(crate) const CROWD: usize = 20;

/// Seconds after [`BEGIN`].
pub(crate) fn at(seconds: u64) -> Timestamp {
    BEGIN.after(Duration::from_secs(seconds))
}

/// An operation with unique ids. Lease (90 s), deadline and expiry are far apart.
pub(crate) fn new_operation() -> NewOperation {
    NewOperation {
        operation_id: unique("operation"),
        task_id: unique("task"),
        tool: Tool::GenerateAgent,
        owner: Some(Owner("key-1".to_owned())),
        idempotency_key: None,
        fingerprint: Fingerprint("0123abcd".to_owned()),
        request: r#"{"description": "Begrüße mich täglich 🌞"}"#.to_owned(),
        callback_url: Some("https://example.com/hook".to_owned()),
        session_id: Some("session-1".to_owned()),
        created_at: BEGIN,
        deadline: at(1_800),
        expires_at: Timestamp(2_000_604_800.0),
    }
}

/// Like [`new_operation`], with a unique idempotency key.
pub(crate) fn keyed_operation() -> NewOperation {
    NewOperation { idempotency_key: Some(unique("key")), ..new_operation() }
}

pub(crate) fn unique(kind: &str) -> String {
    format!("{kind}-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..))
}

/// Text that hardly compresses.
pub(crate) fn noise(bytes: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(bytes).collect()
}

pub(crate) fn completed(agent: &str) -> Outcome {
    Outcome::Completed(format!(r#"{{"type":"agent_preview","agent_name":"{agent}"}}"#))
}

/// Creates the operation. Panics if it exists.
pub(crate) async fn begin(store: &dyn OperationStore, new: &NewOperation) -> Creation {
    match store.create(new).await {
        Ok(Created::New(creation)) => creation,
        other => panic!("not new: {other:?}"),
    }
}

/// Reads whatever the operation.
pub(crate) const ALL: MayRead<'static> = &|_| true;

/// To end the operation without a claim.
pub(crate) async fn anyone(store: &dyn OperationStore, operation_id: &str) -> By {
    By::Anyone(read(store, operation_id).await.creation)
}

/// Claims the operation with a lease of 90 s. Panics if it cannot.
pub(crate) async fn take(
    store: &dyn OperationStore,
    operation_id: &str,
    now: Timestamp,
) -> (OperationRecord, Fence, String) {
    match store.claim(operation_id, now, now.after(Duration::from_secs(90))).await {
        Ok(Claim::Taken { record, fence, request }) => (*record, fence, request),
        other => panic!("not taken: {other:?}"),
    }
}

/// Panics if the operation does not exist.
pub(crate) async fn read(store: &dyn OperationStore, operation_id: &str) -> OperationRecord {
    store.get(operation_id, BEGIN).await.unwrap().unwrap()
}
