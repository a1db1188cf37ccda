//! `generate`, `patch` and `operations` over one platform and one library, and a generator that takes every job over.

use std::sync::Arc;

use agent_library::{
    head::{Head, NewAgent},
    memory::MemoryLibrary,
    ports::{AgentStore, Library},
    profile::Profile,
    search::Search,
    version::{AgentText, NewVersion, Origin, Story},
};
use agent_offers::Offering;
use generate::Generate;
use lambda::Service;
use lifecycle::{
    complete::Completions,
    durable::{Platform, WithOperations},
    memory::MemoryPlatform,
    save::ResultSaver,
    sweep::Sweeper,
};
use operations::{InternalKey, Operations, Saving};
use patch::Patch;
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::{account::Requirements, caller::Owner, port::Decomposition, timestamp::Timestamp};
use test_support::{Fixture, Script, Scripted, batch, raw, rest, rest_with};

const KEY: &str = "hunter2-the-internal-key";
pub(crate) const KEPT: &str = r#"{"id":"its-own","name":"Lead scorer","nodes":[]}"#;

pub(crate) struct World {
    generate: Fixture<WithOperations<Generate>>,
    patch: Fixture<WithOperations<Patch>>,
    operations: Fixture<Operations>,
    pub(crate) platform: MemoryPlatform,
    pub(crate) library: Arc<MemoryLibrary>,
}

impl World {
    /// The caller keeps [`KEPT`] as `kept`.
    pub(crate) async fn new() -> Self {
        let (memory, library) = (MemoryPlatform::default(), Arc::<MemoryLibrary>::default());
        let store = Arc::<MemoryLibrary>::clone(&library) as Arc<dyn AgentStore>;
        let kept = (Some(Arc::clone(&store)), Offering::default());
        let generate = Fixture::of_service(
            |upstream| {
                let work = Generate::new(upstream).with_library(kept.0.clone(), kept.1.clone());
                WithOperations::new(work, Some(memory.platform())).into_service()
            },
            takes_over(),
        );
        let patch = Fixture::of_service(
            |upstream| {
                let work = Patch::new(upstream).with_library(kept.0, kept.1);
                WithOperations::new(work, Some(memory.platform())).into_service()
            },
            takes_over(),
        );
        let Platform { ending, visibility, settings, log: progress, .. } = memory.platform();
        let saver = Some(Arc::new(Saving { library: store }) as Arc<dyn ResultSaver>);
        let sweeper = Sweeper { ending: ending.clone(), jobs: Vec::new() };
        let completions = Completions { ending, visibility, settings, saver };
        let key = InternalKey(Some(Arc::new(SecretString::from(KEY))));
        let operations = Fixture::of_service(
            |_| Service::new(Operations { completions, key, sweeper, progress }).with_requests().with_queue(),
            Scripted::default(),
        );
        let new =
            NewAgent { agent_id: "kept".to_owned(), first: version_of(KEPT, 1.0), forked_from: None, request: None };
        library.create(&caller(), &new).await.unwrap();
        Self { generate, patch, operations, platform: memory, library }
    }

    /// Begins an operation; its id.
    async fn begin(&self, path: &str, body: &Value) -> String {
        let event = rest_with("POST", path, &body.to_string(), &[("Prefer", "respond-async")]);
        let answer = match path {
            "/generate" => self.generate.invoke(&event).await.unwrap(),
            _ => self.patch.invoke(&event).await.unwrap(),
        };
        assert_eq!(answer["statusCode"], 202, "{answer}");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        body["operation_id"].as_str().unwrap().to_owned()
    }

    /// Begins an agent that the generator has not taken over yet.
    pub(crate) async fn wish(&self, more: Value) -> String {
        self.begin("/generate", &with(json!({"description": "Score my leads"}), more)).await
    }

    /// Begins a change of `kept` that the generator has not taken over yet.
    pub(crate) async fn wish_change(&self, more: Value) -> String {
        self.begin("/patch", &with(json!({"agent_id": "kept", "changes": "Rename it"}), more)).await
    }

    /// Has a worker give the job to the generator, which takes it over.
    pub(crate) async fn take_over(&self, operation_id: &str) {
        let message = batch(&[&json!({"operation_id": operation_id}).to_string()]);
        let answer = match self.platform.store.record(operation_id).unwrap().tool.name() {
            "generate_agent" => self.generate.invoke(&message).await.unwrap(),
            _ => self.patch.invoke(&message).await.unwrap(),
        };
        assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), 1, "the message waits for the end: {answer}");
        assert!(self.platform.store.record(operation_id).unwrap().handed_over);
    }

    /// An agent that is to be saved and that the generator has taken over; its operation.
    pub(crate) async fn taken_over(&self) -> String {
        let id = self.wish(json!({"save": true})).await;
        self.take_over(&id).await;
        id
    }

    /// A change of `kept` that is to be saved and that the generator has taken over; its operation.
    pub(crate) async fn change_taken_over(&self) -> String {
        let id = self.wish_change(json!({"save": true})).await;
        self.take_over(&id).await;
        id
    }

    /// The status of the answer to a completion.
    pub(crate) async fn complete(&self, operation_id: &str, result: &Value) -> u64 {
        let body = json!({"success": true, "result": result}).to_string();
        let event = rest_with("POST", &format!("/operations/{operation_id}/complete"), &body, &[("x-api-key", KEY)]);
        self.operations.invoke(&event).await.unwrap()["statusCode"].as_u64().unwrap()
    }

    /// Whether a completion stays on its queue.
    pub(crate) async fn complete_by_queue(&self, operation_id: &str, result: &Value) -> bool {
        let body = json!({"operation_id": operation_id, "success": true, "result": result}).to_string();
        let answer = self.operations.invoke(&batch(&[&body])).await.unwrap();
        !answer["batchItemFailures"].as_array().unwrap().is_empty()
    }

    /// The operation as its owner sees it.
    pub(crate) async fn operation(&self, operation_id: &str) -> Value {
        let answer = self.operations.invoke(&rest("GET", &format!("/operations/{operation_id}"), "")).await.unwrap();
        serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
    }

    /// The result of a completed operation as its owner sees it.
    pub(crate) async fn result(&self, operation_id: &str) -> Value {
        let operation = self.operation(operation_id).await;
        assert_eq!(operation["status"], "completed", "{operation}");
        operation["result"].clone()
    }

    pub(crate) async fn cancel(&self, operation_id: &str) {
        let event = rest("POST", &format!("/operations/{operation_id}/cancel"), "");
        assert_eq!(self.operations.invoke(&event).await.unwrap()["statusCode"], 200);
    }

    /// The caller's agents but `kept`.
    pub(crate) async fn new_agents(&self) -> Vec<Head> {
        let mut page = self.library.heads(&caller(), &Search::new("", 100, None)).await.unwrap();
        page.items.retain(|head| head.agent_id != "kept");
        page.items
    }

    pub(crate) async fn kept(&self) -> Head {
        self.library.head(&caller(), "kept").await.unwrap().unwrap()
    }

    /// Somebody saves a version of `kept`, at this time.
    pub(crate) async fn rival(&self, at: Timestamp) {
        let rival = version_of(r#"{"name":"Somebody else's","nodes":[]}"#, at.0);
        self.library.save(&caller(), &self.kept().await, &rival).await.unwrap();
    }
}

/// Its decomposition leaves out the fax.
fn takes_over() -> Scripted {
    let account = serde_json::from_value(json!([{"text": "fax it", "reason": "no_block", "message": "No fax."}]));
    let account = Box::new(shared::account::Account { left_out: account.unwrap(), ..Default::default() });
    let decomposition = Some(Script::Gives(Decomposition::Instructions { steps: raw("[]"), account }));
    Scripted { decomposition, takes_over: true, ..Scripted::default() }
}

fn with(mut body: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("not an object") };
    body.as_object_mut().unwrap().extend(more);
    body
}

pub(crate) fn caller() -> Owner {
    Owner("key-1".to_owned())
}

fn version_of(agent: &str, at: f64) -> NewVersion {
    let profile = Profile::new(&raw(agent), &Requirements::default());
    let (text, story) = (AgentText::new(agent.to_owned()), Story::new(Origin::Created));
    NewVersion { agent: text, profile, story, work: None, at: Timestamp(at) }
}
