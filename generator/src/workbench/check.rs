//! An agent, repaired and checked.

use serde::Serialize;
use serde_json::{Value, value::RawValue};
use shared::failure::Failure;

use super::remedy::{Remedies, Words};
use crate::{
    Watch,
    fixer::{self, Reach},
    knowledge::Knowledge,
    opaque,
    problem::{Problem, Repair},
    text::shortened,
    validator::{Graph, LISTED, Place, RULES, Rule, Scope},
};

/// The name of the rule that an agent is a graph.
const GRAPH: &str = "graph";

#[derive(Debug, Serialize)]
pub struct Checked {
    pub valid: bool,
    /// At most 50.
    pub problems: Vec<Problem>,
    /// How many more there are.
    pub more_problems: usize,
    /// What was repaired, at most 50 places.
    pub fixed: Vec<Repair>,
    /// The agent with these repairs; all else is as it was.
    #[serde(rename = "agent_json")]
    pub agent: Box<RawValue>,
}

pub(super) fn check(
    knowledge: &Knowledge,
    scope: Scope,
    agent: &RawValue,
    watch: Watch<'_>,
) -> Result<Checked, Failure> {
    let catalogue = &knowledge.catalogue;
    let opened = opaque::agent(agent)?;
    watch.check()?;
    let (fixed, repairs) = fixer::fix_and_tell(catalogue, opened.value, &Reach::All);
    watch.check()?;
    let agent = if repairs.is_empty() { agent.to_owned() } else { opened.rest.written(&fixed)? };
    let (problems, more_problems) = problems(knowledge, scope, &fixed);
    Ok(Checked { valid: problems.is_empty(), problems, more_problems, fixed: repairs, agent })
}

fn problems(knowledge: &Knowledge, scope: Scope, agent: &Value) -> (Vec<Problem>, usize) {
    let graph = match Graph::parse(&knowledge.catalogue, agent) {
        Ok(graph) => graph,
        Err(faults) => {
            let more = faults.len().saturating_sub(LISTED);
            let problem = |fault: crate::validator::Fault| Problem {
                rule: GRAPH,
                path: path(&fault.place, ""),
                message: fault.text,
                fix: Some(remedy_of_shape(&fault.place).to_owned()),
            };
            return (faults.into_iter().take(LISTED).map(problem).collect(), more);
        }
    };
    let applies = |rule: &&Rule| rule.scope == Scope::Always || scope == Scope::OwnWork;
    let faults =
        RULES.iter().filter(applies).flat_map(|rule| (rule.check)(&graph).into_iter().map(|fault| (rule.name, fault)));
    let faults: Vec<_> = faults.collect();
    let more = faults.len().saturating_sub(LISTED);
    let remedies = Remedies::new(knowledge, &graph, Words::Graph);
    let problem = |(rule, fault): (&'static str, crate::validator::Fault)| Problem {
        rule,
        path: path(&fault.place, rule),
        fix: remedies.of(rule, &fault),
        message: fault.text,
    };
    (faults.into_iter().take(LISTED).map(problem).collect(), more)
}

/// What the part of an agent looks like that is malformed.
fn remedy_of_shape(place: &Place) -> &'static str {
    match place {
        Place::Link(_) | Place::LinkKey { .. } | Place::List("links") => {
            r#"Write links as [{"id": "l1", "source_id": "n1", "source_name": "result", "sink_id": "n2", "sink_name": "text", "is_static": false}]."#
        }
        _ => {
            r#"Write nodes as [{"id": "n1", "block_id": "the id of a block", "input_default": {"name": "value"}, "metadata": {"position": {"x": 0, "y": 0}}}]."#
        }
    }
}

/// The place as a path in the agent's JSON.
fn path(place: &Place, rule: &str) -> String {
    match place {
        Place::Agent => "nodes".to_owned(),
        Place::List(key) => (*key).to_owned(),
        Place::Node(at) if rule == "known_blocks" => format!("nodes[{at}].block_id"),
        Place::Node(at) => format!("nodes[{at}]"),
        Place::Input { node, name } => format!("nodes[{node}].input_default.{}", shortened(name, 80)),
        Place::Link(at) => format!("links[{at}]"),
        Place::LinkKey { link, key } => format!("links[{link}].{key}"),
    }
}
