//! Some steps of an agent, in an order of their own, for the planner to go on from.

use std::collections::HashMap;

use super::Canvas;
use crate::{
    catalogue::special,
    plan::model::{Binding, Step},
};

/// The steps, and where they stand on the canvas.
pub(in crate::patcher) struct Portion {
    pub(in crate::patcher) steps: Vec<Step>,
    list: Vec<usize>,
    /// The output of each step whose block is not known: a text stands in for it.
    stand_ins: HashMap<usize, String>,
    from: usize,
}

impl Portion {
    pub(in crate::patcher) fn of(canvas: &Canvas<'_>, list: Vec<usize>) -> Self {
        let place: HashMap<usize, usize> = list.iter().enumerate().map(|(here, at)| (*at, here)).collect();
        let mut stand_ins = HashMap::new();
        let mut step = |at: usize| -> Option<Step> {
            let mut step = canvas.steps.get(at)?.clone();
            if canvas.block(at).is_none()
                && let Some(output) = canvas.gives(at)
            {
                stand_ins.insert(at, output);
                return Some(Step { block: special::AI_TEXT.to_owned(), inputs: Vec::new(), ..step });
            }
            step.inputs.retain_mut(|input| match &mut input.binding {
                Binding::From { step, .. } => match place.get(step) {
                    Some(here) => {
                        *step = *here;
                        true
                    }
                    None => false,
                },
                Binding::Value(_) => true,
            });
            Some(step)
        };
        let steps = list.iter().filter_map(|at| step(*at)).collect();
        Self { steps, list, stand_ins, from: canvas.steps.len() }
    }

    /// A binding of the planner, as it is on the canvas.
    pub(in crate::patcher) fn place(&self, binding: &mut Binding) {
        if let Binding::From { step, output } = binding {
            *step = match self.list.get(*step) {
                Some(at) => {
                    if let Some(own) = self.stand_ins.get(at) {
                        own.clone_into(output);
                    }
                    *at
                }
                None => *step - self.list.len() + self.from,
            };
        }
    }

    /// The same for every input of new steps.
    pub(in crate::patcher) fn place_all(&self, fresh: &mut [Step]) {
        fresh.iter_mut().flat_map(|step| step.inputs.iter_mut()).for_each(|input| self.place(&mut input.binding));
    }
}
