//! How far the mends may reach: someone else's agent is not rewritten because one word of it was changed.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// Which nodes and links may be mended.
#[derive(Debug, Clone)]
pub enum Reach {
    /// All of them: the agent was just made.
    All,
    /// Those that a change touched: the ids of nodes, and of links.
    Touched {
        /// The ids of nodes that are new or changed.
        nodes: HashSet<String>,
        /// The ids of those among them that are new.
        fresh: HashSet<String>,
        /// The ids of links that are new or changed, or that end at such a node.
        links: HashSet<String>,
    },
}

impl Reach {
    /// What a change touched.
    pub fn of_change(before: &Value, after: &Value) -> Self {
        let nodes = changed(before, after, "nodes");
        let mut links = changed(before, after, "links");
        // Another block, or another value, can make an old link wrong.
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

    /// Whether what has no id may be mended.
    pub(super) fn nameless(&self) -> bool {
        matches!(self, Self::All)
    }

    /// Whether this node is our own.
    pub(super) fn fresh(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Touched { fresh, .. } => fresh.contains(id),
        }
    }

    /// Whether this node may be mended.
    pub(super) fn node(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Touched { nodes, .. } => nodes.contains(id),
        }
    }

    /// Whether this link may be mended.
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
        // Of twins nobody can say which was changed: they are left to whoever made them.
        old.entry(id).and_modify(|one| *one = None).or_insert(Some(one));
    }
    let untouched = |id: &str, one: &Value| old.get(id).is_some_and(|old| old.is_none_or(|old| old == one));
    of(after, key).filter(|(id, one)| !untouched(id, one)).map(|(id, _)| id.to_owned()).collect()
}
