//! Work that outlives a request: by tools for every client, as a task for those that know tasks.

use std::{sync::Arc, time::Duration};

use agent_library::{memory::MemoryLibrary, ports::AgentStore};
use agent_offers::Offering;
use generate::Generate;
use lifecycle::{
    durable::WithOperations,
    memory::Call,
    ports::{Claim, OperationStore},
    progress::{Entry, ProgressLog, Told},
};
use serde_json::{Value, json};
use shared::{invocation::Clock, port::Draft, progress::Step};
use test_support::{Fixture, Script, Scripted, batch, raw};

use crate::world::{World, large_agent};

fn tasks() -> Value {
    json!({"extensions": {"io.modelcontextprotocol/tasks": {}}})
}

fn drafting() -> Scripted {
    let agent = raw(r#"{"id":"a","version":1,"is_active":true,"nodes":[],"links":[]}"#);
    Scripted { draft: Some(Script::Gives(Draft::Agent(agent, Box::default()))), ..Scripted::default() }
}

/// The worker of `generate` does every job.
async fn work(world: &World, generator: Scripted) {
    let platform = world.platform.platform();
    let library: Arc<dyn AgentStore> = Arc::<MemoryLibrary>::clone(&world.library);
    let service = |upstream| {
        let work = Generate::new(upstream).with_library(Some(library), Offering::default());
        WithOperations::new(work, Some(platform)).into_service()
    };
    let worker = Fixture::of_service(service, generator);
    for id in world.platform.store.ids() {
        worker.invoke(&batch(&[&json!({"operation_id": id}).to_string()])).await.unwrap();
    }
}

#[tokio::test]
async fn a_model_follows_work_in_the_background_by_its_id_and_stops_it() {
    let world = World::scripted(drafting());
    let begun = world.give("generate_agent", json!({"steps": [], "background": true})).await;
    assert_eq!((&begun["type"], &begun["status"]), (&json!("operation_started"), &json!("accepted")));
    let id = begun["operation_id"].clone();
    assert_eq!(world.give("operation_status", json!({"operation_id": id})).await["status"], "accepted");
    work(&world, drafting()).await;
    let done = world.give("operation_status", json!({"operation_id": id})).await;
    assert_eq!((&done["status"], &done["result"]["agent_json"]["id"]), (&json!("completed"), &json!("a")), "{done}");
    let late = world.refuse("cancel_operation", json!({"operation_id": id})).await;
    assert_eq!(late["error_type"], "already_ended");

    let other = world.give("generate_agent", json!({"steps": [], "background": true})).await["operation_id"].clone();
    assert_eq!(world.give("cancel_operation", json!({"operation_id": other})).await["status"], "cancelled");
    for id in ["nothing", "../x", ""] {
        assert_eq!(world.refuse("operation_status", json!({"operation_id": id})).await["error_type"], "not_found");
    }
}

#[tokio::test]
async fn whoever_waits_sees_what_the_work_is_at() {
    let world = World::scripted(drafting());
    let call = json!({"name": "generate_agent", "arguments": {"steps": [], "background": true}});
    let begun = world.ask_as("tools/call", call, tasks()).await.body["result"].clone();
    assert_eq!(begun["statusMessage"], "In the queue", "{begun}");
    let id = begun["taskId"].as_str().unwrap();
    let ask = async || world.ask_as("tasks/get", json!({"taskId": id}), tasks()).await.body["result"].clone();
    assert_eq!(ask().await["statusMessage"], "In the queue");

    let (store, clock) = (&world.platform.store, Clock::system());
    let claim = store.claim(id, clock.now(), clock.now().after(Duration::from_secs(60))).await.unwrap();
    let Claim::Taken { mut record, .. } = claim else { panic!("{claim:?}") };
    let detail = Some("AITextSummarizerBlock".to_owned());
    let step = Told::Step { name: Step::AskingModel, detail };
    for (seq, told, line) in [
        (2, Told::Started, "A worker has started"),
        (3, step, "Asking the AI model (AITextSummarizerBlock)"),
        (4, Told::Fixed { rule: "link_fields".to_owned() }, "Mended: link fields"),
    ] {
        let entry = Entry { seq, at: clock.now().after(Duration::from_secs(1)).rfc3339(), attempt: 1, told };
        let appended = store.append(&record, &[entry], clock.now()).await.unwrap().unwrap();
        record.logged = appended.logged().unwrap();
        let working = ask().await;
        assert_eq!((&working["status"], &working["statusMessage"]), (&json!("working"), &json!(line)));
        assert!(working["lastUpdatedAt"].as_str() > begun["lastUpdatedAt"].as_str(), "{working}");
        assert_eq!(world.give("operation_status", json!({"operation_id": id})).await["progress"], line);
    }
    // Without its log, work is followed all the same.
    store.refuse(Call::Entries, 1);
    let working = ask().await;
    assert_eq!((&working["status"], working.get("statusMessage")), (&json!("working"), None));
}

#[tokio::test]
async fn what_is_stopped_while_a_worker_is_at_it_stays_stopped() {
    let world = World::scripted(drafting());
    let begun = world.give("generate_agent", json!({"steps": [], "background": true, "save": true})).await;
    let id = json!({"operation_id": begun["operation_id"]});
    let (store, now) = (&world.platform.store, Clock::system().now());
    let claim = store.claim(begun["operation_id"].as_str().unwrap(), now, now.after(Duration::from_secs(60))).await;
    assert!(matches!(claim, Ok(Claim::Taken { .. })), "{claim:?}");
    // Whether it has been stopped is not known then: to stop it again is no error.
    store.lose_answer(Call::Finish, 1);
    let told = world.refuse("cancel_operation", id.clone()).await;
    assert_eq!((&told["error_type"], &told["retryable"]), (&json!("service_unavailable"), &json!(true)));
    assert_eq!(world.give("cancel_operation", id.clone()).await["status"], "cancelled");
    work(&world, drafting()).await;
    assert_eq!(world.give("operation_status", id).await["status"], "cancelled");
    assert_eq!(world.give("list_agents", json!({})).await["agents"], json!([]));
}

#[tokio::test]
async fn what_is_made_in_the_background_is_kept_without_being_asked_for_again() {
    let world = World::scripted(drafting());
    let begun = world.give("generate_agent", json!({"steps": [], "background": true, "save": true})).await;
    work(&world, drafting()).await;
    let done = world.give("operation_status", json!({"operation_id": begun["operation_id"]})).await;
    let result = &done["result"];
    assert_eq!((&result["saved"], &result["version"]), (&json!(true), &json!(1)), "{done}");
    let history = world.give("agent_history", json!({"agent_id": result["agent_id"]})).await;
    assert_eq!(history["versions"][0]["origin"], "generated", "{history}");
}

#[tokio::test]
async fn a_large_result_of_a_task_leaves_a_models_context_to_the_work() {
    let agent = large_agent();
    let draft = Draft::Agent(raw(&agent.to_string()), Box::default());
    let large = || Scripted { draft: Some(Script::Gives(draft.clone())), ..Scripted::default() };
    let world = World::scripted(large());
    let call = json!({"name": "generate_agent", "arguments": {"steps": [], "background": true}});
    let begun = world.ask_as("tools/call", call, tasks()).await.body["result"].clone();
    work(&world, large()).await;
    let done = world.ask_as("tasks/get", json!({"taskId": begun["taskId"]}), tasks()).await.body["result"].clone();
    let result = &done["result"];
    assert!(result.to_string().len() <= 25 * 1024, "{}", result.to_string().len());
    let note = result["structuredContent"]["note"].as_str().unwrap();
    assert!(note.contains("agent_json") && note.contains("operation_status with full: true"), "{note}");
    let id = &begun["taskId"];
    let cut = world.give("operation_status", json!({"operation_id": id})).await;
    assert!(cut["result"].get("agent_json").is_none() && cut["result"]["note"].is_string(), "{cut}");
    let whole = world.give("operation_status", json!({"operation_id": id, "full": true})).await;
    assert_eq!(whole["result"]["agent_json"], agent);
}

#[tokio::test]
async fn a_client_that_knows_tasks_gets_one_and_its_end_is_the_tools_result() {
    let world = World::scripted(drafting());
    let call = json!({"name": "generate_agent", "arguments": {"steps": [], "background": true}});
    let begun = world.ask_as("tools/call", call.clone(), tasks()).await.body["result"].clone();
    assert_eq!((&begun["resultType"], &begun["status"]), (&json!("task"), &json!("working")), "{begun}");
    let id = json!({"taskId": begun["taskId"]});
    let working = world.ask_as("tasks/get", id.clone(), tasks()).await.body["result"].clone();
    assert_eq!((&working["resultType"], &working["status"]), (&json!("complete"), &json!("working")));
    assert!(working["pollIntervalMs"].is_u64() && working.get("ttlMs").is_some(), "{working}");
    work(&world, drafting()).await;
    let done = world.ask_as("tasks/get", id.clone(), tasks()).await.body["result"].clone();
    assert_eq!((&done["status"], &done["result"]["isError"]), (&json!("completed"), &json!(false)));
    assert_eq!(done["result"]["structuredContent"]["agent_json"]["id"], "a");
    assert_eq!(done["statusMessage"], done["result"]["structuredContent"]["message"]);

    let begun = world.ask_as("tools/call", call, tasks()).await.body["result"]["taskId"].clone();
    let id = json!({"taskId": begun});
    for method in ["tasks/update", "tasks/cancel", "tasks/cancel"] {
        let acknowledged = world.ask_as(method, id.clone(), tasks()).await.body["result"].clone();
        assert_eq!(acknowledged, json!({"resultType": "complete"}), "{method}");
    }
    assert_eq!(world.ask_as("tasks/get", id.clone(), tasks()).await.body["result"]["status"], "cancelled");
    let stored = world.platform.store.get(begun.as_str().unwrap(), Clock::system().now()).await.unwrap();
    assert!(stored.is_some());
    // Who does not know tasks is told what is missing; who asks for another's, that there is none.
    let refused = world.ask("tasks/get", id).await;
    assert_eq!((refused.status, &refused.body["error"]["code"]), (400, &json!(-32021)));
    assert!(refused.body["error"]["data"]["requiredCapabilities"]["extensions"].is_object());
    let missing = world.ask_as("tasks/get", json!({"taskId": "nothing"}), tasks()).await;
    assert_eq!((missing.status, &missing.body["error"]["code"]), (400, &json!(-32602)));
}
