//! An agent as the rules see it: typed nodes and links, with the blocks looked up.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::fault::Fault;
use crate::catalogue::{Block, Catalogue};

#[derive(Debug)]
pub struct Node<'a> {
    pub id: &'a str,
    pub block_id: &'a str,
    /// `None` if the catalogue does not have it.
    pub block: Option<&'a Block>,
    /// `input_default`
    pub values: Option<&'a Map<String, Value>>,
    /// `customized_name`; may be empty.
    pub title: &'a str,
    /// What faults call it besides its title: its id, unless somebody else's numbers say more to the reader.
    pub label: &'a str,
}

impl Node<'_> {
    /// How faults name the node.
    pub fn called(&self) -> String {
        let name =
            if self.title.is_empty() { self.block.map_or(self.block_id, |block| &block.name) } else { self.title };
        // Cut first: a hostile name of a megabyte could occur in a thousand faults.
        let brief = |text: &str, most: usize| {
            let start: String = text.chars().take(4 * most).collect();
            crate::text::shortened(&start, most)
        };
        format!("{} ({})", brief(name, 60), brief(self.label, 40))
    }
}

#[derive(Debug)]
pub struct Link<'a> {
    pub id: Option<&'a str>,
    /// Node id.
    pub source: &'a str,
    pub output: &'a str,
    /// Node id.
    pub sink: &'a str,
    pub input: &'a str,
    /// The link keeps its value for the whole run.
    pub is_static: bool,
}

#[derive(Debug)]
pub struct Graph<'a> {
    /// The agent's own, if it has one.
    pub id: Option<&'a str>,
    pub nodes: Vec<Node<'a>>,
    pub links: Vec<Link<'a>>,
    index: HashMap<&'a str, usize>,
}

impl<'a> Graph<'a> {
    /// `Err` lists what is malformed.
    pub fn of(catalogue: &'a Catalogue, agent: &'a Value) -> Result<Self, Vec<String>> {
        Self::parse(catalogue, agent).map_err(|faults| faults.into_iter().map(|fault| fault.text).collect())
    }

    /// Like [`Self::of`], and tells the places.
    pub fn parse(catalogue: &'a Catalogue, agent: &'a Value) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut list = |key: &'static str| -> &'a [Value] {
            match agent.get(key) {
                Some(Value::Array(all)) => all,
                Some(_) => {
                    faults.push(Fault::list(key, format!("the agent's `{key}` are not an array")));
                    &[]
                }
                None => {
                    faults.push(Fault::list(key, format!("the agent has no `{key}`")));
                    &[]
                }
            }
        };
        let (node_values, link_values) = (list("nodes"), list("links"));
        let mut nodes = Vec::with_capacity(node_values.len());
        for (number, value) in node_values.iter().enumerate() {
            let text = |key: &str| value.get(key).and_then(Value::as_str);
            let values = value.get("input_default").filter(|values| !values.is_null());
            match (text("id"), text("block_id")) {
                (Some(id), Some(block_id)) if values.is_none_or(Value::is_object) => nodes.push(Node {
                    id,
                    block_id,
                    block: catalogue.by_id(block_id),
                    values: values.and_then(Value::as_object),
                    title: value.pointer("/metadata/customized_name").and_then(Value::as_str).unwrap_or_default(),
                    label: id,
                }),
                (Some(_), Some(_)) => {
                    let text = format!("the `input_default` of node {} is not an object", number + 1);
                    faults.push(Fault::node(number, text));
                }
                _ => faults.push(Fault::node(number, format!("node {} has no text `id` and `block_id`", number + 1))),
            }
        }
        let mut links = Vec::with_capacity(link_values.len());
        for (number, value) in link_values.iter().enumerate() {
            let text = |key: &str| value.get(key).and_then(Value::as_str);
            match (text("source_id"), text("source_name"), text("sink_id"), text("sink_name")) {
                (Some(source), Some(output), Some(sink), Some(input)) => {
                    let is_static = value.get("is_static").and_then(Value::as_bool).unwrap_or(false);
                    links.push(Link { id: text("id"), source, output, sink, input, is_static });
                }
                _ => {
                    let lacks = "lacks a text `source_id`, `source_name`, `sink_id` or `sink_name`";
                    faults.push(Fault::link(number, format!("link {} {lacks}", number + 1)));
                }
            }
        }
        let id = agent.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
        let index = nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
        if faults.is_empty() { Ok(Self { id, nodes, links, index }) } else { Err(faults) }
    }

    /// The index of a node.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    pub fn node(&self, id: &str) -> Option<&Node<'a>> {
        self.position(id).and_then(|at| self.nodes.get(at))
    }

    /// The nodes whose blocks are known, with their places.
    pub fn known_nodes(&self) -> impl Iterator<Item = (usize, &Node<'a>, &'a Block)> {
        self.nodes.iter().enumerate().filter_map(|(at, node)| Some((at, node, node.block?)))
    }

    /// Each link with its place, its source, its sink and their blocks; links with an unknown one are left out.
    pub fn known_links(&self) -> impl Iterator<Item = (usize, &Link<'a>, &Node<'a>, &'a Block, &Node<'a>, &'a Block)> {
        self.links.iter().enumerate().filter_map(|(at, link)| {
            let (source, sink) = (self.node(link.source)?, self.node(link.sink)?);
            Some((at, link, source, source.block?, sink, sink.block?))
        })
    }
}
