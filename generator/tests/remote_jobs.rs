//! A remote generator that answers with a job: asked again within a request, put off in the background.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::time::Duration;

use generator::remote::RemoteGenerator;
use kit::{behaviour::Behaviour, server::FaultyServer};
use serde_json::{json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::Called,
    port::{
        AgentGenerator, Background, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, OperationIds,
        PatchCall, Ticket,
    },
    progress::Untold,
};
use tokio::time::Instant;

fn accepted(job_id: &str) -> Behaviour {
    Behaviour::answers(202, json!({"job_id": job_id, "status": "accepted"}).to_string())
}

fn running() -> Behaviour {
    Behaviour::says(json!({"job_id": "a/1", "status": "running"}))
}

fn done() -> Behaviour {
    let result = json!({"success": true, "agent_json": {"name": "x", "n": 1}});
    Behaviour::says(json!({"job_id": "a/1", "status": "completed", "result": result}))
}

async fn playing(behaviours: Vec<Behaviour>) -> (FaultyServer, RemoteGenerator) {
    let server = FaultyServer::start(Behaviour::Then(behaviours)).await;
    let remote = RemoteGenerator::new(server.url().parse().unwrap(), None, None).unwrap();
    (server, remote)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

fn asked(server: &FaultyServer) -> Vec<String> {
    server.requests().iter().map(|request| format!("{} {}", request.method, request.path)).collect()
}

/// A patch of a worker, with the ticket of its last attempt.
async fn in_background(remote: &RemoteGenerator, ticket: Option<&str>, deadline: Instant) -> Called<Drafted> {
    let agent = to_raw_value(&json!({"name": "y"})).unwrap();
    let ids = OperationIds { operation_id: "op", task_id: "task", ticket };
    let operation = Some(Background { ids, progress: &Untold });
    let call = PatchCall { update_request: "Rename it", current_agent_json: &agent, library_agents: None, operation };
    remote.patch(call, deadline).await
}

#[tokio::test]
async fn a_request_waits_for_the_job_and_gets_what_it_would_have_got_at_once() {
    let (server, remote) = playing(vec![accepted("a/1"), running(), done()]).await;
    let instructions = to_raw_value(&json!({"steps": ["x"]})).unwrap();
    let call = GenerateCall { instructions: &instructions, library_agents: None, operation: None };
    let Ok(Drafted::Now(Draft::Agent(agent, account))) = remote.generate(call, soon()).await.result else { panic!() };
    assert_eq!((agent.get(), account.explanation.as_str()), (r#"{"name":"x","n":1}"#, ""));
    assert_eq!(asked(&server), ["POST /api/generate-agent", "GET /api/jobs/a%2F1", "GET /api/jobs/a%2F1"]);
}

#[tokio::test]
async fn a_goal_may_become_a_job_too() {
    let result = json!({"success": true, "type": "vague_goal", "suggested_goal": "y"});
    let done = Behaviour::says(json!({"status": "completed", "result": result}));
    let (_server, remote) = playing(vec![accepted("j"), done]).await;
    let call = DecomposeCall { description: "x", context: None, library_agents: None, operation: None };
    let result = remote.decompose(call, soon()).await.result;
    assert!(matches!(result, Ok(Decomposition::VagueGoal { suggested_goal: Some(goal) }) if goal == "y"));
}

#[tokio::test]
async fn a_worker_is_freed_and_asks_for_the_same_job_the_next_time() {
    let later = Behaviour::answers_with(
        200,
        &[("Content-Type", "application/json"), ("Retry-After", "40")],
        r#"{"status":"queued"}"#,
    );
    let (server, remote) = playing(vec![accepted("a/1"), later, Behaviour::answers(503, ""), done()]).await;
    let mut tickets: Vec<Ticket> = Vec::new();
    loop {
        let ticket = tickets.last().map(|ticket| ticket.text.clone());
        match in_background(&remote, ticket.as_deref(), soon()).await.result.unwrap() {
            Drafted::Later(ticket) => tickets.push(ticket),
            Drafted::Now(Draft::Agent(agent, account)) => {
                assert_eq!((agent.get(), account.edit.is_some()), (r#"{"name":"x","n":1}"#, true));
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    let told: Vec<_> = tickets.iter().map(|ticket| (ticket.text.as_str(), ticket.again_in)).collect();
    assert_eq!(told, [("a/1", None), ("a/1", Some(40)), ("a/1", None)]);
    assert_eq!(asked(&server).iter().filter(|line| line.starts_with("POST")).count(), 1, "it is begun once");
    let body = server.requests()[0].json();
    assert_eq!((&body["operation_id"], body.get("ticket")), (&json!("op"), None));
}

#[tokio::test]
async fn a_job_that_is_lost_or_failed_is_a_failure_of_its_class() {
    let failed = json!({"status": "failed", "error": "no", "error_type": "llm_timeout"});
    for (answer, class) in [
        (Behaviour::answers(404, ""), ErrorType::ServiceUnavailable),
        (Behaviour::says(failed), ErrorType::LlmTimeout),
        (Behaviour::says(json!({"status": "completed", "result": {"success": true}})), ErrorType::InvalidResponse),
        (Behaviour::says(json!([])), ErrorType::InvalidResponse),
    ] {
        let (_server, remote) = playing(vec![answer]).await;
        let failure = in_background(&remote, Some("a/1"), soon()).await.result.unwrap_err();
        assert_eq!(failure.error_type, class);
    }
}

#[tokio::test]
async fn a_job_that_ends_too_late_for_a_request_is_a_time_out_at_once() {
    let later = Behaviour::answers_with(
        202,
        &[("Content-Type", "application/json"), ("Retry-After", "60")],
        r#"{"job_id":"j"}"#,
    );
    let (server, remote) = playing(vec![later]).await;
    let instructions = to_raw_value(&json!({"steps": ["x"]})).unwrap();
    let call = GenerateCall { instructions: &instructions, library_agents: None, operation: None };
    let called = remote.generate(call, soon()).await;
    assert_eq!((called.result.unwrap_err().error_type, called.attempts), (ErrorType::Timeout, 1));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn without_a_job_a_generator_still_completes_what_it_took_over() {
    let (_server, remote) = playing(vec![Behaviour::answers(202, r#"{"status":"accepted"}"#)]).await;
    let drafted = in_background(&remote, None, soon()).await.result;
    assert!(matches!(drafted, Ok(Drafted::HandedOver)));
}
