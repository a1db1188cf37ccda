//! Jobs of a queue: what a fault does to an operation, and to the message that brought it.

use std::{sync::Arc, time::Duration};

use kit::{answer::Answer, binaries, events, local_cloud::LocalCloud, operations::Operation, runtime_api::Environment};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::JoinSet};
use uuid::Uuid;

use crate::{
    asked::{AGENT, Asked, CHANGE},
    fault::{Amid, Before, Deadline, Fault, Outcome},
    list,
    site::Site,
    times::AMPLE,
};

/// Each has a process of its own: a worker remembers how its generator does.
const AT_ONCE: usize = 12;
/// What a call is given: enough to read five megabytes on a busy machine.
const SECONDS: &str = "4";
/// The seconds after which an operation has failed that nobody has ended.
const DEADLINE: u64 = 1800;
/// The key's id in the events of a REST API.
const OWNER: &str = "key1";

/// What webhooks are signed with here: 32 bytes.
const WEBHOOK_KEY: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Names in the local cloud, which a test makes for itself.
#[derive(Debug)]
pub(crate) struct Platform {
    endpoint: String,
    name: String,
    queue: String,
}

impl Platform {
    /// A table and all that belongs to it; `None` where there is no local cloud.
    pub(crate) async fn make() -> Option<Self> {
        let cloud = LocalCloud::named()?;
        let name = format!("faults-{}", Uuid::new_v4());
        cloud.make_table(&name).await;
        cloud.make_bucket(&name).await;
        cloud.make_bus(&name).await;
        let queue = cloud.make_queue(&name).await;
        cloud.make_secret(&name, WEBHOOK_KEY).await;
        Some(Self { endpoint: cloud.endpoint().to_owned(), name, queue })
    }

    pub(crate) fn variables(&self) -> Vec<(&str, &str)> {
        let mut variables = vec![
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
        ];
        variables.extend(
            ["OPERATIONS_TABLE", "OPERATIONS_BUCKET", "EVENT_BUS_NAME", "WEBHOOK_SECRET_ARN"]
                .map(|name| (name, &*self.name)),
        );
        let queues = ["JOBS_QUEUE_URL", "CALLBACKS_QUEUE_URL", "COMPLETIONS_QUEUE_URL"];
        variables.extend(queues.map(|name| (name, &*self.queue)));
        variables
    }
}

/// What becomes of an operation.
fn status(fault: &Fault) -> &'static str {
    let Outcome::Fails(error_type) = fault.outcome else { return "completed" };
    // Who is to come again after the operation's deadline need not come again.
    let too_late = fault.retry_after.is_some_and(|(seconds, _)| seconds >= DEADLINE);
    match may_pass(fault, error_type) {
        _ if fault.takes_jobs_over => "running",
        true if !too_late => "accepted",
        _ => "failed",
    }
}

fn may_pass(fault: &Fault, error_type: &str) -> bool {
    fault.retryable.unwrap_or(Operation::consequence(error_type).1)
}

/// Plays every fault of a call that a worker can meet at its start.
async fn hold(asked: &'static Asked) {
    let Some(platform) = Platform::make().await else { return };
    let platform = Arc::new(platform);
    let operations = Arc::new(Environment::started(&binaries::function("operations"), &platform.variables()).await);
    let concerns = |fault: &Fault| {
        fault.of.contains(&asked.kind)
            && (fault.before, fault.amid, fault.deadline) == (Before::Start, Amid::Runs, Deadline::True)
            // What is repeated within a request goes back to the queue here: see the row without a repeat.
            && (fault.calls == 1 || fault.arrivals() == 0)
            && !fault.over_http_alone
    };
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut playing = JoinSet::new();
    for fault in list::all().into_iter().filter(concerns) {
        let (permits, platform, operations) = (Arc::clone(&permits), Arc::clone(&platform), Arc::clone(&operations));
        playing.spawn(async move {
            let _permit = permits.acquire_owned().await.expect("nobody closes the permits");
            let wrong = play(&fault, asked, &platform, &operations).await;
            wrong.into_iter().map(move |wrong| format!("- {}: {wrong}", fault.name)).collect::<Vec<_>>()
        });
    }
    let wrong = playing.join_all().await.concat();
    assert!(wrong.is_empty(), "{} wrong of jobs of {}:\n{}", wrong.len(), asked.name, wrong.join("\n"));
}

async fn play(fault: &Fault, asked: &Asked, platform: &Platform, operations: &Environment) -> Vec<String> {
    let mut site = Site::at(&fault.place).await;
    let environment = {
        let mut variables = platform.variables();
        variables.extend(site.variables());
        // A worker has a quarter of an hour: here what an operator gives a call is the end of waiting.
        variables.push(("AGENT_GENERATOR_TIMEOUT", SECONDS));
        Environment::started(&binaries::function(asked.function), &variables).await
    };
    let operation_id = Uuid::new_v4().to_string();
    let event = asked.job(&operation_id, OWNER);
    let answer = environment.invoke(&event, AMPLE).await;
    let arrived = site.arrived();
    let read = operations.invoke(&events::rest("GET", &format!("/operations/{operation_id}"), ""), AMPLE).await;
    let mut wrong = differences(fault, asked, &event, &answer, &read.body());
    if arrived != fault.arrivals() {
        wrong.push(format!("{arrived} calls arrived, not {}", fault.arrivals()));
    }
    if answer.elapsed > Duration::from_secs(12) {
        wrong.push(format!("it took {:?}", answer.elapsed));
    }
    let told = [answer.everything(), read.everything()].concat();
    wrong.extend(
        site.secrets().iter().filter(|secret| told.contains(*secret)).map(|secret| format!("it names {secret}")),
    );
    if !wrong.is_empty() {
        wrong.push(told.chars().take(900).collect());
    }
    if !environment.is_alive() {
        wrong.push("the process ended".to_owned());
    } else if site.heal() && status(fault) != "accepted" {
        // The next job finds a worker that works; who has just failed in a way that passes may leave it alone for a while.
        let event = asked.job(&Uuid::new_v4().to_string(), OWNER);
        let answer = environment.invoke(&event, AMPLE).await;
        if answer.payload != Some(json!({"batchItemFailures": []})) {
            wrong.push(format!("the next job stays on its queue: {answer:?}"));
        }
    }
    wrong
}

/// What is wrong with the answer to the queue, or with the operation as its owner reads it.
fn differences(fault: &Fault, asked: &Asked, event: &Value, answer: &Answer, operation: &Value) -> Vec<String> {
    let status = status(fault);
    let stays = match status {
        "accepted" | "running" => vec![json!({"itemIdentifier": event["Records"][0]["messageId"]})],
        _ => Vec::new(),
    };
    let mut wrong = Vec::new();
    if answer.payload != Some(json!({"batchItemFailures": stays})) {
        wrong.push(format!("the queue is told {:?}", answer.payload));
    }
    if operation["status"] != status {
        wrong.push(format!("its status is {}, not {status}", operation["status"]));
    }
    let error = &operation["error"];
    if let ("failed", Outcome::Fails(error_type)) = (status, fault.outcome) {
        let code = format!("{}:{error_type}", asked.words.code);
        let is = [&error["error_type"], &error["error"], &error["message"], &error["retryable"]];
        let should = json!([error_type, code, asked.words.message(error_type), may_pass(fault, error_type)]);
        if json!(is) != should {
            wrong.push(format!("its error is {}, not {should}", json!(is)));
        }
    } else if !error.is_null() {
        wrong.push("it has an error".to_owned());
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_for_an_agent_ends_or_comes_again_as_its_fault_says() {
    hold(&AGENT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_for_a_change_ends_or_comes_again_as_its_fault_says() {
    hold(&CHANGE).await;
}
