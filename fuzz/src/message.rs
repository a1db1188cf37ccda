//! Any text as a message of the Model Context Protocol: CONTRACT 12.

use std::sync::{Arc, OnceLock};

use agent_library::memory::MemoryLibrary;
use agent_offers::Offering;
use generator::{Builtin, keeping::Keeper, validator::Scope, workbench::Workbench};
use lambda::Service;
use library::Agents;
use lifecycle::memory::MemoryPlatform;
use mcp::{Mcp, Platforms};
use serde_json::Value;
use shared::upstream::Upstream;
use test_support::{handled, rest_with};

use crate::{
    answer,
    world::{Mood, PLANTED, run},
};

const STATELESS: &str = "2026-07-28";
/// Of an answer that nobody asked to be whole, in bytes.
const LARGEST: usize = 25 * 1024;

/// Every message is answered in the protocol's form, with a status that its kind of answer has, or with our own error; a failed tool says
/// its class and what to do next; nothing of a generator's insides is in the answer, and it is no longer than a model wants it.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    run(async {
        let event =
            rest_with("POST", "/mcp", &text, &headers(&text).iter().map(|(a, b)| (*a, &**b)).collect::<Vec<_>>());
        let answered = handled(&function(Mood::of(data)), event.to_string().as_bytes()).await.expect("an answer");
        let status = answered["statusCode"].as_u64().expect("a status");
        let body = answered["body"].as_str().expect("a body");
        assert!(text.contains(PLANTED) || !body.contains(PLANTED), "{body}");
        if body.is_empty() {
            return assert_eq!(status, 202, "{answered}");
        }
        let body: Value = serde_json::from_str(body).expect("a JSON body");
        if body["jsonrpc"] != "2.0" {
            return answer::payload(&body);
        }
        if let Some(code) = body["error"]["code"].as_i64() {
            assert!(matches!(status, 200 | 400 | 404) && code < 0, "{answered}");
            return assert!(body["error"]["message"].is_string(), "{answered}");
        }
        assert_eq!(status, 200, "{answered}");
        let result = &body["result"];
        if result["isError"] == true {
            let told: Value =
                serde_json::from_str(result["content"][0]["text"].as_str().expect("a text")).expect("JSON");
            answer::class(told["error_type"].as_str().expect("a class"));
            assert!(told["next"].is_string() && told["retryable"].is_boolean(), "{told}");
        } else if result["content"].is_array() && !["full", "json"].iter().any(|all| text.contains(all)) {
            assert!(result.to_string().len() <= LARGEST, "{}", result.to_string().len());
        }
    });
}

/// As an honest client of the message's revision sends them.
fn headers(text: &str) -> Vec<(&'static str, String)> {
    let message: Value = serde_json::from_str(text).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if message["params"]["_meta"].is_null() {
        return Vec::new();
    }
    let named = ["name", "uri", "taskId"].iter().map(|key| &message["params"][key]).find(|name| name.is_string());
    vec![
        ("MCP-Protocol-Version", STATELESS.to_owned()),
        ("Mcp-Method", text(&message["method"])),
        ("Mcp-Name", named.map(text).unwrap_or_default()),
    ]
}

fn function(mood: Mood) -> Service<Mcp> {
    // Reads its blocks once.
    static WORKBENCH: OnceLock<Workbench> = OnceLock::new();
    let platform = MemoryPlatform::default();
    let platforms = Platforms { generate: platform.platform(), patch: platform.platform() };
    let keeper = Keeper::new(Scope::OwnWork);
    let agents = Agents { library: Arc::<MemoryLibrary>::default(), keeper: keeper.clone() };
    let upstream: Upstream = Upstream::new(Some(Arc::new(mood.generator())), std::time::Duration::from_secs(600));
    let workbench = WORKBENCH.get_or_init(|| Workbench::new(Builtin::new())).clone();
    Service::new(Mcp::new(upstream, (Some(agents), Offering::default()), (keeper, workbench), Some(platforms)))
        .with_requests()
}
