//! What comes before what, by the links.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
};

use super::Canvas;
use crate::{
    catalogue::{Block, NESTED, special},
    plan::{self, BETWEEN, model::Binding},
};

/// A link, by its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::patcher) struct Link {
    pub(in crate::patcher) from: usize,
    pub(in crate::patcher) output: String,
    pub(in crate::patcher) to: usize,
    pub(in crate::patcher) input: String,
}

impl Canvas<'_> {
    /// The links into a step.
    pub(in crate::patcher) fn links_into(&self, at: usize) -> impl Iterator<Item = Link> + '_ {
        self.steps.get(at).into_iter().flat_map(|step| &step.inputs).filter_map(move |input| match &input.binding {
            Binding::From { step, output } => {
                Some(Link { from: *step, output: output.clone(), to: at, input: input.name.clone() })
            }
            Binding::Value(_) => None,
        })
    }

    /// The links out of a step, the takers in the order of the flow.
    pub(in crate::patcher) fn links_out(&self, at: usize) -> Vec<Link> {
        let takers = self.order().iter().flat_map(|taker| self.links_into(*taker));
        takers.filter(|link| link.from == at).collect()
    }

    /// For each step, the steps that take something from it.
    pub(in crate::patcher) fn all_takers(&self) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new(); self.steps.len()];
        for link in (0..self.steps.len()).flat_map(|at| self.links_into(at)) {
            if let Some(takers) = all.get_mut(link.from) {
                takers.push(link.to);
            }
        }
        all
    }

    pub(super) fn in_order(&self) -> Vec<usize> {
        let place = |at: usize| {
            let (x, y) = self.place(at);
            let step = self.steps.get(at);
            (x, y, step.map(|step| step.title.clone()), self.ids.get(at).cloned(), at)
        };
        let mut open: Vec<usize> = (0..self.steps.len()).map(|at| self.links_into(at).count()).collect();
        let takers = self.all_takers();
        let free = |at: &usize| open.get(*at) == Some(&0);
        let mut ready: BinaryHeap<_> = (0..self.steps.len()).filter(free).map(|at| Reverse(place(at))).collect();
        let mut order = Vec::with_capacity(self.steps.len());
        while let Some(Reverse((.., at))) = ready.pop() {
            order.push(at);
            for taker in takers.get(at).into_iter().flatten() {
                if let Some(count) = open.get_mut(*taker) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        ready.push(Reverse(place(*taker)));
                    }
                }
            }
        }
        // A circle has no order; its steps come last.
        let mut rest: Vec<usize> =
            (0..self.steps.len()).filter(|at| open.get(*at).is_some_and(|count| *count > 0)).collect();
        rest.sort_by_cached_key(|at| place(*at));
        order.extend(rest);
        order
    }

    fn place(&self, at: usize) -> (i64, i64) {
        let number =
            |axis: &str| self.nodes.get(at).and_then(|node| node.pointer(axis)?.as_f64()).map_or(0, super::rounded);
        (number("/metadata/position/x"), number("/metadata/position/y"))
    }

    /// Whether a step declares an input or an output of the agent.
    pub(in crate::patcher) fn is_door(&self, at: usize) -> bool {
        self.is(at, |block| block.is_agent_input() || block.is_agent_output())
    }

    pub(in crate::patcher) fn is_note(&self, at: usize) -> bool {
        self.is(at, |block| block.name == "NoteBlock")
    }

    /// Whether a step only stands between two others.
    pub(in crate::patcher) fn is_helper(&self, at: usize) -> bool {
        self.is(at, |block| {
            BETWEEN.contains(&block.id.as_str())
                || block.id == special::STORE_VALUE
                || block.name == "FindInDictionaryBlock"
        })
    }

    /// What does something, in the order of the flow: neither inputs nor outputs of the agent, nor notes.
    pub(in crate::patcher) fn working(&self) -> Vec<usize> {
        self.order().iter().copied().filter(|at| !self.is_door(*at) && !self.is_note(*at)).collect()
    }

    pub(in crate::patcher) fn begins(&self, at: usize) -> bool {
        self.is(at, |block| self.known.begins(block))
    }

    /// Whether a step takes something out, and gives only word that it did.
    pub(in crate::patcher) fn delivers(&self, at: usize) -> bool {
        self.is(at, |block| self.known.delivers(block) && block.id != special::STORE_VALUE)
    }

    /// Whether a language model does a step by a prompt.
    pub(in crate::patcher) fn thinks(&self, at: usize) -> bool {
        self.is(at, |block| self.prompt_of(block).is_some())
    }

    /// The input with what a language model is told.
    pub(in crate::patcher) fn prompt_of(&self, block: &Block) -> Option<&'static str> {
        let takes = |name: &str| block.input_schema().properties.get(name).is_some();
        let model = takes("model") || takes("prompt_values");
        ["prompt", "focus", "condition"].into_iter().find(|name| model && takes(name))
    }

    /// Everything that a step rests on, itself included.
    pub(in crate::patcher) fn upstream(&self, at: usize) -> Vec<bool> {
        self.upstream_of(vec![at])
    }

    /// Everything that one of several steps rests on, themselves included.
    pub(in crate::patcher) fn upstream_of(&self, steps: Vec<usize>) -> Vec<bool> {
        self.reached(steps, |at| self.links_into(at).map(|link| link.from).collect())
    }

    /// Everything that rests on a step, itself included.
    pub(in crate::patcher) fn downstream(&self, at: usize) -> Vec<bool> {
        self.downstream_of(vec![at])
    }

    /// Everything that rests on one of several steps, themselves included.
    pub(in crate::patcher) fn downstream_of(&self, steps: Vec<usize>) -> Vec<bool> {
        let takers = self.all_takers();
        self.reached(steps, |at| takers.get(at).cloned().unwrap_or_default())
    }

    /// Each step that can be come to from these, themselves included.
    fn reached(&self, mut open: Vec<usize>, next: impl Fn(usize) -> Vec<usize>) -> Vec<bool> {
        let mut seen = vec![false; self.steps.len()];
        while let Some(at) = open.pop() {
            if let Some(seen) = seen.get_mut(at).filter(|seen| !**seen) {
                *seen = true;
                open.extend(next(at));
            }
        }
        seen
    }

    /// Whether what `from` gives reaches `to`.
    pub(in crate::patcher) fn leads(&self, from: usize, to: usize) -> bool {
        from != to && self.upstream(to).get(from) == Some(&true)
    }

    /// The link with the matter that a step works on.
    pub(in crate::patcher) fn main_link(&self, at: usize) -> Option<Link> {
        let content = |name: &str| {
            let parent = name.split(NESTED).next().unwrap_or_default();
            matches!(parent, "prompt_values" | "values" | "value1" | "input_value" | "items" | "input" | "data")
                || self.known.is_content(parent)
        };
        let links: Vec<Link> = self.links_into(at).filter(|link| link.from != at).collect();
        let input = |link: &&Link| self.is(link.from, |block| block.is_agent_input());
        let found = links
            .iter()
            .find(|link| content(&link.input))
            .or_else(|| links.iter().find(|link| !input(link)))
            .or_else(|| links.first());
        found.cloned()
    }

    /// The links by which the matter of a step came to it, the last one first, as long as they are `passed`. A circle is gone
    /// round once.
    pub(in crate::patcher) fn way_to(&self, at: usize, passed: impl Fn(&Link) -> bool) -> Vec<Link> {
        let mut seen = HashSet::from([at]);
        let before = |last: &Link| self.main_link(last.from);
        let links = std::iter::successors(self.main_link(at), before);
        links.take_while(|link| passed(link) && seen.insert(link.from)).collect()
    }

    /// The output that others work on: the one they take already, else the one with everything.
    pub(in crate::patcher) fn gives(&self, at: usize) -> Option<String> {
        let taken = self.links_out(at).into_iter().find(|link| link.output != crate::catalogue::ERROR_OUTPUT);
        // What a person has seen goes on if it is approved.
        let decided = self.is(at, |block| block.name == "HumanInTheLoopBlock").then(|| "approved_data".to_owned());
        decided.or_else(|| taken.map(|link| link.output)).or_else(|| plan::given(self.known, self.block(at)?))
    }

    /// Whether nothing else would start the agent.
    pub(in crate::patcher) fn is_last_start(&self, at: usize, gone: &HashSet<usize>) -> bool {
        let starts = |other: usize| self.is(other, |block| block.starts_agent());
        starts(at) && !(0..self.steps.len()).any(|other| other != at && !gone.contains(&other) && starts(other))
    }
}
