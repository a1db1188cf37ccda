//! Jobs of a queue: what a fault does to the operation and to its message.

use std::{sync::Arc, time::Duration};

use kit::{
    actions::Action, answer::Answer, binaries, cloud_resources::CloudResources, events, runtime_api::Environment,
};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::JoinSet};
use uuid::Uuid;

use crate::{
    fault::{Connection, Deadline, Fault, Outcome, Process},
    limits::AMPLE,
    list,
    request::{AGENT, CHANGE, Request},
    upstream::Upstream,
};

/// The number of processes at the same time. Each fault has its own, because a worker pauses after failures.
const AT_ONCE: usize = 12;
/// `AGENT_GENERATOR_TIMEOUT`: enough to read 5 MB on a busy machine.
const SECONDS: &str = "4";
/// The deadline of an operation, in seconds.
const DEADLINE: u64 = 1800;
/// `apiKeyId` in the kit's REST events.
const OWNER: &str = "key1";

/// The operation's status after the job.
fn status(fault: &Fault) -> &'static str {
    let Outcome::Fails(error_type) = fault.outcome else { return "completed" };
    // A retry after the operation's deadline is pointless.
    let too_late = fault.retry_after.is_some_and(|(seconds, _)| seconds >= DEADLINE);
    match is_retryable(fault, error_type) {
        _ if fault.takes_jobs_over => "running",
        true if !too_late => "accepted",
        _ => "failed",
    }
}

fn is_retryable(fault: &Fault, error_type: &str) -> bool {
    fault.retryable.unwrap_or(Action::consequence(error_type).1)
}

/// Plays every fault that a fresh worker can meet.
async fn check(request: &'static Request) {
    let Some(cloud) = CloudResources::create().await else { return };
    let cloud = Arc::new(cloud);
    let operations = Arc::new(Environment::start(&binaries::function("operations"), &cloud.variables()).await);
    let concerns = |fault: &Fault| {
        fault.kinds.contains(&request.kind)
            && (fault.connection, fault.process, fault.deadline) == (Connection::Fresh, Process::Runs, Deadline::Real)
            // A job is not repeated within an invocation: it goes back to the queue.
            && (fault.calls == 1 || fault.arrivals() == 0)
            // A worker does not wait for a job of the generator: it is freed.
            && fault.arrivals() <= fault.calls
            && !fault.only_over_http
    };
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut playing = JoinSet::new();
    for fault in list::all().into_iter().filter(concerns) {
        let (permits, cloud, operations) = (Arc::clone(&permits), Arc::clone(&cloud), Arc::clone(&operations));
        playing.spawn(async move {
            let _permit = permits.acquire_owned().await.expect("an open semaphore");
            let wrong = play(&fault, request, &cloud, &operations).await;
            wrong.into_iter().map(move |wrong| format!("- {}: {wrong}", fault.name)).collect::<Vec<_>>()
        });
    }
    let wrong = playing.join_all().await.concat();
    assert!(wrong.is_empty(), "{} wrong of jobs of {}:\n{}", wrong.len(), request.name, wrong.join("\n"));
}

async fn play(fault: &Fault, request: &Request, cloud: &CloudResources, operations: &Environment) -> Vec<String> {
    let mut upstream = Upstream::at(&fault.place).await;
    let environment = {
        let mut variables = cloud.variables();
        variables.extend(upstream.variables());
        // A worker has 15 minutes: the operator's limit ends a call earlier.
        variables.push(("AGENT_GENERATOR_TIMEOUT", SECONDS));
        Environment::start(&binaries::function(request.function), &variables).await
    };
    let operation_id = Uuid::new_v4().to_string();
    let event = request.job(&operation_id, OWNER);
    let answer = environment.invoke(&event, AMPLE).await;
    let arrived = upstream.arrived();
    let read = operations.invoke(&events::rest("GET", &format!("/operations/{operation_id}"), ""), AMPLE).await;
    let mut wrong = differences(fault, request, &event, &answer, &read.body());
    if arrived != fault.arrivals() {
        wrong.push(format!("{arrived} calls arrived, expected {}", fault.arrivals()));
    }
    if answer.elapsed > Duration::from_secs(12) {
        wrong.push(format!("it took {:?}", answer.elapsed));
    }
    let told = [answer.everything(), read.everything()].concat();
    wrong.extend(
        upstream.secrets().iter().filter(|secret| told.contains(*secret)).map(|secret| format!("it contains {secret}")),
    );
    if !wrong.is_empty() {
        wrong.push(told.chars().take(900).collect());
    }
    if !environment.is_alive() {
        wrong.push("the process ended".to_owned());
    } else if upstream.recover() && status(fault) != "accepted" {
        // The worker handles the next job. After a retryable failure it may pause first, so that is not checked.
        let event = request.job(&Uuid::new_v4().to_string(), OWNER);
        let answer = environment.invoke(&event, AMPLE).await;
        if answer.payload != Some(json!({"batchItemFailures": []})) {
            wrong.push(format!("the next job stays on the queue: {answer:?}"));
        }
    }
    wrong
}

/// What is wrong with the answer to the queue, or with the operation as its owner sees it.
fn differences(fault: &Fault, request: &Request, event: &Value, answer: &Answer, operation: &Value) -> Vec<String> {
    let status = status(fault);
    let stays = match status {
        "accepted" | "running" => vec![json!({"itemIdentifier": event["Records"][0]["messageId"]})],
        _ => Vec::new(),
    };
    let mut wrong = Vec::new();
    if answer.payload != Some(json!({"batchItemFailures": stays})) {
        wrong.push(format!("the answer to the queue is {:?}", answer.payload));
    }
    if operation["status"] != status {
        wrong.push(format!("its status is {}, expected {status}", operation["status"]));
    }
    let error = &operation["error"];
    if let ("failed", Outcome::Fails(error_type)) = (status, fault.outcome) {
        let code = format!("{}:{error_type}", request.action.code);
        let is = [&error["error_type"], &error["error"], &error["message"], &error["retryable"]];
        let should = json!([error_type, code, request.action.message(error_type), is_retryable(fault, error_type)]);
        if json!(is) != should {
            wrong.push(format!("its error is {}, expected {should}", json!(is)));
        }
    } else if !error.is_null() {
        wrong.push("it has an error".to_owned());
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_for_an_agent_ends_or_is_retried_as_the_fault_allows() {
    check(&AGENT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_for_a_change_ends_or_is_retried_as_the_fault_allows() {
    check(&CHANGE).await;
}
