//! A batch, message by message: what one of them does costs no other its turn.

use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use serde::Serialize;
use shared::{invocation::Invocation, request_log::RequestLog};
use tokio::time::{Instant, timeout_at};

use super::batch::{Batch, Message, Record};

/// Who takes the messages of a queue.
pub trait Consumer: Send + Sync {
    /// With less time than this a message is not begun.
    const MINIMUM: Duration;

    /// Takes one message, by the invocation's end at the latest. What becomes known of it goes to `log` at once.
    fn consume<'a>(
        &'a self,
        message: &'a Message,
        invocation: Invocation<'a>,
        log: &'a mut RequestLog,
    ) -> impl Future<Output = Handled> + Send + 'a;

    /// Lets a message that was not taken come back soon, instead of after the queue's whole visibility time-out.
    fn put_back<'a>(&'a self, message: &'a Message) -> impl Future<Output = ()> + Send + 'a;
}

/// Who is told of each message that something became of, and how long it took.
pub type Report<'a> = dyn FnMut(&RequestLog, Duration) + Send + 'a;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// Nothing is left to do: it leaves the queue.
    Done,
    /// It comes again, until its queue has had enough of it.
    Again,
}

/// What Lambda is told of a batch: the messages that stay on the queue.
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
    /// An empty identifier, for a record without an id, makes Lambda keep the whole batch. Messages that were done are
    /// found done when they come again.
    fn new(record: &Record) -> Self {
        Self { item_identifier: record.id.clone().unwrap_or_default() }
    }
}

impl BatchResponse {
    /// Every message of `batch` stays.
    #[must_use]
    pub fn all_again(batch: &Batch) -> Self {
        let batch_item_failures = batch.records.iter().map(ItemFailure::new).collect();
        Self { batch_item_failures }
    }

    /// The names of the messages that stay.
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        self.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str())
    }
}

/// Hands the messages of `batch` to `consumer`, one after the other. One that panics, is no message, or is not taken
/// before the time is up, stays on the queue. Each that something became of is reported.
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
                let handled = one(message, consumer, invocation, &mut log).await;
                if log.outcome.is_some() {
                    report(&log, start.elapsed());
                }
                handled
            }
            None => {
                tracing::error!(message_id = record.id, "a record of the batch is no message");
                Handled::Again
            }
        };
        if handled == Handled::Again {
            response.batch_item_failures.push(ItemFailure::new(record));
        }
    }
    response
}

async fn one<C: Consumer>(
    message: &Message,
    consumer: &C,
    invocation: Invocation<'_>,
    log: &mut RequestLog,
) -> Handled {
    let has_time = Instant::now().checked_add(C::MINIMUM).is_some_and(|needed| needed <= invocation.end);
    if !has_time {
        tracing::warn!(message_id = message.id, "no time is left for this message");
        put_back(message, consumer).await;
        return Handled::Again;
    }
    // What the consumer holds beyond one message is behind ports, whose every call is whole.
    let taken = AssertUnwindSafe(timeout_at(invocation.end, consumer.consume(message, invocation, log)));
    match taken.catch_unwind().await {
        Ok(Ok(handled)) => handled,
        Ok(Err(_)) => {
            tracing::error!(message_id = message.id, "the time was up before this message was done");
            Handled::Again
        }
        Err(_) => {
            tracing::error!(message_id = message.id, "a fault in the function");
            put_back(message, consumer).await;
            Handled::Again
        }
    }
}

/// What is put back is kept by the queue in any case: whatever happens here, it comes again.
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
        taken: Mutex<Vec<String>>,
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
            log.note_outcome("taken");
            self.taken.lock().unwrap().push(message.id.clone());
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

    async fn batch_of(bodies: &[&str], time: Duration, script: &Script) -> Vec<String> {
        let records: Vec<_> = bodies
            .iter()
            .enumerate()
            .map(|(at, body)| serde_json::json!({"messageId": at.to_string(), "body": body, "eventSource": "aws:sqs"}))
            .collect();
        let event = serde_json::json!({ "Records": records }).to_string();
        let batch = Batch::of(&Object::parse(&event).unwrap()).unwrap();
        let clock = Clock::at(Timestamp(0.0));
        let invocation = Invocation { clock, end: Instant::now() + time, request_id: "r" };
        consume(&batch, script, invocation, &mut |_, _| ()).await.failures().map(str::to_owned).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_panics_or_fails_costs_no_other_its_turn() {
        let script = Script::default();
        let failed = batch_of(&["", "panic", "again", ""], Duration::from_secs(30), &script).await;
        assert_eq!(failed, ["1", "2"]);
        assert_eq!(*script.taken.lock().unwrap(), ["0", "1", "2", "3"]);
        assert_eq!(*script.put_back.lock().unwrap(), ["1"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_would_not_be_done_in_time_is_left_to_another_worker() {
        let script = Script::default();
        assert_eq!(batch_of(&["slow", "", ""], Duration::from_secs(30), &script).await, ["1", "2"]);
        assert_eq!(*script.put_back.lock().unwrap(), ["1", "2"]);
        assert_eq!(batch_of(&["", ""], Duration::ZERO, &script).await, ["0", "1"]);
        assert_eq!(*script.taken.lock().unwrap(), ["0"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_never_ends_does_not_take_the_answer_for_the_others_with_it() {
        let script = Script::default();
        assert_eq!(batch_of(&["", "endless", ""], Duration::from_secs(30), &script).await, ["1", "2"]);
    }

    #[tokio::test]
    async fn a_record_without_a_name_makes_lambda_keep_the_batch_instead_of_losing_it() {
        let script = Script::default();
        let event = r#"{"Records":[{"eventSource":"aws:sqs","messageId":"m","body":""},{"body":"again"},7]}"#;
        let batch = Batch::of(&Object::parse(event).unwrap()).unwrap();
        let end = Instant::now() + Duration::from_secs(30);
        let invocation = Invocation { clock: Clock::system(), end, request_id: "r" };
        let response = consume(&batch, &script, invocation, &mut |_, _| ()).await;
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"batchItemFailures":[{"itemIdentifier":""},{"itemIdentifier":""}]}"#
        );
        assert_eq!(*script.taken.lock().unwrap(), ["m", ""]);
    }

    #[tokio::test(start_paused = true)]
    async fn every_message_that_something_became_of_is_in_the_log_even_where_it_panicked() {
        let event =
            r#"{"Records":[{"eventSource":"aws:sqs","body":"panic"},7,{"body":""},{"body":"slow"},{"body":"late"}]}"#;
        let batch = Batch::of(&Object::parse(event).unwrap()).unwrap();
        let end = Instant::now() + Duration::from_secs(30);
        let invocation = Invocation { clock: Clock::system(), end, request_id: "r" };
        let mut lines = Vec::new();
        let report = &mut |log: &RequestLog, time: Duration| lines.push((log.outcome, time.as_secs()));
        consume(&batch, &Script::default(), invocation, report).await;
        let taken = |seconds| (Some("taken"), seconds);
        assert_eq!(lines, [taken(0), taken(0), taken(29)], "nothing became of the last");
    }

    #[test]
    fn a_batch_that_is_done_leaves_the_queue() {
        let response = serde_json::to_string(&BatchResponse::default()).unwrap();
        assert_eq!(response, r#"{"batchItemFailures":[]}"#);
    }
}
