//! What a remote generator is asked: the right call, and nothing of it changed on its way.

use kit::{
    behaviour::Behaviour,
    events,
    faulty::{FaultyGenerator, Seen},
};
use serde_json::{Value, json};

use crate::operations::{AMPLE, DECOMPOSE, GENERATE, OPERATIONS, Operation, PATCH};

/// What a generator was asked for this request.
async fn asked(operation: &Operation, request: &str) -> Seen {
    let generator = FaultyGenerator::start(Behaviour::good()).await;
    let environment = operation.environment(&generator.url()).await;
    let answer = environment.invoke(&events::rest("POST", operation.route, request), AMPLE).await;
    assert_eq!(answer.status(), Some(200), "{answer:?}");
    let requests = generator.requests();
    assert_eq!(requests.len(), 1, "one call for one request");
    requests[0].clone()
}

/// The JSON text without the spaces between its parts: keys in their order, numbers as they were written.
fn compact(text: &str) -> String {
    serde_json::from_str::<Value>(text).expect("a generator is asked in JSON").to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_operation_asks_the_generator_where_it_listens() {
    for operation in OPERATIONS {
        let seen = asked(operation, operation.request).await;
        assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", operation.upstream));
        assert_eq!(seen.header("content-type"), Some("application/json"));
        assert_eq!(seen.header("content-length"), Some(seen.body.len().to_string().as_str()));
        assert_eq!(seen.header("authorization"), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_behind_a_prefix_is_asked_behind_it() {
    for prefix in ["/team/generator", "/team/generator/"] {
        let generator = FaultyGenerator::start(Behaviour::good()).await;
        let environment = PATCH.environment(&format!("{}{prefix}", generator.url())).await;
        let answer = environment.invoke(&PATCH.event(), AMPLE).await;
        assert_eq!(answer.status(), Some(200), "{answer:?}");
        assert_eq!(generator.requests()[0].path, "/team/generator/api/update-agent");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decompose_sends_the_goal_and_what_was_added_and_no_more() {
    let seen =
        asked(&DECOMPOSE, r#"{"session_id":"s","description":"Gruß an 世界","context":null,"library_agents":[]}"#)
            .await;
    assert_eq!(compact(&seen.body), r#"{"description":"Gruß an 世界"}"#);
    let request = r#"{"context":"in French","library_agents":[{"z":1.0,"a":"x"}],"description":"Greet"}"#;
    let seen = asked(&DECOMPOSE, request).await;
    let sent = seen.json();
    assert_eq!(
        sent,
        json!({"description": "Greet", "user_instruction": "in French", "library_agents": sent["library_agents"]})
    );
    assert!(seen.body.contains(r#"{"z":1.0,"a":"x"}"#), "{}", seen.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instructions_reach_the_generator_as_they_were_written() {
    let steps =
        r#"[{"zeta":1.0,"alpha":1e5,"big":12345678901234567890,"tiny":-0.10,"nested":{"b":null,"a":[]}},"plain"]"#;
    let request =
        format!(r#"{{"description":"loses","instructions":{{"type":"instructions","steps":{steps},"x":1}}}}"#);
    let seen = asked(&GENERATE, &request).await;
    assert!(seen.body.contains(steps), "{}", seen.body);
    assert_eq!(seen.json()["instructions"]["x"], 1, "a key that nobody knows survives");
    assert_eq!(seen.json().as_object().map(|object| object.len()), Some(1), "{}", seen.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_reaches_the_generator_as_it_was_stored() {
    let agent = r#"{"zeta":1.0,"nodes":[{"id":"n","weight":1e5,"serial":12345678901234567890,"own":{"b":1,"a":2}}],"links":[],"id":"a"}"#;
    let request = format!(r#"{{"changes":"Rename it","context":"to Echo","current_agent_json":{agent}}}"#);
    let seen = asked(&PATCH, &request).await;
    assert!(seen.body.contains(agent), "{}", seen.body);
    assert_eq!(seen.json()["update_request"], "Rename it\n\nAdditional context:\nto Echo");
    assert_eq!(seen.json().as_object().map(|object| object.len()), Some(2), "{}", seen.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_comes_back_as_the_generator_built_it() {
    let nodes = r#"[{"id":"n","weight":1e5,"serial":12345678901234567890,"zeta":1.0,"alpha":{"b":1,"a":2}}]"#;
    let body = format!(r#"{{"success":true,"agent_json":{{"zeta":0.10,"id":"kept","version":null,"nodes":{nodes}}}}}"#);
    for operation in [&GENERATE, &PATCH] {
        let generator = FaultyGenerator::start(Behaviour::answers(200, &body)).await;
        let environment = operation.environment(&generator.url()).await;
        let text = environment.invoke(&operation.event(), AMPLE).await.text();
        assert!(text.contains(nodes) && text.contains(r#""zeta":0.10"#) && text.contains(r#""id":"kept""#), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_come_back_as_the_generator_planned_them() {
    let steps = r#"["Read",{"zeta":1.0,"alpha":1e5,"big":12345678901234567890,"own":{"b":null}}]"#;
    let body = format!(r#"{{"success":true,"type":"instructions","steps":{steps}}}"#);
    let generator = FaultyGenerator::start(Behaviour::answers(200, &body)).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    let text = environment.invoke(&DECOMPOSE.event(), AMPLE).await.text();
    assert!(text.contains(steps), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn generate_from_a_goal_passes_on_the_steps_that_came_back() {
    let steps = r#"[{"zeta":1.0,"alpha":1e5}]"#;
    let first = format!(r#"{{"success":true,"type":"instructions","steps":{steps},"model":"m"}}"#);
    let turns = vec![Behaviour::answers(200, first), Behaviour::good()];
    let generator = FaultyGenerator::start(Behaviour::Then(turns)).await;
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
    assert_eq!(generator.connections(), 1, "one connection serves both calls");
}
