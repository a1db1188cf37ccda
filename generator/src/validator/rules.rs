//! The rules, one function each.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::graph::Graph;
use crate::{
    catalogue::{Block, special},
    text::shortened,
};

/// Ids of nodes are unique, and so are ids of links.
pub(super) fn unique_ids(graph: &Graph<'_>) -> Vec<String> {
    let twice = |ids: Vec<&str>, what: &str| {
        let mut seen = HashSet::new();
        let again: Vec<&str> = ids.into_iter().filter(|id| !seen.insert(*id)).collect();
        again.into_iter().map(|id| format!("two {what} have the id {}", shortened(id, 60))).collect::<Vec<_>>()
    };
    let mut faults = twice(graph.nodes.iter().map(|node| node.id).collect(), "nodes");
    faults.extend(twice(graph.links.iter().filter_map(|link| link.id).collect(), "links"));
    faults
}

/// Links connect nodes that exist.
pub(super) fn link_ends(graph: &Graph<'_>) -> Vec<String> {
    let ends = graph.links.iter().flat_map(|link| [("comes from", link.source), ("goes to", link.sink)]);
    ends.filter(|(_, id)| graph.position(id).is_none())
        .map(|(verb, id)| format!("a link {verb} the node {}, which does not exist", shortened(id, 60)))
        .collect()
}

/// Every block is in the catalogue.
pub(super) fn known_blocks(graph: &Graph<'_>) -> Vec<String> {
    let unknown = graph.nodes.iter().filter(|node| node.block.is_none());
    unknown
        .map(|node| {
            format!("node {} has the block {}, which does not exist", node.called(), shortened(node.block_id, 60))
        })
        .collect()
}

/// Links name outputs and inputs, or parts of them, that exist.
pub(super) fn link_fields(graph: &Graph<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for link in &graph.links {
        if let Some((node, block)) = graph.node(link.source).and_then(|node| Some((node, node.block?)))
            && block.output_type(link.output).is_none()
        {
            faults.push(format!("{} has no output `{}`", node.called(), shortened(link.output, 80)));
        }
        if let Some((node, block)) = graph.node(link.sink).and_then(|node| Some((node, node.block?)))
            && block.input_type(link.input).is_none()
        {
            faults.push(format!("{} has no input `{}`", node.called(), shortened(link.input, 80)));
        }
    }
    faults
}

/// The output of a link fits its input; integers and numbers are compatible.
pub(super) fn link_types(graph: &Graph<'_>) -> Vec<String> {
    let wrong = graph.known_links().filter_map(|(link, source, source_block, sink, sink_block)| {
        let (from, to) = (source_block.output_type(link.output)?, sink_block.input_type(link.input)?);
        let text = || {
            format!(
                "`{}` of {} gives {from}, but `{}` of {} takes {to}",
                shortened(link.output, 80),
                source.called(),
                shortened(link.input, 80),
                sink.called()
            )
        };
        (!from.flows_into(to)).then(text)
    });
    wrong.collect()
}

/// A link is static if and only if its source keeps its value for the whole run.
pub(super) fn static_links(graph: &Graph<'_>) -> Vec<String> {
    let wrong = graph.known_links().filter(|(link, _, block, ..)| link.is_static != block.static_output);
    wrong
        .map(|(link, source, block, ..)| {
            format!(
                "the link from `{}` of {} must have `is_static` {}",
                shortened(link.output, 80),
                source.called(),
                block.static_output
            )
        })
        .collect()
}

/// Every required input is set or linked itself, except for credentials: the platform does not count links to its parts.
pub(super) fn required_inputs(graph: &Graph<'_>) -> Vec<String> {
    let linked: HashSet<(&str, &str)> = graph.links.iter().map(|link| (link.sink, link.input)).collect();
    let mut faults = Vec::new();
    for (node, block) in graph.nodes.iter().filter_map(|node| Some((node, node.block?))) {
        for name in block.required_inputs() {
            let set = node.values.and_then(|values| values.get(name)).is_some_and(|value| !value.is_null());
            if !set && !linked.contains(&(node.id, name)) {
                faults.push(format!("the required input `{name}` of {} is neither set nor linked", node.called()));
            }
        }
    }
    faults
}

/// Values have the type of their input and are among its choices.
pub(super) fn values(graph: &Graph<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for (node, block, values) in graph.nodes.iter().filter_map(|node| Some((node, node.block?, node.values?))) {
        for (name, value) in values.iter().filter(|(_, value)| !value.is_null()) {
            let Some(types) = block.input_type(name) else {
                faults.push(format!("{} has no input `{}`", node.called(), shortened(name, 80)));
                continue;
            };
            let schema = block.input_schema().properties.get(name);
            if !types.admits(value) {
                faults.push(format!(
                    "the input `{}` of {} takes {types}, not {}",
                    shortened(name, 80),
                    node.called(),
                    shortened(&value.to_string(), 60)
                ));
            } else if schema.is_some_and(|schema| !schema.offers(value)) {
                faults.push(format!(
                    "the input `{}` of {} has no choice {}",
                    shortened(name, 80),
                    node.called(),
                    shortened(&value.to_string(), 60)
                ));
            }
        }
    }
    faults
}

/// Names in double braces of a prompt have no spaces: language model blocks would not replace them.
pub(super) fn templates(graph: &Graph<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for node in graph.nodes.iter().filter(|node| node.block.is_some()) {
        let Some(Value::String(prompt)) = node.values.and_then(|values| values.get("prompt")) else { continue };
        let names = prompt.split("{{").skip(1).filter_map(|after| after.split_once("}}")).map(|(name, _)| name);
        let spaced = names.filter(|name| name.len() <= 80 && name.contains(char::is_whitespace));
        faults.extend(spaced.map(|name| format!("`{{{{{name}}}}}` in the prompt of {} has spaces", node.called())));
    }
    faults
}

/// Inputs that are made for a cycle: block, input, and whether the link must come from the same node.
const FEEDBACK: [(&str, &str, bool); 4] = [
    (special::ADD_TO_LIST, "list", true),
    (special::ADD_TO_DICTIONARY, "dictionary", true),
    // The result of a tool goes back to the model that called it, through any number of nodes.
    (special::ORCHESTRATOR, "last_tool_output", false),
    (special::ORCHESTRATOR, "conversation_history", false),
];

/// Links have no cycle, except through inputs of [`FEEDBACK`].
pub(super) fn no_cycles(graph: &Graph<'_>) -> Vec<String> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    let mut waiting = vec![0_usize; graph.nodes.len()];
    for link in &graph.links {
        let (Some(from), Some(to)) = (graph.position(link.source), graph.position(link.sink)) else { continue };
        let block = graph.nodes.get(to).map_or("", |node| node.block_id);
        let made_for_it =
            |(id, input, own): &(&str, &str, bool)| *id == block && *input == link.input && (from == to || !own);
        if FEEDBACK.iter().any(made_for_it) {
            continue;
        }
        if let (Some(after), Some(count)) = (next.get_mut(from), waiting.get_mut(to)) {
            after.push(to);
            *count += 1;
        }
    }
    let mut ready: Vec<usize> =
        waiting.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).collect();
    let mut done = 0;
    while let Some(at) = ready.pop() {
        done += 1;
        for to in next.get_mut(at).map(std::mem::take).unwrap_or_default() {
            if let Some(count) = waiting.get_mut(to) {
                *count -= 1;
                if *count == 0 {
                    ready.push(to);
                }
            }
        }
    }
    let caught = graph.nodes.iter().zip(&waiting).find(|(_, count)| **count > 0);
    match caught {
        Some((node, _)) if done < graph.nodes.len() => {
            vec![format!("{} waits for its own result: the links run in a circle", node.called())]
        }
        _ => Vec::new(),
    }
}

/// The agent has an input or a trigger, and an output. A schedule is neither: the platform keeps it outside of the graph.
pub(super) fn starts_and_ends(graph: &Graph<'_>) -> Vec<String> {
    let blocks = || graph.nodes.iter().filter_map(|node| node.block);
    let mut faults = Vec::new();
    if !blocks().any(Block::starts_agent) {
        faults.push("the agent has neither an input nor a trigger".to_owned());
    }
    if !blocks().any(Block::is_agent_output) {
        faults.push("the agent has no output".to_owned());
    }
    faults
}

/// Inputs and outputs of the agent have a name of their own: the platform reads it before anything runs.
pub(super) fn own_names(graph: &Graph<'_>) -> Vec<String> {
    let declared = |block: &Block| block.is_agent_input() || block.is_agent_output();
    let linked = graph.known_links().filter(|(link, .., block)| link.input == "name" && declared(block));
    let mut faults: Vec<String> = linked
        .map(|(.., sink, _)| {
            format!("the `name` of {} is linked; an input or output of the agent has a name of its own", sink.called())
        })
        .collect();
    let mut seen: HashMap<(bool, &str), usize> = HashMap::new();
    for (node, block) in graph.nodes.iter().filter_map(|node| Some((node, node.block.filter(|block| declared(block))?)))
    {
        // An unset one is a fault of `required_inputs`.
        let Some(Value::String(name)) = node.values.and_then(|values| values.get("name")) else { continue };
        if name.trim().is_empty() {
            faults.push(format!("the `name` of {} is blank", node.called()));
        }
        *seen.entry((block.is_agent_output(), name)).or_default() += 1;
    }
    let twice = seen.into_iter().filter(|(_, count)| *count > 1).map(|((output, name), _)| {
        let kind = if output { "outputs" } else { "inputs" };
        format!("two {kind} of the agent are called `{}`", shortened(name, 60))
    });
    let mut twice: Vec<String> = twice.collect();
    twice.sort_unstable();
    faults.extend(twice);
    faults
}

/// Every node has a link, except for notes.
pub(super) fn connected(graph: &Graph<'_>) -> Vec<String> {
    let linked: HashSet<&str> = graph.links.iter().flat_map(|link| [link.source, link.sink]).collect();
    let alone = graph
        .nodes
        .iter()
        .filter(|node| node.block.is_some_and(|block| block.name != "NoteBlock") && !linked.contains(node.id));
    alone.map(|node| format!("{} is linked to nothing", node.called())).collect()
}
