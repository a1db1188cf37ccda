//! Links are led elsewhere: nothing is taken away that another step still needs.

use std::collections::HashSet;

use serde_json::json;

use super::{Canvas, flow::Link};
use crate::{
    catalogue::{NESTED, schema::Types},
    knowledge::capitalised,
    patcher::refused::Refused,
    plan::{self, model::Binding},
};

impl Canvas<'_> {
    /// Links two steps, through a block that makes their types fit where they do not.
    pub(in crate::patcher) fn route(&mut self, (from, output): (usize, &str), to: usize, input: &str) {
        let source = self.block(from).and_then(|block| block.output_type(output));
        let sink = self.block(to).and_then(|block| block.input_type(input));
        match (source, sink) {
            (Some(source), Some(sink))
                if !source.flows_into(sink) || sink.is_within(Types::STRING) && !sink.is_any() && source.is_any() =>
            {
                let (fresh, binding) = plan::fitted(self.known, &self.steps, (from, output), sink);
                self.add(fresh);
                self.bind(to, input, binding);
            }
            _ => self.bind(to, input, Binding::From { step: from, output: output.to_owned() }),
        }
    }

    /// A step takes this wherever it took what its main link gave.
    pub(in crate::patcher) fn feed(&mut self, at: usize, (from, output): (usize, &str)) {
        let Some(main) = self.main_link(at) else { return };
        let same: Vec<Link> =
            self.links_into(at).filter(|link| (link.from, &link.output) == (main.from, &main.output)).collect();
        for link in same {
            self.route((from, output), at, &link.input);
        }
    }

    /// A step that could not run without another, and the input that nothing would go into.
    fn bereft(&self, at: usize) -> Option<(usize, String)> {
        self.links_out(at).into_iter().find_map(|link| {
            let parent = link.input.split(NESTED).next().unwrap_or_default();
            let step = self.steps.get(link.to)?;
            let stays = |binding: &Binding| match binding {
                Binding::From { step, .. } => *step != at,
                // What stands for the parts of a required input is not one of them.
                Binding::Value(value) => *value != json!({}) && *value != json!([]),
            };
            let mut others = step.inputs.iter().filter(|input| input.name.split(NESTED).next() == Some(parent));
            let kept = others.any(|input| stays(&input.binding));
            let required = self.block(link.to)?.required_inputs().any(|name| name == parent);
            (required && !kept).then(|| (link.to, parent.to_owned()))
        })
    }

    /// What a step works on, if others could do without the step: what brings something in hands on nothing it was given.
    fn worked_on(&self, at: usize) -> Option<Link> {
        self.main_link(at).filter(|_| !self.begins(at))
    }

    /// Refuses to take a step away without which another could not run.
    pub(in crate::patcher) fn check_needed(&self, at: usize) -> Result<(), Refused> {
        if self.worked_on(at).is_none()
            && let Some((taker, input)) = self.bereft(at)
        {
            let (taker, title) = (self.title(taker), self.title(at));
            return Err(Refused::impossible(format!(
                "{taker} needs what {title} gives (`{input}`). Remove {taker} first, or replace {title}."
            )));
        }
        Ok(())
    }

    /// Takes a step away, joins what was before it to what comes after, and takes along what only served it.
    pub(in crate::patcher) fn take_out(&mut self, at: usize) {
        let main = self.worked_on(at);
        let mut gone = HashSet::from([at]);
        let is_output = |canvas: &Self, at: usize| canvas.is(at, |block| block.is_agent_output());
        let receipt = self.delivers(at);
        for link in self.links_out(at) {
            if is_output(self, link.to) && (receipt || main.is_none() || link.output == crate::catalogue::ERROR_OUTPUT)
            {
                gone.insert(link.to);
                let left = (0..self.steps.len()).any(|step| !gone.contains(&step) && is_output(self, step));
                if left || main.is_none() {
                    continue;
                }
                // The last output of the agent shows what would have been delivered.
                gone.remove(&link.to);
            }
            if let Some(main) = &main {
                self.route((main.from, &main.output), link.to, &link.input);
                // It no longer gives word of what was sent.
                if receipt && is_output(self, link.to) {
                    let name = called(&main.output);
                    self.bind(link.to, "name", Binding::Value(json!(name)));
                }
            }
        }
        self.close_in(&mut gone);
        self.remove(&gone);
    }

    /// Adds to `gone` whatever would only serve what is gone: what asks for its values, what puts things into words.
    pub(in crate::patcher) fn close_in(&self, gone: &mut HashSet<usize>) {
        let takers = self.all_takers();
        let serves = |step: usize, gone: &HashSet<usize>| {
            let takers = takers.get(step).map(Vec::as_slice).unwrap_or_default();
            let helper = self.is_helper(step) || self.is(step, |block| block.is_agent_input());
            // A screenshot that nobody gets any more would be linked to nothing.
            let alone = || {
                let fetches = self.is(step, |block| self.known.content_input(block).is_none());
                let begins = (!self.delivers(step) || fetches) && self.is(step, |block| !block.trigger);
                begins && self.links_into(step).next().is_none()
            };
            (helper || alone()) && !takers.is_empty() && takers.iter().all(|taker| gone.contains(taker))
        };
        let mut open: Vec<usize> = gone.iter().copied().collect();
        while let Some(at) = open.pop() {
            for link in self.links_into(at) {
                if !gone.contains(&link.from) && serves(link.from, gone) && !self.is_last_start(link.from, gone) {
                    gone.insert(link.from);
                    open.push(link.from);
                }
            }
        }
    }

    /// The ids of the steps that something takes from.
    pub(in crate::patcher) fn serving(&self) -> HashSet<String> {
        (0..self.steps.len())
            .flat_map(|at| self.links_into(at))
            .filter_map(|link| self.ids.get(link.from).cloned())
            .collect()
    }

    /// What only joined two others, or asked for a value, and now serves nothing, goes. Refused where that would be work of
    /// its own, which nobody asked to be thrown away.
    pub(in crate::patcher) fn sweep(&mut self, served: &HashSet<String>) -> Result<(), Refused> {
        let takers = self.all_takers();
        let was_served: Vec<bool> = self.ids.iter().map(|id| served.contains(id)).collect();
        let mut gone: HashSet<usize> = HashSet::new();
        loop {
            let idle = |at: &usize| {
                let unused = || takers.get(*at).is_some_and(|takers| takers.iter().all(|taker| gone.contains(taker)));
                was_served.get(*at) == Some(&true) && !gone.contains(at) && unused()
            };
            let idle: Vec<usize> = (0..self.steps.len()).filter(idle).collect();
            let asks = |at: usize| self.is(at, |block| block.is_agent_input()) && !self.is_last_start(at, &gone);
            let more: Vec<usize> = idle.iter().copied().filter(|at| asks(*at) || self.is_helper(*at)).collect();
            if more.is_empty() {
                let lost = idle.into_iter().find(|at| !self.delivers(*at) && !self.is_door(*at));
                if let Some(at) = lost {
                    return Err(Refused::impossible(format!("Then nothing would use what {} gives.", self.title(at))));
                }
                if !gone.is_empty() {
                    self.remove(&gone);
                }
                return Ok(());
            }
            gone.extend(more);
        }
    }
}

/// An output of the agent, by the output of the step that it shows: "Video out".
fn called(output: &str) -> String {
    capitalised(&output.rsplit(NESTED).next().unwrap_or(output).replace('_', " "))
}
