//! The agents that the wishes are about: stored once, reordered and multiplied here.

use std::{collections::BTreeMap, error::Error};

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::goal::lines;

const AGENTS: &str = include_str!("../../agents.jsonl");
/// Nodes of a large agent, at least.
const LARGE: usize = 300;

#[derive(Deserialize)]
struct Line {
    name: String,
    agent: Value,
}

/// By name.
pub(crate) fn stored_agents() -> Result<BTreeMap<String, Value>, Box<dyn Error>> {
    let stored: Vec<Line> = lines(AGENTS)?;
    Ok(stored.into_iter().map(|line| (line.name, line.agent)).collect())
}

/// The nodes are listed against their flow, and every second one last.
pub(crate) fn shuffled(agent: &Value) -> Value {
    let mut agent = agent.clone();
    for key in ["nodes", "links"] {
        if let Some(list) = agent.get_mut(key).and_then(Value::as_array_mut) {
            let backwards = || list.iter().rev();
            let order = backwards().step_by(2).chain(backwards().skip(1).step_by(2));
            *list = order.cloned().collect();
        }
    }
    agent
}

/// The same steps over and over, each time with titles and names of their own ("Send it 2"), all fed by the same sources:
/// the nodes that nothing is linked into.
pub(crate) fn large(agent: &Value) -> Value {
    let mut agent = agent.clone();
    let (nodes, links) = (list(&agent, "nodes"), list(&agent, "links"));
    let is_source = |id: &str| !links.iter().any(|link| text(link, "sink_id") == id);
    let copied: Vec<&Value> = nodes.iter().filter(|node| !is_source(text(node, "id"))).collect();
    let copies = LARGE.saturating_sub(nodes.len()).div_ceil(copied.len().max(1));
    let (mut all_nodes, mut all_links) = (nodes.clone(), links.clone());
    for copy in 2..copies + 2 {
        let own = |id: &str| if is_source(id) { id.to_owned() } else { another(id, copy) };
        for node in &copied {
            let mut node = (*node).clone();
            set(&mut node, "/id", |id| own(id));
            for numbered in ["/metadata/customized_name", "/input_default/name"] {
                set(&mut node, numbered, |name| format!("{name} {copy}"));
            }
            if let Some(Value::Number(y)) = node.pointer_mut("/metadata/position/y") {
                *y = (y.as_u64().unwrap_or_default() + copy as u64 * 600).into();
            }
            all_nodes.push(node);
        }
        for link in &links {
            let mut link = link.clone();
            set(&mut link, "/id", |id| another(id, copy));
            set(&mut link, "/source_id", own);
            set(&mut link, "/sink_id", own);
            all_links.push(link);
        }
    }
    if let Some(agent) = agent.as_object_mut() {
        agent.insert("nodes".to_owned(), json!(all_nodes));
        agent.insert("links".to_owned(), json!(all_links));
    }
    agent
}

/// An id of the same form, with the number in its last group.
fn another(id: &str, copy: usize) -> String {
    match id.rsplit_once('-') {
        Some((start, _)) => format!("{start}-{copy:012x}"),
        None => format!("{id}-{copy}"),
    }
}

fn list(agent: &Value, key: &str) -> Vec<Value> {
    agent.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn set(value: &mut Value, at: &str, change: impl Fn(&str) -> String) {
    if let Some(Value::String(text)) = value.pointer_mut(at) {
        *text = change(text);
    }
}
