//! What one node says in the explanation of its agent.

use super::{
    graph::{Graph, Node, cut},
    words::{lower_first, of_description, shown, third_person},
};
use crate::catalogue::{Block, NESTED, special};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Act,
    /// Passes values on or puts them into form.
    Plumbing,
    /// Gives something to the person.
    Output,
    /// Told with others: inputs, triggers, conditions, loops, notes.
    Silent,
}

/// How a node decides what runs after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Way {
    Yes,
    No,
    /// Once for each, named in the singular.
    Each(String),
}

const PLUMBING: [&str; 5] =
    [special::STORE_VALUE, special::CONVERTER, special::ADD_TO_DICTIONARY, special::ADD_TO_LIST, special::TEMPLATE];
const MORE_PLUMBING: [&str; 4] =
    ["CreateDictionaryBlock", "CreateListBlock", "CombineTextsBlock", "FindInDictionaryBlock"];
const NOTE: &str = "NoteBlock";

/// Outputs of the two sides of a condition.
const SIDES: [(&str, &str); 3] =
    [("yes_output", "no_output"), ("positive", "negative"), ("approved_data", "rejected_data")];

/// Inputs whose values a person wants to know, the most telling first: a word of the name, and what stands before the
/// value.
#[rustfmt::skip]
const TELLING: [(&str, &str); 22] = [
    ("channel", ""), ("to", "to "), ("recipient", "to "), ("subreddit", ""), ("repo", ""), ("url", ""), ("query", "for "),
    ("topic", "about "), ("subject", "subject "), ("prompt", ""), ("question", ""), ("location", ""), ("city", ""),
    ("symbol", ""), ("title", "title "), ("chat", "chat "), ("range", "range "), ("language", ""), ("email", ""),
    ("pattern", ""), ("focus", ""), ("path", ""),
];
/// Begins the phrase of an output.
pub(super) const GIVES: &str = "gives you ";
const DETAILS: usize = 2;
const WORDS: usize = 8;
/// Words of names of inputs that may hold a secret.
const SECRET: [&str; 9] =
    ["key", "token", "secret", "password", "passwd", "auth", "authorization", "headers", "credentials"];

/// Plumbing is told only of an agent that has nothing else.
pub(super) fn roles(graph: &Graph<'_>) -> Vec<Role> {
    let mut roles: Vec<Role> = (0..graph.nodes.len()).map(|at| role(graph, at)).collect();
    let mut splits: Vec<bool> = vec![false; roles.len()];
    for link in &graph.links {
        if let Some(splits) = splits.get_mut(link.from).filter(|splits| !**splits) {
            *splits = way_of(graph, link.from, &link.output).is_some_and(|way| !matches!(way, Way::Each(_)));
        }
    }
    for (role, _) in roles.iter_mut().zip(splits).filter(|(_, splits)| *splits) {
        *role = Role::Silent;
    }
    if !roles.contains(&Role::Act) {
        roles.iter_mut().filter(|role| **role == Role::Plumbing).for_each(|role| *role = Role::Act);
    }
    roles
}

fn role(graph: &Graph<'_>, at: usize) -> Role {
    let Some(block) = graph.nodes.get(at).and_then(|node| node.block) else { return Role::Act };
    if block.starts_agent() || block.name == NOTE || block.id == special::EACH_ITEM {
        return Role::Silent;
    }
    if block.is_agent_output() {
        let name = graph.nodes.get(at).and_then(|node| node.text("name")).unwrap_or_default();
        let last = name.rsplit([' ', '_']).next().unwrap_or_default();
        // Nobody runs an agent for these.
        return if ["status", "id"].contains(&last.to_lowercase().as_str()) { Role::Silent } else { Role::Output };
    }
    let plumbing = PLUMBING.contains(&block.id.as_str()) || MORE_PLUMBING.contains(&block.name.as_str());
    if plumbing { Role::Plumbing } else { Role::Act }
}

/// What an output decides; `None` if what it feeds runs as the node itself does.
pub(super) fn way_of(graph: &Graph<'_>, at: usize, output: &str) -> Option<Way> {
    let block = graph.nodes.get(at)?.block;
    // A block that picks parts out of a text has these outputs too.
    let routes = || output.ends_with("_output") || block.is_none_or(|block| block.input_type("data").is_some());
    match SIDES.iter().find(|(yes, no)| [yes, no].contains(&&output)) {
        Some((yes, _)) if routes() => return Some(if *yes == output { Way::Yes } else { Way::No }),
        _ => {}
    }
    let block = block?;
    if block.id == special::EACH_ITEM {
        let items = graph.into(at).next().and_then(|link| singular(&link.output));
        return (output == "item").then(|| Way::Each(items.unwrap_or_else(|| "item".to_owned())));
    }
    let outputs = &block.output_schema().properties;
    let all = outputs.iter().any(|(name, _)| singular(name).is_some_and(|one| one == in_words(output)));
    match output {
        "list_item" => Some(Way::Each("item".to_owned())),
        _ => all.then(|| Way::Each(in_words(output))),
    }
}

/// "entry" of "entries"; `None` if the name is not a plural.
fn singular(name: &str) -> Option<String> {
    let name = in_words(name);
    match name.strip_suffix("ies") {
        Some(stem) => Some(format!("{stem}y")),
        None => name.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s')).map(str::to_owned),
    }
}

fn in_words(name: &str) -> String {
    name.replace(NESTED, " ").replace('_', " ").trim().to_owned()
}

/// "when a pull request is opened", of a trigger.
pub(super) fn opening(node: &Node<'_>) -> Option<String> {
    let block = node.block.filter(|block| block.trigger)?;
    let starts = ["when ", "whenever ", "on ", "after ", "as soon as "];
    let own = lower_first(&node.name);
    if starts.iter().any(|start| own.starts_with(start)) {
        return Some(own);
    }
    let says = block.description.trim_end_matches('.');
    let when = says.find(" when ").and_then(|at| says.get(at + 1..));
    Some(when.map_or_else(|| format!("on \"{}\"", node.label()), |when| cut(when, 100)))
}

/// "the text mentions a loss", of a node with two sides.
pub(super) fn condition(graph: &Graph<'_>, at: usize) -> String {
    let Some(node) = graph.nodes.get(at) else { return String::new() };
    if let Some(condition) = node.text("condition").filter(|text| !text.trim().is_empty()) {
        let condition = shown(&condition, 16);
        return lower_first(condition.strip_prefix("If ").or(condition.strip_prefix("if ")).unwrap_or(&condition));
    }
    if let Some(operator) = node.text("operator") {
        let words = match &*operator {
            "==" => "is",
            "!=" => "is not",
            ">" => "is more than",
            "<" => "is less than",
            ">=" => "is at least",
            "<=" => "is at most",
            other => other,
        };
        return format!("{} {words} {}", operand(graph, at, "value1"), operand(graph, at, "value2"));
    }
    if let Some(pattern) = node.text("match").or(node.text("pattern")) {
        return format!("the text matches \"{}\"", shown(&pattern, WORDS));
    }
    if node.block.is_some_and(|block| block.output_schema().properties.get("approved_data").is_some()) {
        return "you approve".to_owned();
    }
    format!("\"{}\" says yes", node.label())
}

fn operand(graph: &Graph<'_>, at: usize, input: &str) -> String {
    match graph.into(at).find(|link| link.input == input) {
        Some(link) => match graph.nodes.get(link.from).filter(|node| node.is_agent_input()) {
            Some(given) => given_by_person(given, ""),
            None => format!("the {}", in_words(&link.output)),
        },
        None => {
            let value = graph.nodes.get(at).and_then(|node| node.text(input)).unwrap_or_default();
            if value.is_empty() { "nothing".to_owned() } else { shown(&value, WORDS) }
        }
    }
}

/// "posts to Slack (#news)"
pub(super) fn phrase(graph: &Graph<'_>, at: usize, node: &Node<'_>) -> String {
    if node.block.is_some_and(Block::is_agent_output) {
        let source = graph.into(at).next().and_then(|link| graph.nodes.get(link.from));
        return format!("{GIVES}the {}", named(&output_name(node), description(source)));
    }
    let object = graph.into(at).any(|link| graph.nodes.get(link.from).is_some_and(|from| !from.is_agent_input()));
    let titled = node.block.is_some_and(|block| node.name.eq_ignore_ascii_case(&block.title()));
    let own = || (!titled).then(|| third_person(&node.name, object)).flatten();
    let described = || node.block.and_then(|block| of_description(&block.description));
    let told = own().or_else(described).or_else(|| third_person(&node.label(), object)).unwrap_or_else(|| {
        let label = node.label();
        if label.is_empty() { "runs an unknown block".to_owned() } else { format!("runs \"{label}\"") }
    });
    // A name in words says what a prompt says.
    let details = details(graph, at, node, !told.starts_with("asks a language model"));
    let fresh = |detail: &String| !told.to_lowercase().contains(&detail.to_lowercase());
    let details: Vec<String> = details.into_iter().filter(fresh).take(DETAILS).collect();
    if details.is_empty() { told } else { format!("{told} ({})", details.join(", ")) }
}

fn output_name(node: &Node<'_>) -> String {
    let name = node.text("name").map(|name| shown(&name, WORDS)).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "output".to_owned())
}

/// Values that the person gives or that stand in the graph.
fn details(graph: &Graph<'_>, at: usize, node: &Node<'_>, without_prompt: bool) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (name, _) in node.values() {
        let Some((rank, before)) = telling(name).filter(|_| !(without_prompt && name == "prompt")) else { continue };
        let Some(text) = node.text(name).filter(|text| !text.trim().is_empty() && !text.contains("{{")) else {
            continue;
        };
        let seen = shown(&text, WORDS);
        let quoted = seen.contains(' ') || matches!(before, "for " | "about " | "subject " | "title ");
        found.push((rank, if quoted { format!("{before}\"{seen}\"") } else { format!("{before}{seen}") }));
    }
    for link in graph.into(at).filter(|link| !is_secret(&link.input)) {
        let Some(given) = graph.nodes.get(link.from).filter(|node| node.is_agent_input()) else { continue };
        let (rank, before) = telling(&link.input).unwrap_or((TELLING.len(), ""));
        let before = if before == "to " { before } else { "" };
        found.push((rank, format!("{before}{}", given_by_person(given, description(Some(node))))));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.dedup_by(|a, b| a.1 == b.1);
    found.into_iter().map(|(_, detail)| detail).collect()
}

/// "the RSS feed URL you give", or its default.
fn given_by_person(node: &Node<'_>, described: &str) -> String {
    let is_secret = node.text("secret").is_some_and(|secret| secret == "true");
    if let Some(default) = node.text("value").filter(|value| !value.trim().is_empty() && !is_secret) {
        return quoted(&shown(&default, WORDS));
    }
    let name = node.text("name").map(|name| shown(&name, WORDS)).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| node.label());
    let asks = ["what ", "which ", "who ", "how ", "when ", "where "];
    if asks.iter().any(|word| name.to_lowercase().starts_with(word)) {
        return format!("your \"{name}\"");
    }
    let name = named(&name, described);
    // "your e-mail address" says whose it is by itself.
    if name.starts_with("your ") { name } else { format!("the {name} you give") }
}

fn quoted(text: &str) -> String {
    if text.contains(' ') { format!("\"{text}\"") } else { text.to_owned() }
}

/// A title amid a sentence: "Page URL" is "page URL", but "Slack channel" stays if the block is described with "Slack".
fn named(title: &str, described: &str) -> String {
    let first = title.split(' ').next().unwrap_or_default();
    if described.contains(&format!(" {first}")) { title.to_owned() } else { lower_first(title) }
}

fn description<'a>(node: Option<&Node<'a>>) -> &'a str {
    node.and_then(|node| node.block).map_or("", |block| &block.description)
}

fn telling(input: &str) -> Option<(usize, &'static str)> {
    if is_secret(input) {
        return None;
    }
    let has = |word: &str| input.split('_').any(|part| part == word);
    TELLING.iter().position(|(word, _)| has(word)).and_then(|at| TELLING.get(at).map(|(_, before)| (at, *before)))
}

pub(super) fn is_secret(input: &str) -> bool {
    input.split(['_', '-', '.']).any(|part| SECRET.contains(&part.to_lowercase().as_str()))
}
