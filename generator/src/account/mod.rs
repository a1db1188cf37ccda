//! Tells what steps or an agent do, what they need, and how a patched agent differs: CONTRACT 4. Computed from their
//! JSON and the catalogue, the same for every generator.

mod changes;
mod cron;
mod differences;
mod explanation;
mod flowchart;
mod graph;
mod phrases;
mod requirements;
mod summary;
mod told;
mod version;
mod walk;
mod watched;
mod words;

use std::sync::LazyLock;

use serde_json::value::RawValue;
use shared::account::Account;

use self::graph::Graph;
pub(crate) use self::{
    told::{LEFT_OUT, TIMEZONE, Told, left_out},
    watched::tell_nodes,
};
use crate::catalogue::Catalogue;

/// The embedded blocks, for agents of generators that have no catalogue here: they may build with the same blocks. Parsed
/// when they are first needed.
pub(crate) static EMBEDDED: LazyLock<Option<Catalogue>> = LazyLock::new(|| Catalogue::embedded().ok());

/// An agent (a JSON object) as the text of a Mermaid flowchart, at most 50,000 bytes, the same for the same agent. Anything
/// else is an empty chart.
#[must_use]
pub fn flowchart(agent: &RawValue) -> String {
    flowchart_of(EMBEDDED.as_ref(), agent)
}

/// Like [`flowchart`], but knows the blocks of `catalogue`.
pub(crate) fn flowchart_of(catalogue: Option<&Catalogue>, agent: &RawValue) -> String {
    flowchart::flowchart(&Graph::of_agent(catalogue, agent))
}

/// `steps` is a JSON array.
pub(crate) fn of_steps(catalogue: Option<&Catalogue>, steps: &RawValue, told: Told) -> Box<Account> {
    account(&Graph::of_steps(catalogue, steps), told)
}

/// `agent` is a JSON object.
pub(crate) fn of_agent(catalogue: Option<&Catalogue>, agent: &RawValue, told: Told) -> Box<Account> {
    account(&Graph::of_agent(catalogue, agent), told)
}

/// How `after` came out of `before`, both JSON objects.
pub(crate) fn of_patch(catalogue: Option<&Catalogue>, before: &RawValue, after: &RawValue, told: Told) -> Box<Account> {
    let edit = Some(changes::edit(catalogue, before, after));
    Box::new(Account { edit, ..*of_agent(catalogue, after, told) })
}

/// As [`of_patch`] if there is an agent `before`, else as [`of_agent`]. What was left out is not known.
pub(crate) fn again(catalogue: Option<&Catalogue>, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
    match before {
        Some(before) => of_patch(catalogue, before, agent, Told::default()),
        None => of_agent(catalogue, agent, Told::default()),
    }
}

/// What an agent does, in words.
pub(crate) fn told(catalogue: &Catalogue, agent: &serde_json::Value) -> String {
    let Ok(raw) = serde_json::value::to_raw_value(agent) else { return String::new() };
    explanation::explanation(&Graph::of_agent(Some(catalogue), &raw))
}

fn account(graph: &Graph<'_>, told: Told) -> Box<Account> {
    Box::new(Account {
        left_out: told.left_out,
        requirements: requirements::requirements(graph, told.timezone),
        explanation: explanation::explanation(graph),
        edit: None,
    })
}
