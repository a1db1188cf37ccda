//! The server of a new mail: that of the mails which the agent sends already.

use std::collections::HashSet;

use super::Edit;
use crate::{
    patcher::find::outer,
    plan::model::{Binding, Input},
};

impl Edit<'_, '_> {
    /// New steps that would go by a server which is only assumed go by that of an old one. `old`: the ids before.
    pub(super) fn same_server(&mut self, old: &HashSet<String>) {
        let mails = |at: &usize| self.canvas.is(*at, |block| block.name == "SendEmailBlock");
        let is_old = |at: &usize| self.canvas.ids.get(*at).is_some_and(|id| old.contains(id));
        let (there, fresh): (Vec<usize>, Vec<usize>) =
            (0..self.canvas.steps.len()).filter(mails).partition(|at| is_old(at));
        let Some(like) = there.first().and_then(|at| self.canvas.steps.get(*at)) else { return };
        let config: Vec<Input> = like.inputs.iter().filter(|input| outer(&input.name) == "config").cloned().collect();
        for at in fresh {
            let assumed = self.canvas.block(at).and_then(|block| self.canvas.known.of(block)?.set.get("config"));
            let own = self.canvas.steps.get(at).and_then(|step| step.binding("config"));
            if config.is_empty() || !matches!((own, assumed), (Some(Binding::Value(own)), Some(set)) if own == set) {
                continue;
            }
            self.canvas.unbind(at, "config");
            for input in &config {
                self.canvas.bind(at, &input.name, input.binding.clone());
            }
        }
    }
}
