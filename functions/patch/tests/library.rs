//! patch of an agent that its caller keeps: the right version is changed, and nobody's work is lost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::sync::Arc;

use agent_library::{
    head::{Head, NewAgent},
    memory::{Fault, MemoryLibrary},
    ports::{AgentStore, Library},
    profile::Profile,
    version::{AgentText, NewVersion, Origin, Story},
};
use agent_offers::Offering;
use lifecycle::{
    durable::WithOperations,
    memory::{Call, MemoryPlatform},
    ports::OperationStore,
};
use patch::Patch;
use serde_json::{Value, json};
use shared::{
    account::{Account, Change, Edit, Op, Requirements, What},
    caller::Owner,
    invocation::Clock,
    port::Draft,
    timestamp::Timestamp,
};
use test_support::{Fixture, Script, Scripted, batch, raw, rest_with};

const RESPOND_ASYNC: (&str, &str) = ("Prefer", "respond-async");
const KEPT: &str = r#"{"id":"its-own","name":"Lead scorer","nodes":[]}"#;
const CHANGED: &str = r#"{"id":"its-own","name":"Renamed","nodes":[]}"#;

struct World {
    fixture: Fixture<WithOperations<Patch>>,
    platform: MemoryPlatform,
    library: Arc<MemoryLibrary>,
}

impl World {
    /// The caller keeps [`KEPT`] as `kept`, and the generator makes [`CHANGED`] of it.
    async fn new() -> Self {
        let (platform, library) = (MemoryPlatform::default(), Arc::<MemoryLibrary>::default());
        let store = Arc::<MemoryLibrary>::clone(&library) as Arc<dyn AgentStore>;
        let offering = Offering::new(Arc::<MemoryLibrary>::clone(&library));
        let change = Change {
            op: Op::Changed,
            what: What::Agent,
            id: None,
            name: None,
            path: Some("name".to_owned()),
            before: None,
            after: None,
        };
        let edit = Some(Edit { changes: vec![change], summary: "Renamed it.".to_owned() });
        let account = Box::new(Account { edit, ..Account::default() });
        let draft = Some(Script::Gives(Draft::Agent(raw(CHANGED), account)));
        let service = |upstream| {
            let work = Patch::new(upstream).with_library(Some(store), offering);
            WithOperations::new(work, Some(platform.platform())).into_service()
        };
        let fixture = Fixture::of_service(service, Scripted { draft, ..Scripted::default() });
        let world = Self { fixture, platform, library };
        world.keep("kept", KEPT).await;
        world
    }

    async fn keep(&self, id: &str, agent: &str) {
        let new = NewAgent { agent_id: id.to_owned(), first: version_of(agent), forked_from: None, request: None };
        self.library.create(&caller(), &new).await.unwrap();
    }

    async fn head(&self) -> Head {
        self.library.head(&caller(), "kept").await.unwrap().unwrap()
    }

    /// Status and body of a change of `kept`.
    async fn change(&self, more: Value, headers: &[(&str, &str)]) -> (u64, Value) {
        let mut body = json!({"agent_id": "kept", "changes": "Rename it"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.send(&rest_with("POST", "/patch", &body.to_string(), headers)).await
    }

    async fn send(&self, event: &Value) -> (u64, Value) {
        let answer = self.fixture.invoke(event).await.unwrap();
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    async fn work(&self) -> Value {
        let id = self.platform.store.ids().pop().unwrap();
        self.fixture.invoke(&batch(&[&json!({"operation_id": id}).to_string()])).await.unwrap()
    }

    /// Another worker may claim the only operation.
    async fn let_lease_lapse(&self) {
        let store = &self.platform.store;
        let record = store.record(&store.ids()[0]).unwrap();
        assert!(store.release(&record.operation_id, record.fence(), Clock::system().now()).await.unwrap());
    }

    /// How the only operation ended.
    fn outcome(&self) -> Value {
        let id = self.platform.store.ids().pop().unwrap();
        serde_json::from_str(self.platform.store.outcome(&id).unwrap().body().unwrap()).unwrap()
    }
}

fn caller() -> Owner {
    Owner("key-1".to_owned())
}

fn version_of(agent: &str) -> NewVersion {
    let profile = Profile::new(&raw(agent), &Requirements::default());
    let (text, story) = (AgentText::new(agent.to_owned()), Story::new(Origin::Created));
    NewVersion { agent: text, profile, story, work: None, at: Timestamp(1.0) }
}

fn rival() -> NewVersion {
    version_of(r#"{"name":"Somebody else's","nodes":[]}"#)
}

#[tokio::test]
async fn an_agent_is_changed_by_its_id_and_stays_as_it_is_until_somebody_saves() {
    let world = World::new().await;
    let (status, answer) = world.change(json!({}), &[]).await;
    let head = world.head().await;
    assert_eq!((status, &answer["saved"], head.version), (200, &json!(false), 1));
    let told = (&answer["agent_id"], &answer["version"], &answer["etag"], &answer["error_type"]);
    assert_eq!(told, (&json!("kept"), &json!(1), &json!(head.etag()), &Value::Null));
    assert_eq!(world.fixture.generator.asked(), [json!(["patch", "Rename it", KEPT, null])]);
}

#[tokio::test]
async fn a_saved_change_is_a_version_whose_history_says_how_it_came_about() {
    let world = World::new().await;
    let (status, answer) = world.change(json!({"save": true}), &[]).await;
    let head = world.head().await;
    assert_eq!((status, &answer["saved"], &answer["version"], head.version), (200, &json!(true), &json!(2), 2));
    assert_eq!(answer["etag"], head.etag());
    assert_eq!(world.library.text(&caller(), "kept", &head.body).await.unwrap().unwrap(), CHANGED);
    let story = world.library.version(&caller(), "kept", 2).await.unwrap().unwrap().story;
    assert_eq!(
        (story.origin, story.wish.as_deref(), story.summary.as_deref()),
        (Origin::Patched, Some("Rename it"), Some("Renamed it."))
    );
    assert!(story.changes.get().contains("\"path\":\"name\""), "{}", story.changes);
}

#[tokio::test]
async fn an_older_version_can_be_changed_but_not_saved_over_a_newer_one() {
    let world = World::new().await;
    world.library.save(&caller(), &world.head().await, &rival()).await.unwrap();
    let (status, _) = world.change(json!({"version": 1}), &[]).await;
    assert_eq!((status, &world.fixture.generator.asked()[0][2]), (200, &json!(KEPT)));
    let first = agent_library::head::etag(1, &version_of(KEPT).agent.digest);
    for (more, headers) in [
        (json!({"version": 1, "save": true}), &[][..]),
        (json!({"save": true}), &[("If-Match", &*first)]),
        (json!({"save": true, "if_match": first}), &[]),
        (json!({"save": true}), &[("If-Match", "\"2-other\""), ("Prefer", "respond-async")]),
    ] {
        let (status, mut answer) = world.change(more.clone(), headers).await;
        if status == 202 {
            world.work().await;
            answer = world.outcome();
        }
        assert_eq!(answer["error_type"], "version_conflict", "{more} {headers:?} {status}");
    }
    assert_eq!(world.fixture.generator.asked().len(), 1, "what is known to be lost is not begun");
    let newest = world.head().await.etag();
    for (more, headers) in
        [(json!({"save": true}), [("If-Match", &*newest)]), (json!({"save": true}), [("If-Match", "*")])]
    {
        let (status, answer) = world.change(more, &headers).await;
        assert_eq!((status, &answer["saved"]), (200, &json!(true)), "{headers:?}");
    }
}

#[tokio::test]
async fn a_change_that_somebody_else_was_faster_than_is_kept_in_the_answer() {
    for headers in [&[][..], &[RESPOND_ASYNC]] {
        let world = World::new().await;
        world.library.interfere(rival());
        let (status, mut answer) = world.change(json!({"save": true}), headers).await;
        if status == 202 {
            assert_eq!(world.work().await, json!({"batchItemFailures": []}));
            answer = world.outcome();
        }
        assert_eq!((&answer["saved"], &answer["error_type"]), (&json!(false), &json!("version_conflict")), "{answer}");
        assert_eq!((&answer["version"], &answer["agent_json"]["name"]), (&Value::Null, &json!("Renamed")));
        assert!(answer["message"].as_str().unwrap().contains("its newest version is 2"), "{answer}");
        assert_eq!(world.head().await.profile.name, "Somebody else's");
    }
}

#[tokio::test]
async fn nobody_changes_what_is_not_theirs_or_is_not_there() {
    let world = World::new().await;
    let body = json!({"agent_id": "kept", "changes": "c", "save": true, "owner": "key-1"}).to_string();
    let mut stranger = rest_with("POST", "/patch", &body, &[]);
    stranger["requestContext"]["identity"] = json!({"apiKeyId": "key-2"});
    for (status, answer) in [
        world.send(&stranger).await,
        world.change(json!({"agent_id": "none"}), &[]).await,
        world.change(json!({"agent_id": "../kept"}), &[]).await,
        world.change(json!({"version": 7}), &[]).await,
        {
            world.keep("deleted", KEPT).await;
            world.library.delete(&caller(), "deleted", Timestamp(2.0)).await.unwrap();
            world.change(json!({"agent_id": "deleted", "save": true}), &[]).await
        },
    ] {
        assert_eq!((status, &answer["error_type"]), (404, &json!("agent_not_found")), "{answer}");
    }
    stranger["requestContext"]["identity"] = json!({});
    assert_eq!(world.send(&stranger).await.0, 400);
    // A worker looks again: what waits on a queue names its owner.
    let job = json!({"agent_id": "kept", "changes": "c", "operation_id": "op", "task_id": "t", "owner": "key-2"});
    world.fixture.invoke(&batch(&[&job.to_string()])).await.unwrap();
    assert_eq!(world.outcome()["error_type"], "agent_not_found");
    assert!(world.fixture.generator.asked().is_empty());
}

#[tokio::test]
async fn a_request_that_cannot_be_meant_says_what_to_send() {
    let world = World::new().await;
    let sent = |more: Value| {
        let mut body = json!({"current_agent_json": {}, "changes": "c"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rest_with("POST", "/patch", &body.to_string(), &[])
    };
    for (event, message) in [
        (sent(json!({"agent_id": "kept"})), "Send either agent_id or current_agent_json, not both."),
        (
            sent(json!({"save": true})),
            "Say by agent_id which of your agents is to be changed, or leave out save and version.",
        ),
        (sent(json!({"version": "1"})), "The field version must be a number, not a string."),
        (sent(json!({"version": 0})), "The field version must be a whole number from 1 on."),
        (sent(json!({"version": 1.5})), "The field version must be a whole number from 1 on."),
    ] {
        let (status, answer) = world.send(&event).await;
        assert_eq!((status, &answer["message"]), (400, &json!(message)));
    }
}

#[tokio::test]
async fn a_worker_changes_an_agent_once_however_often_its_message_comes() {
    let world = World::new().await;
    assert_eq!(world.change(json!({"save": true}), &[RESPOND_ASYNC]).await.0, 202);
    for _ in 0..2 {
        assert_eq!(world.work().await, json!({"batchItemFailures": []}));
    }
    assert_eq!((world.head().await.version, world.fixture.generator.asked().len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_dies_after_it_has_saved_leaves_one_version_and_its_successor_answers_with_that() {
    let world = World::new().await;
    world.change(json!({"save": true}), &[RESPOND_ASYNC]).await;
    world.platform.store.refuse(Call::Finish, 1_000);
    world.work().await;
    assert_eq!(world.head().await.version, 2, "saved, but nobody knows");
    // Somebody else goes on from there.
    world.library.save(&caller(), &world.head().await, &rival()).await.unwrap();
    world.platform.store.recover();
    world.let_lease_lapse().await;
    assert_eq!(world.work().await, json!({"batchItemFailures": []}));
    let outcome = world.outcome();
    assert_eq!(
        (&outcome["saved"], &outcome["version"], &outcome["agent_json"]["name"]),
        (&json!(true), &json!(2), &json!("Renamed"))
    );
    assert!(outcome["changes"].is_array(), "{outcome}");
    assert_eq!((world.head().await.version, world.fixture.generator.asked().len()), (3, 1));
}

#[tokio::test]
async fn of_two_workers_at_one_job_the_first_to_save_decides_the_answer_of_both() {
    let world = World::new().await;
    world.change(json!({"save": true}), &[RESPOND_ASYNC]).await;
    let record = world.platform.store.record(&world.platform.store.ids()[0]).unwrap();
    let work = Some(format!("{}.{}", record.operation_id, record.creation));
    // The other one was thought dead, and saves while this one asks the generator.
    world.library.interfere(NewVersion { work, ..rival() });
    assert_eq!(world.work().await, json!({"batchItemFailures": []}));
    let (head, outcome) = (world.head().await, world.outcome());
    let answered = (&outcome["agent_json"]["name"], &outcome["saved"], &outcome["version"], &outcome["etag"]);
    assert_eq!(answered, (&json!("Somebody else's"), &json!(true), &json!(2), &json!(head.etag())));
    assert!(outcome["changes"].is_array(), "{outcome}");
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_the_library_costs_nobody_the_change_that_was_made() {
    let world = World::new().await;
    // Read: head and text. Then nothing is found to offer, and nothing saved.
    world.library.plan_after(2, Fault::Refused, 1_000);
    let (status, answer) = world.change(json!({"save": true}), &[]).await;
    assert_eq!(
        (status, &answer["saved"], &answer["error_type"]),
        (200, &json!(false), &json!("service_unavailable")),
        "{answer}"
    );
    assert_eq!(answer["agent_json"]["name"], "Renamed");
}

#[tokio::test]
async fn a_change_that_changes_nothing_makes_no_version() {
    let world = World::new().await;
    world.keep("same", CHANGED).await;
    let (_, answer) = world.change(json!({"agent_id": "same", "save": true}), &[]).await;
    assert_eq!((&answer["saved"], &answer["version"]), (&json!(true), &json!(1)));
}

#[tokio::test]
async fn neither_the_agent_nor_what_runs_it_is_offered_to_it_not_even_through_others() {
    let world = World::new().await;
    let running =
        |name: &str, id: &str| json!({"name": name, "nodes": [{"input_default": {"graph_id": id}}]}).to_string();
    world.keep("direct", &running("Runs it", "kept")).await;
    world.keep("through", &running("Runs what runs it", "direct")).await;
    world.keep("far", &running("Runs what runs what runs it", "through")).await;
    world.keep("free", &running("Runs another", "elsewhere")).await;
    // In a circle of their own.
    world.keep("ring", &running("Runs itself", "ring")).await;
    world.change(json!({}), &[]).await;
    let offered = world.fixture.generator.asked()[0][3].clone();
    let mut ids: Vec<&str> =
        offered.as_array().unwrap().iter().map(|agent| agent["graph_id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["free", "ring"]);
    // Any other agent may run them.
    world.change(json!({"agent_id": "free"}), &[]).await;
    assert_eq!(world.fixture.generator.asked()[1][3].as_array().unwrap().len(), 5);
}
