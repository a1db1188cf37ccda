//! The workbench: a plan made into an agent, an agent checked, blocks found and described.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod blocks;
mod build;
mod check;
mod mistakes;
mod patch;

use generator::{
    Builtin,
    catalogue::Catalogue,
    validator,
    workbench::{Built, Workbench},
};
use serde_json::{Value, json, value::RawValue};
use shared::json::to_raw;
use tokio::time::{Duration, Instant};

fn workbench() -> Workbench {
    Workbench::new(Builtin::new())
}

fn end() -> Instant {
    Instant::now() + Duration::from_secs(600)
}

/// Sums up a web page.
fn plan() -> Value {
    json!({
        "name": "Page digest",
        "description": "Sums up a web page",
        "steps": [
            {"number": 1, "block": "AgentShortTextInputBlock", "title": "Page", "inputs": [{"name": "name", "value": "Page"}]},
            {"number": 2, "block": "ExtractWebsiteContentBlock", "title": "Read the page", "inputs": [
                {"name": "url", "source": {"step": 1, "output": "result"}},
            ]},
            {"number": 3, "block": "AITextSummarizerBlock", "title": "Sum it up", "inputs": [
                {"name": "text", "source": {"step": 2, "output": "content"}},
            ]},
            {"number": 4, "block": "AgentOutputBlock", "title": "Summary", "inputs": [
                {"name": "name", "value": "Summary"}, {"name": "value", "source": {"step": 3, "output": "summary"}},
            ]},
        ],
    })
}

async fn built(plan: &Value) -> Built {
    workbench().build(&to_raw(plan).unwrap(), None, end()).await.unwrap()
}

/// The agent keeps every rule.
fn holds(agent: &RawValue) {
    let agent: Value = serde_json::from_str(agent.get()).unwrap();
    assert_eq!(validator::faults(&Catalogue::embedded().unwrap(), &agent), Vec::<String>::new(), "{agent}");
}
