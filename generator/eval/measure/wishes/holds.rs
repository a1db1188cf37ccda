//! Which of the expectations of a wish hold in an agent.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    graph::{Graph, Place},
    wish::Expect,
};

/// Each expectation in words, and whether it holds.
pub(super) fn checks(expect: &Expect, graph: &Graph<'_>) -> Vec<(String, bool)> {
    let mut checks = Vec::new();
    for (some, count) in counted(&expect.has_blocks) {
        let have: usize = some.split('|').map(|block| graph.count(block)).sum();
        checks.push((format!("has {some}"), have >= count));
    }
    for block in &expect.lacks_blocks {
        checks.push((format!("lacks {block}"), graph.count(block) == 0));
    }
    let of_agent = |key: &str| graph.agent.get(key).and_then(Value::as_str);
    if let Some(name) = &expect.name {
        checks.push((format!("is called {name:?}"), of_agent("name") == Some(name)));
    }
    if let Some(due) = &expect.cron {
        let runs = of_agent("recommended_schedule_cron").map(spelled).filter(|cron| !cron.is_empty());
        let is_due = match (due, runs) {
            (Some(due), Some(runs)) => due.split('|').any(|due| spelled(due) == runs),
            (due, runs) => due.is_none() && runs.is_none(),
        };
        checks.push((format!("runs at {due:?}"), is_due));
    }
    for (key, wanted) in &expect.values {
        checks.push((format!("{key} is {wanted}"), has_value(graph, key, wanted)));
    }
    for (from, to) in &expect.links {
        checks.push((format!("{from} -> {to}"), graph.is_linked(&Place::new(from), &Place::new(to))));
    }
    checks
}

/// How often each stands in the list.
pub(super) fn counted(names: &[String]) -> BTreeMap<&str, usize> {
    let mut counted = BTreeMap::new();
    for name in names {
        *counted.entry(name.as_str()).or_default() += 1;
    }
    counted
}

fn has_value(graph: &Graph<'_>, key: &str, wanted: &Value) -> bool {
    let place = Place::new(key);
    let pools: Vec<Vec<Value>> = if place.names_agent() {
        vec![place.fields.iter().filter_map(|field| graph.agent.get(*field).cloned()).collect()]
    } else {
        let nodes = graph.nodes.iter().filter(|node| place.names(node));
        nodes.map(|node| place.fields.iter().flat_map(|field| graph.values(node, field)).collect()).collect()
    };
    match wanted.get("$none") {
        Some(gone) => !pools.iter().flatten().any(|value| same(value, gone)),
        None => pools.iter().any(|pool| fits(pool, wanted)),
    }
}

fn fits(pool: &[Value], wanted: &Value) -> bool {
    let list = |key: &str| wanted.get(key).and_then(Value::as_array);
    let (has, lacks, one_of) = (list("$has"), list("$lacks"), list("$in"));
    if has.is_none() && lacks.is_none() && one_of.is_none() {
        return pool.iter().any(|value| same(value, wanted));
    }
    let text = pool.iter().map(|value| as_text(value).to_lowercase()).collect::<Vec<_>>().join("\n");
    let says = |words: &Value| as_text(words).split('|').any(|word| text.contains(&word.to_lowercase()));
    has.is_none_or(|has| has.iter().all(says))
        && lacks.is_none_or(|lacks| !lacks.iter().any(|word| text.contains(&as_text(word).to_lowercase())))
        && one_of.is_none_or(|one_of| pool.iter().any(|value| one_of.iter().any(|other| same(value, other))))
}

/// `5` and `5.0` are the same number.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

pub(super) fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Names of days as numbers, and one blank between the fields.
fn spelled(cron: &str) -> String {
    let mut cron = cron.to_lowercase();
    for (number, day) in ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].iter().enumerate() {
        cron = cron.replace(day, &number.to_string());
    }
    cron.split_whitespace().collect::<Vec<_>>().join(" ")
}
