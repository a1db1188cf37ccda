//! What the tables say of one operation and its log, for a server that plays them.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::behaviour::Behaviour;

/// The operation `op` of the owner `key1`, and the entries of its log up to number `logged`.
///
/// # Panics
/// If the clock is before 1970.
pub fn operation(status: &str, logged: u32, entries: &Value) -> Behaviour {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a date after 1970").as_secs();
    let (number, text) = (|number: u64| json!({"N": number.to_string()}), |text: &str| json!({"S": text}));
    let operation = json!({
        "operation_id": text("op"), "task_id": text("task"), "tool_name": text("generate_agent"), "owner": text("key1"),
        "fingerprint": text("f"), "status": text(status), "claims": number(1), "failures": number(0),
        "handed_over": {"BOOL": false}, "announced": {"BOOL": false}, "logged": number(logged.into()),
        "log_writes": number(1), "created_at": number(now), "updated_at": number(now), "deadline": number(now + 1_800),
        "expires_at": number(now + 9_000),
    });
    // One answer for a read of the operation and of the log: each takes its own part.
    Behaviour::says(json!({"Item": operation, "Items": [{"entries": text(&entries.to_string())}]}))
}

/// The entries of a log with one step.
pub fn step(seq: u32, detail: &str) -> Value {
    json!([{"seq": seq, "at": "2026-11-27T12:00:00.000Z", "attempt": 1, "type": "step", "name": "planning", "detail": detail}])
}

/// The variables of a function that reads both tables, and a bucket, at `url`.
pub fn variables(url: &str) -> [(&'static str, &str); 6] {
    [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", url),
        ("OPERATIONS_TABLE", "operations"),
        ("PROGRESS_TABLE", "progress"),
        ("OPERATIONS_BUCKET", "operations"),
    ]
}
