//! The order in which the nodes of an agent run, and under which circumstances.

use std::collections::{BTreeSet, HashMap};

use super::{
    graph::Graph,
    phrases::{Way, way_of},
};

/// Under which circumstances nodes run: 0 is always, the others one side of a condition, or each item.
#[derive(Default)]
pub(super) struct Settings {
    /// For each but the first: the setting around it, the node that opens it, and how.
    all: Vec<(usize, usize, Way)>,
    known: HashMap<(usize, Way), usize>,
}

impl Settings {
    pub(super) fn by(&self, setting: usize) -> Option<(usize, &Way)> {
        self.all.get(setting.checked_sub(1)?).map(|(_, at, way)| (*at, way))
    }

    fn within(&mut self, around: usize, at: usize, way: Way) -> usize {
        *self.known.entry((at, way.clone())).or_insert_with(|| {
            self.all.push((around, at, way));
            self.all.len()
        })
    }

    /// The inner one of the two; of two that exclude each other, what is around both.
    fn joined(&self, one: usize, other: usize) -> usize {
        let around = |mut setting: usize| {
            let mut all = vec![setting];
            while let Some((outer, ..)) = setting.checked_sub(1).and_then(|at| self.all.get(at)) {
                setting = *outer;
                all.push(setting);
            }
            all
        };
        let (ones, others) = (around(one), around(other));
        if ones.contains(&other) {
            return one;
        }
        ones.into_iter()
            .find(|setting| others.contains(setting))
            .map_or(0, |both| if both == one { other } else { both })
    }
}

/// Visits each node after those that flow into it, and stays in a setting as long as it can.
pub(super) struct Walk<'g> {
    graph: &'g Graph<'g>,
    /// Places of links.
    out_of: Vec<Vec<usize>>,
    /// Per node: links that are still to come, and the setting so far.
    nodes: Vec<Waiting>,
    ready: BTreeSet<usize>,
    /// No node before it is unvisited.
    first: usize,
}

#[derive(Clone, Default)]
struct Waiting {
    links: usize,
    setting: Option<usize>,
    visited: bool,
}

impl<'g> Walk<'g> {
    pub(super) fn new(graph: &'g Graph<'g>) -> Self {
        let mut nodes = vec![Waiting::default(); graph.nodes.len()];
        let mut out_of = vec![Vec::new(); graph.nodes.len()];
        for (at, link) in graph.links.iter().enumerate() {
            if let (Some(all), Some(sink)) = (out_of.get_mut(link.from), nodes.get_mut(link.to)) {
                all.push(at);
                sink.links += 1;
            }
        }
        let ready = nodes.iter().enumerate().filter(|(_, node)| node.links == 0).map(|(at, _)| at).collect();
        Self { graph, out_of, nodes, ready, first: 0 }
    }

    pub(super) fn next(&mut self, current: usize) -> Option<usize> {
        let setting = |at: &usize| self.nodes.get(*at).and_then(|node| node.setting).unwrap_or(0);
        let next = self.ready.iter().find(|at| setting(at) == current).or_else(|| self.ready.first());
        next.copied().or_else(|| {
            // Nothing but circles is left: the first node breaks one.
            while self.nodes.get(self.first).is_some_and(|node| node.visited) {
                self.first += 1;
            }
            (self.first < self.nodes.len()).then_some(self.first)
        })
    }

    /// Returns the setting of the node.
    pub(super) fn visit(&mut self, at: usize, settings: &mut Settings) -> usize {
        self.ready.remove(&at);
        let Some(node) = self.nodes.get_mut(at) else { return 0 };
        node.visited = true;
        let setting = node.setting.unwrap_or(0);
        for link in self.out_of.get(at).into_iter().flatten().filter_map(|link| self.graph.links.get(*link)) {
            let way = way_of(self.graph, at, &link.output);
            let there = way.map_or(setting, |way| settings.within(setting, at, way));
            let Some(sink) = self.nodes.get_mut(link.to) else { continue };
            sink.setting = Some(sink.setting.map_or(there, |known| settings.joined(known, there)));
            sink.links = sink.links.saturating_sub(1);
            if sink.links == 0 && !sink.visited {
                self.ready.insert(link.to);
            }
        }
        setting
    }
}
