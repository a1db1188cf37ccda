//! What may be fixed: a change to one node must not rewrite the rest of someone else's agent.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

#[derive(Debug, Clone)]
pub enum Reach {
    /// For an agent that was just generated.
    All,
    /// Ids of what a change touched.
    Touched {
        /// New or changed.
        nodes: HashSet<String>,
        /// The new ones of `nodes`.
        fresh: HashSet<String>,
        /// New or changed, or with an end at one of `nodes`.
        links: HashSet<String>,
    },
}

impl Reach {
    pub fn of_change(before: &Value, after: &Value) -> Self {
        let nodes = changed(before, after, "nodes");
        let mut links = changed(before, after, "links");
        // A changed block or value can make an old link invalid.
        for link in after.get("links").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| link.get(key).and_then(Value::as_str);
            let touched = ["source_id", "sink_id"].iter().filter_map(|key| text(key)).any(|id| nodes.contains(id));
            if let Some(id) = text("id").filter(|_| touched) {
                links.insert(id.to_owned());
            }
        }
        let old: HashSet<&str> = ids(before).collect();
        let fresh = nodes.iter().filter(|id| !old.contains(id.as_str())).cloned().collect();
        Self::Touched { nodes, fresh, links }
    }

    /// Nodes and links without an id may be fixed.
    pub(super) fn nameless(&self) -> bool {
        matches!(self, Self::All)
    }

    /// The node is new.
    pub(super) fn fresh(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Touched { fresh, .. } => fresh.contains(id),
        }
    }

    pub(super) fn node(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Touched { nodes, .. } => nodes.contains(id),
        }
    }

    pub(super) fn link(&self, id: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Touched { links, .. } => id.is_some_and(|id| links.contains(id)),
        }
    }
}

fn ids(agent: &Value) -> impl Iterator<Item = &str> {
    agent.get("nodes").and_then(Value::as_array).into_iter().flatten().filter_map(|node| node.get("id")?.as_str())
}

fn changed(before: &Value, after: &Value, key: &str) -> HashSet<String> {
    fn of<'v>(agent: &'v Value, key: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
        let all = agent.get(key).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(|one| Some((one.get("id")?.as_str()?, one)))
    }
    let mut old: HashMap<&str, Option<&Value>> = HashMap::new();
    for (id, one) in of(before, key) {
        // With a duplicate id it is unknown which one was changed: both count as untouched.
        old.entry(id).and_modify(|one| *one = None).or_insert(Some(one));
    }
    let untouched = |id: &str, one: &Value| old.get(id).is_some_and(|old| old.is_none_or(|old| old == one));
    of(after, key).filter(|(id, one)| !untouched(id, one)).map(|(id, _)| id.to_owned()).collect()
}
