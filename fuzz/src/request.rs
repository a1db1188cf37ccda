//! Any text as a request body, with the built-in generator: CONTRACT 3 and 4.

use std::sync::Arc;

use generator::{Builtin, validator};
use serde_json::{Value, json};
use test_support::handled;

use crate::{
    answer,
    graph::catalogue,
    world::{World, answered, run},
};

/// Each function returns a result or says what is wrong with the request. Steps from decompose become an agent, and every agent from
/// generate is valid.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    // Anything but an object is another kind of event: see `event`.
    let Ok(body @ Value::Object(_)) = serde_json::from_str::<Value>(&text) else { return };
    if ["Records", "requestContext", "detail-type", "operation_id", "task_id"].iter().any(|key| body.get(key).is_some())
    {
        return;
    }
    run(async {
        let world = World::with(Arc::new(Builtin::new())).await;
        let decomposed = handled(&world.decompose, text.as_bytes()).await.expect("an answer");
        answer::payload(&decomposed);
        if decomposed["type"] == "instructions" {
            let instructions = json!({"instructions": {"type": "instructions", "steps": decomposed["steps"]}});
            let generated = answered(&world.generate, &instructions).await;
            assert_eq!(generated["type"], "agent_preview", "{generated}");
        }
        let generated = handled(&world.generate, text.as_bytes()).await.expect("an answer");
        answer::payload(&generated);
        if generated["type"] == "agent_preview" {
            assert_eq!(validator::faults(catalogue(), &generated["agent_json"]), Vec::<String>::new(), "{generated}");
        }
        answer::payload(&handled(&world.patch, text.as_bytes()).await.expect("an answer"));
    });
}
