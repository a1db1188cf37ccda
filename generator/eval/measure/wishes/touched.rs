//! What a change touched, and nobody asked for.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    graph::{Graph, Link, Node, Place, outer},
    holds::{counted, same},
    wish::Expect,
};

/// Of the agent itself: it follows from the rest, or the planner keeps it.
const FREE: [&str; 5] = ["nodes", "links", "description", "version", "id"];
const CRON: &str = "recommended_schedule_cron";

struct Named<'e> {
    expect: &'e Expect,
    places: Vec<Place<'e>>,
}

impl Named<'_> {
    fn field(&self, node: &Node<'_>, field: &str) -> bool {
        self.places.iter().any(|place| place.names(node) && place.has(field))
    }

    fn of_agent(&self, key: &str) -> bool {
        (key == "name" && self.expect.name.is_some())
            || (key == CRON && self.expect.cron.is_some())
            || self.places.iter().any(|place| place.names_agent() && place.has(key))
    }

    fn may_go(&self, node: &Node<'_>) -> bool {
        self.expect.lacks_blocks.iter().any(|block| block == node.block)
    }
}

/// In words. Helper blocks, and what the agent asks for or gives back, may come and go.
pub(super) fn touched(expect: &Expect, before: &Graph<'_>, after: &Graph<'_>) -> Vec<String> {
    let places = expect.values.keys().chain(expect.links.iter().map(|(_, to)| to));
    let named = Named { expect, places: places.map(|key| Place::new(key)).collect() };
    let mut touched: Vec<String> = keys([before.agent, after.agent])
        .into_iter()
        .filter(|key| !FREE.contains(key) && !named.of_agent(key) && before.agent.get(key) != after.agent.get(key))
        .map(|key| format!("{key} of the agent"))
        .collect();
    for old in &before.nodes {
        match after.node(old.id) {
            None if named.may_go(old) || old.is_helper() => {}
            None => touched.push(format!("{} is gone", called(old))),
            Some(new) if new.block == old.block => touched.extend(values(&named, old, new, after)),
            Some(_) if named.may_go(old) => {}
            Some(new) => touched.push(format!("{} became {}", called(old), new.block)),
        }
    }
    touched.extend(added(expect, before, after));
    touched.extend(relinked(&named, before, after));
    touched
}

fn values(named: &Named<'_>, old: &Node<'_>, new: &Node<'_>, after: &Graph<'_>) -> Vec<String> {
    let mut touched = Vec::new();
    let name = |node: &Node<'_>| node.value("name").and_then(Value::as_str).map(str::to_owned);
    // An input or output is shown by its name.
    let follows = old.is_outer() && old.title == name(old).as_deref() && new.title == name(new).as_deref();
    if old.title != new.title && !follows && !named.field(old, "@title") {
        touched.push(format!("the title of {}", called(old)));
    }
    let fields: BTreeSet<&String> =
        [old, new].iter().flat_map(|node| node.values.into_iter().flatten()).map(|(field, _)| field).collect();
    for field in fields {
        let feeds_named = || field == "value" && after.given_to(new.id).any(|(sink, input)| named.field(sink, input));
        let is_free = old.is_output() || (old.is_outer() && feeds_named()) || named.field(old, outer(field));
        let is_same = match (old.value(field), new.value(field)) {
            (Some(old), Some(new)) => same(old, new),
            (old, new) => old == new,
        };
        if !is_same && !is_free {
            touched.push(format!("{field} of {}", called(old)));
        }
    }
    touched
}

fn added(expect: &Expect, before: &Graph<'_>, after: &Graph<'_>) -> Vec<String> {
    let wanted = counted(&expect.has_blocks);
    let wanted = |block: &str| {
        wanted.iter().filter(|(some, _)| some.split('|').any(|one| one == block)).map(|(_, count)| count).sum::<usize>()
    };
    let blocks: BTreeSet<&str> = after.nodes.iter().filter(|node| !node.is_helper()).map(|node| node.block).collect();
    let added = blocks.into_iter().filter(|block| after.count(block) > before.count(block).max(wanted(block)));
    added.map(|block| format!("{block} was added")).collect()
}

/// Links between nodes that were there before and still are.
fn relinked(named: &Named<'_>, before: &Graph<'_>, after: &Graph<'_>) -> Vec<String> {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) =
        (before.links.iter().copied().collect(), after.links.iter().copied().collect());
    let lost = old.difference(&new).map(|link| ("lost", link));
    let told = |(what, link): (&str, &Link<'_>)| {
        let kept = |id: &str| before.node(id).zip(after.node(id)).filter(|(old, new)| old.block == new.block);
        let ((source, _), (sink, _)) = (kept(link.source)?, kept(link.sink)?);
        let is_free = sink.is_output() || named.field(sink, outer(link.input));
        (!is_free).then(|| format!("{what} link {}.{} -> {}.{}", called(source), link.output, called(sink), link.input))
    };
    lost.chain(new.difference(&old).map(|link| ("new", link))).filter_map(told).collect()
}

/// Steps that came, went or have another title, block or value.
pub(super) fn steps_that_differ(before: &Graph<'_>, after: &Graph<'_>) -> usize {
    let gone = before.nodes.iter().filter(|old| match after.node(old.id) {
        Some(new) => (old.block, old.title, old.values) != (new.block, new.title, new.values),
        None => !old.is_helper(),
    });
    let new = after.nodes.iter().filter(|new| !new.is_helper() && before.node(new.id).is_none());
    gone.count() + new.count()
}

fn keys(agents: [&Value; 2]) -> BTreeSet<&str> {
    agents.into_iter().filter_map(Value::as_object).flat_map(|agent| agent.keys().map(String::as_str)).collect()
}

fn called<'a>(node: &Node<'a>) -> &'a str {
    node.title.unwrap_or(node.block)
}
