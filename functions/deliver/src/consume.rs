//! Consumes the callbacks queue: delivers each webhook, and postpones those that failed.

use std::time::Duration;

use lambda::queue::{Consumer, Handled, Message};
use lifecycle::request_options::is_id;
use shared::{invocation::Invocation, json::Object, request_log::RequestLog};
use tokio::time::Instant;

use crate::{
    Deliver,
    attempt::{Ended, TIMEOUT},
    schedule::wait,
};

/// Time kept back to postpone a message after a failed attempt.
const TIME_TO_POSTPONE: Duration = Duration::from_secs(2);

impl Consumer for Deliver {
    /// An attempt is not started unless the receiver has its full time.
    const MINIMUM: Duration = TIMEOUT.saturating_add(TIME_TO_POSTPONE);

    /// Writes its own log line instead of the request line, with the receives and the next wait.
    async fn consume<'a>(&'a self, message: &'a Message, invocation: Invocation<'a>, _: &'a mut RequestLog) -> Handled {
        let named = Object::parse(&message.body).ok().and_then(|body| body.string("operation_id"));
        // What is not an id would be looked up among the table's other keys.
        let Some(operation_id) = named.filter(|id| is_id(id)) else {
            // Not postponed, so that it reaches the dead-letter queue soon.
            tracing::error!(message_id = message.id, "the message is not a JSON object with a valid operation_id");
            return Handled::Again;
        };
        let (start, receives) = (Instant::now(), message.receives);
        let result = self.attempt(&operation_id, invocation).await;
        let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        match result {
            Ok(ended @ (Ended::Delivered | Ended::Void)) => {
                tracing::info!(%operation_id, outcome = ended.name(), receives, milliseconds, "webhook");
                Handled::Done
            }
            Ok(ended @ (Ended::Gone | Ended::Refused)) => {
                tracing::warn!(%operation_id, outcome = ended.name(), receives, milliseconds, "webhook");
                Handled::Done
            }
            Err(why) => {
                let wait = wait(receives, why.retry_after());
                let (outcome, wait_s) = ("failed", wait.as_secs());
                tracing::warn!(%operation_id, outcome, %why, receives, milliseconds, wait_s, "webhook");
                self.postpone(message, wait).await;
                Handled::Again
            }
        }
    }

    async fn put_back<'a>(&'a self, message: &'a Message) {
        self.postpone(message, wait(1, None)).await;
    }
}

impl Deliver {
    /// Hides the message for `time`. If that fails, the queue's own visibility time-out applies.
    async fn postpone(&self, message: &Message, time: Duration) {
        if let Err(error) = self.visibility.hide(&message.receipt_handle, time).await {
            tracing::warn!(message_id = message.id, %error, "could not postpone a message");
        }
    }
}
