//! Faults of the library's table: what was made is answered all the same, and who asks for a kept agent learns what is wrong.

use std::time::Duration;

use kit::{
    answer::Answer, behaviour::Behaviour, binaries, cloud_resources::CloudResources, events, runtime_api::Environment,
    server::FaultyServer, unreachable::ClosedPort,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    assistants,
    limits::AMPLE,
    table::{TableFault, faults},
};

/// The limit of a request to a silent table.
const NEAR: Duration = Duration::from_secs(2);
const ID: &str = "0f4c8d52-6a1b-4e7d-9c3f-5b2a7e9d1c84";

/// What the caller gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gets {
    /// The error of the fault, before a generator is asked.
    Error,
    /// The same as a result of the tool.
    ToolError,
    /// The result, and why it is not saved.
    ResultNotSaved,
    /// The result, as if nothing had happened.
    Result,
}

/// Plays every fault of the table.
async fn check(function: &'static str, event: fn() -> Value, gets: Gets) {
    let mut playing = JoinSet::new();
    for fault in faults() {
        playing.spawn(async move {
            let wrong = play(function, &event(), gets, &fault).await;
            wrong.into_iter().map(move |wrong| format!("- {}: {wrong}", fault.name)).collect::<Vec<_>>()
        });
    }
    let wrong = playing.join_all().await.concat();
    assert!(wrong.is_empty(), "{} wrong of {function}:\n{}", wrong.len(), wrong.join("\n"));
}

async fn play(function: &str, event: &Value, gets: Gets, fault: &TableFault) -> Vec<String> {
    let generator = FaultyServer::start(Behaviour::good()).await;
    let closed = ClosedPort::take();
    let table = match &fault.behaviour {
        Some(behaviour) => Some(FaultyServer::start(behaviour.clone()).await),
        None => None,
    };
    let (url, address) = (generator.url(), table.as_ref().map_or_else(|| closed.url(), FaultyServer::url));
    let variables = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", address.as_str()),
        ("AGENT_GENERATOR_URL", &url),
        ("LIBRARY_TABLE", "library"),
        ("LIBRARY_BUCKET", "library"),
    ];
    let environment = Environment::start(&binaries::function(function), &variables).await;
    let limit = if fault.error_type == "timeout" { NEAR } else { AMPLE };
    let answer = environment.invoke(event, limit).await;
    let mut wrong = differences(gets, fault, &answer);
    let asked = generator.requests().len();
    if asked != usize::from(!matches!(gets, Gets::Error | Gets::ToolError)) {
        wrong.push(format!("the generator was called {asked} times"));
    }
    if answer.elapsed >= limit {
        wrong.push(format!("it took {:?} of {limit:?}", answer.elapsed));
    }
    if ["127.0.0.1", "arn:"].iter().any(|name| answer.everything().contains(name)) {
        wrong.push("it contains the table's address".to_owned());
    }
    if !environment.is_alive() {
        wrong.push("the process ended".to_owned());
    }
    if !wrong.is_empty() {
        wrong.push(answer.everything().chars().take(600).collect());
    }
    wrong
}

fn differences(gets: Gets, fault: &TableFault, answer: &Answer) -> Vec<String> {
    if gets == Gets::ToolError {
        return assistants::failure_differs(answer, fault.error_type).into_iter().collect();
    }
    let mut body = answer.body();
    if body.get("jsonrpc").is_some() {
        body = assistants::told(answer).1;
        body["error_type"] = body["save_error"]["error_type"].clone();
    }
    let status = match (gets, fault.error_type) {
        (Gets::Error, "timeout") => 504,
        (Gets::Error, _) => 503,
        _ => 200,
    };
    let (saved, error_type) = match gets {
        Gets::Error | Gets::ToolError => (Value::Null, json!(fault.error_type)),
        Gets::ResultNotSaved => (json!(false), json!(fault.error_type)),
        Gets::Result => (Value::Null, Value::Null),
    };
    let is = json!([answer.status(), body["saved"], body["error_type"]]);
    let should = json!([status, saved, error_type]);
    let mut wrong = Vec::new();
    if is != should {
        wrong.push(format!("status, saved and class are {is}, expected {should}"));
    }
    if gets == Gets::ResultNotSaved && !body["agent_json"].is_object() {
        wrong.push("the agent is lost".to_owned());
    }
    wrong
}

const CHANGE: &str = r#"{"current_agent_json":{"id":"a-1","nodes":[],"links":[]},"changes":"Rename it"}"#;
const STEPS: &str = r#"{"instructions":{"type":"instructions","steps":["Read it"]}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_agent_that_cannot_be_read_is_an_error_in_time() {
    check("library", || events::rest("GET", &format!("/agents/{ID}"), ""), Gets::Error).await;
    let change = || events::rest("POST", "/patch", &json!({"agent_id": ID, "changes": "Rename it"}).to_string());
    check("patch", change, Gets::Error).await;
    check("mcp", || assistants::call("get_agent", &json!({"agent_id": ID})), Gets::ToolError).await;
    check("mcp", || assistants::call("list_agents", &json!({})), Gets::ToolError).await;
    let change = || assistants::call("change_agent", &json!({"agent_id": ID, "changes": "Rename it"}));
    check("mcp", change, Gets::ToolError).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_cannot_be_saved_is_in_the_answer() {
    let save = || events::rest("POST", "/generate", &format!("{STEPS},\"library_agents\":[],\"save\":true}}"));
    check("generate", save, Gets::ResultNotSaved).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_cannot_be_saved_for_an_assistant_comes_along_whole() {
    let tool = || assistants::call("generate_agent", &json!({"steps": [{"title": "Read it"}], "save": true}));
    check("mcp", tool, Gets::ResultNotSaved).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_a_generator_brings_by_itself_is_in_its_operation_and_the_next_one_is_saved() {
    let Some(cloud) = CloudResources::create().await else { return };
    let (generator, closed) = (FaultyServer::start(Behaviour::good()).await, ClosedPort::take());
    let (asked, nowhere) = (generator.url(), closed.url());
    let with = |more: &[(&'static str, &'static str)], generator| {
        let mut variables = cloud.variables();
        variables.retain(|(name, _)| more.iter().all(|(other, _)| name != other));
        variables.extend(more);
        variables.push(("AGENT_GENERATOR_URL", generator));
        variables
    };
    let generate = Environment::start(&binaries::function("generate"), &with(&[], &asked)).await;
    // The operations are in the same service: what can fail of the library alone is that it is not there.
    for (fault, saved, error_type) in
        [(&[("LIBRARY_TABLE", "no-such-table")][..], false, json!("service_unavailable")), (&[], true, Value::Null)]
    {
        let operations = Environment::start(&binaries::function("operations"), &with(fault, &nowhere)).await;
        let save = format!("{STEPS},\"library_agents\":[],\"save\":true}}");
        let begin = events::rest_with("POST", "/generate", &save, &[("Prefer", "respond-async")]);
        let id = generate.invoke(&begin, AMPLE).await.body()["operation_id"].clone();
        let agent = json!({"name": "Made elsewhere", "nodes": [], "links": []});
        let completion = json!({"operation_id": id, "success": true, "result": {"agent_json": agent}}).to_string();
        let answer = operations.invoke(&events::sqs(&completion), AMPLE).await;
        assert_eq!(answer.payload, Some(json!({"batchItemFailures": []})));
        assert!(answer.elapsed < Duration::from_secs(6), "it took {:?}", answer.elapsed);
        let path = format!("/operations/{}", id.as_str().expect("the id of an operation"));
        let operation = operations.invoke(&events::rest("GET", &path, ""), AMPLE).await.body();
        let result = &operation["result"];
        let told = json!([operation["status"], result["saved"], result["error_type"], result["agent_json"]["name"]]);
        assert_eq!(told, json!(["completed", saved, error_type, "Made elsewhere"]), "{operation}");
    }
    assert!(generator.requests().is_empty(), "the generator was asked again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_could_use_kept_agents_goes_on_without() {
    check("generate", || events::rest("POST", "/generate", &format!("{STEPS}}}")), Gets::Result).await;
    let goal = || events::rest("POST", "/decompose", r#"{"description":"Summarise a web page"}"#);
    check("decompose", goal, Gets::Result).await;
    check("patch", || events::rest("POST", "/patch", CHANGE), Gets::Result).await;
}
