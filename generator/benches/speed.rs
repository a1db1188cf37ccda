//! How long the built-in generator takes: medians over many runs on one core. Run with `cargo bench -p generator`.
//!
//! Fails if a figure is over its limit: 10 ms to read and index the catalogue, 5 ms to search it for a goal, 5 ms to plan and
//! assemble a goal of ten clauses, 20 ms to validate an agent of 1,000 nodes.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use generator::{
    Watch, assembler,
    catalogue::Catalogue,
    fixer::{self, Reach},
    knowledge::Knowledge,
    patcher,
    plan::{self, Outcome},
    validator,
};
use serde_json::{Value, json};

const GOAL: &str = "Every morning read an RSS feed, summarise the entries, translate the summary into French, write a \
    headline for it, make an image of the headline, post the summary to Slack, post it to Discord, send it to Telegram, \
    e-mail it and save it to a Google Doc";

const SUMMARISER: &str = "a0a69be1-4528-491c-a85a-a4ab6873e3f0";
const INPUT: &str = "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b";
const OUTPUT: &str = "363ae599-353e-4804-937e-b2ee3cef3da4";

fn median<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(runs / 2).copied().unwrap_or_default()
}

/// A valid agent of `count` nodes: an input, a chain of summaries, an output.
fn agent(count: usize) -> Value {
    let block = |at: usize| match at {
        0 => (INPUT, json!({"name": "Text"})),
        at if at + 1 == count => (OUTPUT, json!({"name": "Summary"})),
        _ => (SUMMARISER, json!({"style": "concise", "max_tokens": 500})),
    };
    let node = |at: usize| {
        let (block, values) = block(at);
        json!({"id": format!("node-{at}"), "block_id": block, "input_default": values,
               "metadata": {"position": {"x": at * 800, "y": 0}, "customized_name": format!("Step {at}")}})
    };
    let link = |at: usize| {
        let output = if at == 1 { "result" } else { "summary" };
        let input = if at + 1 == count { "value" } else { "text" };
        json!({"id": format!("link-{at}"), "source_id": format!("node-{}", at - 1), "source_name": output,
               "sink_id": format!("node-{at}"), "sink_name": input, "is_static": at == 1})
    };
    let (nodes, links): (Vec<Value>, Vec<Value>) = ((0..count).map(node).collect(), (1..count).map(link).collect());
    json!({"name": "Row", "description": "", "nodes": nodes, "links": links})
}

/// Prints a figure; false if it is over its limit.
fn figure(what: &str, took: Duration, limit: Option<Duration>) -> bool {
    let kept = limit.is_none_or(|limit| took <= limit);
    let limit = limit.map_or_else(String::new, |limit| format!("  (limit {} ms)", limit.as_millis()));
    println!("{what:<58} {:>9.3} ms{limit}{}", took.as_secs_f64() * 1e3, if kept { "" } else { "  TOO SLOW" });
    kept
}

fn main() -> ExitCode {
    let Ok(knowledge) = Knowledge::embedded() else {
        println!("the embedded blocks cannot be read");
        return ExitCode::FAILURE;
    };
    let catalogue = &knowledge.catalogue;
    let limit = |millis| Some(Duration::from_millis(millis));
    let (five, ten_ms, twenty) = (limit(5), limit(10), limit(20));
    let built = || match plan::plan(&knowledge, GOAL, None, Watch::NONE) {
        Ok(Outcome::Plan(plan)) => {
            let agent = fixer::fix(catalogue, assembler::assemble(catalogue, &plan), &Reach::All);
            validator::faults(catalogue, &agent).is_empty().then_some(agent)
        }
        _ => None,
    };
    let Some(ten) = built() else {
        println!("the goal of ten clauses gives no valid agent");
        return ExitCode::FAILURE;
    };
    let large = agent(1000);
    let faults = validator::faults(catalogue, &large);
    if !faults.is_empty() {
        println!("{}", validator::report(&faults));
        return ExitCode::FAILURE;
    }
    let mut fresh: Vec<Knowledge> = (0..51).filter_map(|_| Knowledge::embedded().ok()).collect();
    // The first search builds the index. Keeping the knowledge leaves its drop out of the time.
    let mut used = Vec::new();
    let first_search = median(51, || {
        let knowledge = fresh.pop();
        let found = knowledge.as_ref().map_or(0, |knowledge| knowledge.search(GOAL, 20).len());
        used.push(knowledge);
        found
    });
    let nodes = ten.get("nodes").and_then(Value::as_array).map_or(0, Vec::len);
    let kept = [
        figure("the 568 embedded blocks inflated, read and indexed", median(101, Catalogue::embedded), ten_ms),
        figure("the same with the vocabulary and the tables", median(101, Knowledge::embedded), None),
        figure("the blocks that fit a goal, with the index built first", first_search, five),
        figure("the same again", median(101, || knowledge.search(GOAL, 20).len()), None),
        figure(&format!("a goal of 10 clauses made an agent of {nodes} nodes"), median(101, built), five),
        figure("an agent of 1,000 nodes validated", median(101, || validator::faults(catalogue, &large)), twenty),
        figure(
            "the same fixed (nothing to fix)",
            median(51, || fixer::fix(catalogue, large.clone(), &Reach::All)),
            None,
        ),
        figure(
            "a step added to it in words",
            median(21, || {
                patcher::patch(&knowledge, "add a step that posts the summary to Slack", large.clone(), Watch::NONE)
                    .ok()
            }),
            None,
        ),
    ];
    if kept.into_iter().all(|kept| kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
