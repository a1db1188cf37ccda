//! The queues of jobs, callbacks and completions on SQS.

use std::time::Duration;

use aws_sdk_sqs::Client;
use lifecycle::ports::{CallbackQueue, JobQueue, MessageVisibility};
use serde_json::json;
use shared::port_error::PortFuture;

use crate::clients::{Clients, OnFirstUse, on_first_use, port_error};

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

    fn send<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        Box::pin(async move {
            let message = json!({"operation_id": operation_id}).to_string();
            let sent = self.client.send_message().queue_url(&self.url).message_body(message).send().await;
            sent.map(drop).map_err(|error| port_error(self.service, &error))
        })
    }
}

impl JobQueue for Queue {
    fn enqueue<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        self.send(operation_id)
    }
}

impl CallbackQueue for Queue {
    fn enqueue<'a>(&'a self, operation_id: &'a str) -> PortFuture<'a, ()> {
        self.send(operation_id)
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
