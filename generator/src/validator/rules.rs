//! The rules, one function each.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    fault::{Fault, Place},
    graph::Graph,
};
use crate::{
    catalogue::{Block, special},
    text::shortened,
};

/// Ids of nodes are unique, and so are ids of links.
pub(super) fn unique_ids(graph: &Graph<'_>) -> Vec<Fault> {
    let twice = |ids: &mut dyn Iterator<Item = (Place, Option<&str>)>, what: &str| {
        let mut seen = HashSet::new();
        let again = ids.filter_map(|(place, id)| Some((place, id.filter(|id| !seen.insert(id.to_string()))?)));
        let fault = |(place, id)| Fault { place, text: format!("two {what} have the id {}", shortened(id, 60)) };
        again.map(fault).collect::<Vec<_>>()
    };
    let nodes = graph.nodes.iter().enumerate().map(|(at, node)| (Place::Node(at), Some(node.id)));
    let links = graph.links.iter().enumerate().map(|(at, link)| (Place::Link(at), link.id));
    let mut faults = twice(&mut { nodes }, "nodes");
    faults.extend(twice(&mut { links }, "links"));
    faults
}

/// Links connect nodes that exist.
pub(super) fn link_ends(graph: &Graph<'_>) -> Vec<Fault> {
    let ends =
        graph.links.iter().enumerate().flat_map(|(at, link)| {
            [(at, "source_id", "comes from", link.source), (at, "sink_id", "goes to", link.sink)]
        });
    let fault = |(at, key, verb, id)| {
        let text = format!("a link {verb} the node {}, which does not exist", shortened(id, 60));
        Fault::link_key(at, key, text)
    };
    ends.filter(|(.., id)| graph.position(id).is_none()).map(fault).collect()
}

/// Every block is in the catalogue.
pub(super) fn known_blocks(graph: &Graph<'_>) -> Vec<Fault> {
    let unknown = graph.nodes.iter().enumerate().filter(|(_, node)| node.block.is_none());
    unknown
        .map(|(at, node)| {
            let block = shortened(node.block_id, 60);
            Fault::node(at, format!("node {} has the block {block}, which does not exist", node.called()))
        })
        .collect()
}

/// Links name outputs and inputs, or parts of them, that exist.
pub(super) fn link_fields(graph: &Graph<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, link) in graph.links.iter().enumerate() {
        if let Some((node, block)) = graph.node(link.source).and_then(|node| Some((node, node.block?)))
            && block.output_type(link.output).is_none()
        {
            let text = format!("{} has no output `{}`", node.called(), shortened(link.output, 80));
            faults.push(Fault::link_key(at, "source_name", text));
        }
        if let Some((node, block)) = graph.node(link.sink).and_then(|node| Some((node, node.block?)))
            && block.input_type(link.input).is_none()
        {
            let text = format!("{} has no input `{}`", node.called(), shortened(link.input, 80));
            faults.push(Fault::link_key(at, "sink_name", text));
        }
    }
    faults
}

/// The output of a link fits its input; integers and numbers are compatible.
pub(super) fn link_types(graph: &Graph<'_>) -> Vec<Fault> {
    let wrong = graph.known_links().filter_map(|(at, link, source, source_block, sink, sink_block)| {
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
        (!from.flows_into(to)).then(|| Fault::link(at, text()))
    });
    wrong.collect()
}

/// A link is static if and only if its source keeps its value for the whole run.
pub(super) fn static_links(graph: &Graph<'_>) -> Vec<Fault> {
    let wrong = graph.known_links().filter(|(_, link, _, block, ..)| link.is_static != block.static_output);
    wrong
        .map(|(at, link, source, block, ..)| {
            let text = format!(
                "the link from `{}` of {} must have `is_static` {}",
                shortened(link.output, 80),
                source.called(),
                block.static_output
            );
            Fault::link_key(at, "is_static", text)
        })
        .collect()
}

/// Every required input is set or linked itself, except for credentials: the platform does not count links to its parts.
pub(super) fn required_inputs(graph: &Graph<'_>) -> Vec<Fault> {
    let linked: HashSet<(&str, &str)> = graph.links.iter().map(|link| (link.sink, link.input)).collect();
    let mut faults = Vec::new();
    for (at, node, block) in graph.known_nodes() {
        for name in block.required_inputs() {
            let set = node.values.and_then(|values| values.get(name)).is_some_and(|value| !value.is_null());
            if !set && !linked.contains(&(node.id, name)) {
                let text = format!("the required input `{name}` of {} is neither set nor linked", node.called());
                faults.push(Fault::input(at, name, text));
            }
        }
    }
    faults
}

/// Values have the type of their input and are among its choices.
pub(super) fn values(graph: &Graph<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, node, block) in graph.known_nodes() {
        let values = node.values.into_iter().flatten();
        for (name, value) in values.filter(|(_, value)| !value.is_null()) {
            let Some(types) = block.input_type(name) else {
                let text = format!("{} has no input `{}`", node.called(), shortened(name, 80));
                faults.push(Fault::input(at, name, text));
                continue;
            };
            let schema = block.input_schema().properties.get(name);
            if !types.admits(value) {
                let text = format!(
                    "the input `{}` of {} takes {types}, not {}",
                    shortened(name, 80),
                    node.called(),
                    shortened(&value.to_string(), 60)
                );
                faults.push(Fault::input(at, name, text));
            } else if schema.is_some_and(|schema| !schema.offers(value)) {
                let text = format!(
                    "the input `{}` of {} has no choice {}",
                    shortened(name, 80),
                    node.called(),
                    shortened(&value.to_string(), 60)
                );
                faults.push(Fault::input(at, name, text));
            }
        }
    }
    faults
}

/// Names in double braces of a prompt have no spaces: language model blocks would not replace them.
pub(super) fn templates(graph: &Graph<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, node, _) in graph.known_nodes() {
        let Some(Value::String(prompt)) = node.values.and_then(|values| values.get("prompt")) else { continue };
        let names = prompt.split("{{").skip(1).filter_map(|after| after.split_once("}}")).map(|(name, _)| name);
        let spaced = names.filter(|name| name.len() <= 80 && name.contains(char::is_whitespace));
        let text = |name| format!("`{{{{{name}}}}}` in the prompt of {} has spaces", node.called());
        faults.extend(spaced.map(|name| Fault::input(at, "prompt", text(name))));
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
pub(super) fn no_cycles(graph: &Graph<'_>) -> Vec<Fault> {
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
    let caught = graph.nodes.iter().enumerate().zip(&waiting).find(|(_, count)| **count > 0);
    match caught {
        Some(((at, node), _)) if done < graph.nodes.len() => {
            let text = format!("{} waits for its own result: the links run in a circle", node.called());
            vec![Fault::node(at, text)]
        }
        _ => Vec::new(),
    }
}

pub(crate) const NO_START: &str = "the agent has neither an input nor a trigger";
pub(crate) const NO_END: &str = "the agent has no output";

/// The agent has an input or a trigger, and an output. A schedule is neither: the platform keeps it outside of the graph.
pub(super) fn starts_and_ends(graph: &Graph<'_>) -> Vec<Fault> {
    let blocks = || graph.nodes.iter().filter_map(|node| node.block);
    let mut faults = Vec::new();
    if !blocks().any(Block::starts_agent) {
        faults.push(Fault::agent(NO_START));
    }
    if !blocks().any(Block::is_agent_output) {
        faults.push(Fault::agent(NO_END));
    }
    faults
}

/// Inputs and outputs of the agent have a name of their own: the platform reads it before anything runs.
pub(super) fn own_names(graph: &Graph<'_>) -> Vec<Fault> {
    let declared = |block: &Block| block.is_agent_input() || block.is_agent_output();
    let linked = graph.known_links().filter(|(_, link, .., block)| link.input == "name" && declared(block));
    let mut faults: Vec<Fault> = linked
        .map(|(at, .., sink, _)| {
            let own = "an input or output of the agent has a name of its own";
            Fault::link_key(at, "sink_name", format!("the `name` of {} is linked; {own}", sink.called()))
        })
        .collect();
    // With the last node that has the name.
    let mut seen: HashMap<(bool, &str), (usize, usize)> = HashMap::new();
    for (at, node, block) in graph.known_nodes().filter(|(.., block)| declared(block)) {
        // An unset one is a fault of `required_inputs`.
        let Some(Value::String(name)) = node.values.and_then(|values| values.get("name")) else { continue };
        if name.trim().is_empty() {
            faults.push(Fault::input(at, "name", format!("the `name` of {} is blank", node.called())));
        }
        let (count, last) = seen.entry((block.is_agent_output(), name)).or_default();
        *count += 1;
        *last = at;
    }
    let twice = seen.into_iter().filter(|(_, (count, _))| *count > 1).map(|((output, name), (_, at))| {
        let kind = if output { "outputs" } else { "inputs" };
        Fault::input(at, "name", format!("two {kind} of the agent are called `{}`", shortened(name, 60)))
    });
    let mut twice: Vec<Fault> = twice.collect();
    twice.sort_unstable_by(|one, other| one.text.cmp(&other.text));
    faults.extend(twice);
    faults
}

/// Every node has a link, except for notes.
pub(super) fn connected(graph: &Graph<'_>) -> Vec<Fault> {
    let linked: HashSet<&str> = graph.links.iter().flat_map(|link| [link.source, link.sink]).collect();
    let alone = graph.known_nodes().filter(|(_, node, block)| block.name != "NoteBlock" && !linked.contains(node.id));
    alone.map(|(at, node, _)| Fault::node(at, format!("{} is linked to nothing", node.called()))).collect()
}
