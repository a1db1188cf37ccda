//! The invocations of a long run: good requests through every trigger, wrong ones, large ones, and faults of the generator, each
//! with the expected answer.

use std::{sync::Arc, time::Duration};

use kit::{
    actions::{AMPLE, CATALOG, DECOMPOSE, GENERATE, PATCH},
    behaviour::Behaviour,
    binaries::FUNCTIONS,
    events,
};
use serde_json::{Value, json};

use crate::{
    contract::Expected,
    fake_aws::{BROKEN, ENDED, GENERATE_JOB, INTERNAL_KEY, OF_ANOTHER, PATCH_JOB, TAKEN_OVER, TASK, UNDER_WAY},
    fake_library::KEPT,
    faults,
    issuer::Issuer,
};

/// A near deadline; a function keeps 500 ms of it for the answer.
pub const NEAR: Duration = Duration::from_millis(600);
/// The size of a large request, just below the limit for a body.
const LARGE: usize = 900_000;
/// The functions that call a generator.
pub const WITH_GENERATOR: [&str; 4] = FUNCTIONS;

#[derive(Debug, Clone)]
pub struct Case {
    pub name: &'static str,
    /// How often it occurs in a round.
    pub share: usize,
    /// The function needs megabytes for it.
    pub is_large: bool,
    /// It ends an operation.
    pub ends_a_job: bool,
    pub event: Vec<u8>,
    /// The time to the deadline.
    pub limit: Duration,
    /// Of the generator; for `deliver`, of the receiver; for `authorizer`, of the issuer.
    pub behaviour: Arc<Behaviour>,
    pub expected: Expected,
}

fn case(name: &'static str, share: usize, event: &Value, expected: Expected) -> Case {
    let behaviour = Arc::new(Behaviour::good());
    let event = event.to_string().into_bytes();
    Case { name, share, is_large: false, ends_a_job: false, event, limit: AMPLE, behaviour, expected }
}

impl Case {
    fn large(self) -> Self {
        Self { is_large: true, ..self }
    }
}

/// For a function that calls a generator. A remote one has faults.
pub fn of_generator(name: &str, remote: bool) -> Vec<Case> {
    let mut cases = good(name);
    cases.extend(wrong(name));
    if remote {
        cases.extend(faulty(name));
    }
    cases
}

/// The answer to a valid request with a good generator.
///
/// # Panics
/// If the function does not call a generator.
pub fn result_of(name: &str) -> Expected {
    let mut all = [&DECOMPOSE, &GENERATE, &PATCH, &CATALOG].into_iter();
    Expected::Result(all.find(|action| action.name == name).expect("a function that calls a generator").result)
}

/// A valid request through a REST API.
pub fn event_of(name: &str) -> Value {
    events::file(&format!("{name}-rest.json"))
}

fn good(name: &str) -> Vec<Case> {
    let file = |trigger: &str| events::file(&format!("{name}-{trigger}.json"));
    // Most calls of the catalogue ask for its health; the list of blocks is long.
    let part = if name == "catalog" { 1 } else { 10 };
    let mut cases = vec![
        case("REST", 40 * part, &event_of(name), result_of(name)),
        case("HTTP API", 10 * part, &file("http-api"), result_of(name)),
        case("Function URL", 5 * part, &file("function-url"), result_of(name)),
        case("direct", 10 * part, &file("direct"), result_of(name)),
    ];
    if name == "catalog" {
        let healthy = Expected::Says(200, "status", "healthy");
        cases.push(case("health", 800, &events::rest("GET", "/health", ""), healthy));
        return cases;
    }
    cases.push(case("EventBridge", 50, &file("eventbridge"), result_of(name)));
    let mut request = file("direct");
    request["library_agents"] = json!([{"name": "Long", "description": "x".repeat(LARGE)}]);
    let large = events::rest("POST", &format!("/{name}"), &request.to_string());
    cases.push(case("large", 5, &large, result_of(name)).large());
    cases
}

fn wrong(name: &str) -> Vec<Case> {
    let error = Expected::error;
    let route = format!("/{name}");
    let mut cases = vec![
        case("unknown event", 5, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
        case("unknown route", 20, &events::rest("POST", "/nowhere", "{}"), error("not_found")),
    ];
    if name == "catalog" {
        cases.push(case("wrong method", 40, &events::file("catalog-wrong.json"), error("method_not_allowed")));
        cases.push(case("unknown route, direct", 20, &json!({"route": "nowhere"}), error("not_found")));
        return cases;
    }
    let post = |body: &str| events::rest("POST", &route, body);
    let field = if name == "patch" { "changes" } else { "description" };
    let long = json!({field: "x".repeat(20_001), "current_agent_json": {}}).to_string();
    let deep = format!("{{\"description\": {}{}}}", "[".repeat(200), "]".repeat(200));
    let plain = events::rest_with("POST", &route, "{}", &[("Content-Type", "text/plain")]);
    cases.extend([
        case("invalid", 20, &events::file(&format!("{name}-wrong.json")), error("invalid_request")),
        case("not JSON", 20, &post("{\"description\": "), error("invalid_request")),
        case("empty body", 20, &post(""), error("invalid_request")),
        case("too deep", 5, &post(&deep), error("invalid_request")),
        case("text too long", 5, &post(&long), error("request_too_large")),
        case("body too large", 1, &post(&"x".repeat(5_300_000)), error("request_too_large")).large(),
        case("not marked as JSON", 10, &plain, error("unsupported_media_type")),
        case("wrong method", 10, &events::rest("PUT", &route, "{}"), error("method_not_allowed")),
    ]);
    cases
}

/// A round has each slow fault once, and the quick ones ten times.
fn faulty(name: &str) -> Vec<Case> {
    let faulty = |fault: faults::Fault| {
        let is_large = fault.is_endless;
        // Retries wait, so these are slow too.
        let slow = is_large || fault.lasts || ["reset", "closed"].contains(&fault.name);
        let (limit, share) = (if fault.lasts { NEAR } else { AMPLE }, if slow { 1 } else { 10 });
        let behaviour = Arc::clone(&fault.behaviour);
        Case { limit, is_large, behaviour, ..case(fault.name, share, &event_of(name), fault.expected()) }
    };
    faults::all().into_iter().map(faulty).collect()
}

pub fn of_operations() -> Vec<Case> {
    let status = |id: &str| events::rest("GET", &format!("/operations/{id}"), "");
    let complete = |id: &str, key: &str, body: &str| {
        events::rest_with("POST", &format!("/operations/{id}/complete"), body, &[("x-api-key", key)])
    };
    let completion = json!({"success": true, "result": {"agent_json": {"nodes": [], "links": []}}}).to_string();
    let queued = |id: &str| json!({"operation_id": id, "success": false, "error": "x"}).to_string();
    let error = Expected::error;
    let accepted = Expected::Says(200, "status", "ok");
    vec![
        case("status", 300, &status(ENDED), Expected::Says(200, "status", "completed")),
        case("status, running", 200, &status(TAKEN_OVER), Expected::Says(200, "status", "running")),
        case("status, another owner", 50, &status(OF_ANOTHER), error("not_found")),
        case("status, unknown id", 50, &status("unknown"), error("not_found")),
        case("completion", 100, &complete(TAKEN_OVER, INTERNAL_KEY, &completion), accepted.clone()),
        case("completion, repeated", 50, &complete(ENDED, INTERNAL_KEY, &completion), accepted),
        case("wrong key", 50, &complete(TAKEN_OVER, "guessed", &completion), error("unauthorized")),
        case("completion, unknown id", 20, &complete("unknown", INTERNAL_KEY, &completion), error("not_found")),
        case("completion, broken JSON", 20, &complete(ENDED, INTERNAL_KEY, "{\"success\": "), error("invalid_request")),
        case("completion by queue", 100, &events::sqs(&queued(TAKEN_OVER)), Expected::Stays(0)),
        case("completion by queue, unknown id", 20, &events::sqs(&queued("unknown")), Expected::Stays(1)),
        case("poison", 20, &events::sqs("{\"success\": "), Expected::Stays(1)),
        case("unknown event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
        case("the table is down", 1, &status(BROKEN), error("service_unavailable")),
    ]
}

/// A stream at which nothing happens is as long as its operation: `make bench` says what it costs.
pub fn of_stream() -> Vec<Case> {
    let path = |id: &str| format!("/operations/{id}/events");
    let json_form = |id: &str| events::rest("GET", &path(id), "");
    let listen = |path: &str, more: &[(&str, &str)]| {
        events::rest_with("GET", path, "", &[&[("Accept", "text/event-stream")], more].concat())
    };
    let ui_messages = events::rest("GET", &format!("/tasks/{TASK}/stream"), "");
    let nothing_new = listen(&path(ENDED), &[("Last-Event-ID", "9")]);
    let error = Expected::error;
    vec![
        case("stream", 300, &listen(&path(ENDED), &[]), Expected::Events("completed")),
        case("stream until the end", 5, &listen(&path(UNDER_WAY), &[]), Expected::Events("completed")),
        case("stream of a task", 100, &ui_messages, Expected::EndsWith("data: [DONE]\n\n")),
        case("all seen", 50, &nothing_new, Expected::Status(204)),
        case("JSON", 200, &json_form(ENDED), Expected::Says(200, "status", "completed")),
        case("JSON, running", 50, &json_form(TAKEN_OVER), Expected::Says(200, "status", "running")),
        case("another owner", 50, &listen(&path(OF_ANOTHER), &[]), error("not_found")),
        case("unknown id", 50, &listen(&path("unknown"), &[]), error("not_found")),
        case("unknown event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
        case("the table is down", 1, &listen(&path(BROKEN), &[]), error("service_unavailable")),
    ]
}

/// The library's table answers the same whatever was written, so only what is read again and again.
pub fn of_library() -> Vec<Case> {
    let path = format!("/agents/{KEPT}");
    let read = |path: &str| events::rest("GET", path, "");
    let put = |headers: &[(&str, &str)]| {
        let agent = events::file("patch-direct.json")["current_agent_json"].clone();
        events::rest_with("PUT", &path, &json!({"agent_json": agent}).to_string(), headers)
    };
    let error = Expected::error;
    vec![
        case("an agent", 300, &read(&path), Expected::Result("agent")),
        case("an older version", 5, &read(&format!("{path}/versions/1")), Expected::Result("agent_version")).large(),
        case("unknown version", 50, &read(&format!("{path}/versions/7")), error("agent_not_found")),
        case("a change of whichever version", 100, &put(&[("If-Match", "*")]), Expected::Result("agent_saved")),
        case("a stale change", 50, &put(&[("If-Match", "\"1-x\"")]), error("version_conflict")),
        case("a change of no version", 50, &put(&[]), error("precondition_required")),
        case("unknown event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
    ]
}

/// What assistants send most: they look for blocks, build, and look at agents and at work.
pub fn of_assistants() -> Vec<Case> {
    let call = |tool: &str, arguments: Value| {
        let params = json!({"name": tool, "arguments": arguments});
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
        events::rest("POST", "/mcp", &message.to_string())
    };
    let build = events::file("mcp-build-rest.json");
    let body: Value = build["body"].as_str().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
    let plan = body["plan"].clone();
    let mut broken = plan.clone();
    broken["steps"][1]["block"] = json!("NoSuchBlock");
    let (done, failed) = (Expected::Tool { fails: false }, Expected::Tool { fails: true });
    let operation = |id: &str| call("operation_status", json!({"operation_id": id}));
    vec![
        case("blocks are looked for", 300, &events::file("mcp-call-rest.json"), done.clone()),
        case("what there is", 50, &events::file("mcp-discover-rest.json"), Expected::Says(200, "jsonrpc", "2.0")),
        case("a plan", 100, &call("build_agent", json!({"plan": plan})), done.clone()),
        case("a plan that does not fit", 100, &call("build_agent", json!({"plan": broken})), failed.clone()),
        case("a goal", 50, &call("generate_agent", json!({"goal": "Summarise a web page"})), done.clone()),
        case("a kept agent", 50, &call("get_agent", json!({"agent_id": KEPT})), done.clone()),
        case("an agent that nobody keeps", 20, &call("get_agent", json!({"agent_id": "nobody's"})), failed.clone()),
        case("work that has ended", 50, &operation(ENDED), done.clone()),
        case("work that goes on", 50, &operation(TAKEN_OVER), done.clone()),
        case("work of another owner", 20, &operation(OF_ANOTHER), failed.clone()),
        case("wrong arguments", 50, &call("find_blocks", json!({"limit": 0})), failed.clone()),
        case("unknown tool", 20, &call("delete_everything", json!({})), Expected::Fault(200, -32602)),
        case("not JSON", 20, &events::rest("POST", "/mcp", "{\"jsonrpc\": "), Expected::Fault(400, -32700)),
        case("without the protocol", 50, &build, Expected::Result("agent_preview")),
        case("a check", 50, &events::file("mcp-check-rest.json"), Expected::Result("agent_checked")),
        case("unknown event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
        case("the table is down", 1, &operation(BROKEN), failed),
    ]
}

pub fn of_deliver() -> Vec<Case> {
    let message = |id: &str| events::sqs(&json!({"operation_id": id}).to_string());
    let answered = |name, share, behaviour, stays| Case {
        behaviour: Arc::new(behaviour),
        ..case(name, share, &message(ENDED), Expected::Stays(stays))
    };
    vec![
        case("webhook", 300, &message(ENDED), Expected::Stays(0)),
        case("unknown id", 100, &message("unknown"), Expected::Stays(0)),
        case("before the end", 100, &message(TAKEN_OVER), Expected::Stays(1)),
        case("poison", 50, &events::sqs("{\"operation_id\": "), Expected::Stays(1)),
        case("unknown event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
        answered("the receiver is gone", 20, Behaviour::answers(410, ""), 0),
        answered("the receiver fails", 50, Behaviour::answers(500, "no"), 1),
        answered("the receiver closes", 10, Behaviour::closes(), 1),
        answered("the receiver resets", 10, Behaviour::resets(), 1),
        answered("the receiver's answer is endless", 5, Behaviour::endless_chunks(200), 0).large(),
    ]
}

pub fn of_authorizer(issuer: &Issuer) -> Vec<Case> {
    let behaviour = Arc::new(Behaviour::says(issuer.document()));
    let event = |token: &str| {
        let method = "arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/POST/decompose";
        json!({"type": "TOKEN", "authorizationToken": format!("Bearer {token}"), "methodArn": method})
    };
    let answered = |name, share, event: &Value, expected| Case {
        behaviour: Arc::clone(&behaviour),
        ..case(name, share, event, expected)
    };
    let denied = |name, share, token: &str| answered(name, share, &event(token), Expected::Policy("Deny"));
    let good = issuer.token();
    let forged = format!("{}AAAA", &good[..good.len() - 4]);
    vec![
        answered("token", 500, &event(&good), Expected::Policy("Allow")),
        denied("forged", 100, &forged),
        denied("expired", 50, &issuer.expired()),
        denied("for another audience", 50, &issuer.for_another_audience()),
        denied("of an unknown key", 50, &issuer.of_unknown_key()),
        denied("no token", 50, "guessed"),
        denied("a long token", 5, &"x".repeat(9_000)),
        answered("another type of event", 20, &json!({"type": "REQUEST"}), Expected::LambdaError("invalid_request")),
        answered("unknown event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
    ]
}

pub fn of_page() -> Vec<Case> {
    let get = |path: &str| events::rest("GET", path, "");
    let error = Expected::error;
    vec![
        case("page", 500, &events::file("page-rest.json"), Expected::EndsWith("</html>\n")),
        case("unknown asset", 50, &get("/assets/app-0.js"), error("not_found")),
        case("another method", 20, &events::rest("POST", "/", "{}"), Expected::Status(405)),
        case("unknown event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
    ]
}

pub fn of_worker(name: &str) -> Vec<Case> {
    let id = if name == "patch" { PATCH_JOB } else { GENERATE_JOB };
    let job = events::sqs(&json!({"operation_id": id}).to_string());
    let answered = |name, share, behaviour, stays| Case {
        behaviour: Arc::new(behaviour),
        ends_a_job: stays == 0,
        ..case(name, share, &job, Expected::Stays(stays))
    };
    let accepted = events::rest_with(
        "POST",
        &format!("/{name}"),
        &events::file(&format!("{name}-direct.json")).to_string(),
        &[("Prefer", "respond-async")],
    );
    vec![
        answered("job", 500, Behaviour::good(), 0),
        case("accepted", 200, &accepted, Expected::Says(202, "status", "accepted")),
        case("synchronous", 100, &event_of(name), result_of(name)),
        case("poison", 20, &events::sqs("{\"operation_id\": "), Expected::Stays(1)),
        answered("fails permanently", 50, Behaviour::answers(400, "{}"), 0),
        answered("fails temporarily", 20, Behaviour::answers(503, "{}"), 1),
        answered("taken over", 20, Behaviour::answers(202, "{}"), 1),
        answered("half of the JSON", 20, Behaviour::answers(200, "{\"success\": true, "), 0),
    ]
}
