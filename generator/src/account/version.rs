//! An agent as two versions of it are compared: its nodes and links as text, found by their ids.

use std::{borrow::Cow, collections::HashMap};

use serde_json::value::RawValue;
use shared::{
    json::{Object, count},
    limits::{LINKS, NODES},
};

use super::graph::{Graph, Node, cut, each};
use crate::catalogue::Blocks;

/// In Unicode characters, of ids and names.
pub(super) const LONGEST: usize = 100;

/// An agent, one level deep.
pub(super) struct Version<'a> {
    pub(super) raw: &'a RawValue,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) nodes: Vec<NodeText<'a>>,
    /// Place of each id, and of its name.
    places: HashMap<Cow<'a, str>, usize>,
    pub(super) links: Vec<LinkText<'a>>,
    /// It has more than any agent may have: its lists are compared as values.
    pub(super) too_many: bool,
}

pub(super) struct NodeText<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) name: String,
    /// Its name, else its id.
    pub(super) block: String,
    pub(super) is_input: bool,
    pub(super) raw: &'a RawValue,
}

pub(super) struct LinkText<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    /// Source, output, sink, input.
    ends: [Cow<'a, str>; 4],
}

impl LinkText<'_> {
    pub(super) fn ends(&self) -> [&str; 4] {
        self.ends.each_ref().map(AsRef::as_ref)
    }
}

impl<'a> Version<'a> {
    pub(super) fn of(blocks: &'a dyn Blocks, agent: &'a RawValue) -> Self {
        let keys = Object::of_keys(agent, &["id", "name", "nodes", "links"]).unwrap_or_default();
        let own = |key| keys.text(key).map(|text| cut(&text, LONGEST));
        let graph = Graph::of_agent(blocks, agent);
        let size = |key| keys.get(key).map_or(0, count);
        let mut version = Self {
            raw: agent,
            id: own("id"),
            name: own("name"),
            nodes: Vec::new(),
            places: HashMap::new(),
            links: Vec::new(),
            too_many: size("nodes") > NODES.most || size("links") > LINKS.most,
        };
        let mut told = graph.nodes.iter();
        each(keys.get("nodes"), NODES.most, |raw| {
            let Some(node) = Object::of_keys(raw, &["id"]) else { return };
            let told = told.next();
            let id = node.text("id").unwrap_or_default();
            version.places.entry(id.clone()).or_insert(version.nodes.len());
            let block =
                told.map(|node| node.block.map_or_else(|| cut(&node.unknown, LONGEST), |block| block.name.clone()));
            let name = told.map(Node::label).unwrap_or_default();
            version.nodes.push(NodeText {
                id,
                name,
                block: block.unwrap_or_default(),
                is_input: told.is_some_and(Node::is_agent_input),
                raw,
            });
        });
        each(keys.get("links"), LINKS.most, |raw| {
            let Some(link) = Object::of_keys(raw, &["id", "source_id", "source_name", "sink_id", "sink_name"]) else {
                return;
            };
            let end = |key| link.text(key).unwrap_or_default();
            let ends = [end("source_id"), end("source_name"), end("sink_id"), end("sink_name")];
            version.links.push(LinkText { id: link.text("id"), ends });
        });
        version
    }

    pub(super) fn node(&self, id: &str) -> Option<&NodeText<'a>> {
        self.places.get(id).and_then(|at| self.nodes.get(*at))
    }
}
