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

use serde_json::value::RawValue;
use shared::account::Account;

use self::graph::Graph;
pub(crate) use self::{
    told::{LEFT_OUT, TIMEZONE, Told, left_out},
    watched::tell_nodes,
    words::conjugated,
};
use crate::catalogue::{Blocks, EMBEDDED};

/// An agent (a JSON object) as the text of a Mermaid flowchart, at most 50,000 bytes, the same for the same agent. Anything
/// else is an empty chart.
#[must_use]
pub fn flowchart(agent: &RawValue) -> String {
    flowchart_of(&EMBEDDED, agent)
}

/// Like [`flowchart`], but knows these blocks.
pub(crate) fn flowchart_of(blocks: &dyn Blocks, agent: &RawValue) -> String {
    flowchart::flowchart(&Graph::of_agent(blocks, agent))
}

/// `steps` is a JSON array.
pub(crate) fn of_steps(blocks: &dyn Blocks, steps: &RawValue, told: Told) -> Box<Account> {
    account(&Graph::of_steps(blocks, steps), told)
}

/// `agent` is a JSON object.
pub(crate) fn of_agent(blocks: &dyn Blocks, agent: &RawValue, told: Told) -> Box<Account> {
    account(&Graph::of_agent(blocks, agent), told)
}

/// How `after` came out of `before`, both JSON objects.
pub(crate) fn of_patch(blocks: &dyn Blocks, before: &RawValue, after: &RawValue, told: Told) -> Box<Account> {
    let edit = Some(changes::edit(blocks, before, after));
    Box::new(Account { edit, ..*of_agent(blocks, after, told) })
}

/// As [`of_patch`] if there is an agent `before`, else as [`of_agent`]. What was left out is not known.
pub(crate) fn again(blocks: &dyn Blocks, before: Option<&RawValue>, agent: &RawValue) -> Box<Account> {
    match before {
        Some(before) => of_patch(blocks, before, agent, Told::default()),
        None => of_agent(blocks, agent, Told::default()),
    }
}

/// What an agent does, in words.
pub(crate) fn told(blocks: &dyn Blocks, agent: &serde_json::Value) -> String {
    let Ok(raw) = serde_json::value::to_raw_value(agent) else { return String::new() };
    explanation::explanation(&Graph::of_agent(blocks, &raw))
}

fn account(graph: &Graph<'_>, told: Told) -> Box<Account> {
    Box::new(Account {
        left_out: told.left_out,
        requirements: requirements::requirements(graph, told.timezone),
        explanation: explanation::explanation(graph),
        edit: None,
    })
}
