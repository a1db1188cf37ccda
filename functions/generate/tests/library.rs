//! generate with the caller's library: what is to be saved is saved once, and the caller's own agents are offered.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "in a test a panic is the report")]

use std::sync::Arc;

use agent_library::{
    cursor::Page,
    head::{Head, NewAgent},
    memory::{Fault, MemoryLibrary},
    ports::{AgentStore, Created, Library},
    profile::Profile,
    search::Search,
    version::{AgentText, NewVersion, Origin, Story, Version},
};
use agent_offers::Offering;
use generate::Generate;
use lifecycle::{
    durable::WithOperations,
    memory::{Call, MemoryPlatform},
    ports::OperationStore,
};
use serde_json::{Value, json};
use shared::{
    account::Requirements, caller::Owner, error_type::ErrorType, failure::Failure, invocation::Clock, port::Draft,
    timestamp::Timestamp,
};
use test_support::{Fixture, Script, Scripted, batch, raw, rest_with};

const RESPOND_ASYNC: (&str, &str) = ("Prefer", "respond-async");

struct World {
    fixture: Fixture<WithOperations<Generate>>,
    platform: MemoryPlatform,
    library: Arc<MemoryLibrary>,
}

impl World {
    fn new() -> Self {
        Self::with(Scripted { draft: Some(Script::Gives(draft())), ..Scripted::default() }, true)
    }

    fn with(generator: Scripted, has_library: bool) -> Self {
        let (platform, library) = (MemoryPlatform::default(), Arc::<MemoryLibrary>::default());
        let store = has_library.then(|| Arc::<MemoryLibrary>::clone(&library) as Arc<dyn AgentStore>);
        let offering = Offering::new(Arc::<MemoryLibrary>::clone(&library));
        let service = |upstream| {
            let work = Generate::new(upstream).with_library(store, offering);
            WithOperations::new(work, Some(platform.platform())).into_service()
        };
        Self { fixture: Fixture::of_service(service, generator), platform, library }
    }

    /// Status and body.
    async fn post(&self, body: &Value, headers: &[(&str, &str)]) -> (u64, Value) {
        self.send(rest_with("POST", "/generate", &body.to_string(), headers)).await
    }

    async fn send(&self, event: Value) -> (u64, Value) {
        let answer = self.fixture.invoke(&event).await.unwrap();
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    /// Has a worker do the only operation.
    async fn work(&self) -> Value {
        let message = json!({"operation_id": self.only_id()}).to_string();
        self.fixture.invoke(&batch(&[&message])).await.unwrap()
    }

    fn only_id(&self) -> String {
        let ids = self.platform.store.ids();
        assert_eq!(ids.len(), 1, "{ids:?}");
        ids[0].clone()
    }

    /// The result of the only operation.
    fn result(&self) -> Value {
        serde_json::from_str(self.platform.store.outcome(&self.only_id()).unwrap().body().unwrap()).unwrap()
    }

    /// Another worker may claim the only operation.
    async fn let_lease_lapse(&self) {
        let store = &self.platform.store;
        let record = store.record(&store.ids()[0]).unwrap();
        assert!(store.release(&record.operation_id, record.fence(), Clock::system().now()).await.unwrap());
    }

    async fn heads(&self) -> Vec<Head> {
        let Page { items, .. } = self.library.heads(&caller(), &Search::new("", 100, None)).await.unwrap();
        items
    }

    /// Keeps an agent of the caller's.
    async fn keep(&self, id: &str, name: &str) {
        let first = version_of(&json!({"name": name, "description": "Scores a lead", "nodes": []}));
        let new = NewAgent { agent_id: id.to_owned(), first, forked_from: None, request: None };
        assert!(matches!(self.library.create(&caller(), &new).await.unwrap(), Created::New(_)));
    }
}

fn caller() -> Owner {
    Owner("key-1".to_owned())
}

fn version_of(agent: &Value) -> NewVersion {
    let agent = raw(&agent.to_string());
    let profile = Profile::new(&agent, &Requirements::default());
    let (text, story) = (AgentText::new(agent.get().to_owned()), Story::new(Origin::Created));
    NewVersion { agent: text, profile, story, work: None, at: Timestamp(1.0) }
}

fn draft() -> Draft {
    Draft::Agent(raw(r#"{"id":"a","name":"News","version":1,"is_active":true,"nodes":[]}"#), Box::default())
}

fn goal() -> Value {
    json!({"instructions": {"steps": []}, "description": "Read me the news", "save": true})
}

async fn version(world: &World, id: &str) -> Version {
    world.library.version(&caller(), id, 1).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_agent_that_is_to_be_saved_is_kept_as_it_is_answered_with_the_persons_own_words() {
    let world = World::new();
    let (status, answer) = world.post(&goal(), &[]).await;
    assert_eq!(
        (status, &answer["saved"], &answer["version"], &answer["error_type"]),
        (200, &json!(true), &json!(1), &Value::Null)
    );
    let head = world.heads().await.pop().unwrap();
    assert_eq!((&answer["agent_id"], &answer["etag"]), (&json!(head.agent_id), &json!(head.etag())));
    let text = world.library.text(&caller(), &head.agent_id, &head.body).await.unwrap().unwrap();
    assert_eq!(text, answer["agent_json"].to_string());
    let story = version(&world, &head.agent_id).await.story;
    assert_eq!(
        (story.origin, story.wish.as_deref(), story.operation_id),
        (Origin::Generated, Some("Read me the news"), None)
    );
}

#[tokio::test]
async fn without_save_nothing_is_kept_and_nothing_is_told_of_it() {
    let world = World::new();
    for save in [Value::Null, json!(false)] {
        let mut request = goal();
        request["save"] = save;
        let (status, answer) = world.post(&request, &[]).await;
        assert_eq!((status, answer.get("saved"), world.heads().await.len()), (200, None, 0));
    }
    let (status, answer) = world.post(&json!({"instructions": {}, "save": "yes"}), &[]).await;
    assert_eq!((status, &answer["message"]), (400, &json!("The field save must be true or false, not a string.")));
}

#[tokio::test]
async fn who_cannot_keep_an_agent_learns_it_before_any_work() {
    let world = World::new();
    let mut nameless = rest_with("POST", "/generate", &goal().to_string(), &[]);
    nameless["requestContext"]["identity"] = json!({});
    let (status, answer) = world.send(nameless).await;
    assert_eq!((status, &answer["error_type"]), (400, &json!("invalid_request")));
    let without = World::with(Scripted::default(), false);
    for headers in [&[][..], &[RESPOND_ASYNC]] {
        let (status, answer) = without.post(&goal(), headers).await;
        assert_eq!((status, &answer["error_type"]), (503, &json!("service_not_configured")), "{answer}");
    }
    assert!(world.fixture.generator.asked().is_empty() && without.platform.store.ids().is_empty());
}

#[tokio::test]
async fn a_worker_saves_an_agent_once_however_often_its_message_comes() {
    let world = World::new();
    assert_eq!(world.post(&goal(), &[RESPOND_ASYNC]).await.0, 202);
    for _ in 0..2 {
        assert_eq!(world.work().await, json!({"batchItemFailures": []}));
    }
    let (head, result) = (world.heads().await, world.result());
    assert_eq!((head.len(), &result["agent_id"], &result["saved"]), (1, &json!(head[0].agent_id), &json!(true)));
    assert_eq!(version(&world, &head[0].agent_id).await.story.operation_id, Some(world.only_id()));
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_dies_after_it_has_saved_leaves_one_agent_and_its_successor_answers_with_that() {
    let left_out: shared::account::LeftOut =
        serde_json::from_value(json!({"text": "fax it", "reason": "no_block", "message": "Nothing does that."}))
            .unwrap();
    let account = Box::new(shared::account::Account { left_out: vec![left_out], ..Default::default() });
    let Draft::Agent(agent, _) = draft() else { panic!() };
    let draft = Some(Script::Gives(Draft::Agent(agent, account)));
    let world = World::with(Scripted { draft, ..Scripted::default() }, true);
    world.post(&goal(), &[RESPOND_ASYNC]).await;
    world.platform.store.refuse(Call::Finish, 1_000);
    assert_eq!(world.work().await["batchItemFailures"].as_array().unwrap().len(), 1);
    assert_eq!(world.heads().await.len(), 1, "saved, but nobody knows");
    world.platform.store.recover();
    world.let_lease_lapse().await;
    assert_eq!(world.work().await, json!({"batchItemFailures": []}));
    let (heads, result) = (world.heads().await, world.result());
    assert_eq!((heads.len(), &result["agent_id"], &result["version"]), (1, &json!(heads[0].agent_id), &json!(1)));
    assert_eq!(result["left_out"][0]["text"], "fax it");
    assert_eq!(world.fixture.generator.asked().len(), 1, "what is saved is not made again");
}

#[tokio::test]
async fn of_two_workers_at_one_job_the_first_to_save_decides_the_answer_of_both() {
    for failures in [0, 1] {
        let world = World::new();
        world.post(&goal(), &[RESPOND_ASYNC]).await;
        let record = world.platform.store.record(&world.only_id()).unwrap();
        let work = Some(format!("{}.{}", record.operation_id, record.creation));
        // The other one was thought dead, and saves while this one asks the generator.
        world.library.interfere(NewVersion { work, ..version_of(&json!({"name": "The first", "nodes": []})) });
        // This one looks for an earlier save and for offers, and saves. What it reads then may fail: the job comes again.
        world.library.plan_after(3, Fault::Refused, failures);
        assert_eq!(world.work().await["batchItemFailures"].as_array().unwrap().len(), failures);
        if failures > 0 {
            assert_eq!(world.work().await, json!({"batchItemFailures": []}));
        }
        let (heads, result) = (world.heads().await, world.result());
        let answered = (&result["agent_json"]["name"], &result["saved"], &result["etag"]);
        assert_eq!(answered, (&json!("The first"), &json!(true), &json!(heads[0].etag())), "{failures} failures");
        assert_eq!((heads.len(), world.fixture.generator.asked().len()), (1, 1), "{failures} failures");
    }
}

#[tokio::test]
async fn a_repeat_with_the_same_key_finds_the_agent_that_the_first_has_saved() {
    let world = World::new();
    let key = [("Idempotency-Key", "k")];
    let (first, again) = (world.post(&goal(), &key).await, world.post(&goal(), &key).await);
    assert_eq!((first.0, &first.1), (200, &again.1));
    assert_eq!(world.heads().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_library_that_is_down_costs_nobody_the_agent_that_was_made() {
    let world = World::new();
    world.library.plan(Fault::Refused, 1_000);
    let (status, answer) = world.post(&goal(), &[]).await;
    assert_eq!((status, &answer["saved"], &answer["error_type"]), (200, &json!(false), &json!("service_unavailable")));
    assert_eq!((&answer["agent_id"], &answer["agent_json"]["name"]), (&Value::Null, &json!("News")));
    let message = answer["message"].as_str().unwrap();
    assert!(message.ends_with("I could not save it. Failed to keep the agent. Please try again."), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_library_that_hangs_is_waited_for_in_vain_and_an_outage_before_it_is_named() {
    for (outages, class) in [(0, "timeout"), (2, "service_unavailable")] {
        let world = World::new();
        world.library.plan(Fault::Refused, outages);
        world.library.plan(Fault::Hangs, 1);
        let mut request = goal();
        request["library_agents"] = json!([]);
        let (status, answer) = world.post(&request, &[]).await;
        let named = (status, &answer["saved"], &answer["error_type"], &answer["agent_json"]["name"]);
        assert_eq!(named, (200, &json!(false), &json!(class), &json!("News")), "{outages} outages");
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_outage_of_the_library_delays_an_agent_and_does_not_double_it() {
    for fault in [Fault::Refused, Fault::AnswerLost] {
        let world = World::new();
        world.library.plan(fault, 2);
        let (_, answer) = world.post(&goal(), &[]).await;
        assert_eq!(
            (&answer["saved"], &answer["version"], world.heads().await.len()),
            (&json!(true), &json!(1), 1),
            "{fault:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_waits_for_the_library_before_it_asks_the_generator() {
    let world = World::new();
    world.post(&goal(), &[RESPOND_ASYNC]).await;
    // Looking for what an earlier attempt has saved.
    world.library.plan(Fault::Refused, 1);
    assert_eq!(world.work().await["batchItemFailures"].as_array().unwrap().len(), 1);
    assert!(world.fixture.generator.asked().is_empty());
    assert_eq!(world.work().await, json!({"batchItemFailures": []}));
    assert_eq!(world.result()["saved"], true);
}

#[tokio::test]
async fn a_result_that_is_not_an_agent_is_not_saved() {
    let failed = Failure::new(ErrorType::ValidationError, "no sink");
    let questions = Draft::ClarifyingQuestions(Vec::new());
    for (script, status) in [(Script::Fails(failed), 422), (Script::Gives(questions), 200)] {
        let world = World::with(Scripted { draft: Some(script), ..Scripted::default() }, true);
        assert_eq!(world.post(&goal(), &[]).await.0, status);
        assert!(world.heads().await.is_empty());
    }
}

#[tokio::test]
async fn the_callers_own_agents_are_offered_unless_the_request_says_which() {
    let world = World::new();
    world.keep("lead-1", "Lead scorer").await;
    let ask = async |more: Value| {
        let mut request = json!({"instructions": {"steps": ["score the lead"]}});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(world.post(&request, &[]).await.0, 200);
        world.fixture.generator.asked().pop().unwrap()[2].clone()
    };
    let offered = ask(json!({})).await;
    let entry = &offered[0];
    assert_eq!(
        (&entry["graph_id"], &entry["graph_version"], &entry["name"]),
        (&json!("lead-1"), &json!(1), &json!("Lead scorer"))
    );
    assert_eq!(entry["input_schema"]["type"], "object");
    assert_eq!(entry.as_object().unwrap().len(), 6, "{entry}");
    assert_eq!(ask(json!({"library_agents": []})).await, Value::Null);
    assert_eq!(ask(json!({"library_agents": [{"graph_id": "x"}]})).await, json!([{"graph_id": "x"}]));
    let mut other = rest_with("POST", "/generate", r#"{"instructions":{}}"#, &[]);
    for identity in [json!({"apiKeyId": "key-2"}), json!({})] {
        other["requestContext"]["identity"] = identity;
        world.send(other.clone()).await;
        assert_eq!(world.fixture.generator.asked().pop().unwrap()[2], Value::Null, "what is not theirs");
    }
}

#[tokio::test]
async fn a_library_that_cannot_be_searched_does_not_fail_the_request() {
    let world = World::new();
    world.library.plan(Fault::Refused, 1);
    let (status, _) = world.post(&json!({"instructions": {"steps": []}}), &[]).await;
    assert_eq!((status, world.fixture.generator.asked().len()), (200, 1));
}
