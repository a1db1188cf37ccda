//! How two versions of an agent differ: nodes by their ids, links by their ends, values by their names. Where a node lies
//! on the canvas is not a difference.
//!
//! Both are compared as text, part by part, so that no tree of megabytes is built; the time is linear in their size.

use std::collections::HashMap;

use serde_json::{json, value::RawValue};
use shared::{
    account::{Change, Edit, Op, What},
    json::{text, to_raw},
};

use super::{
    differences::entries,
    graph::cut,
    summary::summary,
    version::{LONGEST, LinkText, NodeText, Version},
};
use crate::catalogue::Blocks;

/// More are counted in the summary.
const MOST: usize = 500;
/// In Unicode characters.
const LONGEST_VALUE: usize = 200;

pub(super) fn edit(blocks: &dyn Blocks, before: &RawValue, after: &RawValue) -> Edit {
    let mut list = List::default();
    let (before, after) = (Version::of(blocks, before), Version::of(blocks, after));
    nodes(&mut list, &before, &after);
    links(&mut list, &before, &after);
    agents(&mut list, &before, &after);
    let summary = summary(&list.changes, list.more, &after);
    Edit { changes: list.changes, summary }
}

#[derive(Default)]
struct List {
    changes: Vec<Change>,
    more: usize,
}

impl List {
    fn add(&mut self, make: impl FnOnce() -> Change) {
        if self.changes.len() < MOST { self.changes.push(make()) } else { self.more += 1 }
    }
}

/// All but the nodes and links.
fn agents(list: &mut List, before: &Version<'_>, after: &Version<'_>) {
    let lists = ["nodes", "links"];
    let is_list = |key: &str| lists.contains(&key) && !(before.too_many || after.too_many);
    entries(Some(before.raw), Some(after.raw), &mut |key, was, is| {
        if !key.is_some_and(is_list) {
            let (id, name) = (after.id.clone(), after.name.clone());
            list.add(|| change(What::Agent, (id, name), key.map(str::to_owned), was, is));
        }
    });
}

fn nodes(list: &mut List, before: &Version<'_>, after: &Version<'_>) {
    if before.too_many || after.too_many {
        return;
    }
    // An id that stands twice is met in the same order on both sides.
    let mut left: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, node) in after.nodes.iter().enumerate().rev() {
        left.entry(&node.id).or_default().push(at);
    }
    let mut fresh = vec![true; after.nodes.len()];
    for was in &before.nodes {
        let at = left.get_mut(&*was.id).and_then(Vec::pop);
        match at.and_then(|at| after.nodes.get(at).zip(fresh.get_mut(at))) {
            Some((is, fresh)) => {
                *fresh = false;
                node(list, was, is);
            }
            None => list.add(|| whole_node(Op::Removed, was)),
        }
    }
    for (is, _) in after.nodes.iter().zip(fresh).filter(|(_, fresh)| *fresh) {
        list.add(|| whole_node(Op::Added, is));
    }
}

fn whole_node(op: Op, node: &NodeText<'_>) -> Change {
    let block = to_raw(&node.block).ok();
    let (before, after) = if op == Op::Added { (None, block) } else { (block, None) };
    let (id, name) = of_node(node);
    Change { op, what: What::Node, id, name, path: None, before, after }
}

fn of_node(node: &NodeText<'_>) -> (Option<String>, Option<String>) {
    (Some(cut(&node.id, LONGEST)), Some(node.name.clone()))
}

fn node(list: &mut List, before: &NodeText<'_>, after: &NodeText<'_>) {
    if before.raw.get() == after.raw.get() {
        return;
    }
    let mut add = |what: What, path: Option<String>, was: Option<&RawValue>, is: Option<&RawValue>| {
        list.add(|| change(what, of_node(after), path, was, is));
    };
    entries(Some(before.raw), Some(after.raw), &mut |key, was, is| match key {
        Some("input_default") => entries(was, is, &mut |name, was, is| {
            add(What::Value, name.map(str::to_owned), was, is);
        }),
        Some("metadata") => entries(was, is, &mut |name, was, is| {
            if name != Some("position") {
                let path = name.map_or("metadata".to_owned(), |name| format!("metadata.{name}"));
                add(What::Node, Some(path), was, is);
            }
        }),
        _ => add(What::Node, key.map(str::to_owned), was, is),
    });
}

fn links(list: &mut List, before: &Version<'_>, after: &Version<'_>) {
    if before.too_many || after.too_many {
        return;
    }
    for link in unmatched(&before.links, &after.links) {
        list.add(|| whole_link(Op::Removed, link, before));
    }
    for link in unmatched(&after.links, &before.links) {
        list.add(|| whole_link(Op::Added, link, after));
    }
}

/// The links that `others` lack, or have fewer of; of equal ones the last.
fn unmatched<'v>(links: &'v [LinkText<'v>], others: &'v [LinkText<'v>]) -> Vec<&'v LinkText<'v>> {
    let mut left: HashMap<[&str; 4], usize> = HashMap::new();
    for link in others {
        *left.entry(link.ends()).or_default() += 1;
    }
    let mut found = Vec::new();
    for link in links {
        match left.get_mut(&link.ends()).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => found.push(link),
        }
    }
    found
}

fn whole_link(op: Op, link: &LinkText<'_>, version: &Version<'_>) -> Change {
    let [from, _, to, _] = link.ends();
    let [source, output, sink, input] = link.ends().map(|end| cut(end, LONGEST));
    let name = |id: &str| version.node(id).map(|node| node.name.clone()).unwrap_or_default();
    let ends = json!({"source_id": source, "source_name": output, "sink_id": sink, "sink_name": input});
    let ends = to_raw(&ends).ok();
    let (before, after) = if op == Op::Added { (None, ends) } else { (ends, None) };
    Change {
        op,
        what: What::Link,
        id: link.id.as_ref().map(|id| cut(id, LONGEST)),
        name: Some(format!("{} → {}", name(from), name(to))),
        path: Some(format!("{output} → {input}")),
        before,
        after,
    }
}

fn change(
    what: What,
    (id, name): (Option<String>, Option<String>),
    path: Option<String>,
    before: Option<&RawValue>,
    after: Option<&RawValue>,
) -> Change {
    let op = match (before, after) {
        (None, _) => Op::Added,
        (_, None) => Op::Removed,
        _ => Op::Changed,
    };
    let path = path.map(|path| cut(&path, LONGEST));
    Change { op, what, id, name, path, before: before.and_then(short), after: after.and_then(short) }
}

/// A long value becomes a string of its beginning.
fn short(value: &RawValue) -> Option<Box<RawValue>> {
    if value.get().len() <= LONGEST_VALUE || value.get().chars().nth(LONGEST_VALUE).is_none() {
        return Some(value.to_owned());
    }
    to_raw(&cut(&text(value), LONGEST_VALUE)).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::catalogue::EMBEDDED;

    fn edited(before: &Value, after: &Value) -> Edit {
        edit(&EMBEDDED, &to_raw(before).unwrap(), &to_raw(after).unwrap())
    }

    fn listed(edit: &Edit) -> Value {
        json!(edit.changes)
    }

    fn agent() -> Value {
        json!({
            "id": "agent", "name": "News", "recommended_schedule_cron": "0 8 * * *",
            "nodes": [
                {"id": "a", "block_id": "feed", "input_default": {"url": "https://example.com"}, "metadata": {"position": {"x": 0, "y": 0}, "customized_name": "Read feed"}},
                {"id": "b", "block_id": "post", "input_default": {"channel": "#news", "n": 1e5}, "metadata": {"customized_name": "Post to Slack"}},
            ],
            "links": [{"id": "l", "source_id": "a", "source_name": "entry", "sink_id": "b", "sink_name": "text"}],
        })
    }

    #[test]
    fn a_person_sees_what_came_what_went_and_what_is_another_value() {
        let mut after = agent();
        after["recommended_schedule_cron"] = json!("0 9 * * 1");
        after["nodes"][1]["input_default"] = json!({"channel": "#dev", "n": 1e5});
        let fresh = json!({"id": "c", "block_id": "translate", "metadata": {"customized_name": "Translate"}});
        after["nodes"].as_array_mut().unwrap().push(fresh);
        after["links"] = json!([
            {"id": "m", "source_id": "a", "source_name": "entry", "sink_id": "c", "sink_name": "text"},
            {"id": "n", "source_id": "c", "source_name": "out", "sink_id": "b", "sink_name": "text"},
        ]);
        let found = edited(&agent(), &after);
        let ends = |source: &str, output: &str, sink: &str| json!({"source_id": source, "source_name": output, "sink_id": sink, "sink_name": "text"});
        assert_eq!(
            listed(&found),
            json!([
                            {"op": "changed", "what": "value", "id": "b", "name": "Post to Slack", "path": "channel", "before": "#news", "after": "#dev"},
                            {"op": "added", "what": "node", "id": "c", "name": "Translate", "path": null, "before": null, "after": "translate"},
                            {"op": "removed", "what": "link", "id": "l", "name": "Read feed → Post to Slack", "path": "entry → text", "before": ends("a", "entry", "b"), "after": null},
            {"op": "added", "what": "link", "id": "m", "name": "Read feed → Translate", "path": "entry → text", "before": null, "after": ends("a", "entry", "c")},
                                            {"op": "added", "what": "link", "id": "n", "name": "Translate → Post to Slack", "path": "out → text", "before": null, "after": ends("c", "out", "b")},
                            {"op": "changed", "what": "agent", "id": "agent", "name": "News", "path": "recommended_schedule_cron", "before": "0 8 * * *", "after": "0 9 * * 1"},
                        ])
        );
        assert_eq!(
            found.summary,
            "Changed the channel of \"Post to Slack\" to \"#dev\"; added \"Translate\" after \"Read feed\"; changed the schedule to every Monday at 9:00."
        );
    }

    #[test]
    fn another_place_spacing_or_order_is_not_a_change() {
        let mut after = agent();
        after["nodes"][0]["metadata"]["position"] = json!({"x": 9, "y": 9});
        after["nodes"][0]["input_default"]["nothing"] = Value::Null;
        after["nodes"].as_array_mut().unwrap().reverse();
        let spaced = to_raw(&serde_json::from_str::<Value>(&serde_json::to_string_pretty(&after).unwrap()).unwrap());
        let found = edit(&EMBEDDED, &to_raw(&agent()).unwrap(), &spaced.unwrap());
        assert_eq!((listed(&found), found.summary.as_str()), (json!([]), "Nothing had to be changed in the agent."));
        let bulky = format!("[{}1]", "{\"a\": \"x y\"},  ".repeat(3_000));
        let with = |value: &str| format!(r#"{{"nodes":[{{"id":"a","input_default":{{"rows":{value}}}}}]}}"#);
        let of = |before: &str, after: &str| {
            let (before, after) = (with(before), with(after));
            edit(&EMBEDDED, shared::json::parse(&before).unwrap(), shared::json::parse(&after).unwrap()).changes.len()
        };
        assert_eq!(of(&bulky, &bulky.replace("  ", "").replace(": ", ":")), 0);
        assert_eq!(of(&bulky, &bulky.replace("x y", "xy")), 1);
        assert_eq!(of(&bulky, &bulky.replace("1]", "2]")), 1);
    }

    #[test]
    fn a_long_value_is_cut_and_many_changes_are_counted() {
        let before = json!({"nodes": [{"id": "a", "input_default": {"prompt": "x".repeat(300), "password": "old"}}]});
        let after = json!({"nodes": [{"id": "a", "input_default": {"prompt": "y".repeat(300), "password": "hunter2"}}], "new": {"a": 1}});
        let found = edited(&before, &after);
        assert_eq!(listed(&found)[0]["after"].as_str().unwrap().chars().count(), 200);
        assert_eq!(listed(&found)[2]["after"], json!({"a": 1}));
        assert!(!found.summary.contains("hunter2"), "{}", found.summary);
        let many = |from: usize| json!({"nodes": (from..from + 900).map(|at| json!({"id": at.to_string()})).collect::<Vec<_>>()});
        let found = edited(&many(0), &many(900));
        assert_eq!(found.changes.len(), 500);
        assert!(found.summary.ends_with(" and 1795 more changes."), "{}", found.summary);
    }
}
