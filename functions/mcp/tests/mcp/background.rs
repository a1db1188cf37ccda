//! Work that outlives a request: by tools for every client, as a task for those that know tasks.

use generate::Generate;
use lifecycle::{durable::WithOperations, ports::OperationStore};
use serde_json::{Value, json};
use shared::{invocation::Clock, port::Draft};
use test_support::{Fixture, Script, Scripted, batch, raw};

use crate::world::World;

fn tasks() -> Value {
    json!({"extensions": {"io.modelcontextprotocol/tasks": {}}})
}

fn drafting() -> Scripted {
    let agent = raw(r#"{"id":"a","version":1,"is_active":true,"nodes":[],"links":[]}"#);
    Scripted { draft: Some(Script::Gives(Draft::Agent(agent, Box::default()))), ..Scripted::default() }
}

/// The worker of `generate` does every job.
async fn work(world: &World) {
    let platform = world.platform.platform();
    let worker = Fixture::of_service(
        |upstream| WithOperations::new(Generate::new(upstream), Some(platform)).into_service(),
        drafting(),
    );
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
    work(&world).await;
    let done = world.give("operation_status", json!({"operation_id": id})).await;
    assert_eq!((&done["status"], &done["result"]["agent_json"]["id"]), (&json!("completed"), &json!("a")), "{done}");
    let late = world.refuse("cancel_operation", json!({"operation_id": id})).await;
    assert_eq!(late["error_type"], "already_ended");

    let other = world.give("generate_agent", json!({"steps": [], "background": true})).await["operation_id"].clone();
    assert_eq!(world.give("cancel_operation", json!({"operation_id": other})).await["status"], "cancelled");
    for id in ["nothing", "../x", ""] {
        assert_eq!(world.refuse("operation_status", json!({"operation_id": id})).await["error_type"], "not_found");
    }
    let both = world.refuse("generate_agent", json!({"steps": [], "background": true, "save": true})).await;
    assert!(both["message"].as_str().unwrap().contains("exclude each other"), "{both}");
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
    work(&world).await;
    let done = world.ask_as("tasks/get", id.clone(), tasks()).await.body["result"].clone();
    assert_eq!((&done["status"], &done["result"]["isError"]), (&json!("completed"), &json!(false)));
    assert_eq!(done["result"]["structuredContent"]["agent_json"]["id"], "a");

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
