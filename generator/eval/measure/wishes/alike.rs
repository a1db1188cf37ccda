//! Whether a wish in other words changes the agent in the same way.

use std::collections::{BTreeMap, BTreeSet};

use generator::catalogue::Catalogue;
use serde_json::Value;

use super::{
    super::figures::Share,
    graph::{Graph, Node},
    judge::{Outcome, Verdict},
    touched::steps_that_differ,
};

#[derive(Debug, Default)]
pub(crate) struct Alike {
    /// All wordings change the agent, and in the same way.
    pub(crate) same: Share,
    pub(crate) right: Share,
}

pub(crate) fn alike(catalogue: &Catalogue, verdicts: &[Verdict]) -> Alike {
    let mut groups = BTreeMap::<&str, Vec<&Verdict>>::new();
    for verdict in verdicts {
        if let Some(same) = &verdict.wish.same {
            groups.entry(same).or_default().push(verdict);
        }
    }
    let mut alike = Alike::default();
    for group in groups.values() {
        let graphs: BTreeSet<Option<String>> = group.iter().map(|verdict| shape(catalogue, verdict)).collect();
        alike.same.count(graphs.len() == 1 && !graphs.contains(&None));
        alike.right.count(group.iter().all(|verdict| verdict.outcome == Outcome::Right));
    }
    alike
}

/// The changed agent, but for the ids of new nodes and for texts of several words, which may follow the wording.
fn shape(catalogue: &Catalogue, verdict: &Verdict) -> Option<String> {
    let agent = verdict.changed.as_ref()?;
    let (before, after) = (Graph::new(catalogue, &verdict.wish.agent), Graph::new(catalogue, agent));
    let name = |node: &Node<'_>| match before.node(node.id) {
        Some(_) => node.id.to_owned(),
        None => node.block.to_owned(),
    };
    let node = |node: &Node<'_>| {
        let values = node.values.into_iter().flatten().map(|(field, value)| format!("{field}={}", worded(value)));
        format!("{} {:?}", name(node), values.collect::<BTreeSet<_>>())
    };
    let mut nodes: Vec<String> = after.nodes.iter().map(node).collect();
    let end = |id: &str| after.node(id).map(name).unwrap_or_default();
    let link = |source, output, sink, input| format!("{}.{output} -> {}.{input}", end(source), end(sink));
    let mut links: Vec<String> =
        after.links.iter().map(|own| link(own.source, own.output, own.sink, own.input)).collect();
    nodes.sort_unstable();
    links.sort_unstable();
    let of_agent = ["name", "recommended_schedule_cron"].map(|key| agent.get(key));
    Some(format!("{of_agent:?} {} {nodes:?} {links:?}", steps_that_differ(&before, &after)))
}

fn worded(value: &Value) -> String {
    match value {
        Value::String(text) if text.split_whitespace().nth(1).is_some() => "some words".to_owned(),
        value => value.to_string(),
    }
}
