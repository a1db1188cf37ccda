//! An agent as the judge sees it.

use std::collections::{BTreeSet, HashMap};

use generator::catalogue::Catalogue;
use serde_json::{Map, Value};

use super::super::judge::plain;

/// Blocks that only bring data into another form: a chain through them is a link.
const CONVERTS: [&str; 15] = [
    "FillTextTemplate",
    "CombineTexts",
    "StepThroughItems",
    "AddToList",
    "CreateList",
    "CreateDictionary",
    "AddToDictionary",
    "FindInDictionary",
    "UniversalTypeConverter",
    "StoreValue",
    "GetListItem",
    "JSONEncoder",
    "JSONDecoder",
    "ConcatenateLists",
    "FlattenList",
];

pub(super) struct Graph<'a> {
    pub(super) agent: &'a Value,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) links: Vec<Link<'a>>,
    at: HashMap<&'a str, usize>,
    /// By the node that gives, by the node that takes.
    gives: HashMap<&'a str, Vec<Link<'a>>>,
    takes: HashMap<&'a str, Vec<Link<'a>>>,
}

#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) id: &'a str,
    /// Its name without `Block`, or its id if the catalogue does not have it.
    pub(super) block: &'a str,
    pub(super) is_known: bool,
    pub(super) title: Option<&'a str>,
    pub(super) values: Option<&'a Map<String, Value>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link<'a> {
    pub(super) source: &'a str,
    pub(super) output: &'a str,
    pub(super) sink: &'a str,
    pub(super) input: &'a str,
}

/// What a key such as `A|B#Title.x|y` names.
pub(super) struct Place<'k> {
    /// Blocks, each with the title of the one step that is meant.
    blocks: Vec<(&'k str, Option<&'k str>)>,
    pub(super) fields: Vec<&'k str>,
}

impl<'k> Place<'k> {
    pub(super) fn new(key: &'k str) -> Self {
        let (blocks, fields) = key.rsplit_once('.').unwrap_or((key, ""));
        let block = |block: &'k str| block.split_once('#').map_or((block, None), |(block, title)| (block, Some(title)));
        Self { blocks: blocks.split('|').map(block).collect(), fields: fields.split('|').collect() }
    }

    pub(super) fn blocks(&self) -> impl Iterator<Item = &'k str> {
        self.blocks.iter().map(|(block, _)| *block)
    }

    pub(super) fn names_agent(&self) -> bool {
        self.blocks().eq(["agent"])
    }

    pub(super) fn names(&self, node: &Node<'_>) -> bool {
        let is_one = |title: Option<&str>| title.is_none() || title == node.title;
        self.blocks.iter().any(|(block, title)| *block == node.block && is_one(*title))
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|own| *own == field || *own == "*")
    }
}

impl Node<'_> {
    /// A value that the agent asks for, or one that it gives back.
    pub(super) fn is_outer(&self) -> bool {
        self.is_output() || (self.block.starts_with("Agent") && self.block.ends_with("Input"))
    }

    pub(super) fn is_output(&self) -> bool {
        self.block == "AgentOutput"
    }

    /// Nobody would call it a step of the agent.
    pub(super) fn is_helper(&self) -> bool {
        self.is_outer() || self.converts() || self.block == "Note"
    }

    pub(super) fn converts(&self) -> bool {
        CONVERTS.contains(&self.block)
    }

    pub(super) fn value(&self, field: &str) -> Option<&Value> {
        self.values?.get(field)
    }
}

impl<'a> Graph<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, agent: &'a Value) -> Self {
        let list = |key: &str| agent.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let nodes: Vec<Node<'a>> = list("nodes")
            .iter()
            .map(|node| {
                let id = text(node, "block_id");
                let block = catalogue.by_id(id);
                Node {
                    id: text(node, "id"),
                    block: block.map_or(id, |block| plain(&block.name)),
                    is_known: block.is_some(),
                    title: node.pointer("/metadata/customized_name").and_then(Value::as_str),
                    values: node.get("input_default").and_then(Value::as_object),
                }
            })
            .collect();
        let links: Vec<Link<'a>> = list("links")
            .iter()
            .map(|link| Link {
                source: text(link, "source_id"),
                output: text(link, "source_name"),
                sink: text(link, "sink_id"),
                input: text(link, "sink_name"),
            })
            .collect();
        let at = nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
        let (mut gives, mut takes) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for link in &links {
            gives.entry(link.source).or_default().push(*link);
            takes.entry(link.sink).or_default().push(*link);
        }
        Self { agent, nodes, links, at, gives, takes }
    }

    pub(super) fn node(&self, id: &str) -> Option<&Node<'a>> {
        self.nodes.get(*self.at.get(id)?)
    }

    pub(super) fn count(&self, block: &str) -> usize {
        self.nodes.iter().filter(|node| node.block == block).count()
    }

    /// Where the results of a node go.
    pub(super) fn given_to(&self, id: &str) -> impl Iterator<Item = (&Node<'a>, &'a str)> {
        let links = self.gives.get(id).into_iter().flatten();
        links.filter_map(|link| Some((self.node(link.sink)?, outer(link.input))))
    }

    /// The values that a field has: its own, its parts, and those of the agent's inputs that are linked into it.
    pub(super) fn values(&self, node: &Node<'a>, field: &str) -> Vec<Value> {
        if field == "@title" {
            return node.title.map(Value::from).into_iter().collect();
        }
        let entries = node.values.into_iter().flatten();
        let mut found: Vec<Value> =
            entries.filter(|(key, _)| *key == field || outer(key) == field).map(|(_, value)| value.clone()).collect();
        for link in self.takes.get(node.id).into_iter().flatten().filter(|link| outer(link.input) == field) {
            let source = self.node(link.source).filter(|node| node.is_outer() || node.block == "StoreValue");
            found.extend(source.into_iter().flat_map(|source| {
                ["value", "input", "data"].into_iter().filter_map(|key| source.value(key).cloned())
            }));
        }
        found
    }

    /// There is a link from one place to the other, or a chain through blocks that only convert.
    pub(super) fn is_linked(&self, from: &Place<'_>, to: &Place<'_>) -> bool {
        let starts = self.nodes.iter().filter(|node| from.names(node));
        let mut open: Vec<Link<'a>> = starts
            .flat_map(|node| self.gives.get(node.id).into_iter().flatten())
            .filter(|link| from.has(link.output))
            .copied()
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(link) = open.pop() {
            let Some(sink) = self.node(link.sink) else { continue };
            if to.names(sink) && to.has(outer(link.input)) {
                return true;
            }
            if sink.converts() && seen.insert(sink.id) {
                open.extend(self.gives.get(sink.id).into_iter().flatten());
            }
        }
        false
    }
}

/// The field that an entry such as `values_#_name` belongs to.
pub(super) fn outer(field: &str) -> &str {
    generator::catalogue::outer_field(field)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
