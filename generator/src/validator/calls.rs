//! Rules for what an agent calls: accounts, other agents, tools.

use serde_json::Value;

use super::graph::{Graph, Node};
use crate::catalogue::{outer_field, special};

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

/// A node that runs another agent names it and has its schemas.
pub(super) fn sub_agents(graph: &Graph<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for node in graph.nodes.iter().filter(|node| node.block_id == special::AGENT_EXECUTOR) {
        let blank = |name: &str| match set(node, name) {
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Object(map)) => map.is_empty(),
            // An unset input is a fault of `required_inputs`.
            _ => false,
        };
        let empty = ["graph_id", "input_schema", "output_schema"].into_iter().filter(|name| blank(name));
        faults.extend(empty.map(|name| format!("the input `{name}` of {} is empty", node.called())));
    }
    faults
}

/// A tool call names its tool.
pub(super) fn tools(graph: &Graph<'_>) -> Vec<String> {
    let linked: std::collections::HashSet<&str> =
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
