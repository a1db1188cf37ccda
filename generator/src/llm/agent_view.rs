//! An agent as the model sees it: only what a change needs, with short ids that a model copies without mistakes.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use shared::failure::Failure;

use crate::{
    catalogue::{Block, Catalogue, outer_field},
    patcher::list::DESCRIBED,
    validator,
};

#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) shown: Value,
    /// Short id -> id.
    nodes: HashMap<String, &'a str>,
    /// Short id -> id.
    links: HashMap<String, &'a str>,
}

impl<'a> View<'a> {
    /// Fails with `validation_error` if `agent` is not an agent.
    pub(super) fn new(catalogue: &'a Catalogue, agent: &'a Value) -> Result<Self, Failure> {
        let refusal = |fault: String| validator::refusal(&[fault]);
        if !agent.is_object() {
            return Err(refusal("the current agent is not an object".to_owned()));
        }
        let graph = validator::Graph::of(catalogue, agent).map_err(|faults| validator::refusal(&faults))?;
        let nodes: Vec<&str> = graph.nodes.iter().map(|node| node.id).collect();
        let short: HashMap<&str, String> = nodes.iter().enumerate().map(|(at, id)| (*id, alias("n", at))).collect();
        let mut shown: Map<String, Value> =
            DESCRIBED.iter().filter_map(|key| Some(((*key).to_owned(), agent.get(*key)?.clone()))).collect();
        let node = |(at, node): (usize, &validator::Node<'_>)| {
            let mut one = Map::new();
            one.insert("id".to_owned(), alias("n", at).into());
            match node.block {
                Some(block) => one.insert("block".to_owned(), json!(block.name)),
                None => one.insert("block_id".to_owned(), json!(node.block_id)),
            };
            if !node.title.is_empty() {
                one.insert("customized_name".to_owned(), json!(node.title));
            }
            one.insert("input_default".to_owned(), shareable(node).into());
            Value::Object(one)
        };
        shown.insert("nodes".to_owned(), graph.nodes.iter().enumerate().map(node).collect());
        let end = |id: &str| short.get(id).map_or_else(|| json!(id), |short| json!(short));
        let link = |(at, link): (usize, &validator::Link<'_>)| {
            json!({
                "id": alias("l", at),
                "source_id": end(link.source),
                "source_name": link.output,
                "sink_id": end(link.sink),
                "sink_name": link.input,
            })
        };
        shown.insert("links".to_owned(), graph.links.iter().enumerate().map(link).collect());
        let shown = Value::Object(shown);
        let links = graph.links.iter().enumerate();
        Ok(Self {
            shown,
            nodes: nodes.iter().enumerate().map(|(at, id)| (alias("n", at), *id)).collect(),
            links: links.filter_map(|(at, link)| Some((alias("l", at), link.id?))).collect(),
        })
    }

    /// The id of a node by its short id.
    pub(super) fn node(&self, id: &str) -> Option<&'a str> {
        self.nodes.get(id).copied()
    }

    /// The id of a link by its short id.
    pub(super) fn link(&self, id: &str) -> Option<&'a str> {
        self.links.get(id).copied()
    }
}

/// The known blocks of an agent, without duplicates.
pub(super) fn blocks<'k>(catalogue: &'k Catalogue, agent: &Value) -> Vec<&'k Block> {
    let mut seen = HashSet::new();
    let nodes = agent.get("nodes").and_then(Value::as_array).into_iter().flatten();
    let ids = nodes.filter_map(|node| node.get("block_id")?.as_str());
    ids.filter_map(|id| catalogue.by_id(id)).filter(|block| seen.insert(block.id.as_str())).collect()
}

fn alias(kind: &str, at: usize) -> String {
    format!("{kind}{}", at + 1)
}

/// The values of a node without credentials and secrets.
fn shareable(node: &validator::Node<'_>) -> Map<String, Value> {
    let secret = node.values.and_then(|values| values.get("secret")) == Some(&Value::Bool(true));
    let hidden = |name: &str| {
        let whole = outer_field(name);
        Block::names_credential(whole) || whole.starts_with("secret_") || (secret && whole == "value")
    };
    let values = node.values.into_iter().flatten().filter(|(name, _)| !hidden(name));
    values.map(|(name, value)| (name.clone(), value.clone())).collect()
}
