//! Fixes for the positions of nodes.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::graph::{Work, text};

/// Width of a column, height of a row.
const STEP: (f64, f64) = (800.0, 600.0);
/// Limit of a coordinate.
const FAR: f64 = 1e9;

/// Places nodes left to right: a node is at least one column to the right of its sources, and one without a position gets
/// one. Only nodes within reach move, only to the right, and never onto another node.
pub(super) fn places(work: &mut Work<'_>) {
    let count = work.nodes.len();
    let index = work.index();
    let (mut after, mut waiting) = (vec![Vec::new(); count], vec![0_usize; count]);
    for link in &work.links {
        let end = |key: &str| text(link, key).and_then(|id| index.get(id)).copied();
        let Some((from, to)) = end("source_id").zip(end("sink_id")).filter(|(from, to)| from != to) else { continue };
        if let (Some(after), Some(waiting)) = (after.get_mut(from), waiting.get_mut(to)) {
            after.push(to);
            *waiting += 1;
        }
    }
    let mut spots: Vec<Option<(f64, f64)>> = work.nodes.iter().map(spot).collect();
    let mut lowest: HashMap<i64, f64> = HashMap::new();
    for (x, y) in spots.iter().flatten() {
        let row = lowest.entry(column(*x)).or_insert(*y);
        *row = row.max(*y);
    }
    // Nodes of a cycle are never ready and stay where they are.
    let mut ready: Vec<usize> = (0..count).filter(|at| waiting.get(*at) == Some(&0)).collect();
    let mut least = vec![0.0_f64; count];
    let mut has_source = vec![false; count];
    while let Some(at) = ready.pop() {
        let reached = work.nodes.get(at).is_some_and(|node| node.is_object() && work.reaches_node(node));
        let now = spots.get(at).copied().flatten();
        let (least_x, bound) =
            (least.get(at).copied().unwrap_or_default(), has_source.get(at).copied().unwrap_or_default());
        if reached && now.is_none_or(|(x, _)| bound && x < least_x) {
            let row = lowest.get(&column(least_x)).copied();
            let own = now.map(|(_, y)| y);
            // Its own row if that is below all others of the column, else the next row.
            let y = match (row, own) {
                (Some(row), Some(own)) if own >= row + STEP.1 => own,
                (Some(row), _) => row + STEP.1,
                (None, own) => own.unwrap_or(0.0),
            };
            let y = y.ceil().min(FAR);
            lowest.insert(column(least_x), y);
            if let Some(spot) = spots.get_mut(at) {
                *spot = Some((least_x, y));
            }
            put(work, at, (least_x, y));
        }
        let x = spots.get(at).copied().flatten().map(|(x, _)| x);
        for to in after.get_mut(at).map(std::mem::take).unwrap_or_default() {
            if let (Some(x), Some(least), Some(bound)) = (x, least.get_mut(to), has_source.get_mut(to)) {
                // Whole numbers within the limit are read back unchanged.
                let next = (x + STEP.0).ceil().min(FAR);
                *least = if *bound { least.max(next) } else { next };
                *bound = true;
            }
            if let Some(count) = waiting.get_mut(to) {
                *count -= 1;
                if *count == 0 {
                    ready.push(to);
                }
            }
        }
    }
}

fn spot(node: &Value) -> Option<(f64, f64)> {
    let number = |path: &str| node.pointer(path)?.as_f64().map(|number| number.clamp(-FAR, FAR));
    number("/metadata/position/x").zip(number("/metadata/position/y"))
}

fn column(x: f64) -> i64 {
    (x / STEP.0).floor() as i64
}

fn put(work: &mut Work<'_>, at: usize, (x, y): (f64, f64)) {
    let Some(node) = work.nodes.get_mut(at).and_then(Value::as_object_mut) else { return };
    let metadata = node.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
    if metadata.is_null() {
        *metadata = Value::Object(Map::new());
    }
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.insert("position".to_owned(), json!({"x": x as i64, "y": y as i64}));
    }
}
