//! The library's table and bucket as [`fake_aws`](crate::fake_aws) plays them: one agent of two versions, the first of them as
//! long as one can be.

use std::sync::LazyLock;

use kit::events;
use serde_json::{Value, json};

/// The id of the agent.
pub const KEPT: &str = "kept";
/// The body of the first version, and the key of its text in the bucket.
const LONG_BODY: &str = "long";
const LONG_OBJECT: &str = "agents/owner/kept/long/1";
/// In bytes: a body of 5 MiB has room for it.
const LONGEST: usize = 5_000_000;

/// A text of the bucket; `None` for another key.
pub(crate) fn text(key: &str) -> Option<String> {
    (key == LONG_OBJECT).then(|| LONG_TEXT.clone())
}

static LONG_TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut agent = agent();
    agent["x"] = json!("HOLE");
    agent.to_string().replace("\"HOLE\"", &format!("[{}0]", "0,".repeat(LONGEST / 2)))
});

/// An item of the table, by its keys; `pack` compresses a text as the table stores it.
pub(crate) fn item(key: &Value, pack: impl Fn(&str) -> String) -> Option<Value> {
    let version = |number: u32, body: &str| {
        json!({
            "number": number, "body": body, "digest": body, "name": "Kept", "node_count": 1, "created_at": 1_795_000_000.0,
            "story": {"origin": "created", "wish": null, "operation_id": null, "restored": null, "changes": [],
                      "more_changes": 0, "summary": null}
        })
    };
    Some(match key["sk"]["S"].as_str()? {
        "HEAD" => {
            let profile = json!({"name": "Kept", "description": "", "node_count": 1, "requirements": {}});
            let head = json!({
                "agent_id": KEPT, "creation": "c", "version": 2, "body": "short", "digest": "short", "profile": profile,
                "forked_from": null, "created_at": 1_795_000_000.0, "updated_at": 1_795_000_000.0
            });
            json!({"head": {"S": head.to_string()}, "version": {"N": "2"}, "life": {"S": "c"}})
        }
        "V#0000000001" => json!({"version": {"S": version(1, LONG_BODY).to_string()}}),
        "V#0000000002" => json!({"version": {"S": version(2, "short").to_string()}}),
        "T#short" => json!({"text": {"B": pack(&agent().to_string())}}),
        "T#long" => json!({"object": {"S": LONG_OBJECT}}),
        _ => return None,
    })
}

fn agent() -> Value {
    events::file("patch-direct.json")["current_agent_json"].clone()
}
