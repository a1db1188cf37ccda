//! A huge graph of any shape is judged in linear time: it cannot make a function hang.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::time::{Duration, Instant};

use generator::{
    catalogue::Catalogue,
    fixer::{self, Reach},
    validator,
};
use serde_json::{Value, json};

const SUMMARISER: &str = "a0a69be1-4528-491c-a85a-a4ab6873e3f0";

/// Graphs of `size` nodes in shapes that make a careless rule quadratic.
fn hostile(size: usize) -> Vec<(&'static str, Value)> {
    let node = |id: String| json!({"id": id, "block_id": SUMMARISER, "metadata": {"position": {"x": 0, "y": 0}}});
    let nodes = || -> Vec<Value> { (0..size).map(|at| node(at.to_string())).collect() };
    let link = |at: usize, from: usize, to: usize| json!({"id": at.to_string(), "source_id": from.to_string(), "source_name": "summary", "sink_id": to.to_string(), "sink_name": "text"});
    let links = |to: &dyn Fn(usize) -> (usize, usize)| -> Vec<Value> {
        (0..size)
            .map(|at| {
                let (from, to) = to(at);
                link(at, from, to)
            })
            .collect()
    };
    let long = "x y".repeat(size);
    let mut named = nodes();
    named[0]["metadata"]["customized_name"] = json!(" ".repeat(size * 4));
    named[0]["input_default"] =
        (0..size).map(|at| (format!("{at}"), json!(1))).collect::<serde_json::Map<_, _>>().into();
    vec![
        ("a row", json!({"nodes": nodes(), "links": links(&|at| (at, (at + 1) % size))})),
        ("a star", json!({"nodes": nodes(), "links": links(&|at| (0, at))})),
        ("into one", json!({"nodes": nodes(), "links": links(&|at| (at, 0))})),
        ("the same link", json!({"nodes": nodes(), "links": links(&|_| (1, 2))})),
        ("the same id", json!({"nodes": (0..size).map(|_| node("a".to_owned())).collect::<Vec<_>>(), "links": []})),
        ("no ends", json!({"nodes": [], "links": links(&|at| (at, at + 1))})),
        ("one long name", json!({"nodes": named, "links": links(&|_| (0, 0))})),
        (
            "one long id",
            json!({"nodes": [node(long.clone())], "links": (0..100).map(|_| json!({"source_id": long, "source_name": long, "sink_id": long, "sink_name": long})).collect::<Vec<_>>()}),
        ),
    ]
}

/// The shortest of three runs.
fn least(mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..3).map(|_| time(&mut work)).min().unwrap()
}

#[test]
fn a_huge_hostile_graph_takes_linear_time() {
    let catalogue = Catalogue::embedded().unwrap();
    let judged = |graph: &Value| {
        let faults = validator::faults(&catalogue, graph);
        assert!(!faults.is_empty() && validator::report(&faults).len() < 40_000);
        drop(fixer::fix(&catalogue, graph.clone(), &Reach::All));
    };
    for ((shape, small), (_, large)) in hostile(500).into_iter().zip(hostile(4_000)) {
        let (short, long) = (least(|| judged(&small)), least(|| judged(&large)));
        // Eight times the size takes about 8 times as long if linear, 64 times if quadratic.
        assert!(long < short * 30 + Duration::from_millis(100), "{shape}: {short:?}, then {long:?}");
    }
}
