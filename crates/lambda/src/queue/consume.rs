//! Processes a batch message by message. A message that fails, panics or times out does not affect the others.

use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use serde::Serialize;
use shared::{invocation::Invocation, request_log::RequestLog};
use tokio::time::{Instant, timeout_at};

use super::batch::{Batch, Message, Record};

pub trait Consumer: Send + Sync {
    /// A message is not started with less time left than this.
    const MINIMUM: Duration;

    /// Processes one message. Cancelled at the invocation's end, so write to `log` as soon as something is known.
    fn consume<'a>(
        &'a self,
        message: &'a Message,
        invocation: Invocation<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Handled> + Send + 'a;

    /// Makes an unprocessed message visible again soon, instead of after the queue's visibility time-out.
    fn put_back<'a>(&'a self, message: &'a Message) -> impl Future<Output = ()> + Send + 'a;
}

/// Called for each message with an outcome in its log, and with the time it took.
pub type Report<'a> = dyn FnMut(&RequestLog, Duration) + Send + 'a;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// Deleted from the queue.
    Done,
    /// Stays on the queue and is redelivered, until the redrive policy moves it to the dead-letter queue.
    Again,
}

/// Lambda's partial batch response: the messages that stay on the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    batch_item_failures: Vec<ItemFailure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemFailure {
    item_identifier: String,
}

impl ItemFailure {
    /// A record without an id gets an empty identifier, which makes Lambda redeliver the whole batch; consumers are
    /// idempotent.
    fn new(record: &Record) -> Self {
        Self { item_identifier: record.id.clone().unwrap_or_default() }
    }
}

impl BatchResponse {
    /// Keeps every message of `batch` on the queue.
    #[must_use]
    pub fn all_again(batch: &Batch) -> Self {
        let batch_item_failures = batch.records.iter().map(ItemFailure::new).collect();
        Self { batch_item_failures }
    }

    /// The ids of the messages that stay on the queue.
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        self.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str())
    }
}

/// Processes the messages of `batch` one after the other. A record without a body, a panic and a time-out all keep the
/// message on the queue.
pub async fn consume<C: Consumer>(
    batch: &Batch,
    consumer: &C,
    invocation: Invocation<'_>,
    report: &mut Report<'_>,
) -> BatchResponse {
    let mut response = BatchResponse::default();
    for record in &batch.records {
        let handled = match &record.message {
            Some(message) => {
                let (start, mut log) = (Instant::now(), RequestLog::default());
                let handled = consume_one(message, consumer, invocation, &mut log).await;
                if log.outcome.is_some() {
                    report(&log, start.elapsed());
                }
                handled
            }
            None => {
                tracing::error!(message_id = record.id, "a record of the batch has no body, or is not of SQS");
                Handled::Again
            }
        };
        if handled == Handled::Again {
            response.batch_item_failures.push(ItemFailure::new(record));
        }
    }
    response
}

async fn consume_one<C: Consumer>(
    message: &Message,
    consumer: &C,
    invocation: Invocation<'_>,
    log: &mut RequestLog,
) -> Handled {
    let has_time = Instant::now().checked_add(C::MINIMUM).is_some_and(|needed| needed <= invocation.end);
    if !has_time {
        tracing::warn!(message_id = message.id, "too little time left to start this message");
        put_back(message, consumer).await;
        return Handled::Again;
    }
    // Unwind-safe: state that outlives a message is behind ports, and each port call completes or changes nothing.
    let consumed = AssertUnwindSafe(timeout_at(invocation.end, consumer.consume(message, invocation, log)));
    match consumed.catch_unwind().await {
        Ok(Ok(handled)) => handled,
        Ok(Err(_)) => {
            tracing::error!(message_id = message.id, "ran out of time while processing this message");
            Handled::Again
        }
        Err(_) => {
            tracing::error!(message_id = message.id, "panicked while processing this message");
            put_back(message, consumer).await;
            Handled::Again
        }
    }
}

/// Ignores failures: the queue redelivers the message in any case, only later.
async fn put_back<C: Consumer>(message: &Message, consumer: &C) {
    let _ = AssertUnwindSafe(consumer.put_back(message)).catch_unwind().await;
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use shared::{invocation::Clock, json::Object, timestamp::Timestamp};

    #[derive(Default)]
    struct Script {
        consumed: Mutex<Vec<String>>,
        put_back: Mutex<Vec<String>>,
    }

    impl Consumer for Script {
        const MINIMUM: Duration = Duration::from_secs(5);

        async fn consume<'a>(
            &'a self,
            message: &'a Message,
            invocation: Invocation<'a>,
            log: &'a mut RequestLog,
        ) -> Handled {
            log.note_outcome("consumed");
            self.consumed.lock().unwrap().push(message.id.clone());
            match message.body.as_str() {
                "panic" => panic!("a message that panics"),
                "again" => Handled::Again,
                "slow" => {
                    tokio::time::sleep_until(invocation.end - Duration::from_secs(1)).await;
                    Handled::Done
                }
                "endless" => std::future::pending().await,
                _ => Handled::Done,
            }
        }

        async fn put_back<'a>(&'a self, message: &'a Message) {
            self.put_back.lock().unwrap().push(message.id.clone());
        }
    }

    async fn failed_ids(bodies: &[&str], time: Duration, script: &Script) -> Vec<String> {
        let records: Vec<_> = bodies
            .iter()
            .enumerate()
            .map(|(at, body)| serde_json::json!({"messageId": at.to_string(), "body": body, "eventSource": "aws:sqs"}))
            .collect();
        let event = serde_json::json!({ "Records": records }).to_string();
        let batch = Batch::from_event(&Object::parse(&event).unwrap()).unwrap();
        let clock = Clock::at(Timestamp(0.0));
        let invocation = Invocation { clock, end: Instant::now() + time, request_id: "r" };
        consume(&batch, script, invocation, &mut |_, _| ()).await.failures().map(str::to_owned).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_panics_or_fails_does_not_affect_the_others() {
        let script = Script::default();
        let failed = failed_ids(&["", "panic", "again", ""], Duration::from_secs(30), &script).await;
        assert_eq!(failed, ["1", "2"]);
        assert_eq!(*script.consumed.lock().unwrap(), ["0", "1", "2", "3"]);
        assert_eq!(*script.put_back.lock().unwrap(), ["1"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_without_enough_time_left_is_put_back_for_another_worker() {
        let script = Script::default();
        assert_eq!(failed_ids(&["slow", "", ""], Duration::from_secs(30), &script).await, ["1", "2"]);
        assert_eq!(*script.put_back.lock().unwrap(), ["1", "2"]);
        assert_eq!(failed_ids(&["", ""], Duration::ZERO, &script).await, ["0", "1"]);
        assert_eq!(*script.consumed.lock().unwrap(), ["0"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_hangs_does_not_lose_the_results_of_the_others() {
        let script = Script::default();
        assert_eq!(failed_ids(&["", "endless", ""], Duration::from_secs(30), &script).await, ["1", "2"]);
    }

    #[tokio::test]
    async fn a_failed_record_without_an_id_makes_lambda_redeliver_the_batch() {
        let script = Script::default();
        let event = r#"{"Records":[{"eventSource":"aws:sqs","messageId":"m","body":""},{"body":"again"},7]}"#;
        let batch = Batch::from_event(&Object::parse(event).unwrap()).unwrap();
        let end = Instant::now() + Duration::from_secs(30);
        let invocation = Invocation { clock: Clock::system(), end, request_id: "r" };
        let response = consume(&batch, &script, invocation, &mut |_, _| ()).await;
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"batchItemFailures":[{"itemIdentifier":""},{"itemIdentifier":""}]}"#
        );
        assert_eq!(*script.consumed.lock().unwrap(), ["m", ""]);
    }

    #[tokio::test(start_paused = true)]
    async fn every_message_with_an_outcome_is_reported_even_if_it_panicked() {
        let event =
            r#"{"Records":[{"eventSource":"aws:sqs","body":"panic"},7,{"body":""},{"body":"slow"},{"body":"late"}]}"#;
        let batch = Batch::from_event(&Object::parse(event).unwrap()).unwrap();
        let end = Instant::now() + Duration::from_secs(30);
        let invocation = Invocation { clock: Clock::system(), end, request_id: "r" };
        let mut lines = Vec::new();
        let report = &mut |log: &RequestLog, time: Duration| lines.push((log.outcome, time.as_secs()));
        consume(&batch, &Script::default(), invocation, report).await;
        let consumed = |seconds| (Some("consumed"), seconds);
        assert_eq!(lines, [consumed(0), consumed(0), consumed(29)], "the last message was not started");
    }

    #[test]
    fn a_finished_batch_leaves_the_queue() {
        let response = serde_json::to_string(&BatchResponse::default()).unwrap();
        assert_eq!(response, r#"{"batchItemFailures":[]}"#);
    }
}
