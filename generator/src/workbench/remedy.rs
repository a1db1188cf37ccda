//! What would be right instead of a fault that a rule for agents has found.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{example, nearest};
use crate::{
    catalogue::{
        Block, ERROR_OUTPUT, outer_field,
        schema::{Schema, Types},
    },
    knowledge::Knowledge,
    llm::names,
    text::shortened,
    validator::{Fault, Graph, NO_START, Node, Place},
};

/// At most this many fields or choices are named.
const LISTED: usize = 12;
/// How much of a value is repeated, in characters.
const VALUE: usize = 120;

/// In whose words a remedy is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words<'p> {
    /// Nodes, links, ids.
    Graph,
    /// Steps, inputs, sources. With what the steps are called.
    Plan(&'p [String]),
}

pub(super) struct Remedies<'g> {
    knowledge: &'g Knowledge,
    graph: &'g Graph<'g>,
    words: Words<'g>,
}

impl<'g> Remedies<'g> {
    pub(super) fn new(knowledge: &'g Knowledge, graph: &'g Graph<'g>, words: Words<'g>) -> Self {
        Self { knowledge, graph, words }
    }

    /// `None` if no more can be said than what is wrong.
    pub(super) fn of(&self, rule: &str, fault: &Fault) -> Option<String> {
        match (rule, &fault.place) {
            ("unique_ids", _) => Some("Give it an id of its own, and name that in its links.".to_owned()),
            ("link_ends", _) => Some(self.ids()),
            ("known_blocks", Place::Node(at)) => Some(self.block(self.graph.nodes.get(*at)?)),
            ("link_fields", Place::LinkKey { link, key }) => self.field(*link, key),
            ("link_types", Place::Link(link)) => self.types(*link),
            ("required_inputs", Place::Input { node, name }) => self.required(*node, name),
            ("credentials", _) => Some("Leave it out: the person connects the account in the platform.".to_owned()),
            ("tools", _) => Some("Set `selected_tool` to the name of the tool, or link it.".to_owned()),
            ("values", Place::Input { node, name }) => self.value(*node, name),
            ("templates", _) => Some("Write the name without spaces: {{topic}}.".to_owned()),
            ("no_cycles", Place::Node(at)) => Some(self.circle(*at)),
            ("starts_and_ends", _) => Some(self.end(&fault.text)),
            ("own_names", Place::LinkKey { .. }) => {
                Some("Set `name` to a text, and link only what it holds.".to_owned())
            }
            ("own_names", _) => Some("Set `name` to a text of its own, which the person reads.".to_owned()),
            ("connected", Place::Node(at)) => self.alone(*at),
            _ => None,
        }
    }

    fn ids(&self) -> String {
        let ids: Vec<String> = self.graph.nodes.iter().take(LISTED).map(|node| shortened(node.id, 60)).collect();
        let more = if self.graph.nodes.len() > LISTED { ", …" } else { "" };
        format!("Write the id of a node: {}{more}.", ids.join(", "))
    }

    fn block(&self, node: &Node<'_>) -> String {
        let catalogue = &self.knowledge.catalogue;
        if let Some(block) = names::block(catalogue, node.block_id) {
            return format!("Write \"{}\", the id of {}.", block.id, block.name);
        }
        let near = nearest::blocks(self.knowledge, node.block_id, node.title);
        let near: Vec<String> = near.iter().map(|block| format!("\"{}\" ({})", block.id, block.name)).collect();
        if near.is_empty() {
            "Write the id of a block that the catalogue has. Look for one by what it does.".to_owned()
        } else {
            format!("Write the id of a block that the catalogue has: {}.", near.join(", "))
        }
    }

    fn field(&self, link: usize, key: &str) -> Option<String> {
        let link = self.graph.links.get(link)?;
        let (id, said, listing) = if key == "source_name" {
            (link.source, link.output, Listing::Outputs)
        } else {
            (link.sink, link.input, Listing::Inputs)
        };
        Some(instead(self.graph.node(id)?.block?, said, listing))
    }

    fn types(&self, link: usize) -> Option<String> {
        let link = self.graph.links.get(link)?;
        let (source, sink) = (self.graph.node(link.source)?.block?, self.graph.node(link.sink)?.block?);
        let (from, to) = (source.output_type(link.output)?, sink.input_type(link.input)?);
        let outputs = source.output_schema().properties.iter();
        let fitting: Vec<&str> = outputs
            .filter(|(name, schema)| *name != ERROR_OUTPUT && schema.kind().flows_into(to))
            .map(|(name, _)| name)
            .take(LISTED)
            .collect();
        let inputs = sink.input_schema().properties.iter();
        let taking: Vec<&str> = inputs
            .filter(|(name, schema)| !sink.is_credential(name) && from.flows_into(schema.kind()))
            .map(|(name, _)| name)
            .take(LISTED)
            .collect();
        let mut text = format!("{} takes {to} there.", sink.name);
        if !fitting.is_empty() {
            let _ = write!(text, " Outputs of {} that fit: {}.", source.name, fitting.join(", "));
        }
        if !taking.is_empty() {
            let _ = write!(text, " Inputs of {} that take {from}: {}.", sink.name, taking.join(", "));
        }
        text.push_str(
            " Or put a block between that makes one into the other, such as FillTextTemplateBlock for a text.",
        );
        Some(text)
    }

    fn required(&self, node: usize, name: &str) -> Option<String> {
        let block = self.graph.nodes.get(node)?.block?;
        let schema = block.input_schema().properties.get(name)?;
        let value = shown(&example::value(name, schema));
        let kind = described(schema);
        let Words::Plan(numbers) = self.words else {
            return Some(format!(
                "Set `input_default.{name}` to {value} or the like, or link an output to it. It takes {kind}."
            ));
        };
        let value = format!(r#"{{"name": "{name}", "value": {value}}}"#);
        let source = self.earlier(node, schema.kind(), numbers);
        Some(match source {
            Some(source) => format!(r#"Give {value}, or {{"name": "{name}", "source": {source}}}. It takes {kind}."#),
            None => format!("Give {value}. It takes {kind}."),
        })
    }

    /// The source that fits best before a step: of the nearest step, an output of just that type before any other.
    fn earlier(&self, before: usize, types: Types, numbers: &[String]) -> Option<String> {
        let steps = self.graph.nodes.iter().zip(numbers).take(before).rev();
        let mut sources = steps.filter_map(|(node, number)| {
            let outputs = || {
                let all = node.block.into_iter().flat_map(|block| block.output_schema().properties.iter());
                all.filter(|(name, schema)| *name != ERROR_OUTPUT && schema.kind().flows_into(types))
            };
            let same = outputs().find(|(_, schema)| schema.kind() == types);
            let (output, _) = same.or_else(|| outputs().next())?;
            let step = number.parse::<u32>().map_or_else(|_| json!(number), |number| json!(number));
            Some(json!({"step": step, "output": output}).to_string())
        });
        sources.next()
    }

    fn value(&self, node: usize, name: &str) -> Option<String> {
        let block = self.graph.nodes.get(node)?.block?;
        let Some(types) = block.input_type(name) else { return Some(instead(block, name, Listing::Inputs)) };
        let Some(schema) = block.input_schema().properties.get(name) else {
            return Some(format!("Give it as {types}."));
        };
        let mut text = format!("Write {}", described(schema));
        if schema.choices.is_empty() {
            let _ = write!(text, ", such as {}", shown(&example::value(name, schema)));
        }
        text.push('.');
        let parts: Vec<&str> =
            schema.properties.iter().map(|(part, _)| part).filter(|part| !part.starts_with('_')).collect();
        if !parts.is_empty() {
            let _ = write!(text, " Its parts: {}.", parts.join(", "));
        }
        Some(text)
    }

    fn circle(&self, at: usize) -> String {
        let around = circle(self.graph, at);
        let nodes = around.iter().filter_map(|at| self.graph.nodes.get(*at));
        let names: Vec<String> = nodes.take(LISTED).map(Node::called).collect();
        if names.is_empty() {
            return "Leave out the link that leads back.".to_owned();
        }
        let more = if around.len() > LISTED { " → …" } else { "" };
        format!("Leave out one of the links of the circle {}{more}.", names.join(" → "))
    }

    fn end(&self, text: &str) -> String {
        let start = text == NO_START;
        let name = if start { "AgentInputBlock" } else { "AgentOutputBlock" };
        let id = self.knowledge.catalogue.by_name(name).map_or("", |block| block.id.as_str());
        let last = |numbers| self.earlier(self.graph.nodes.len(), Types::ANY, numbers);
        match (self.words, start) {
            (Words::Plan(_), true) => format!(
                r#"Add {{"block": "{name}", "inputs": [{{"name": "name", "value": "Topic"}}]}} for what the person supplies, or begin with a trigger."#
            ),
            (Words::Plan(numbers), false) => {
                let source = last(numbers).unwrap_or_else(|| r#"{"step": 1, "output": "result"}"#.to_owned());
                format!(
                    r#"Add {{"block": "{name}", "inputs": [{{"name": "name", "value": "Result"}}, {{"name": "value", "source": {source}}}]}} at the end."#
                )
            }
            (Words::Graph, true) => {
                format!(
                    r#"Add a node of {name} (block_id "{id}") for what the person supplies, or begin with a trigger."#
                )
            }
            (Words::Graph, false) => {
                format!(r#"Add a node of {name} (block_id "{id}"), and link the result to its input `value`."#)
            }
        }
    }

    fn alone(&self, at: usize) -> Option<String> {
        let block = self.graph.nodes.get(at)?.block?;
        let outputs = listed(block, Listing::Outputs);
        let inputs = listed(block, Listing::Inputs);
        Some(if block.is_agent_output() {
            "Link a result to its input `value`, or leave it out.".to_owned()
        } else if inputs.is_empty() || block.starts_agent() {
            format!("Link one of its outputs to what comes next, or leave it out. Outputs: {outputs}.")
        } else {
            format!("Link an output of what comes before to one of its inputs, or leave it out. Inputs: {inputs}.")
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    Inputs,
    Outputs,
}

/// What may stand where `said` does.
fn instead(block: &Block, said: &str, listing: Listing) -> String {
    let schema = if listing == Listing::Inputs { block.input_schema() } else { block.output_schema() };
    let all = schema.properties.iter().map(|(name, _)| name);
    let all = all.filter(|name| !block.is_credential(name) && *name != ERROR_OUTPUT);
    let near = nearest::fields(all, outer_field(said));
    let kind = if listing == Listing::Inputs { "inputs" } else { "outputs" };
    let fields = listed(block, listing);
    match near.first() {
        _ if fields.is_empty() => format!("{} has no {kind}.", block.name),
        Some(near) => format!("Did you mean `{near}`? The {kind} of {} are {fields}.", block.name),
        None => format!("The {kind} of {} are {fields}.", block.name),
    }
}

/// The fields of a block with their types; `*` marks those that are required.
pub(super) fn listed(block: &Block, listing: Listing) -> String {
    let (schema, is_input) = match listing {
        Listing::Inputs => (block.input_schema(), true),
        Listing::Outputs => (block.output_schema(), false),
    };
    let required = |name: &str| is_input && schema.required.iter().any(|required| required == name);
    let mut fields: Vec<(&str, Types)> = schema
        .properties
        .iter()
        .filter(|(name, _)| !(is_input && block.is_credential(name)) && *name != ERROR_OUTPUT)
        .map(|(name, schema)| (name, schema.kind()))
        .collect();
    fields.sort_by_key(|(name, _)| !required(name));
    let more = fields.len().saturating_sub(LISTED);
    let shown = fields.iter().take(LISTED).map(|(name, types)| {
        let mark = if required(name) { "*" } else { "" };
        format!("{name}{mark} ({types})")
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// What an input takes.
fn described(schema: &Schema) -> String {
    if schema.choices.is_empty() {
        return format!("a value of type {}", schema.kind());
    }
    let shown: Vec<String> = schema.choices.iter().take(LISTED).map(shown).collect();
    let more = if schema.choices.len() > LISTED { ", …" } else { "" };
    format!("one of {}{more}", shown.join(", "))
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > VALUE { json!(shortened(&text, VALUE)).to_string() } else { text }
}

/// The nodes of a circle that `at` is in or behind, each before the one that takes from it, the first again at the end.
/// Empty if there is none.
fn circle(graph: &Graph<'_>, at: usize) -> Vec<usize> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for link in &graph.links {
        let Some((from, to)) = graph.position(link.source).zip(graph.position(link.sink)) else { continue };
        if let Some(sources) = before.get_mut(to) {
            sources.push(from);
        }
    }
    // Backwards along the sources, depth first; `place` is where a node stands on the way.
    let mut place: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut done = vec![false; graph.nodes.len()];
    let mut way = vec![at];
    if let Some(slot) = place.get_mut(at) {
        *slot = Some(0);
    }
    while let Some(here) = way.last().copied() {
        match before.get_mut(here).and_then(Vec::pop) {
            None => {
                way.pop();
                if let (Some(slot), Some(done)) = (place.get_mut(here), done.get_mut(here)) {
                    (*slot, *done) = (None, true);
                }
            }
            Some(next) => match place.get(next).copied().flatten() {
                Some(start) => {
                    let mut around: Vec<usize> = way.split_off(start);
                    around.push(next);
                    around.reverse();
                    return around;
                }
                None if done.get(next) == Some(&false) => {
                    if let Some(slot) = place.get_mut(next) {
                        *slot = Some(way.len());
                    }
                    way.push(next);
                }
                None => {}
            },
        }
    }
    Vec::new()
}
