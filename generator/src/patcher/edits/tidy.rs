//! What a plan brings along that nobody asked for goes again.

use std::collections::HashSet;

use super::Edit;
use crate::plan::model::{Binding, Step};

impl Edit<'_, '_> {
    /// Where a new step does the work: outputs of the agent that show nothing of it, helpers that nothing takes from, and
    /// helpers that do what another one does.
    pub(super) fn tidy(&mut self, from: usize) {
        let fresh = from..self.canvas.steps.len();
        let works = |at: &usize| !self.canvas.is_door(*at) && !self.canvas.is_helper(*at) && !self.canvas.is_note(*at);
        let mut done: Vec<bool> = vec![false; self.canvas.steps.len()];
        for at in fresh.clone().filter(works) {
            for (at, reached) in self.canvas.downstream(at).into_iter().enumerate() {
                if let Some(done) = done.get_mut(at) {
                    *done |= reached;
                }
            }
        }
        if !done.contains(&true) {
            return;
        }
        let shows_other =
            |at: &usize| self.canvas.is(*at, |block| block.is_agent_output()) && done.get(*at) == Some(&false);
        let mut gone: HashSet<usize> = fresh.clone().filter(shows_other).collect();
        let takers = self.canvas.all_takers();
        // A helper stands behind what it takes from: from the last to the first, each is looked at once.
        for at in fresh.clone().rev() {
            let idle = takers.get(at).is_some_and(|takers| takers.iter().all(|taker| gone.contains(taker)));
            if idle && self.canvas.is_helper(at) {
                gone.insert(at);
            }
        }
        let twins = self.twins(fresh.filter(|at| !gone.contains(at)));
        for (twin, kept) in &twins {
            for link in self.canvas.links_out(*twin) {
                self.canvas.bind(link.to, &link.input, Binding::From { step: *kept, output: link.output });
            }
        }
        gone.extend(twins.into_iter().map(|(twin, _)| twin));
        if !gone.is_empty() {
            self.canvas.remove(&gone);
        }
    }

    /// New helpers that are as another new one, each with that one.
    fn twins(&self, fresh: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
        let mut kept: Vec<(usize, &Step)> = Vec::new();
        let mut twins = Vec::new();
        for at in fresh.filter(|at| self.canvas.is_helper(*at)) {
            let Some(step) = self.canvas.steps.get(at) else { continue };
            match kept.iter().find(|(_, other)| other.block == step.block && other.inputs == step.inputs) {
                Some((first, _)) => twins.push((at, *first)),
                None => kept.push((at, step)),
            }
        }
        twins
    }
}
