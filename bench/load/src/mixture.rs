//! What the functions are sent in a long run: good requests over every trigger, wrong ones, large ones, and faults of the
//! generator; each with the answer that it has to get.

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
    faults,
    issuer::Issuer,
    platform::{BROKEN, ENDED, GENERATE_JOB, INTERNAL_KEY, OF_ANOTHER, PATCH_JOB, TAKEN_OVER},
};

/// A near deadline: a function keeps 500 ms of it for its answer.
pub const NEAR: Duration = Duration::from_millis(600);
/// The bytes of a large request: a little less than a body may have.
const LARGE: usize = 900_000;
/// The functions that ask a generator.
pub const ASKING: [&str; 4] = FUNCTIONS;

/// One kind of invocation.
#[derive(Debug, Clone)]
pub struct Kind {
    /// In a few words.
    pub name: &'static str,
    /// How often it comes in a round.
    pub share: usize,
    /// It takes megabytes while it lasts.
    pub is_large: bool,
    /// It is an operation's end.
    pub ends_a_job: bool,
    /// What Lambda hands over.
    pub event: Vec<u8>,
    /// The time that the invocation has.
    pub limit: Duration,
    /// What the generator does meanwhile; for `deliver`, the receiver.
    pub behaviour: Arc<Behaviour>,
    /// The answer.
    pub expected: Expected,
}

fn kind(name: &'static str, share: usize, event: &Value, expected: Expected) -> Kind {
    let behaviour = Arc::new(Behaviour::good());
    let event = event.to_string().into_bytes();
    Kind { name, share, is_large: false, ends_a_job: false, event, limit: AMPLE, behaviour, expected }
}

impl Kind {
    fn large(self) -> Self {
        Self { is_large: true, ..self }
    }
}

/// What the function `name` is sent that asks a generator; one that fails at times where it is `remote`.
pub fn of_asking(name: &str, remote: bool) -> Vec<Kind> {
    let mut kinds = good(name);
    kinds.extend(wrong(name));
    if remote {
        kinds.extend(faulty(name));
    }
    kinds
}

/// What is answered to a request that is in order, where the generator answers well.
///
/// # Panics
/// Where the function `name` asks no generator.
pub fn result_of(name: &str) -> Expected {
    let mut all = [&DECOMPOSE, &GENERATE, &PATCH, &CATALOG].into_iter();
    Expected::Result(all.find(|operation| operation.name == name).expect("a function that asks a generator").result)
}

/// A request that is in order, through the gateway.
pub fn event_of(name: &str) -> Value {
    events::file(&format!("{name}-rest.json"))
}

fn good(name: &str) -> Vec<Kind> {
    let file = |trigger: &str| events::file(&format!("{name}-{trigger}.json"));
    // The catalogue is a long answer, and most who ask want to know whether it is up.
    let part = if name == "catalog" { 1 } else { 10 };
    let mut kinds = vec![
        kind("REST", 40 * part, &event_of(name), result_of(name)),
        kind("HTTP API", 10 * part, &file("http-api"), result_of(name)),
        kind("Function URL", 5 * part, &file("function-url"), result_of(name)),
        kind("direct", 10 * part, &file("direct"), result_of(name)),
    ];
    if name == "catalog" {
        let healthy = Expected::Says(200, "status", "healthy");
        kinds.push(kind("health", 800, &events::rest("GET", "/health", ""), healthy));
        return kinds;
    }
    kinds.push(kind("EventBridge", 50, &file("eventbridge"), result_of(name)));
    let mut request = file("direct");
    request["library_agents"] = json!([{"name": "Long", "description": "x".repeat(LARGE)}]);
    let large = events::rest("POST", &format!("/{name}"), &request.to_string());
    kinds.push(kind("large", 5, &large, result_of(name)).large());
    kinds
}

fn wrong(name: &str) -> Vec<Kind> {
    let error = Expected::error;
    let route = format!("/{name}");
    let mut kinds = vec![
        kind("no event", 5, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
        kind("no route", 20, &events::rest("POST", "/nowhere", "{}"), error("not_found")),
    ];
    if name == "catalog" {
        kinds.push(kind("wrong method", 40, &events::file("catalog-wrong.json"), error("method_not_allowed")));
        kinds.push(kind("no route, direct", 20, &json!({"route": "nowhere"}), error("not_found")));
        return kinds;
    }
    let post = |body: &str| events::rest("POST", &route, body);
    let field = if name == "patch" { "changes" } else { "description" };
    let long = json!({field: "x".repeat(20_001), "current_agent_json": {}}).to_string();
    let deep = format!("{{\"description\": {}{}}}", "[".repeat(200), "]".repeat(200));
    let plain = events::rest_with("POST", &route, "{}", &[("Content-Type", "text/plain")]);
    kinds.extend([
        kind("a mistake", 20, &events::file(&format!("{name}-wrong.json")), error("invalid_request")),
        kind("not JSON", 20, &post("{\"description\": "), error("invalid_request")),
        kind("nothing", 20, &post(""), error("invalid_request")),
        kind("too deep", 5, &post(&deep), error("invalid_request")),
        kind("text too long", 5, &post(&long), error("request_too_large")),
        kind("body too large", 1, &post(&"x".repeat(5_300_000)), error("request_too_large")).large(),
        kind("not called JSON", 10, &plain, error("unsupported_media_type")),
        kind("wrong method", 10, &events::rest("PUT", &route, "{}"), error("method_not_allowed")),
    ]);
    kinds
}

/// One round has each fault once, and the quick ones more often.
fn faulty(name: &str) -> Vec<Kind> {
    let faulty = |fault: faults::Fault| {
        let is_large = fault.is_endless;
        // A repeat waits, and so does whoever sends these.
        let slow = is_large || fault.lasts || ["reset", "closed"].contains(&fault.name);
        let (limit, share) = (if fault.lasts { NEAR } else { AMPLE }, if slow { 1 } else { 10 });
        let behaviour = Arc::clone(&fault.behaviour);
        Kind { limit, is_large, behaviour, ..kind(fault.name, share, &event_of(name), fault.expected()) }
    };
    faults::all().into_iter().map(faulty).collect()
}

/// What `operations` is sent.
pub fn of_operations() -> Vec<Kind> {
    let status = |id: &str| events::rest("GET", &format!("/operations/{id}"), "");
    let complete = |id: &str, key: &str, body: &str| {
        events::rest_with("POST", &format!("/operations/{id}/complete"), body, &[("x-api-key", key)])
    };
    let completion = json!({"success": true, "result": {"agent_json": {"nodes": [], "links": []}}}).to_string();
    let queued = |id: &str| json!({"operation_id": id, "success": false, "error": "x"}).to_string();
    let error = Expected::error;
    let taken = Expected::Says(200, "status", "ok");
    vec![
        kind("how it stands", 300, &status(ENDED), Expected::Says(200, "status", "completed")),
        kind("how it stands, under way", 200, &status(TAKEN_OVER), Expected::Says(200, "status", "running")),
        kind("of another", 50, &status(OF_ANOTHER), error("not_found")),
        kind("of nobody", 50, &status("unknown"), error("not_found")),
        kind("completion", 100, &complete(TAKEN_OVER, INTERNAL_KEY, &completion), taken.clone()),
        kind("completion again", 50, &complete(ENDED, INTERNAL_KEY, &completion), taken),
        kind("wrong key", 50, &complete(TAKEN_OVER, "guessed", &completion), error("unauthorized")),
        kind("completion of nobody", 20, &complete("unknown", INTERNAL_KEY, &completion), error("not_found")),
        kind("no completion", 20, &complete(ENDED, INTERNAL_KEY, "{\"success\": "), error("invalid_request")),
        kind("completion by queue", 100, &events::sqs(&queued(TAKEN_OVER)), Expected::Stays(0)),
        kind("completion by queue of nobody", 20, &events::sqs(&queued("unknown")), Expected::Stays(1)),
        kind("poison", 20, &events::sqs("{\"success\": "), Expected::Stays(1)),
        kind("no event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
        kind("the table is down", 1, &status(BROKEN), error("service_unavailable")),
    ]
}

/// What `deliver` is sent.
pub fn of_deliver() -> Vec<Kind> {
    let message = |id: &str| events::sqs(&json!({"operation_id": id}).to_string());
    let answered = |name, share, behaviour, stays| Kind {
        behaviour: Arc::new(behaviour),
        ..kind(name, share, &message(ENDED), Expected::Stays(stays))
    };
    vec![
        kind("webhook", 300, &message(ENDED), Expected::Stays(0)),
        kind("of nobody", 100, &message("unknown"), Expected::Stays(0)),
        kind("too early", 100, &message(TAKEN_OVER), Expected::Stays(1)),
        kind("poison", 50, &events::sqs("{\"operation_id\": "), Expected::Stays(1)),
        kind("no event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
        answered("the receiver is gone", 20, Behaviour::answers(410, ""), 0),
        answered("the receiver fails", 50, Behaviour::answers(500, "no"), 1),
        answered("the receiver breaks off", 10, Behaviour::closes(), 1),
        answered("the receiver resets", 10, Behaviour::resets(), 1),
        answered("the receiver goes on and on", 5, Behaviour::endless_chunks(200), 0).large(),
    ]
}

/// What `authorizer` is sent.
pub fn of_authorizer(issuer: &Issuer) -> Vec<Kind> {
    let behaviour = Arc::new(Behaviour::says(issuer.document()));
    let question = |token: &str| {
        let method = "arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/POST/decompose";
        json!({"type": "TOKEN", "authorizationToken": format!("Bearer {token}"), "methodArn": method})
    };
    let asked = |name, share, event: &Value, expected| Kind {
        behaviour: Arc::clone(&behaviour),
        ..kind(name, share, event, expected)
    };
    let denied = |name, share, token: &str| asked(name, share, &question(token), Expected::Policy("Deny"));
    let good = issuer.token();
    let forged = format!("{}AAAA", &good[..good.len() - 4]);
    vec![
        asked("token", 500, &question(&good), Expected::Policy("Allow")),
        denied("forged", 100, &forged),
        denied("expired", 50, &issuer.expired()),
        denied("for another", 50, &issuer.for_another()),
        denied("of an unknown key", 50, &issuer.of_unknown_key()),
        denied("no token", 50, "guessed"),
        denied("a long token", 5, &"x".repeat(9_000)),
        asked("no question", 20, &json!({"type": "REQUEST"}), Expected::LambdaError("invalid_request")),
        asked("no event", 10, &json!([]), Expected::LambdaError("Runtime.UnknownEvent")),
    ]
}

/// What the worker of `name` is sent.
pub fn of_worker(name: &str) -> Vec<Kind> {
    let id = if name == "patch" { PATCH_JOB } else { GENERATE_JOB };
    let job = events::sqs(&json!({"operation_id": id}).to_string());
    let answered = |name, share, behaviour, stays| Kind {
        behaviour: Arc::new(behaviour),
        ends_a_job: stays == 0,
        ..kind(name, share, &job, Expected::Stays(stays))
    };
    let accepted = events::rest_with(
        "POST",
        &format!("/{name}"),
        &events::file(&format!("{name}-direct.json")).to_string(),
        &[("Prefer", "respond-async")],
    );
    vec![
        answered("job", 500, Behaviour::good(), 0),
        kind("accepted", 200, &accepted, Expected::Says(202, "status", "accepted")),
        kind("at once", 100, &event_of(name), result_of(name)),
        kind("poison", 20, &events::sqs("{\"operation_id\": "), Expected::Stays(1)),
        answered("fails for good", 50, Behaviour::answers(400, "{}"), 0),
        answered("fails for now", 20, Behaviour::answers(503, "{}"), 1),
        answered("taken over", 20, Behaviour::answers(202, "{}"), 1),
        answered("half of its JSON", 20, Behaviour::answers(200, "{\"success\": true, "), 0),
    ]
}
