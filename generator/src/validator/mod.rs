//! The rules that an agent must keep. Each is a small named function; all run, and their faults are collected.

mod calls;
mod fault;
mod graph;
mod rules;

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use shared::{error_type::ErrorType, failure::Failure};

pub(crate) use self::rules::{NO_END, NO_START};
pub use self::{
    fault::{Fault, Place},
    graph::{Graph, Link, Node},
};
use crate::catalogue::Catalogue;

/// At most this many faults are listed, so that an answer stays small.
pub(crate) const LISTED: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Always,
    /// Only to what we build and to faults that a change adds: the agent that is changed may be a draft, or use blocks that
    /// the catalogue does not have.
    OwnWork,
}

#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub name: &'static str,
    pub scope: Scope,
    pub check: fn(&Graph<'_>) -> Vec<Fault>,
}

/// In the order of a report.
pub const RULES: [Rule; 16] = [
    Rule { name: "unique_ids", scope: Scope::Always, check: rules::unique_ids },
    Rule { name: "link_ends", scope: Scope::Always, check: rules::link_ends },
    Rule { name: "known_blocks", scope: Scope::OwnWork, check: rules::known_blocks },
    Rule { name: "link_fields", scope: Scope::OwnWork, check: rules::link_fields },
    Rule { name: "link_types", scope: Scope::OwnWork, check: rules::link_types },
    Rule { name: "static_links", scope: Scope::OwnWork, check: rules::static_links },
    Rule { name: "required_inputs", scope: Scope::OwnWork, check: rules::required_inputs },
    Rule { name: "credentials", scope: Scope::OwnWork, check: calls::credentials },
    Rule { name: "sub_agents", scope: Scope::OwnWork, check: calls::sub_agents },
    Rule { name: "tools", scope: Scope::OwnWork, check: calls::tools },
    Rule { name: "values", scope: Scope::OwnWork, check: rules::values },
    Rule { name: "templates", scope: Scope::OwnWork, check: rules::templates },
    Rule { name: "no_cycles", scope: Scope::OwnWork, check: rules::no_cycles },
    Rule { name: "starts_and_ends", scope: Scope::OwnWork, check: rules::starts_and_ends },
    Rule { name: "own_names", scope: Scope::OwnWork, check: rules::own_names },
    Rule { name: "connected", scope: Scope::OwnWork, check: rules::connected },
];

/// All faults of an agent; empty if it is valid. Takes nearly linear time.
pub fn faults(catalogue: &Catalogue, agent: &Value) -> Vec<String> {
    match Graph::of(catalogue, agent) {
        Ok(graph) => texts(&graph).collect(),
        Err(faults) => faults,
    }
}

fn texts<'g>(graph: &'g Graph<'_>) -> impl Iterator<Item = String> + 'g {
    RULES.iter().flat_map(|rule| (rule.check)(graph)).map(|fault| fault.text)
}

/// The faults of a changed agent: all that break a rule of [`Scope::Always`], and all others that the change added.
pub fn faults_of_change(catalogue: &Catalogue, before: &Value, after: &Value) -> Vec<String> {
    let graph = match Graph::of(catalogue, after) {
        Ok(graph) => graph,
        Err(faults) => return faults,
    };
    // A node of another title has the old faults still.
    let titles: HashMap<&str, &str> = graph.nodes.iter().map(|node| (node.id, node.title)).collect();
    let old: HashSet<String> = match Graph::of(catalogue, before) {
        Ok(mut was) => {
            for node in &mut was.nodes {
                node.title = titles.get(node.id).copied().unwrap_or(node.title);
            }
            texts(&was).collect()
        }
        Err(faults) => faults.into_iter().collect(),
    };
    let broken = RULES.iter().flat_map(|rule| {
        let texts = (rule.check)(&graph).into_iter().map(|fault| fault.text);
        texts.filter(|text| rule.scope == Scope::Always || !old.contains(text))
    });
    broken.collect()
}

/// The names of the rules that `faults` of an agent break, for readers who must not see the agent's words.
pub fn broken_rules(catalogue: &Catalogue, agent: &Value, faults: &[String]) -> Vec<&'static str> {
    let Ok(graph) = Graph::of(catalogue, agent) else { return vec!["graph"] };
    let faults: HashSet<&String> = faults.iter().collect();
    let is_broken = |rule: &&Rule| (rule.check)(&graph).iter().any(|fault| faults.contains(&fault.text));
    RULES.iter().filter(is_broken).map(|rule| rule.name).collect()
}

/// A `validation_error` with the [`report`].
pub fn refusal(faults: &[String]) -> Failure {
    Failure::quoting(ErrorType::ValidationError, report(faults))
}

/// A numbered list.
pub fn report(faults: &[String]) -> String {
    let mut text = "Agent validation failed:".to_owned();
    for (index, fault) in faults.iter().take(LISTED).enumerate() {
        text.push_str(&format!("\n{}. {fault}", index + 1));
    }
    if faults.len() > LISTED {
        text.push_str(&format!("\n… and {} more", faults.len() - LISTED));
    }
    text
}
