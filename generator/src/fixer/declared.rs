//! Fixes for what the platform reads before anything runs.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::graph::{Work, text};
use crate::catalogue::{Block, ENTRY, NESTED, outer_field, schema::Types};

/// Gives a required dictionary or list that only gets parts as an empty one.
pub(super) fn containers(work: &mut Work<'_>) {
    let mut parts: HashMap<String, Vec<String>> = HashMap::new();
    for link in &work.links {
        if let Some((sink, name)) = text(link, "sink_id").zip(text(link, "sink_name")) {
            parts.entry(sink.to_owned()).or_default().push(name.to_owned());
        }
    }
    for at in 0..work.nodes.len() {
        let Some(node) = work.nodes.get(at).filter(|node| work.is_fresh(node)) else { continue };
        let Some(block) = work.block(at) else { continue };
        let set = values(node).map(|(name, _)| name);
        let linked = text(node, "id").and_then(|id| parts.get(id)).into_iter().flatten();
        let given: Vec<&str> = linked.chain(set).map(String::as_str).collect();
        let lacking = block.required_inputs().filter(|name| !given.contains(name));
        let empty: Vec<(String, Value)> = lacking
            .filter_map(|name| {
                let mark = given.iter().find(|part| outer_field(part) == name)?.get(name.len()..)?;
                let empty = match () {
                    () if mark.starts_with(NESTED) => (Types::OBJECT, json!({})),
                    () if mark.starts_with(ENTRY) => (Types::ARRAY, json!([])),
                    () => return None,
                };
                block.input_type(name).filter(|types| types.flows_into(empty.0)).map(|_| (name.to_owned(), empty.1))
            })
            .collect();
        if empty.is_empty() {
            continue;
        }
        if let Some(values) = values_mut(work, at) {
            values.extend(empty);
        }
    }
}

/// An input or output of the agent without a name gets its title as one; a new one whose name is taken gets a number.
pub(super) fn names(work: &mut Work<'_>) {
    let linked: HashSet<String> = work
        .links
        .iter()
        .filter(|link| text(link, "sink_name") == Some("name"))
        .filter_map(|link| text(link, "sink_id"))
        .map(str::to_owned)
        .collect();
    // Those that stay as they are come first: their names are taken.
    let declared = (0..work.nodes.len()).filter_map(|at| {
        let block = work.block(at).filter(|block| block.is_agent_input() || block.is_agent_output())?;
        let node = work.nodes.get(at)?;
        Some((!work.reaches_node(node), work.is_fresh(node), at, block))
    });
    let mut declared: Vec<(bool, bool, usize, &Block)> = declared.collect();
    declared.sort_by_key(|(_, fresh, ..)| *fresh);
    // With the number that the last one of the same name got.
    let mut taken: HashMap<(bool, String), usize> = HashMap::new();
    for (out_of_reach, fresh, at, block) in declared {
        let Some(node) = work.nodes.get(at) else { continue };
        let said = values(node).find(|(name, _)| *name == "name").map(|(_, name)| name);
        let is_linked = text(node, "id").is_some_and(|id| linked.contains(id));
        let name = match said {
            Some(Value::String(name)) if !name.trim().is_empty() => name.clone(),
            Some(Value::String(_) | Value::Null) | None if !is_linked && !out_of_reach => {
                match node.pointer("/metadata/customized_name").and_then(Value::as_str).map(str::trim) {
                    Some(title) if !title.is_empty() => title.to_owned(),
                    _ => continue,
                }
            }
            _ => continue,
        };
        let side = block.is_agent_output();
        let mut own = name.clone();
        let mut number = taken.get(&(side, name.clone())).copied().unwrap_or(1);
        while fresh && taken.contains_key(&(side, own.clone())) {
            number += 1;
            own = format!("{name} {number}");
        }
        taken.insert((side, name), number);
        taken.entry((side, own.clone())).or_insert(1);
        if out_of_reach || said.and_then(Value::as_str) == Some(&own) {
            continue;
        }
        if let Some(values) = values_mut(work, at) {
            values.insert("name".to_owned(), own.into());
        }
    }
}

fn values(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.get("input_default").and_then(Value::as_object).into_iter().flatten()
}

/// The values of a node, which has none at first; `None` if they are malformed.
fn values_mut<'w>(work: &'w mut Work<'_>, at: usize) -> Option<&'w mut Map<String, Value>> {
    let node = work.nodes.get_mut(at)?.as_object_mut()?;
    let values = node.entry("input_default").or_insert(Value::Null);
    if values.is_null() {
        *values = json!({});
    }
    values.as_object_mut()
}
