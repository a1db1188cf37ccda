//! A table, a bucket, queues and a bus in the local cloud.

use std::sync::Arc;

use lifecycle::ports::CompletionEvent;
use lifecycle_aws::{EventBus, Log, Queue};
use serde_json::Value;

use super::world::Platform;
use crate::on_aws::{PROGRESS, clients, queue, store, subscribed_bus};

pub(crate) struct Cloud {
    pub(crate) platform: Arc<Platform>,
    sqs: aws_sdk_sqs::Client,
    jobs: String,
    callbacks: String,
    told: String,
}

impl Cloud {
    /// `None` without a local cloud.
    pub(crate) async fn open() -> Option<Self> {
        let (store, clients) = (store().await?, clients()?);
        let ((sqs, jobs), (_, callbacks)) = (queue(&clients).await, queue(&clients).await);
        let (bus, told) = subscribed_bus(&clients).await;
        let platform = Platform {
            log: Arc::new(Log::new(&store, Some(PROGRESS))),
            store: Arc::new(store),
            jobs: Arc::new(Queue::jobs(&clients, &jobs)),
            callbacks: Arc::new(Queue::callbacks(&clients, &callbacks)),
            events: Arc::new(EventBus::new(&clients, &bus)),
        };
        Some(Self { platform: Arc::new(platform), sqs, jobs, callbacks, told })
    }

    /// The ids of all jobs that were ever enqueued.
    pub(crate) async fn jobs(&self) -> Vec<String> {
        self.all(&self.jobs).await.iter().map(|message| text(&message["operation_id"])).collect()
    }

    pub(crate) async fn callbacks(&self) -> Vec<String> {
        self.all(&self.callbacks).await.iter().map(|message| text(&message["operation_id"])).collect()
    }

    pub(crate) async fn events(&self) -> Vec<CompletionEvent> {
        let events = self.all(&self.told).await.into_iter();
        events.map(|event| serde_json::from_value(event["detail"].clone()).unwrap()).collect()
    }

    /// Every message of a queue.
    async fn all(&self, url: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let receive = self.sqs.receive_message().queue_url(url).max_number_of_messages(10).wait_time_seconds(1);
            let messages = receive.visibility_timeout(3_600).send().await.unwrap().messages.unwrap_or_default();
            if messages.is_empty() {
                return all;
            }
            all.extend(messages.iter().map(|message| serde_json::from_str(message.body().unwrap()).unwrap()));
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
