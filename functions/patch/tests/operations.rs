//! patch as an operation: event in, answer out, with a platform in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use lifecycle::{durable::WithOperations, memory::MemoryPlatform, record::Tool};
use patch::Patch;
use serde_json::{Value, json};
use shared::port::Draft;
use test_support::{Fixture, Script, Scripted, batch, raw, rest_with};

#[tokio::test]
async fn an_edit_with_both_ids_is_done_by_a_worker_as_patch_agent() {
    let platform = MemoryPlatform::default();
    let generator =
        Scripted { draft: Some(Script::Gives(Draft::Agent(raw("{}"), Box::default()))), ..Scripted::default() };
    let fixture = Fixture::of_service(
        |upstream| WithOperations::new(Patch::new(upstream), Some(platform.platform())).into_service(),
        generator,
    );
    let request = json!({"current_agent_json": {"z": 1.0}, "changes": "c", "operation_id": "op", "task_id": "t"});
    let answer = fixture.invoke(&rest_with("POST", "/patch", &request.to_string(), &[])).await.unwrap();
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!((&answer["statusCode"], &body["tool_name"]), (&json!(202), &json!("patch_agent")));
    assert_eq!(body["message"], "Agent edit started. You'll be notified when it's complete.");

    let worked = fixture.invoke(&batch(&[r#"{"operation_id":"op"}"#])).await.unwrap();
    assert_eq!(worked, json!({"batchItemFailures": []}));
    let ids = json!({"operation_id": "op", "task_id": "t"});
    assert_eq!(fixture.generator.asked(), [json!(["patch", "c", r#"{"z":1.0}"#, null, ids])]);
    assert_eq!(platform.store.record("op").unwrap().tool, Tool::PatchAgent);
    let event = platform.events.published().pop().unwrap();
    assert!(event.success && event.tool_name == "patch_agent", "{event:?}");
}

#[tokio::test]
async fn an_invalid_edit_is_rejected_before_it_is_accepted() {
    let platform = MemoryPlatform::default();
    let fixture = Fixture::of_service(
        |upstream| WithOperations::new(Patch::new(upstream), Some(platform.platform())).into_service(),
        Scripted::default(),
    );
    for request in [json!({"changes": "c"}), json!({"current_agent_json": {}, "changes": " "})] {
        let event = rest_with("POST", "/patch", &request.to_string(), &[("Prefer", "respond-async")]);
        assert_eq!(fixture.invoke(&event).await.unwrap()["statusCode"], 400, "{request}");
    }
    assert!(platform.store.ids().is_empty());
}
