//! Language models as they really answer: every row of `data/quirks.jsonl` is played over a real socket, and docs/MODELS.md
//! lists them. `make models` writes the list.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is the report"
)]

#[path = "../frames/mod.rs"]
mod frames;
mod recipes;
mod row;
mod server;

use std::{env, fs, time::Duration};

use generator::config::Config;
use row::{Made, Row, rows};
use serde_json::{Value, value::to_raw_value};
use server::{agent, plan};
use shared::{
    failure::Called,
    port::{AgentGenerator, DecomposeCall, Decomposition, Draft, Drafted, PatchCall},
};
use tokio::time::Instant;

const AMPLE: Duration = Duration::from_secs(20);
/// Words of the person, and a key: neither may occur in a failure.
const GOAL: &str = "Post the feed of Jane Kestrel-4711 to Slack every morning at 7";
const KEY: &str = "sk-hunter2-Geheim";
const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/MODELS.md");
const MARKS: [&str; 2] = ["<!-- answers: written by make models -->\n", "<!-- end of answers -->\n"];

/// What came of a row: how often the model was asked, and the answer or the failure.
async fn played(row: &Row) -> Made {
    let server = server::start(row).await;
    let url = server.url();
    let variables = server::variables(row, &url, KEY);
    let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
    let planner = generator::builtin(&Config::from_environment(value).unwrap(), None).unwrap();
    let deadline = Instant::now() + AMPLE;
    let made = if row.is_patch() {
        let agent = to_raw_value(&agent()).unwrap();
        let call =
            PatchCall { update_request: GOAL, current_agent_json: &agent, library_agents: None, operation: None };
        made(planner.patch(call, deadline).await, |drafted| match drafted {
            Drafted::Now(Draft::Agent(..)) => ("agent", None, None),
            Drafted::Now(Draft::ClarifyingQuestions(_)) => ("questions", None, None),
            Drafted::HandedOver | Drafted::Later(_) => panic!("handed over"),
        })
    } else {
        let call = DecomposeCall { description: GOAL, context: None, library_agents: None, operation: None };
        made(planner.decompose(call, deadline).await, |answer| match answer {
            Decomposition::Instructions { steps, .. } => {
                let steps: Value = serde_json::from_str(steps.get()).unwrap();
                let cron = steps[0]["agent"]["recommended_schedule_cron"].as_str().map(str::to_owned);
                let blocks = steps.as_array().unwrap().iter().map(|step| step["block_name"].clone()).collect();
                ("steps", cron, Some(blocks))
            }
            Decomposition::ClarifyingQuestions(_) => ("questions", None, None),
            Decomposition::UnachievableGoal { .. } => ("unachievable_goal", None, None),
            Decomposition::VagueGoal { .. } => ("vague_goal", None, None),
        })
    };
    let last = server.requests().last().map(|request| request.json());
    Made { calls: u32::try_from(server.requests().len()).unwrap(), last, ..made }
}

fn made<T>(called: Called<T>, answer: impl Fn(T) -> (&'static str, Option<String>, Option<Value>)) -> Made {
    match called.result {
        Ok(result) => {
            let (answer, cron, blocks) = answer(result);
            Made { answer: Some(answer.to_owned()), cron, blocks, ..Made::default() }
        }
        Err(failure) => {
            let text = format!("{failure:?}");
            for secret in ["Kestrel", "4711", "hunter2", "127.0.0.1"] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
            Made {
                error: Some(failure.error_type.name().to_owned()),
                retryable: Some(failure.error_type.is_retryable(failure.upstream_status)),
                retry_after: failure.retry_after,
                log: Some(failure.service_error),
                ..Made::default()
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_models_say_is_understood_or_told() {
    let mut wrong = Vec::new();
    let only = env::var("ONLY").unwrap_or_default();
    for row in rows().into_iter().filter(|row| row.says.contains(&only)) {
        let made = played(&row).await;
        if let Some(misfit) = row.misfit(&made, &plan()) {
            wrong.push(format!("{}: {}: {misfit}\n    {made:?}", row.kind, row.says));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_list_of_answers_in_the_documentation_is_this_one() {
    let report = fs::read_to_string(REPORT).unwrap();
    let (before, rest) = report.split_once(MARKS[0]).expect("a mark");
    let (listed, after) = rest.split_once(MARKS[1]).expect("a mark");
    let table = row::table(&rows());
    if env::var("WRITE").is_ok_and(|value| !value.is_empty()) {
        fs::write(REPORT, [before, MARKS[0], &table, MARKS[1], after].concat()).unwrap();
    } else {
        assert!(listed == table, "docs/MODELS.md is old: run `make models`");
    }
}
