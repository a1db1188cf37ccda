//! How the cost grows with the size of a request, and with processes or invocations side by side.

use std::{env, fs, path::PathBuf, sync::Arc};

use futures_util::future::join_all;
use kit::{
    actions::{AMPLE, GENERATE, assert_good},
    behaviour::{Act, Behaviour},
    binaries, events,
    server::FaultyServer,
};
use load::stage::{Role, Stage};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::{
    sample::{MEGABYTE, Spread, asked, processor_time, warm},
    subject::{Places, REMOTE, STEP, Subject, Task, agent, instructions, ours, says_agent},
};

/// Fresh processes for each point; the median counts.
const ROUNDS: usize = 5;
/// Points from the end of a curve to which the exponent is fitted: for small sizes the clock's error is too large.
const FITTED: usize = 2;
/// An exponent up to here counts as linear: large requests also pay for cache misses and page faults. A quadratic cost has 2.
pub(crate) const LINEAR: f64 = 1.3;
/// The least cost in ms that can be measured.
const TINY: f64 = 0.001;
const SIDE_BY_SIDE: [usize; 3] = [1, 2, 4];
const INVOCATIONS_SIDE_BY_SIDE: usize = 300;
/// Invocations at once in one process, and rounds of them.
const AT_ONCE: [usize; 3] = [1, 8, 64];
const TURNS: usize = 20;

#[derive(Debug)]
pub(crate) struct Curve {
    pub(crate) what: &'static str,
    /// Size and processor time in ms.
    pub(crate) points: Vec<(f64, f64)>,
}

impl Curve {
    /// The power of the size with which the cost grows: 1 is linear. The smallest point is subtracted from size and cost,
    /// since most of its cost does not depend on the size.
    pub(crate) fn exponent(&self) -> f64 {
        let (least_size, least_cost) = self.points[0];
        let fitted = &self.points[self.points.len().saturating_sub(FITTED).max(1)..];
        let logs = fitted.iter().map(|(size, cost)| ((size - least_size).ln(), (cost - least_cost).max(TINY).ln()));
        let logs: Vec<(f64, f64)> = logs.collect();
        let count = logs.len() as f64;
        let (x, y) = logs.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / count, sum.1 + point.1 / count));
        let slope = logs
            .iter()
            .fold((0.0, 0.0), |sum, point| (sum.0 + (point.0 - x) * (point.1 - y), sum.1 + (point.0 - x).powi(2)));
        slope.0 / slope.1
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grows {
    Steps,
    Agent,
    EditedAgent,
    Blocks,
    Catalogue,
}

/// Up to the most that a request may have, or a catalogue.
const CURVES: [(Grows, &str, Subject, &[usize]); 5] = [
    (Grows::Steps, "steps, `generate`, remote", REMOTE, &[1, 10, 100, 500]),
    (Grows::Agent, "nodes, `patch`, remote", ours("patch", Role::Remote, Task::Usual), &[10, 100, 1_000]),
    (Grows::EditedAgent, "nodes, `patch`, built-in", ours("patch", Role::Builtin, Task::Usual), &[10, 100, 1_000]),
    (Grows::Blocks, "blocks, `catalog`, remote", ours("catalog", Role::Remote, Task::Usual), &[10, 100, 1_000, 5_000]),
    (
        Grows::Catalogue,
        "blocks, start and first request of `decompose`, built-in",
        ours("decompose", Role::Builtin, Task::Goal),
        // The first hundred include all built-in blocks, some of which a start needs.
        &[100, 500, 1_000, 5_000],
    ),
];

pub(crate) async fn curves(places: &Places) -> Vec<Curve> {
    let mut curves = Vec::new();
    for (grows, what, subject, sizes) in CURVES {
        let mut points = Vec::new();
        for size in sizes {
            let mut costs = Vec::new();
            for _ in 0..ROUNDS {
                costs.push(point(grows, subject, *size, places).await);
            }
            points.push((*size as f64, Spread::of(costs).median));
        }
        curves.push(Curve { what, points });
    }
    curves
}

/// Processor time of an invocation at this size, in ms. For `Catalogue`: of a whole process with one invocation.
async fn point(grows: Grows, subject: Subject, size: usize, places: &Places) -> f64 {
    if grows == Grows::Catalogue {
        let file = CatalogueFile::of(size);
        let variable = ("BLOCK_CATALOG".to_owned(), file.0.display().to_string());
        let mut stage = subject.start_with(places, &[], &[variable]).await;
        asked(&mut stage).await;
        return processor_time(stage.function.pid()).as_secs_f64() * 1_000.0;
    }
    let mut stage = subject.start(places, &[]).await;
    set_size(&mut stage, grows, size);
    let count = if size < 1_000 { 200 } else { 20_000 / size };
    warm(&mut stage, count.min(3)).await;
    warm(&mut stage, count).await.0
}

fn set_size(stage: &mut Stage, grows: Grows, size: usize) {
    let kind = &mut stage.cases[0];
    let change = || json!({"current_agent_json": agent(size), "changes": "Rename it to Page digest"}).to_string();
    match grows {
        Grows::Steps => {
            kind.event = events::rest("POST", "/generate", &instructions(size, STEP).to_string()).to_string().into();
        }
        Grows::Agent => {
            kind.event = events::rest("POST", "/patch", &change()).to_string().into();
            kind.behaviour = says_agent(size);
        }
        Grows::EditedAgent => kind.event = events::rest("POST", "/patch", &change()).to_string().into(),
        Grows::Blocks => {
            // Without schemas: five thousand with them exceed the size of an answer.
            let short =
                |block: &Value| json!({"id": block["id"], "name": block["name"], "description": block["description"]});
            let blocks: Vec<Value> = blocks(size).iter().map(short).collect();
            kind.behaviour = Arc::new(Behaviour::says(json!({"success": true, "blocks": blocks})));
        }
        Grows::Catalogue => {}
    }
}

/// `count` blocks: those of the built-in generator, repeated under other names.
fn blocks(count: usize) -> Vec<Value> {
    let file = binaries::workspace().join("generator/data/blocks.json");
    let text = fs::read_to_string(file).expect("the built-in generator has blocks");
    let own: Vec<Value> = serde_json::from_str(&text).expect("its blocks are JSON");
    let block = |(number, block): (usize, &Value)| {
        let mut block = block.clone();
        if number >= own.len() {
            block["id"] = json!(format!("00000000-0000-4000-8000-{number:012}"));
            block["name"] = json!(format!("{}{number}", block["name"].as_str().expect("a block has a name")));
        }
        block
    };
    own.iter().cycle().take(count).enumerate().map(block).collect()
}

/// A catalogue in a file, which is removed on drop.
#[derive(Debug)]
struct CatalogueFile(PathBuf);

impl CatalogueFile {
    fn of(size: usize) -> Self {
        let path = env::temp_dir().join(format!("cost-{}-{size}.json", std::process::id()));
        fs::write(&path, json!(blocks(size)).to_string()).expect("a file for temporary use");
        Self(path)
    }
}

impl Drop for CatalogueFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Number of processes, and the processor time of an invocation in ms while all of them work.
pub(crate) async fn side_by_side(places: &Places) -> Vec<(usize, Spread)> {
    let mut costs = SIDE_BY_SIDE.map(|processes| (processes, Vec::new()));
    for _ in 0..ROUNDS {
        for (processes, costs) in &mut costs {
            let stages = join_all((0..*processes).map(|_| REMOTE.start(places, &[]))).await;
            let busy = join_all(stages.into_iter().map(|mut stage| {
                tokio::spawn(async move {
                    warm(&mut stage, INVOCATIONS_SIDE_BY_SIDE / 10).await;
                    warm(&mut stage, INVOCATIONS_SIDE_BY_SIDE).await.0
                })
            }));
            costs.extend(busy.await.into_iter().map(|cost| cost.expect("a run does not panic")));
        }
    }
    costs.into_iter().map(|(processes, costs)| (processes, Spread::of(costs))).collect()
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) at_once: usize,
    /// Processor time of each invocation, in ms.
    pub(crate) processor: f64,
    /// Peak resident memory of the process, in MB.
    pub(crate) peak: f64,
}

/// Many invocations at once in one process of `generate`, as on Lambda Managed Instances. The generator answers once all of
/// them have arrived.
pub(crate) async fn in_one_process(places: &Places) -> Vec<Shared> {
    let mut found = Vec::new();
    for at_once in AT_ONCE {
        let all = Arc::new(Barrier::new(at_once));
        let generator = FaultyServer::start(Behaviour::Script(vec![Act::Gather(all), Act::Good])).await;
        let (url, limit) = (generator.url(), at_once.to_string());
        let own = [("AGENT_GENERATOR_URL", url.as_str()), ("AWS_LAMBDA_MAX_CONCURRENCY", &limit)];
        let process = GENERATE.environment_with(&[&own[..], &places.variables()].concat()).await;
        let event = GENERATE.event();
        let turn = async || {
            let answers = join_all((0..at_once).map(|_| process.invoke(&event, AMPLE))).await;
            answers.iter().for_each(|answer| assert_good(answer, &GENERATE));
        };
        turn().await;
        let before = processor_time(process.process().pid());
        for _ in 0..TURNS {
            turn().await;
        }
        let spent = processor_time(process.process().pid()) - before;
        let processor = spent.as_secs_f64() * 1_000.0 / (at_once * TURNS) as f64;
        found.push(Shared { at_once, processor, peak: process.peak_memory_bytes() as f64 / MEGABYTE });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Curve, LINEAR};

    fn curve(cost: impl Fn(f64) -> f64) -> Curve {
        Curve { what: "it", points: [10.0, 100.0, 1_000.0, 10_000.0].map(|size| (size, cost(size))).into() }
    }

    #[test]
    fn a_cost_that_grows_faster_than_the_size_is_found() {
        assert!((curve(|size| 50.0 + 3.0 * size).exponent() - 1.0).abs() < 1e-9);
        assert!(curve(|size| size.sqrt()).exponent() < 0.6);
        // A quadratic part behind a mostly linear cost.
        assert!(curve(|size| 100.0 + size + size * size / 3_000.0).exponent() > LINEAR);
    }
}
