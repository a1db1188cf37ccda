//! An agent while it is being fixed.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::reach::Reach;
use crate::{
    assembler::Identities,
    catalogue::{Block, Catalogue},
};

/// The JSON of an agent, with its nodes and links taken out.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) nodes: Vec<Value>,
    pub(super) links: Vec<Value>,
    agent: Map<String, Value>,
    reach: Reach,
    identities: Identities,
}

impl<'a> Work<'a> {
    /// Returns `agent` as `Err` if it has no lists of nodes and links.
    pub(super) fn new(catalogue: &'a Catalogue, agent: Value, reach: &Reach) -> Result<Self, Value> {
        let is_list = |key: &str| agent.get(key).is_some_and(Value::is_array);
        if !is_list("nodes") || !is_list("links") {
            return Err(agent);
        }
        let Value::Object(mut agent) = agent else { return Err(agent) };
        let mut list = |key: &str| match agent.get_mut(key).map(Value::take) {
            Some(Value::Array(all)) => all,
            _ => Vec::new(),
        };
        let (nodes, links) = (list("nodes"), list("links"));
        let ids = nodes.iter().chain(&links).filter_map(|one| one.get("id")?.as_str());
        let mut ids: Vec<&str> = ids.collect();
        // The same agent gets the same ids, however its nodes are listed.
        ids.sort_unstable();
        let identities = Identities::of(&ids.join("\n"));
        Ok(Self { catalogue, nodes, links, agent, reach: reach.clone(), identities })
    }

    pub(super) fn into_agent(mut self) -> Value {
        self.agent.insert("nodes".to_owned(), self.nodes.into());
        self.agent.insert("links".to_owned(), self.links.into());
        Value::Object(self.agent)
    }

    pub(super) fn fresh_id(&mut self) -> String {
        self.identities.next_id()
    }

    /// Node id -> index; of nodes with the same id, the first.
    pub(super) fn index(&self) -> HashMap<String, usize> {
        let mut index = HashMap::with_capacity(self.nodes.len());
        for (at, node) in self.nodes.iter().enumerate() {
            if let Some(id) = text(node, "id") {
                index.entry(id.to_owned()).or_insert(at);
            }
        }
        index
    }

    pub(super) fn block(&self, at: usize) -> Option<&'a Block> {
        block(self.catalogue, self.nodes.get(at)?)
    }

    pub(super) fn reaches_node(&self, node: &Value) -> bool {
        text(node, "id").is_some_and(|id| self.reach.node(id))
    }

    /// Whether the node came with the change.
    pub(super) fn is_fresh(&self, node: &Value) -> bool {
        text(node, "id").is_some_and(|id| self.reach.fresh(id))
    }

    pub(super) fn reaches_link(&self, link: &Value) -> bool {
        self.reach.link(text(link, "id"))
    }

    /// Nodes and links without an id may be fixed.
    pub(super) fn reaches_nameless(&self) -> bool {
        self.reach.nameless()
    }

    /// What is added here is within reach of the later fixes.
    pub(super) fn add(&mut self, node: Value, link: Value) {
        if let Reach::Touched { nodes, links, .. } = &mut self.reach {
            nodes.extend(text(&node, "id").map(str::to_owned));
            links.extend(text(&link, "id").map(str::to_owned));
        }
        self.nodes.push(node);
        self.links.push(link);
    }

    /// Calls `fix` with the block and the values of each node within reach; the flag says whether the node is new.
    pub(super) fn each_values(&mut self, mut fix: impl FnMut(&'a Block, bool, &mut Map<String, Value>)) {
        let catalogue = self.catalogue;
        for node in &mut self.nodes {
            let reached = text(node, "id").is_some_and(|id| self.reach.node(id));
            let fresh = text(node, "id").is_some_and(|id| self.reach.fresh(id));
            let Some(block) = block(catalogue, node).filter(|_| reached) else { continue };
            if let Some(values) = node.get_mut("input_default").and_then(Value::as_object_mut) {
                fix(block, fresh, values);
            }
        }
    }
}

fn block<'a>(catalogue: &'a Catalogue, node: &Value) -> Option<&'a Block> {
    catalogue.by_id(text(node, "block_id")?)
}

pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}
