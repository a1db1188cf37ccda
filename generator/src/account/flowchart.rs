//! An agent as the text of a Mermaid flowchart, which GitHub and chat clients draw.
//!
//! The shape tells what a node is: a stadium starts the agent (a trigger, the schedule), a slanted box is an input or an
//! output, a diamond decides, a hexagon repeats, a box with double sides runs another agent, a plain box does something.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    cron,
    graph::{Graph, Link, Node, short_line},
    phrases::{Way, way_of},
    walk::{Settings, Walk},
    words::upper_first,
};
use crate::catalogue::{Block, special};

/// In Unicode characters.
const LONGEST_LABEL: usize = 60;
/// GitHub draws no text of more than 50,000 characters, and no more than 500 edges.
const NODES: usize = 20_000;
const EDGES: usize = 25_000;
const MOST_EDGES: usize = 480;
/// Outputs that one edge names.
const OUTPUTS: usize = 3;

/// The same agent gives the same text. What would be too much to draw is counted in a node of its own.
pub(super) fn flowchart(graph: &Graph<'_>) -> String {
    let order = order(graph);
    let mut text = "flowchart TD\n".to_owned();
    let mut nodes = String::new();
    // The number that a node has in the chart, by its place in the agent.
    let mut shown = BTreeMap::new();
    for at in &order {
        let Some(node) = graph.nodes.get(*at) else { continue };
        let line = format!("    n{}{}\n", shown.len() + 1, drawn(graph, *at, node));
        if nodes.len() + line.len() > NODES {
            break;
        }
        nodes.push_str(&line);
        shown.insert(*at, shown.len() + 1);
    }
    let schedule = graph.cron.as_deref().map(str::trim).filter(|cron| !cron.is_empty());
    if let Some(cron) = schedule {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "    schedule([\"{}\"])", label(&upper_first(&cron::in_words(cron))));
    }
    text.push_str(&nodes);
    if shown.len() < order.len() {
        let _ = writeln!(text, "    more[\"and {} more steps\"]", order.len() - shown.len());
    }
    let first = |at: &&usize| graph.into(**at).next().is_none() && schedule.is_some();
    let mut edges: Vec<String> =
        shown.keys().filter(first).filter_map(|at| Some(format!("    schedule -.-> n{}\n", shown.get(at)?))).collect();
    edges.extend(joined(graph, &shown));
    let mut left = EDGES;
    for edge in edges.iter().take(MOST_EDGES) {
        let Some(rest) = left.checked_sub(edge.len()) else { break };
        left = rest;
        text.push_str(edge);
    }
    text
}

/// The places of the nodes, in the order in which they run.
fn order(graph: &Graph<'_>) -> Vec<usize> {
    let (mut walk, mut settings) = (Walk::new(graph), Settings::default());
    let (mut order, mut current) = (Vec::with_capacity(graph.nodes.len()), 0);
    while let Some(at) = walk.next(current) {
        current = walk.visit(at, &mut settings);
        order.push(at);
    }
    order
}

/// One edge for all links between two nodes.
fn joined(graph: &Graph<'_>, shown: &BTreeMap<usize, usize>) -> Vec<String> {
    let mut edges: BTreeMap<(usize, usize), Vec<&Link<'_>>> = BTreeMap::new();
    for link in &graph.links {
        if let (Some(from), Some(to)) = (shown.get(&link.from), shown.get(&link.to)) {
            edges.entry((*from, *to)).or_default().push(link);
        }
    }
    let edge = |((from, to), links): ((usize, usize), Vec<&Link<'_>>)| {
        let mut names: Vec<String> = Vec::new();
        for name in links.iter().filter_map(|link| said(graph, link)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let more = names.len().saturating_sub(OUTPUTS);
        names.truncate(OUTPUTS);
        if more > 0 {
            names.push("…".to_owned());
        }
        match names.is_empty() {
            true => format!("    n{from} --> n{to}\n"),
            false => format!("    n{from} -->|\"{}\"| n{to}\n", label(&names.join(", "))),
        }
    };
    edges.into_iter().map(edge).collect()
}

/// What an edge is labelled with; nothing for the only output of an input.
fn said(graph: &Graph<'_>, link: &Link<'_>) -> Option<String> {
    match way_of(graph, link.from, &link.output) {
        Some(Way::Yes) => Some("yes".to_owned()),
        Some(Way::No) => Some("no".to_owned()),
        Some(Way::Each(item)) => Some(format!("each {item}")),
        None if graph.nodes.get(link.from).is_some_and(Node::is_agent_input) => None,
        None => Some(link.output.to_string()).filter(|output| !output.is_empty()),
    }
}

/// The shape of a node, with its name in it.
fn drawn(graph: &Graph<'_>, at: usize, node: &Node<'_>) -> String {
    let name = match node.label() {
        name if name.trim().is_empty() => "step".to_owned(),
        name => name,
    };
    let decides = || {
        let outputs = graph.links.iter().filter(|link| link.from == at);
        node.block.is_some_and(|block| [special::CONDITION, special::AI_CONDITION].contains(&block.id.as_str()))
            || outputs.into_iter().any(|link| matches!(way_of(graph, at, &link.output), Some(Way::Yes | Way::No)))
    };
    let (open, close) = match node.block {
        Some(block) if block.trigger => ("([", "])"),
        Some(block) if block.is_agent_input() => ("[/", "/]"),
        Some(block) if block.is_agent_output() => ("[\\", "\\]"),
        Some(Block { id, .. }) if id == special::EACH_ITEM => ("{{", "}}"),
        Some(Block { id, .. }) if id == special::AGENT_EXECUTOR => ("[[", "]]"),
        _ if decides() => ("{", "}"),
        _ => ("[", "]"),
    };
    format!("{open}\"{}\"{close}", label(&name))
}

/// A text between quotes: whatever Mermaid or Markdown could read in it is written as the code of its character.
fn label(text: &str) -> String {
    let mut label = String::new();
    for c in short_line(text, LONGEST_LABEL).chars() {
        match c {
            ' ' | ',' | '\'' | '/' | '?' | '!' | '-' => label.push(c),
            '.' if !label.chars().all(|c| c.is_ascii_digit()) => label.push(c),
            // Mermaid writes the codes of characters with these two while it works.
            '\u{b6}' | '\u{fb02}' => drop(write!(label, "#{};", u32::from(c))),
            c if c.is_ascii_alphanumeric() || !c.is_ascii() && !is_invisible(c) => label.push(c),
            c if c.is_ascii_graphic() => drop(write!(label, "#{};", u32::from(c))),
            _ => {}
        }
    }
    // "- x" would be a list.
    match label.strip_prefix("- ") {
        Some(rest) => format!("#45; {rest}"),
        None => label,
    }
}

/// Turns the direction of the text, joins characters, or is not there at all.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::json::to_raw;

    use super::*;
    use crate::catalogue::{Blocks as _, EMBEDDED};

    fn chart(agent: &Value) -> String {
        flowchart(&Graph::of_agent(&EMBEDDED, &to_raw(agent).unwrap()))
    }

    fn node(id: &str, block: &str, name: &str) -> Value {
        let block = EMBEDDED.by_name(block).map_or(block.to_owned(), |block| block.id.clone());
        json!({"id": id, "block_id": block, "input_default": {"name": name}, "metadata": {"customized_name": name}})
    }

    fn link(from: &str, output: &str, to: &str) -> Value {
        json!({"source_id": from, "source_name": output, "sink_id": to, "sink_name": "x"})
    }

    #[test]
    fn a_person_sees_where_the_agent_starts_what_it_decides_and_what_it_gives() {
        let agent = json!({
            "recommended_schedule_cron": "0 8 * * *",
            "nodes": [
                node("post", "SendSlackMessage", "Post to Slack"), node("feed", "AgentInput", "Feed"),
                node("read", "ReadRSSFeed", "Read feed"), node("check", "AICondition", "About Rust?"),
                node("hook", "GenericWebhookTrigger", "When called"), node("score", "AgentExecutor", "Run Lead scorer"),
                node("each", "StepThroughItems", "Each"), node("out", "AgentOutput", "Score"),
            ],
            "links": [
                link("feed", "result", "read"), link("read", "entries", "each"), link("each", "item", "check"),
                link("check", "yes_output", "post"), link("check", "no_output", "score"), link("score", "score", "out"),
                link("score", "score", "out"), link("score", "why", "out"), link("nowhere", "a", "out"),
            ],
        });
        let drawn = chart(&agent);
        for line in [
            "flowchart TD",
            "    schedule([\"Every day at 8#58;00\"])",
            "    n1[/\"Feed\"/]",
            "    n2[\"Read feed\"]",
            "([\"When called\"])",
            "{\"About Rust?\"}",
            "{{\"Each\"}}",
            "[[\"Run Lead scorer\"]]",
            "[\\\"Score\"\\]",
            "    schedule -.-> n1",
            "    n1 --> n2",
            "-->|\"each entry\"| ",
            "-->|\"yes\"| ",
            "-->|\"no\"| ",
            "-->|\"score, why\"| ",
        ] {
            assert!(drawn.contains(line), "{line}\n{drawn}");
        }
        assert_eq!(drawn.matches("-->").count(), 6);
        assert_eq!(chart(&agent), drawn);
    }

    #[test]
    fn no_name_can_break_or_change_the_diagram() {
        let shown = |name: &str| {
            let drawn = chart(&json!({"nodes": [node("a", "made-up", name)], "links": []}));
            let line = drawn.lines().nth(1).unwrap().to_owned();
            assert_eq!(drawn.lines().count(), 2, "{drawn}");
            line.strip_prefix("    n1[\"").and_then(|line| line.strip_suffix("\"]")).map(str::to_owned).unwrap()
        };
        assert_eq!(shown("a\"]; click n1 href"), "a#34;#93;#59; click n1 href");
        assert_eq!(shown("x\nend\n%%{init}%%"), "x end #37;#37;#123;init#125;#37;#37;");
        assert_eq!(shown("<b onload=x>&amp;`md`"), "#60;b onload#61;x#62;#38;amp#59;#96;md#96;");
        assert_eq!(shown("1. first"), "1#46; first");
        assert_eq!(shown("- first"), "#45; first");
        assert_eq!(shown("v1.2 für Ä 日本"), "v1.2 für Ä 日本");
        assert_eq!(shown("\u{202e}evil\u{200b} \u{fb02}\u{b0}quot\u{b6}\u{df}"), "evil #64258;°quot#182;ß");
        for c in (0..0x3000).filter_map(char::from_u32) {
            let line = label(&format!("x{c}y"));
            let plain = line.replace(['#', ';'], "");
            assert!(!plain.contains(['"', '[', ']', '<', '>', '{', '}', '|', '`', '&', '\u{202e}']), "{c:?} {line}");
        }
    }

    #[test]
    fn an_agent_of_a_thousand_nodes_is_still_small_enough_to_draw() {
        let nodes: Vec<Value> = (0..1_000).map(|at| node(&at.to_string(), "made-up", &"\"".repeat(80))).collect();
        let links: Vec<Value> = (0..5_000)
            .map(|at| link(&(at % 1_000).to_string(), "\"\"\"\"\"\"", &(at * 7 % 1_000).to_string()))
            .collect();
        let drawn = chart(&json!({"nodes": nodes, "links": links}));
        assert!(drawn.len() < 50_000, "{}", drawn.len());
        assert!(drawn.matches("-->").count() <= 480 && drawn.contains("more[\"and "), "{drawn}");
        assert_eq!(chart(&json!({"nodes": 7})), "flowchart TD\n");
    }
}
