//! generate as an operation or with an idempotency key: event in, answer out, with a platform in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generate::Generate;
use lifecycle::{
    durable::WithOperations,
    memory::{Call, MemoryPlatform},
    ports::OperationStore,
    progress::ProgressLog,
    record::{By, Outcome, Status},
};
use serde_json::{Value, json};
use shared::{
    caller::Owner,
    error_type::ErrorType,
    failure::Failure,
    invocation::Clock,
    port::{Decomposition, Draft},
};
use test_support::{Fixture, Script, Scripted, batch, raw, rest_with};

const RESPOND_ASYNC: (&str, &str) = ("Prefer", "respond-async");
const KEY: (&str, &str) = ("Idempotency-Key", "k");

struct World {
    fixture: Fixture<WithOperations<Generate>>,
    platform: MemoryPlatform,
}

impl World {
    fn with_generator(generator: Scripted) -> Self {
        let platform = MemoryPlatform::default();
        let fixture = Fixture::of_service(
            |upstream| WithOperations::new(Generate::new(upstream), Some(platform.platform())).into_service(),
            generator,
        );
        Self { fixture, platform }
    }

    fn new() -> Self {
        Self::with_generator(Scripted { draft: Some(agent()), ..Scripted::default() })
    }

    async fn post(&self, body: &Value, headers: &[(&str, &str)]) -> Value {
        post(&self.fixture, body, headers).await
    }

    /// Sends the worker the message of the only operation.
    async fn work(&self) -> Value {
        let message = json!({"operation_id": self.only_id()}).to_string();
        self.fixture.invoke(&batch(&[&message])).await.unwrap()
    }

    /// The id of the only operation.
    fn only_id(&self) -> String {
        let ids = self.platform.store.ids();
        assert_eq!(ids.len(), 1, "{ids:?}");
        ids[0].clone()
    }
}

async fn post(fixture: &Fixture<WithOperations<Generate>>, body: &Value, headers: &[(&str, &str)]) -> Value {
    fixture.invoke(&rest_with("POST", "/generate", &body.to_string(), headers)).await.unwrap()
}

fn agent() -> Script<Draft> {
    Script::Gives(Draft::Agent(raw(r#"{"id":"a","version":1,"is_active":true}"#), Box::default()))
}

fn request() -> Value {
    json!({"instructions": {"steps": []}, "session_id": "s"})
}

fn with_ids() -> Value {
    json!({"instructions": {"steps": []}, "operation_id": "op", "task_id": "task", "owner": "alice"})
}

fn status(answer: &Value) -> u64 {
    answer["statusCode"].as_u64().unwrap()
}

fn body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

fn header<'a>(answer: &'a Value, name: &str) -> Option<&'a str> {
    answer["headers"][name].as_str()
}

#[tokio::test]
async fn a_request_that_prefers_async_is_accepted_at_once_and_done_by_a_worker() {
    let world = World::new();
    let answer = world.post(&request(), &[RESPOND_ASYNC]).await;
    let (id, started) = (world.only_id(), body(&answer));
    assert_eq!(
        (status(&answer), &started["type"], &started["status"]),
        (202, &json!("operation_started"), &json!("accepted"))
    );
    assert_eq!((&started["operation_id"], &started["tool_name"]), (&json!(id), &json!("generate_agent")));
    assert_eq!(header(&answer, "location"), Some(&*format!("/v1/operations/{id}")));
    assert_eq!(
        (header(&answer, "retry-after"), header(&answer, "preference-applied")),
        (Some("5"), Some("respond-async"))
    );
    assert_eq!(header(&answer, "idempotent-replayed"), None);
    assert_eq!((world.fixture.generator.asked().len(), world.platform.jobs.enqueued()), (0, vec![id.clone()]));
    assert_eq!(world.platform.store.record(&id).unwrap().owner, Some(Owner("key-1".to_owned())));

    assert_eq!(world.work().await, json!({"batchItemFailures": []}));
    let outcome: Value = serde_json::from_str(world.platform.store.outcome(&id).unwrap().body().unwrap()).unwrap();
    assert_eq!((&outcome["type"], &outcome["session_id"]), (&json!("agent_preview"), &json!("s")));
    let ids = json!({"operation_id": id, "task_id": started["task_id"]});
    assert_eq!(world.fixture.generator.asked(), [json!(["generate", r#"{"steps":[]}"#, null, ids])]);
}

#[tokio::test]
async fn a_caller_sees_which_steps_the_work_has_come_to() {
    for (body, told) in [
        (json!({"description": "Read hunter2 and send it"}), &["decomposing -", "planning 2 steps", "saving -"][..]),
        (request(), &["planning 0 steps", "saving -"]),
        (json!({"instructions": {"steps": "hunter2"}}), &["planning -", "saving -"]),
    ] {
        let steps = Decomposition::Instructions { steps: raw(r#"["read","send"]"#), account: Box::default() };
        let decomposition = Some(Script::Gives(steps));
        let world = World::with_generator(Scripted { decomposition, draft: Some(agent()), ..Scripted::default() });
        world.post(&body, &[RESPOND_ASYNC]).await;
        world.work().await;
        let record = world.platform.store.record(&world.only_id()).unwrap();
        let entries = json!(world.platform.store.entries(&record, 2).await.unwrap());
        let line =
            |entry: &Value| format!("{} {}", entry["name"].as_str().unwrap(), entry["detail"].as_str().unwrap_or("-"));
        let lines: Vec<_> = entries.as_array().unwrap().iter().map(line).collect();
        assert_eq!(lines, told, "{body}");
    }
}

#[tokio::test]
async fn a_request_with_both_ids_starts_its_operation_once() {
    let world = World::new();
    let first = world.post(&with_ids(), &[]).await;
    assert_eq!((status(&first), header(&first, "location")), (202, Some("/v1/operations/op")));
    assert_eq!(header(&first, "preference-applied"), None, "the request had no Prefer header");
    let again = world.post(&with_ids(), &[]).await;
    assert_eq!((body(&again), header(&again, "idempotent-replayed")), (body(&first), Some("true")));
    let mut other = with_ids();
    other["instructions"] = json!({"steps": ["another"]});
    let refused = world.post(&other, &[]).await;
    assert_eq!((status(&refused), &body(&refused)["error_type"]), (422, &json!("idempotency_mismatch")));
    // Over HTTP the body cannot set the owner.
    assert_eq!(world.platform.store.record("op").unwrap().owner, Some(Owner("key-1".to_owned())));
}

#[tokio::test]
async fn an_event_without_http_starts_an_operation_for_the_owner_in_its_body() {
    for event in [with_ids(), json!({"detail-type": "t", "detail": with_ids()})] {
        let world = World::new();
        let started = world.fixture.invoke(&event).await.unwrap();
        assert_eq!((&started["type"], &started["operation_id"]), (&json!("operation_started"), &json!("op")));
        assert_eq!(world.platform.store.record("op").unwrap().owner, Some(Owner("alice".to_owned())));
        assert_eq!(world.platform.jobs.enqueued(), ["op"]);
    }
}

#[tokio::test]
async fn an_invalid_request_is_rejected_before_it_is_accepted() {
    let mut world = World::new();
    let wrong = [
        json!({}),
        json!({"instructions": 7}),
        json!({"instructions": {}, "operation_id": "a/b"}),
        json!({"instructions": {}, "callback_url": "http://example.com"}),
        json!({"instructions": {}, "callback_url": "https://10.0.0.1/"}),
        json!({"instructions": {}, "operation_id": "o".repeat(129)}),
    ];
    for request in &wrong {
        let answer = world.post(request, &[RESPOND_ASYNC]).await;
        assert_eq!(status(&answer), 400, "{request} {answer}");
    }
    let session = json!({"instructions": {}, "session_id": "s".repeat(1_001)});
    let too_long = world.post(&session, &[RESPOND_ASYNC]).await;
    assert_eq!((status(&too_long), &body(&too_long)["session_id"]), (413, &Value::Null));
    // A name that resolves to a public and to a private address.
    world.platform.addresses = vec!["93.184.216.34:0".parse().unwrap(), "10.0.0.1:0".parse().unwrap()];
    let platform = world.platform.platform();
    let fixture = Fixture::of_service(
        |upstream| WithOperations::new(Generate::new(upstream), Some(platform)).into_service(),
        Scripted::default(),
    );
    let hook = json!({"instructions": {}, "callback_url": "https://hooks.example.com/"});
    assert_eq!(status(&post(&fixture, &hook, &[RESPOND_ASYNC]).await), 400);
    let bad_key = world.post(&request(), &[("Idempotency-Key", "a b")]).await;
    assert_eq!(status(&bad_key), 400);
    assert_eq!((world.platform.store.ids().len(), world.fixture.generator.asked().len()), (0, 0));
}

#[tokio::test]
async fn a_request_that_could_not_be_enqueued_is_an_error_and_leaves_no_operation() {
    let world = World::new();
    world.platform.jobs.refuse(Call::Enqueue, 1);
    let answer = world.post(&with_ids(), &[]).await;
    let error = body(&answer);
    assert_eq!((status(&answer), header(&answer, "retry-after")), (503, Some("10")));
    assert_eq!((&error["error"], &error["retryable"]), (&json!("generation_failed:service_unavailable"), &json!(true)));
    assert!(world.platform.store.ids().is_empty());
    assert_eq!(status(&world.post(&with_ids(), &[]).await), 202, "a retry succeeds");
}

#[tokio::test]
async fn a_repeat_with_the_same_key_gets_the_same_agent_and_costs_one_generation() {
    let world = World::new();
    let (first, again) = (world.post(&request(), &[KEY]).await, world.post(&request(), &[KEY]).await);
    assert_eq!((status(&first), status(&again)), (200, 200));
    assert_eq!(body(&first), body(&again));
    assert_eq!((header(&first, "idempotent-replayed"), header(&again, "idempotent-replayed")), (None, Some("true")));
    // A synchronous request sends no operation ids, so the generator cannot defer its answer.
    assert_eq!(world.fixture.generator.asked(), [json!(["generate", r#"{"steps":[]}"#, null])]);
    let mismatch = world.post(&json!({"instructions": {}}), &[KEY]).await;
    assert_eq!(status(&mismatch), 422);
}

#[tokio::test]
async fn a_repeat_of_a_failed_request_gets_the_same_error() {
    let failed = Failure::new(ErrorType::ValidationError, "no sink");
    let world = World::with_generator(Scripted { draft: Some(Script::Fails(failed)), ..Scripted::default() });
    let (first, again) = (world.post(&request(), &[KEY]).await, world.post(&request(), &[KEY]).await);
    assert_eq!((status(&first), body(&first)), (status(&again), body(&again)));
    assert_eq!((status(&again), header(&again, "idempotent-replayed")), (422, Some("true")));
    let problem = world.post(&request(), &[KEY, ("Accept", "application/problem+json")]).await;
    assert_eq!(header(&problem, "content-type"), Some("application/problem+json"));
    assert_eq!(body(&problem)["type"], "urn:agent-generator:error:validation_error");
    assert_eq!(world.fixture.generator.asked().len(), 1);
    // A replayed error also fails the invocation of an event.
    let detail = json!({"instructions": {}, "operation_id": "op"});
    for _ in 0..2 {
        let event = json!({"detail-type": "t", "detail": detail});
        let (error_type, _) = world.fixture.invoke(&event).await.unwrap_err();
        assert_eq!(error_type, "validation_error");
    }
}

#[tokio::test]
async fn a_repeat_of_a_cancelled_request_is_told_so_and_costs_nothing() {
    let world = World::new();
    let request = request();
    assert_eq!(status(&world.post(&request, &[RESPOND_ASYNC, KEY]).await), 202);
    let id = world.only_id();
    let by = By::Anyone(world.platform.store.record(&id).unwrap().creation);
    world.platform.store.finish(&id, by, &Outcome::Cancelled, Clock::system().now()).await.unwrap();
    assert_eq!(status(&world.post(&request, &[RESPOND_ASYNC, KEY]).await), 202, "as the first was answered");
    let answers = [world.post(&request, &[KEY]).await, world.post(&request, &[KEY]).await];
    for answer in &answers {
        assert_eq!((status(answer), header(answer, "idempotent-replayed")), (409, Some("true")));
        let told = body(answer);
        assert_eq!((&told["error_type"], &told["operation"]["status"]), (&json!("already_ended"), &json!("cancelled")));
        assert_eq!(told["operation"]["operation_id"], id);
    }
    assert_eq!(world.work().await, json!({"batchItemFailures": []}));
    assert!(world.fixture.generator.asked().is_empty());
}

#[tokio::test]
async fn a_retryable_failure_frees_its_idempotency_key() {
    let failed = Failure::new(ErrorType::RateLimit, "busy");
    let world = World::with_generator(Scripted { draft: Some(Script::Fails(failed)), ..Scripted::default() });
    assert_eq!(status(&world.post(&request(), &[KEY]).await), 429);
    assert!(world.platform.store.ids().is_empty());
}

#[tokio::test]
async fn a_job_that_the_generator_has_taken_over_is_not_sent_again() {
    let world = World::with_generator(Scripted { takes_over: true, ..Scripted::default() });
    world.post(&with_ids(), &[]).await;
    for _ in 0..2 {
        assert_eq!(world.work().await, json!({"batchItemFailures": [{"itemIdentifier": "m0"}]}));
    }
    let record = world.platform.store.record("op").unwrap();
    assert_eq!((record.status, record.handed_over, world.fixture.generator.asked().len()), (Status::Running, true, 1));
}

#[tokio::test]
async fn only_messages_that_cannot_be_processed_stay_on_the_queue() {
    let world = World::new();
    world.post(&with_ids(), &[]).await;
    let whole = json!({"instructions": {}, "operation_id": "other", "task_id": "t"}).to_string();
    let event = batch(&[r#"{"operation_id":"op"}"#, "{nonsense", r#"{"operation_id":"unknown"}"#, &whole]);
    let answer = world.fixture.invoke(&event).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]}));
    for id in ["op", "other"] {
        assert_eq!(world.platform.store.record(id).unwrap().status, Status::Completed, "{id}");
    }
}

#[tokio::test]
async fn without_operations_prefer_is_ignored_and_requests_that_need_them_are_rejected() {
    let generator = Scripted { draft: Some(agent()), ..Scripted::default() };
    let fixture =
        Fixture::of_service(|upstream| WithOperations::new(Generate::new(upstream), None).into_service(), generator);
    let preferred = post(&fixture, &request(), &[RESPOND_ASYNC]).await;
    assert_eq!((status(&preferred), header(&preferred, "preference-applied")), (200, None));
    let mut with_hook = request();
    with_hook["callback_url"] = json!("https://example.com/hook");
    for (request, headers) in [(with_ids(), &[][..]), (request(), &[KEY]), (with_hook, &[RESPOND_ASYNC])] {
        let answer = post(&fixture, &request, headers).await;
        let error = body(&answer);
        assert_eq!((status(&answer), &error["error_type"]), (503, &json!("service_unavailable")), "{request}");
        assert_eq!(error["details"]["service_error"], "operations are not configured");
    }
    let (error_type, _) = fixture.invoke(&batch(&[r#"{"operation_id":"op"}"#])).await.unwrap_err();
    assert_eq!(error_type, "Runtime.UnknownEvent", "the messages stay on their queue");
}
