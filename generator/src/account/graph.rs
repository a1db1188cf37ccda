//! Steps or an agent as nodes and links, as far as they tell: nothing is refused here.

use std::{borrow::Cow, collections::HashMap};

use serde_json::value::RawValue;
use shared::{
    json::{Object, each_element, each_entry, string, text},
    limits::{LINKS, NODES},
};

use super::told::TIMEZONE;
use crate::catalogue::{Block, Blocks};

/// A node keeps no more inputs: the rest are not told about.
const INPUTS: usize = 60;
/// In Unicode characters.
const LONGEST_NAME: usize = 60;
const CRON: &str = "recommended_schedule_cron";

#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    /// Only those between two nodes that are there, sorted by the node that they lead into.
    pub(super) links: Vec<Link<'a>>,
    pub(super) cron: Option<Cow<'a, str>>,
    pub(super) timezone: Option<Cow<'a, str>>,
}

#[derive(Debug, Default)]
pub(super) struct Node<'a> {
    /// Empty for a step.
    pub(super) id: Cow<'a, str>,
    pub(super) block: Option<&'a Block>,
    /// What the person or the generator calls it; may be empty.
    pub(super) name: String,
    /// The name or id of a block that the catalogue does not have; may be empty.
    pub(super) unknown: Cow<'a, str>,
    values: Vec<(Cow<'a, str>, &'a RawValue)>,
}

/// Ends are places in `nodes`.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub(super) from: usize,
    pub(super) output: Cow<'a, str>,
    pub(super) to: usize,
    pub(super) input: Cow<'a, str>,
}

impl<'a> Graph<'a> {
    pub(super) fn of_agent(blocks: &'a dyn Blocks, agent: &'a RawValue) -> Self {
        let agent = Object::of_keys(agent, &["nodes", "links", CRON, TIMEZONE]).unwrap_or_default();
        let mut graph = Self { cron: agent.string(CRON), timezone: agent.string(TIMEZONE), ..Self::default() };
        let mut places = HashMap::new();
        each(agent.get("nodes"), NODES.most, |node| {
            let Some(node) = Object::of_keys(node, &["id", "block_id", "input_default", "metadata"]) else { return };
            let id = node.text("id").unwrap_or_default();
            places.entry(id.clone()).or_insert(graph.nodes.len());
            let metadata = node.get("metadata").and_then(|metadata| Object::of_keys(metadata, &["customized_name"]));
            let unknown = node.string("block_id").unwrap_or_default();
            let block = blocks.by_id(&unknown);
            let mut values = Vec::new();
            if let Some(inputs) = node.get("input_default") {
                // What is not an object has no values.
                let _ = each_entry(inputs.get(), |name, value| {
                    if values.len() < INPUTS {
                        values.push((name, value));
                    }
                    Ok(())
                });
            }
            let name = metadata.and_then(|metadata| metadata.string("customized_name")).unwrap_or_default();
            graph.nodes.push(Node { id, block, name: name_of(&name), unknown, values });
        });
        each(agent.get("links"), LINKS.most, |link| {
            let link = Object::of_keys(link, &["source_id", "source_name", "sink_id", "sink_name"]);
            let Some(link) = link else { return };
            let place = |key| link.text(key).and_then(|id| places.get(&id).copied());
            let (Some(from), Some(to)) = (place("source_id"), place("sink_id")) else { return };
            let name = |key| link.string(key).unwrap_or_default();
            graph.links.push(Link { from, output: name("source_name"), to, input: name("sink_name") });
        });
        graph.links.sort_by_key(|link| link.to);
        graph
    }

    /// The links into a node.
    pub(super) fn into(&self, at: usize) -> impl Iterator<Item = &Link<'a>> {
        let start = self.links.partition_point(|link| link.to < at);
        self.links.iter().skip(start).take_while(move |link| link.to == at)
    }

    /// Of our own form, or of another as far as they name blocks.
    pub(super) fn of_steps(blocks: &'a dyn Blocks, steps: &'a RawValue) -> Self {
        let mut graph = Self::default();
        each(Some(steps), NODES.most, |step| graph.add_step(blocks, step));
        let count = graph.nodes.len();
        graph.links.retain(|link| link.from < count);
        graph
    }

    fn add_step(&mut self, blocks: &'a dyn Blocks, step: &'a RawValue) {
        const KEYS: [&str; 8] = ["block_id", "block_name", "tool", "action", "description", "name", "inputs", "agent"];
        let Some(step) = Object::of_keys(step, &KEYS) else {
            self.nodes.push(Node { name: name_of(&string(step).unwrap_or_default()), ..Node::default() });
            return;
        };
        let at = self.nodes.len();
        if let Some(agent) =
            step.get("agent").filter(|_| at == 0).and_then(|agent| Object::of_keys(agent, &[CRON, TIMEZONE]))
        {
            (self.cron, self.timezone) = (agent.string(CRON), agent.string(TIMEZONE));
        }
        let named = |keys: &[&str]| keys.iter().find_map(|key| step.string(key).filter(|text| !text.trim().is_empty()));
        let unknown = named(&["block_name", "tool", "block_id"]).unwrap_or_default();
        let by_id = named(&["block_id"]).and_then(|id| blocks.by_id(&id));
        let block = by_id.or_else(|| named(&["block_name", "tool"]).and_then(|name| blocks.by_name(&name)));
        let mut values = Vec::new();
        each(step.get("inputs"), INPUTS, |input| {
            let Some(input) = Object::of_keys(input, &["name", "value", "source"]) else { return };
            let Some(name) = input.string("name") else { return };
            let source = input.get("source").and_then(|source| Object::of_keys(source, &["step", "output"]));
            match (source, input.get("value")) {
                (Some(source), _) => {
                    let from = source.text("step").and_then(|step| step.parse::<usize>().ok()?.checked_sub(1));
                    let output = source.string("output").unwrap_or_default();
                    self.links.extend(from.map(|from| Link { from, output, to: at, input: name }));
                }
                (None, Some(value)) => values.push((name, value)),
                (None, None) => {}
            }
        });
        let name = named(&["action", "description", "name"]).unwrap_or_default();
        self.nodes.push(Node { id: Cow::default(), block, name: name_of(&name), unknown, values });
    }
}

impl<'a> Node<'a> {
    /// Null counts as absent.
    pub(super) fn value(&self, name: &str) -> Option<&'a RawValue> {
        self.values().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// A string, or the text of a number.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.value(name).filter(|value| !value.get().starts_with(['{', '['])).map(text)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        let values = self.values.iter().map(|(name, value)| (&**name, *value));
        values.filter(|(_, value)| !shared::json::is_null(value))
    }

    pub(super) fn is_agent_input(&self) -> bool {
        self.block.is_some_and(Block::is_agent_input)
    }

    /// What to call it in a sentence: its own name, an input's name, the block's name in words.
    pub(super) fn label(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let declared = self.block.filter(|block| block.is_agent_input() || block.is_agent_output());
        let declared = declared.and_then(|_| self.text("name")).map(|name| name_of(&name));
        declared.filter(|name| !name.is_empty()).unwrap_or_else(|| match self.block {
            Some(block) => block.title(),
            None => name_of(&self.unknown),
        })
    }
}

/// The elements of a list, `most` at most.
pub(super) fn each<'a>(list: Option<&'a RawValue>, most: usize, mut visit: impl FnMut(&'a RawValue)) {
    let mut seen = 0;
    if let Some(list) = list {
        // What is not a list has no elements.
        let _ = each_element(list.get(), |element| {
            if seen < most {
                visit(element);
            }
            seen += 1;
            Ok(())
        });
    }
}

/// A name in one line, cut.
pub(super) fn name_of(text: &str) -> String {
    short_line(text, LONGEST_NAME)
}

/// The beginning of a text that may have megabytes, in one line.
pub(super) fn short_line(text: &str, most: usize) -> String {
    cut(&one_line(&text.chars().take(10 * most).collect::<String>()), most)
}

pub(super) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// At most `most` characters; a cut text ends with `…`.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => {
            let end = text.char_indices().nth(most - 1).map_or(0, |(end, _)| end);
            format!("{}…", text.get(..end).unwrap_or_default().trim_end())
        }
    }
}
