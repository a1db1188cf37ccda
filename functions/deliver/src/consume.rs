//! The callbacks queue: which webhook to deliver, and when again.

use std::time::Duration;

use lambda::queue::{Consumer, Handled, Message};
use shared::{invocation::Invocation, json::Object, request_log::RequestLog};
use tokio::time::Instant;

use crate::{
    Deliver,
    attempt::{Ended, PATIENCE},
    schedule::wait,
};

/// Kept of an invocation's time for putting off what was not taken.
const TIME_TO_PUT_OFF: Duration = Duration::from_secs(2);

impl Consumer for Deliver {
    /// Every receiver gets its whole time.
    const MINIMUM: Duration = PATIENCE.saturating_add(TIME_TO_PUT_OFF);

    /// Tells of the webhook in a line of its own, with more in it than a request's has.
    async fn consume<'a>(&'a self, message: &'a Message, invocation: Invocation<'a>, _: &'a mut RequestLog) -> Handled {
        let named = Object::parse(&message.body).ok().and_then(|body| body.string("operation_id"));
        let Some(operation_id) = named else {
            // Not put off: the sooner it is in the dead-letter queue, the sooner somebody looks.
            tracing::error!(message_id = message.id, "the message is not a JSON object with an operation_id");
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
                self.put_off(message, wait).await;
                Handled::Again
            }
        }
    }

    async fn put_back<'a>(&'a self, message: &'a Message) {
        self.put_off(message, wait(1, None)).await;
    }
}

impl Deliver {
    /// Has the queue hand out a message again after `time`; where it cannot be told, after the queue's own.
    async fn put_off(&self, message: &Message, time: Duration) {
        if let Err(error) = self.visibility.hide(&message.receipt_handle, time).await {
            tracing::warn!(message_id = message.id, %error, "a message could not be put off");
        }
    }
}
