//! The function, with two operations of two owners.

use std::{sync::Arc, time::Duration};

use lambda::Service;
use lifecycle::{
    complete::Completions,
    memory::{MemoryPlatform, MemoryQueue, new_operation},
    ports::{Claim, JobQueue, OperationStore},
    progress::{Entry, ProgressLog, Told},
    record::{By, Outcome, Tool},
    sweep::Sweeper,
};
use operations::{InternalKey, Operations};
use secrecy::SecretString;
use serde_json::Value;
use shared::{invocation::Clock, progress::Step};
use test_support::{Fixture, Scripted, rest, rest_with};

pub(crate) const KEY: &str = "hunter2-the-internal-key";

pub(crate) struct World {
    pub(crate) fixture: Fixture<Operations>,
    pub(crate) platform: MemoryPlatform,
}

impl World {
    /// Ends the operation `op`, and tells nobody.
    pub(crate) async fn end(&self) {
        let by = By::Anyone(self.platform.store.record("op").unwrap().creation);
        let outcome = Outcome::Completed(r#"{"agent":1}"#.to_owned());
        let now = Clock::system().now();
        self.platform.store.finish("op", by, &outcome, now).await.unwrap();
    }

    /// Has the operation `op` of the API key `key-1`, and `other` of `key-2`.
    pub(crate) async fn new(key: Option<&str>) -> Self {
        let platform = MemoryPlatform::default();
        let (ending, visibility) = (platform.platform().ending, platform.platform().visibility);
        let key = InternalKey(
            key.map(|key| -> Arc<dyn http_client::secret::SecretSource> { Arc::new(SecretString::from(key)) }),
        );
        let jobs: Arc<dyn JobQueue> = Arc::<MemoryQueue>::clone(&platform.jobs);
        let progress = platform.platform().log;
        let sweeper = Sweeper { ending: ending.clone(), jobs: vec![(Tool::GenerateAgent, jobs)] };
        let completions = Completions { ending, visibility, settings: platform.platform().settings, saver: None };
        let fixture = Fixture::of_service(
            |_| Service::new(Operations { completions, key, sweeper, progress }).with_requests().with_queue(),
            Scripted::default(),
        );
        for (operation_id, owner) in [("op", "key-1"), ("other", "key-2")] {
            platform.store.create(&new_operation(operation_id, owner, Clock::system().now())).await.unwrap();
        }
        Self { fixture, platform }
    }

    pub(crate) async fn send(&self, event: &Value) -> (u64, Value, Value) {
        let answer = self.fixture.invoke(event).await.unwrap();
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body, answer["headers"].clone())
    }

    pub(crate) async fn get(&self, path: &str) -> (u64, Value, Value) {
        self.send(&rest("GET", path, "")).await
    }

    pub(crate) async fn complete(&self, path: &str, key: &[(&str, &str)], body: &Value) -> (u64, Value) {
        let (status, body, _) = self.send(&rest_with("POST", path, &body.to_string(), key)).await;
        (status, body)
    }
}

/// Claims the operation `op` and tells of a step.
pub(crate) async fn work_on_it(world: &World) {
    let store = &world.platform.store;
    let now = Clock::system().now();
    let claim = store.claim("op", now, now.after(Duration::from_secs(90))).await.unwrap();
    let Claim::Taken { record, .. } = claim else { panic!("not taken") };
    let told = Told::Step { name: Step::Planning, detail: Some("5 steps".to_owned()) };
    let entries = [Entry { seq: 2, at: now.rfc3339(), attempt: 1, told }];
    store.append(&record, &entries, now).await.unwrap().unwrap();
}
