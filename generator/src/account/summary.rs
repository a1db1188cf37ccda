//! The changes of an agent as one sentence.

use serde_json::value::RawValue;
use shared::{
    account::{Change, Op, What},
    json::{is_null, text},
    success::NOTHING_CHANGED,
};

use super::{
    cron,
    phrases::is_secret,
    version::Version,
    words::{listed, shown, upper_first},
};

/// More are counted.
const PARTS: usize = 5;
const WORDS: usize = 8;

/// `more`: changes that are not in the list.
pub(super) fn summary(changes: &[Change], more: usize, after: &Version<'_>) -> String {
    if changes.is_empty() {
        return NOTHING_CHANGED.to_owned();
    }
    let grew = changes.iter().any(|change| change.what == What::Node && change.op != Op::Changed);
    // A node that comes or goes takes its links along.
    let told: Vec<&Change> = changes.iter().filter(|change| !(grew && change.what == What::Link)).collect();
    let mut parts: Vec<String> = told.iter().take(PARTS).map(|change| part(change, after)).collect();
    let untold = told.len() - parts.len() + more;
    if untold > 0 {
        parts.push(format!("{untold} more change{}", if untold == 1 { "" } else { "s" }));
        return format!("{}.", upper_first(&listed(&parts)));
    }
    format!("{}.", upper_first(&parts.join("; ")))
}

fn part(change: &Change, after: &Version<'_>) -> String {
    let name = shown(change.name.as_deref().unwrap_or_default(), WORDS);
    let name = if name.is_empty() { "a node".to_owned() } else { format!("\"{name}\"") };
    let path = change.path.as_deref().unwrap_or_default();
    let field = path.rsplit('.').next().unwrap_or_default().replace('_', " ");
    let is = change.after.as_deref().filter(|value| !is_null(value));
    let to = if is_secret(path) { None } else { is.and_then(value_in_words) };
    match (change.what, change.op) {
        (What::Node, Op::Added) => match comes_after(change, after) {
            Some(before) => format!("added {name} after \"{}\"", shown(before, WORDS)),
            None => format!("added {name}"),
        },
        (What::Node, Op::Removed) if change.path.is_none() => format!("removed {name}"),
        (What::Node, _) if path == "metadata.customized_name" => {
            let before = change.before.as_deref().and_then(value_in_words);
            match (before, to) {
                (Some(before), Some(to)) => format!("renamed {before} to {to}"),
                _ => format!("changed the name of {name}"),
            }
        }
        (What::Link, op) => {
            let (from, to) = change.name.as_deref().and_then(|name| name.split_once(" → ")).unwrap_or_default();
            let (verb, preposition) = if op == Op::Added { ("linked", "to") } else { ("unlinked", "from") };
            format!("{verb} \"{}\" {preposition} \"{}\"", shown(from, WORDS), shown(to, WORDS))
        }
        (What::Agent, op) => of_agent(path, &field, op, to),
        (_, Op::Removed) => format!("removed the {field} of {name}"),
        (_, op) => {
            let verb = if op == Op::Added { "set" } else { "changed" };
            let field = if field.is_empty() { "values".to_owned() } else { field };
            format!("{verb} the {field} of {name}{}", to.map(|to| format!(" to {to}")).unwrap_or_default())
        }
    }
}

fn of_agent(path: &str, field: &str, op: Op, to: Option<String>) -> String {
    let field = match path {
        "recommended_schedule_cron" => "schedule",
        "" => "fields",
        _ => field,
    };
    match (op, to) {
        (Op::Removed, _) => format!("removed the {field}"),
        (_, Some(cron)) if field == "schedule" => {
            let verb = if op == Op::Added { "set" } else { "changed" };
            format!("{verb} the schedule to {}", cron::in_words(cron.trim_matches('"')))
        }
        (_, Some(to)) if path == "name" => format!("renamed the agent to {to}"),
        _ => format!("changed the {field}"),
    }
}

/// In quotes if it is a text; `None` if it does not fit into a sentence.
fn value_in_words(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first() {
        Some(b'{' | b'[') => None,
        Some(b'"') => Some(format!("\"{}\"", shown(&text(value), WORDS))),
        _ => Some(shown(value.get(), 1)),
    }
}

/// The name of the node that an added one gets its values from.
fn comes_after<'v>(change: &Change, after: &'v Version<'_>) -> Option<&'v str> {
    let id = change.id.as_deref()?;
    let sources = after.links.iter().filter(|link| link.ends()[2] == id);
    let nodes = sources.filter_map(|link| after.node(link.ends()[0]));
    nodes.filter(|node| !node.is_input && !node.name.is_empty()).map(|node| node.name.as_str()).next()
}
