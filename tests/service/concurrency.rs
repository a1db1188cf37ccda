//! Concurrent invocations in one process, as on Lambda Managed Instances (`AWS_LAMBDA_MAX_CONCURRENCY`).

use std::{collections::HashSet, sync::Arc, time::Duration};

use kit::{
    actions::{ACTIONS, AMPLE, Action, DECOMPOSE},
    answer::Answer,
    behaviour::{Act, Behaviour},
    events,
    runtime_api::Environment,
    server::FaultyServer,
};
use serde_json::Value;
use tokio::{sync::Barrier, task::JoinSet};

use crate::fixture::request_line;

const AT_ONCE: usize = 64;

async fn environment(action: &Action, generator: &FaultyServer) -> Arc<Environment> {
    let url = generator.url();
    let variables = [("AGENT_GENERATOR_URL", url.as_str()), ("AWS_LAMBDA_MAX_CONCURRENCY", "64")];
    Arc::new(action.environment_with(&variables).await)
}

/// Sends [`AT_ONCE`] requests, each with a session of its own; returns session and answer.
async fn at_once(environment: &Arc<Environment>, action: &Action, limit: Duration) -> Vec<(String, Answer)> {
    let mut calls = JoinSet::new();
    for number in 0..AT_ONCE {
        let (environment, session) = (Arc::clone(environment), format!("s-{number}"));
        let mut request: Value = serde_json::from_str(action.request).unwrap();
        request["session_id"] = session.as_str().into();
        let event = events::rest(action.method, action.route, &request.to_string());
        calls.spawn(async move { (session, environment.invoke(&event, limit).await) });
    }
    calls.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_slow_requests_share_one_process_and_each_gets_its_own_answer() {
    for action in ACTIONS {
        // The generator answers after the last request arrived: serving one after the other would never finish.
        let all = Arc::new(Barrier::new(AT_ONCE));
        let generator = FaultyServer::start(Behaviour::Script(vec![Act::Gather(all), Act::Good])).await;
        let environment = environment(action, &generator).await;
        let answers = at_once(&environment, action, AMPLE).await;
        for (session, answer) in &answers {
            assert_eq!(answer.body()["type"], action.result, "{answer:?}");
            assert_eq!(answer.body()["session_id"], session.as_str(), "an answer to another request");
        }
        assert_eq!(generator.requests().len(), AT_ONCE, "one call per request");

        let logs = Arc::into_inner(environment).unwrap().finish().await;
        let lines: Vec<_> = answers.iter().map(|(_, answer)| request_line(&logs, &answer.request_id)).collect();
        assert_eq!(lines.iter().filter(|line| line["cold_start"] == true).count(), 1, "one process has one cold start");
        assert!(lines.iter().all(|line| line["attempts"] == 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_in_one_request_does_not_affect_the_others() {
    let faults = [
        (Behaviour::hangs(), "timeout"),
        (Behaviour::answers(500, "{}"), "http_error"),
        (Behaviour::answers(200, "no"), "invalid_response"),
        (Behaviour::resets(), "request_error"),
    ];
    let mut expected: Vec<_> = faults.iter().map(|(_, error_type)| *error_type).collect();
    let turns = faults.into_iter().map(|(behaviour, _)| behaviour).chain([Behaviour::good()]).collect();
    let generator = FaultyServer::start(Behaviour::Then(turns)).await;
    let environment = environment(&DECOMPOSE, &generator).await;
    let answers = at_once(&environment, &DECOMPOSE, Duration::from_secs(3)).await;

    let (good, failed): (Vec<_>, Vec<_>) =
        answers.iter().map(|(_, answer)| answer.body()).partition(|body| body["type"] == DECOMPOSE.result);
    assert_eq!(good.len(), AT_ONCE - expected.len());
    let mut found: Vec<_> = failed.iter().filter_map(|body| body["details"]["error_type"].as_str()).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let sessions: HashSet<_> = answers.iter().map(|(_, answer)| answer.body()["session_id"].to_string()).collect();
    assert_eq!(sessions.len(), AT_ONCE, "every caller gets an answer in its own session");
    assert!(environment.is_alive());
}
