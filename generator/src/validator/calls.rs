//! Rules for what an agent calls: accounts, other agents, tools.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value;

use super::graph::{Graph, Node};
use crate::{
    catalogue::{
        Block, ERROR_OUTPUT, outer_field,
        schema::{Schema, Types},
        special,
    },
    text::shortened,
};

fn set<'v>(node: &Node<'v>, name: &str) -> Option<&'v Value> {
    node.values?.get(name)
}

/// Credentials are not part of the graph: the person connects accounts in the platform, and a secret would travel along.
pub(super) fn credentials(graph: &Graph<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for (node, block) in graph.nodes.iter().filter_map(|node| Some((node, node.block?))) {
        let names = node.values.into_iter().flatten().filter(|(_, value)| !value.is_null()).map(|(name, _)| name);
        let written = names.filter(|name| block.is_credential(outer_field(name)));
        faults.extend(written.map(|name| {
            format!("the connection `{}` of {} is set; it is made in the platform", outer_field(name), node.called())
        }));
    }
    let links = graph.known_links().filter(|(link, .., block)| block.is_credential(outer_field(link.input)));
    faults.extend(links.map(|(link, _, _, sink, _)| {
        format!(
            "the connection `{}` of {} is linked; it is made in the platform",
            outer_field(link.input),
            sink.called()
        )
    }));
    faults
}

/// A node that runs another agent names it and has its schemas; values and links keep to them, as far as they tell.
pub(super) fn sub_agents(graph: &Graph<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut runs: HashMap<&str, Run<'_>> = HashMap::new();
    for node in graph.nodes.iter().filter(|node| node.block_id == special::AGENT_EXECUTOR) {
        let blank = |name: &str| match set(node, name) {
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Object(map)) => map.is_empty(),
            // An unset input is a fault of `required_inputs`.
            _ => false,
        };
        let empty = ["graph_id", "input_schema", "output_schema"].into_iter().filter(|name| blank(name));
        faults.extend(empty.map(|name| format!("the input `{name}` of {} is empty", node.called())));
        if graph.id.is_some_and(|id| set(node, "graph_id").and_then(Value::as_str) == Some(id)) {
            faults.push(format!("{} runs the very agent that it is a part of: it would never end", node.called()));
        }
        let schema = |name: &str| set(node, name).and_then(|schema| Schema::deserialize(schema).ok());
        let told = |schema: &Schema| !schema.properties.is_empty();
        runs.insert(
            node.id,
            Run {
                node,
                inputs: schema("input_schema").filter(told),
                outputs: schema("output_schema").filter(told),
                linked: HashSet::new(),
            },
        );
    }
    if runs.is_empty() {
        return faults;
    }
    for link in &graph.links {
        if let Some(run) = runs.get(link.source)
            && run
                .outputs
                .as_ref()
                .is_some_and(|schema| link.output != ERROR_OUTPUT && field(schema, link.output).is_none())
        {
            faults.push(format!("the agent of {} has no output `{}`", run.node.called(), shortened(link.output, 80)));
        }
        let from = runs.get(link.source).and_then(|run| field(run.outputs.as_ref()?, link.output));
        let from = from.or_else(|| graph.node(link.source)?.block?.output_type(link.output));
        let Some(run) = runs.get_mut(link.sink) else { continue };
        run.linked.insert(outer_field(link.input));
        let own = graph
            .node(link.sink)
            .and_then(|node| node.block)
            .is_some_and(|block| block.input_schema().properties.get(outer_field(link.input)).is_some());
        let Some(schema) = run.inputs.as_ref().filter(|_| !own) else { continue };
        match (from, field(schema, link.input)) {
            (_, None) => {
                faults.push(format!("the agent of {} has no input `{}`", run.node.called(), shortened(link.input, 80)));
            }
            (Some(from), Some(to)) if !from.flows_into(to) => faults.push(format!(
                "`{}` gives {from}, but the input `{}` of the agent of {} takes {to}",
                shortened(link.output, 80),
                shortened(link.input, 80),
                run.node.called()
            )),
            _ => {}
        }
    }
    for node in &graph.nodes {
        faults.extend(runs.get(node.id).into_iter().flat_map(Run::values));
    }
    faults
}

/// A node that runs an agent, with what is known of that agent.
struct Run<'g> {
    node: &'g Node<'g>,
    inputs: Option<Schema>,
    outputs: Option<Schema>,
    linked: HashSet<&'g str>,
}

impl Run<'_> {
    /// Faults of what is set, and of what is neither set nor linked.
    fn values(&self) -> Vec<String> {
        let Some(schema) = &self.inputs else { return Vec::new() };
        let called = self.node.called();
        let given = set(self.node, "inputs").and_then(Value::as_object);
        let mut faults = Vec::new();
        for (name, value) in given.into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            match field(schema, name) {
                None => faults.push(format!("the agent of {called} has no input `{}`", shortened(name, 80))),
                Some(types) if !types.admits(value) => {
                    faults.push(format!("the input `{}` of the agent of {called} takes {types}", shortened(name, 80)));
                }
                Some(_) => {}
            }
        }
        let has = |name: &String| {
            let set = given.and_then(|given| given.get(name)).is_some_and(|value| !value.is_null());
            let default = schema.properties.get(name).is_some_and(|schema| schema.default.is_some());
            set || default || self.linked.contains(name.as_str()) || Block::names_credential(name)
        };
        let open = schema.required.iter().filter(|name| !has(name));
        faults.extend(open.map(|name| {
            format!("the required input `{}` of the agent of {called} is neither set nor linked", shortened(name, 80))
        }));
        faults
    }
}

/// The type of a field of an agent, or of a part of one; `None` if it has no such field.
fn field(schema: &Schema, name: &str) -> Option<Types> {
    match schema.properties.get(outer_field(name)) {
        Some(found) if outer_field(name) == name => Some(found.kind()),
        Some(_) => Some(Types::ANY),
        None => None,
    }
}

/// A tool call names its tool.
pub(super) fn tools(graph: &Graph<'_>) -> Vec<String> {
    let linked: HashSet<&str> =
        graph.links.iter().filter(|link| link.input == "selected_tool").map(|link| link.sink).collect();
    let mut nodes: Vec<&Node<'_>> = graph.nodes.iter().filter(|node| node.block_id == special::MCP_TOOL).collect();
    let named = |node: &Node<'_>| {
        set(node, "selected_tool").and_then(Value::as_str).is_some_and(|name| !name.trim().is_empty())
    };
    nodes.retain(|node| !named(node) && !linked.contains(node.id));
    nodes
        .into_iter()
        .map(|node| format!("{} does not say which tool it calls (`selected_tool`)", node.called()))
        .collect()
}
