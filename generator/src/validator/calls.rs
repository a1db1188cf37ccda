//! Rules for what an agent calls: accounts, other agents, tools.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value;

use super::{
    fault::Fault,
    graph::{Graph, Node},
};
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
pub(super) fn credentials(graph: &Graph<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, node, block) in graph.known_nodes() {
        let names = node.values.into_iter().flatten().filter(|(_, value)| !value.is_null()).map(|(name, _)| name);
        let written = names.filter(|name| block.is_credential(outer_field(name)));
        let text = |name: &str| {
            format!("the connection `{}` of {} is set; it is made in the platform", outer_field(name), node.called())
        };
        faults.extend(written.map(|name| Fault::input(at, name, text(name))));
    }
    let links = graph.known_links().filter(|(_, link, .., block)| block.is_credential(outer_field(link.input)));
    faults.extend(links.map(|(at, link, _, _, sink, _)| {
        let text = format!(
            "the connection `{}` of {} is linked; it is made in the platform",
            outer_field(link.input),
            sink.called()
        );
        Fault::link_key(at, "sink_name", text)
    }));
    faults
}

/// A node that runs another agent names it and has its schemas; values and links keep to them, as far as they tell.
pub(super) fn sub_agents(graph: &Graph<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut runs: HashMap<&str, Run<'_>> = HashMap::new();
    for (at, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.block_id == special::AGENT_EXECUTOR) {
        let blank = |name: &str| match set(node, name) {
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Object(map)) => map.is_empty(),
            // An unset input is a fault of `required_inputs`.
            _ => false,
        };
        let empty = ["graph_id", "input_schema", "output_schema"].into_iter().filter(|name| blank(name));
        let text = |name| format!("the input `{name}` of {} is empty", node.called());
        faults.extend(empty.map(|name| Fault::input(at, name, text(name))));
        if graph.id.is_some_and(|id| set(node, "graph_id").and_then(Value::as_str) == Some(id)) {
            let text = format!("{} runs the very agent that it is a part of: it would never end", node.called());
            faults.push(Fault::input(at, "graph_id", text));
        }
        let schema = |name: &str| set(node, name).and_then(|schema| Schema::deserialize(schema).ok());
        let told = |schema: &Schema| !schema.properties.is_empty();
        runs.insert(
            node.id,
            Run {
                at,
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
    for (at, link) in graph.links.iter().enumerate() {
        if let Some(run) = runs.get(link.source)
            && run
                .outputs
                .as_ref()
                .is_some_and(|schema| link.output != ERROR_OUTPUT && field(schema, link.output).is_none())
        {
            let text = format!("the agent of {} has no output `{}`", run.node.called(), shortened(link.output, 80));
            faults.push(Fault::link_key(at, "source_name", text));
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
                let text = format!("the agent of {} has no input `{}`", run.node.called(), shortened(link.input, 80));
                faults.push(Fault::link_key(at, "sink_name", text));
            }
            (Some(from), Some(to)) if !from.flows_into(to) => {
                let text = format!(
                    "`{}` gives {from}, but the input `{}` of the agent of {} takes {to}",
                    shortened(link.output, 80),
                    shortened(link.input, 80),
                    run.node.called()
                );
                faults.push(Fault::link(at, text));
            }
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
    at: usize,
    node: &'g Node<'g>,
    inputs: Option<Schema>,
    outputs: Option<Schema>,
    linked: HashSet<&'g str>,
}

impl Run<'_> {
    /// Faults of what is set, and of what is neither set nor linked.
    fn values(&self) -> Vec<Fault> {
        let fault = |text| Fault::input(self.at, "inputs", text);
        let Some(schema) = &self.inputs else { return Vec::new() };
        let called = self.node.called();
        let given = set(self.node, "inputs").and_then(Value::as_object);
        let mut faults = Vec::new();
        for (name, value) in given.into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            match field(schema, name) {
                None => faults.push(fault(format!("the agent of {called} has no input `{}`", shortened(name, 80)))),
                Some(types) if !types.admits(value) => {
                    let name = shortened(name, 80);
                    faults.push(fault(format!("the input `{name}` of the agent of {called} takes {types}")));
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
            let name = shortened(name, 80);
            fault(format!("the required input `{name}` of the agent of {called} is neither set nor linked"))
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
pub(super) fn tools(graph: &Graph<'_>) -> Vec<Fault> {
    let linked: HashSet<&str> =
        graph.links.iter().filter(|link| link.input == "selected_tool").map(|link| link.sink).collect();
    let calls = graph.nodes.iter().enumerate().filter(|(_, node)| node.block_id == special::MCP_TOOL);
    let named = |node: &Node<'_>| {
        set(node, "selected_tool").and_then(Value::as_str).is_some_and(|name| !name.trim().is_empty())
    };
    let text = |node: &Node<'_>| format!("{} does not say which tool it calls (`selected_tool`)", node.called());
    let open = calls.filter(|(_, node)| !named(node) && !linked.contains(node.id));
    open.map(|(at, node)| Fault::input(at, "selected_tool", text(node))).collect()
}
