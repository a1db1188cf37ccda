//! The function with an operation in memory and a receiver over TLS.

use std::{sync::Arc, time::Duration};

use deliver::{Deliver, Ended, NotDelivered};
use kit::{
    behaviour::Behaviour,
    private_tls::PrivateTls,
    server::{FaultyServer, ReceivedRequest},
};
use lambda::queue::{Consumer, Handled, Message};
use lifecycle::{
    callback::{TrustedHosts, WebhookClient},
    memory::{MemoryQueue, MemoryStore, new_operation},
    ports::OperationStore,
    record::{By, NewOperation, Outcome},
};
use secrecy::SecretString;
use shared::{
    invocation::{Clock, Invocation},
    request_log::RequestLog,
    timestamp::Timestamp,
};
use tokio::time::Instant;

pub(crate) const OPERATION_ID: &str = "6f1c9a52-operation";
pub(crate) const KEY: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
/// A secret in the receiver's address.
pub(crate) const IN_THE_ADDRESS: &str = "hunter2-in-the-address";
/// A secret in the operation's result.
pub(crate) const IN_THE_RESULT: &str = "hunter2-in-the-result";

pub(crate) struct Fixture {
    pub(crate) deliver: Deliver,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) queue: Arc<MemoryQueue>,
    receiver: FaultyServer,
    tls: PrivateTls,
}

pub(crate) type Attempt = Result<Ended, NotDelivered>;

impl Fixture {
    /// With one completed operation.
    pub(crate) async fn new(behaviour: Behaviour) -> Self {
        let fixture = Self::empty(behaviour).await;
        fixture.ended(OPERATION_ID, Some(&fixture.address()), &completed()).await;
        fixture
    }

    /// Without an operation.
    pub(crate) async fn empty(behaviour: Behaviour) -> Self {
        let receiver = FaultyServer::start(behaviour).await;
        let tls = PrivateTls::in_front_of(receiver.port()).await;
        let (store, queue) = (Arc::new(MemoryStore::default()), Arc::new(MemoryQueue::default()));
        let deliver = Deliver {
            store: Arc::<MemoryStore>::clone(&store),
            visibility: Arc::<MemoryQueue>::clone(&queue),
            keys: Some(Arc::new(SecretString::from(KEY))),
            client: WebhookClient::new(Some(tls.certificate_file())).unwrap(),
            trusted: TrustedHosts::parse(tls.url().trim_start_matches("https://")).unwrap(),
        };
        Self { deliver, store, queue, receiver, tls }
    }

    pub(crate) fn address(&self) -> String {
        format!("{}/{IN_THE_ADDRESS}?token={IN_THE_ADDRESS}", self.tls.url())
    }

    /// Stores an operation that has ended.
    pub(crate) async fn ended(&self, operation_id: &str, callback_url: Option<&str>, outcome: &Outcome) {
        self.started(operation_id, callback_url, None).await;
        self.store.finish(operation_id, self.anyone(operation_id), outcome, now()).await.unwrap();
    }

    /// To end an operation without a claim.
    pub(crate) fn anyone(&self, operation_id: &str) -> By {
        By::Anyone(self.store.record(operation_id).unwrap().creation)
    }

    /// Stores an operation that is still running.
    pub(crate) async fn started(&self, operation_id: &str, callback_url: Option<&str>, session_id: Option<&str>) {
        let new = NewOperation {
            task_id: "task".to_owned(),
            callback_url: callback_url.map(str::to_owned),
            session_id: session_id.map(str::to_owned),
            ..new_operation(operation_id, "owner", now())
        };
        self.store.create(&new).await.unwrap();
    }

    /// One attempt, with a minute to the deadline.
    pub(crate) async fn attempt(&self) -> Attempt {
        self.attempt_within(Duration::from_secs(60)).await
    }

    /// One attempt, with this time to the deadline.
    pub(crate) async fn attempt_within(&self, time: Duration) -> Attempt {
        self.deliver.attempt(OPERATION_ID, invocation(time)).await
    }

    /// Consumes the operation's message; `receives` counts how often it was received.
    pub(crate) async fn receive(&self, receives: u32) -> Handled {
        let body = format!(r#"{{"operation_id":"{OPERATION_ID}"}}"#);
        self.consume(&message(&body, receives)).await
    }

    /// Consumes a message, with a minute to the deadline.
    pub(crate) async fn consume(&self, message: &Message) -> Handled {
        let invocation = invocation(Duration::from_secs(60));
        self.deliver.consume(message, invocation, &mut RequestLog::default()).await
    }

    /// The requests to the receiver.
    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.receiver.requests()
    }

    /// The delays until the message is visible again.
    pub(crate) fn delays(&self) -> Vec<Duration> {
        self.queue.hidden().into_iter().map(|(_, wait)| wait).collect()
    }
}

pub(crate) fn completed() -> Outcome {
    Outcome::Completed(format!(r#"{{"type":"agent_preview","message":"{IN_THE_RESULT}"}}"#))
}

pub(crate) fn message(body: &str, receives: u32) -> Message {
    Message { id: "m".into(), receipt_handle: "handle".into(), body: body.into(), receives, source: None }
}

pub(crate) fn invocation(time: Duration) -> Invocation<'static> {
    Invocation { clock: Clock::system(), end: Instant::now() + time, request_id: "r" }
}

pub(crate) fn now() -> Timestamp {
    Clock::system().now()
}
