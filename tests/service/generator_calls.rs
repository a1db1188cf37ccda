//! The calls to a remote generator: the right path and body, passed through unchanged.

use kit::{
    actions::{ACTIONS, AMPLE, Action, DECOMPOSE, GENERATE, PATCH},
    behaviour::Behaviour,
    events,
    server::{FaultyServer, ReceivedRequest},
};
use serde_json::{Value, json};

/// The call for one request.
async fn call(action: &Action, request: &str) -> ReceivedRequest {
    let generator = FaultyServer::start(Behaviour::good()).await;
    let environment = action.environment(&generator.url()).await;
    let answer = environment.invoke(&events::rest("POST", action.route, request), AMPLE).await;
    assert_eq!(answer.status(), Some(200), "{answer:?}");
    let requests = generator.requests();
    assert_eq!(requests.len(), 1, "one call for one request");
    requests[0].clone()
}

/// JSON without spaces; the order of keys and the text of numbers stay.
fn compact(text: &str) -> String {
    serde_json::from_str::<Value>(text).expect("a call in JSON").to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_action_calls_the_generators_path() {
    for action in ACTIONS {
        let seen = call(action, action.request).await;
        assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", action.upstream));
        assert_eq!(seen.header("content-type"), Some("application/json"));
        assert_eq!(seen.header("content-length"), Some(seen.body.len().to_string().as_str()));
        assert_eq!(seen.header("authorization"), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prefix_in_the_generators_address_is_kept() {
    for prefix in ["/team/generator", "/team/generator/"] {
        let generator = FaultyServer::start(Behaviour::good()).await;
        let environment = PATCH.environment(&format!("{}{prefix}", generator.url())).await;
        let answer = environment.invoke(&PATCH.event(), AMPLE).await;
        assert_eq!(answer.status(), Some(200), "{answer:?}");
        assert_eq!(generator.requests()[0].path, "/team/generator/api/update-agent");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decompose_sends_only_the_goal_the_context_and_the_library() {
    let seen =
        call(&DECOMPOSE, r#"{"session_id":"s","description":"Gruß an 世界","context":null,"library_agents":[]}"#).await;
    assert_eq!(compact(&seen.body), r#"{"description":"Gruß an 世界"}"#);
    let request = r#"{"context":"in French","library_agents":[{"z":1.0,"a":"x"}],"description":"Greet"}"#;
    let seen = call(&DECOMPOSE, request).await;
    let sent = seen.json();
    assert_eq!(
        sent,
        json!({"description": "Greet", "user_instruction": "in French", "library_agents": sent["library_agents"]})
    );
    assert!(seen.body.contains(r#"{"z":1.0,"a":"x"}"#), "{}", seen.body);
    let request = r#"{"description":"Greet\n\nAdditional context from user:\nin French"}"#;
    let seen = call(&DECOMPOSE, request).await;
    assert_eq!(seen.json(), json!({"description": "Greet", "user_instruction": "in French"}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instructions_reach_the_generator_byte_for_byte() {
    let steps =
        r#"[{"zeta":1.0,"alpha":1e5,"big":12345678901234567890,"tiny":-0.10,"nested":{"b":null,"a":[]}},"plain"]"#;
    let request =
        format!(r#"{{"description":"loses","instructions":{{"type":"instructions","steps":{steps},"x":1}}}}"#);
    let seen = call(&GENERATE, &request).await;
    assert!(seen.body.contains(steps), "{}", seen.body);
    assert_eq!(seen.json()["instructions"]["x"], 1, "an unknown key is kept");
    assert_eq!(seen.json().as_object().map(|object| object.len()), Some(1), "{}", seen.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_reaches_the_generator_byte_for_byte() {
    let agent = r#"{"zeta":1.0,"nodes":[{"id":"n","weight":1e5,"serial":12345678901234567890,"own":{"b":1,"a":2}}],"links":[],"id":"a"}"#;
    let request = format!(r#"{{"changes":"Rename it","context":"to Echo","current_agent_json":{agent}}}"#);
    let seen = call(&PATCH, &request).await;
    assert!(seen.body.contains(agent), "{}", seen.body);
    assert_eq!(seen.json()["update_request"], "Rename it\n\nAdditional context:\nto Echo");
    assert_eq!(seen.json().as_object().map(|object| object.len()), Some(2), "{}", seen.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_reaches_the_caller_byte_for_byte() {
    let nodes = r#"[{"id":"n","weight":1e5,"serial":12345678901234567890,"zeta":1.0,"alpha":{"b":1,"a":2}}]"#;
    let body = format!(r#"{{"success":true,"agent_json":{{"zeta":0.10,"id":"kept","version":null,"nodes":{nodes}}}}}"#);
    for action in [&GENERATE, &PATCH] {
        let generator = FaultyServer::start(Behaviour::answers(200, &body)).await;
        let environment = action.environment(&generator.url()).await;
        let text = environment.invoke(&action.event(), AMPLE).await.text();
        assert!(text.contains(nodes) && text.contains(r#""zeta":0.10"#) && text.contains(r#""id":"kept""#), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_reach_the_caller_byte_for_byte() {
    let steps = r#"["Read",{"zeta":1.0,"alpha":1e5,"big":12345678901234567890,"own":{"b":null}}]"#;
    let body = format!(r#"{{"success":true,"type":"instructions","steps":{steps}}}"#);
    let generator = FaultyServer::start(Behaviour::answers(200, &body)).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    let text = environment.invoke(&DECOMPOSE.event(), AMPLE).await.text();
    assert!(text.contains(steps), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn generate_from_a_goal_passes_the_steps_on() {
    let steps = r#"[{"zeta":1.0,"alpha":1e5}]"#;
    let first = format!(r#"{{"success":true,"type":"instructions","steps":{steps},"model":"m"}}"#);
    let turns = vec![Behaviour::answers(200, first), Behaviour::good()];
    let generator = FaultyServer::start(Behaviour::Then(turns)).await;
    let environment = GENERATE.environment(&generator.url()).await;
    let event = events::rest("POST", "/generate", r#"{"description":"Greet","context":"in French"}"#);
    assert_eq!(environment.invoke(&event, AMPLE).await.body()["type"], "agent_preview");
    let requests = generator.requests();
    let paths: Vec<&str> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths, [DECOMPOSE.upstream, GENERATE.upstream]);
    assert_eq!(requests[0].json(), json!({"description": "Greet", "user_instruction": "in French"}));
    assert_eq!(
        requests[1].body.replace(": ", ":"),
        format!(r#"{{"instructions":{{"type":"instructions","steps":{steps}}}}}"#)
    );
    assert_eq!(generator.connections(), 1, "both calls use one connection");
}
