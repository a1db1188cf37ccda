//! The queues of jobs, callbacks and completions on SQS.

use std::time::Duration;

use aws::clients::{Clients, OnFirstUse, on_first_use, port_error};
use aws_sdk_sqs::Client;
use lifecycle::ports::{CallbackQueue, JobQueue, MessageVisibility};
use ring::digest::{SHA256, digest};
use serde_json::json;
use shared::{caller::Owner, port_error::PortFuture};

/// SQS's limit of a visibility timeout.
const LONGEST_HIDE: Duration = Duration::from_secs(12 * 60 * 60);

#[derive(Debug, Clone)]
pub struct Queue {
    client: OnFirstUse<Client>,
    url: String,
    service: &'static str,
}

impl Queue {
    #[must_use]
    pub fn jobs(clients: &Clients, url: &str) -> Self {
        Self { client: on_first_use(clients, Clients::sqs), url: url.to_owned(), service: "jobs queue" }
    }

    #[must_use]
    pub fn callbacks(clients: &Clients, url: &str) -> Self {
        Self { service: "callbacks queue", ..Self::jobs(clients, url) }
    }

    #[must_use]
    pub fn completions(clients: &Clients, url: &str) -> Self {
        Self { service: "completions queue", ..Self::jobs(clients, url) }
    }

    fn send<'a>(&'a self, operation_id: &'a str, owner: Option<&'a Owner>) -> PortFuture<'a, ()> {
        Box::pin(async move {
            let message = json!({"operation_id": operation_id}).to_string();
            let message = self.client.send_message().queue_url(&self.url).message_body(message);
            let sent = message.message_group_id(group(owner)).send().await;
            sent.map(drop).map_err(|error| port_error(self.service, &error))
        })
    }
}

/// The message group by which SQS serves the owners of a standard queue fairly. A hash, for SQS shows it to whoever may
/// read the queue. Operations without an owner are one group.
fn group(owner: Option<&Owner>) -> String {
    let hash = digest(&SHA256, owner.map_or("", |owner| &owner.0).as_bytes());
    hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl JobQueue for Queue {
    fn enqueue<'a>(&'a self, operation_id: &'a str, owner: Option<&'a Owner>) -> PortFuture<'a, ()> {
        self.send(operation_id, owner)
    }
}

impl CallbackQueue for Queue {
    fn enqueue<'a>(&'a self, operation_id: &'a str, owner: Option<&'a Owner>) -> PortFuture<'a, ()> {
        self.send(operation_id, owner)
    }
}

impl MessageVisibility for Queue {
    fn hide<'a>(&'a self, receipt_handle: &'a str, time: Duration) -> PortFuture<'a, ()> {
        Box::pin(async move {
            // Rounded up to whole seconds: a message that came back early would find its operation still busy.
            let seconds = i32::try_from(time.min(LONGEST_HIDE).as_millis().div_ceil(1_000)).unwrap_or(i32::MAX);
            let change = self.client.change_message_visibility().queue_url(&self.url);
            let changed = change.receipt_handle(receipt_handle).visibility_timeout(seconds).send().await;
            changed.map(drop).map_err(|error| port_error(self.service, &error))
        })
    }
}
