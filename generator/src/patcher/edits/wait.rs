//! Steps that wait.

use serde_json::json;

use super::{Edit, replace::is_address};
use crate::{
    patcher::{canvas::Link, refused::Refused, wish::Place},
    plan::model::{Binding, Input, Step},
};

impl Edit<'_, '_> {
    /// "wait two minutes between the mails": in front of what sends each of them.
    pub(super) fn spaced(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let (time, _) = text.strip_prefix("wait ")?.split_once(" between ")?;
        let (amount, unit) = super::value::amount_of(time)?;
        self.operation.place.is_none().then(|| self.wait(amount, unit))
    }

    /// A step that waits, in front of what goes out or where the wish says.
    pub(super) fn wait(&mut self, amount: f64, unit: &str) -> Result<(), Refused> {
        let before = match &self.operation.place {
            Some(Place::Before(of)) => self.placed(&of.clone())?,
            Some(Place::After(of)) => {
                let after = self.placed(&of.clone())?;
                after.and_then(|after| {
                    self.canvas
                        .working()
                        .into_iter()
                        .find(|at| self.canvas.links_into(*at).any(|link| link.from == after))
                })
            }
            Some(Place::Between(_, of)) => self.placed(&of.clone())?,
            _ => self.canvas.working().into_iter().find(|at| self.canvas.delivers(*at)),
        };
        let after = match &self.operation.place {
            Some(Place::Between(of, _)) => self.placed(&of.clone())?,
            _ => None,
        };
        let link = before.and_then(|before| {
            let between = self.canvas.links_into(before).find(|link| Some(link.from) == after);
            between.or_else(|| self.canvas.main_link(before))
        });
        let Some(link) = link else { return Err(self.lost(&self.operation.said.clone())) };
        let timer = self.timer(amount, unit, &link)?;
        self.canvas.bind(link.to, &link.input, Binding::From { step: timer, output: "output_message".to_owned() });
        Ok(())
    }

    fn timer(&mut self, amount: f64, unit: &str, link: &Link) -> Result<usize, Refused> {
        let Some(block) = self.canvas.known.catalogue.by_name("CountdownTimerBlock") else {
            return Err(Refused::unserved("No available block waits.".to_owned()));
        };
        let at = self.canvas.steps.len();
        let value = if amount.fract() == 0.0 { json!(amount as i64) } else { json!(amount) };
        self.canvas.add(vec![Step {
            block: block.id.clone(),
            title: "Wait".to_owned(),
            says: String::new(),
            inputs: vec![
                Input { name: unit.to_owned(), binding: Binding::Value(value) },
                Input {
                    name: "input_message".to_owned(),
                    binding: Binding::From { step: link.from, output: link.output.clone() },
                },
            ],
        }]);
        Ok(at)
    }

    /// "25 minutes later, …": after the last step, and a wait.
    pub(super) fn later(&mut self, text: &str, time: &str) -> Result<(), Refused> {
        let Some((amount, unit)) = super::value::amount_of(time) else { return Err(self.lost(time)) };
        let Some(last) = self.last() else { return Err(self.lost(text)) };
        let Some(output) = self.canvas.gives(last) else { return Err(self.lost(text)) };
        let link = Link { from: last, output, to: last, input: String::new() };
        let list = self.canvas.order().to_vec();
        let fresh = self.plan(text, list)?;
        let made = self.newest(fresh.clone()).and_then(|at| self.canvas.ids.get(at).cloned());
        let timer = self.timer(amount, unit, &link)?;
        let timer_id = self.canvas.ids.get(timer).cloned();
        self.settle(fresh.start, Some(timer))?;
        // Another message in the same place.
        let find = |id: &Option<String>| self.canvas.ids.iter().position(|other| Some(other) == id.as_ref());
        if let (Some(made), Some(_)) = (find(&made), find(&timer_id)) {
            self.same_place(made, last);
        }
        Ok(())
    }

    pub(super) fn same_block(&self, one: usize, other: usize) -> bool {
        self.canvas.steps.get(one).map(|step| &step.block) == self.canvas.steps.get(other).map(|step| &step.block)
    }

    /// A second message goes where the first one went, unless it says where.
    pub(super) fn same_place(&mut self, made: usize, like: usize) {
        if !self.same_block(made, like) {
            return;
        }
        let bindings: Vec<(String, Binding)> = self
            .canvas
            .steps
            .get(like)
            .into_iter()
            .flat_map(|step| &step.inputs)
            .filter(|input| is_address(&input.name))
            .map(|input| (input.name.clone(), input.binding.clone()))
            .collect();
        let asked: Vec<usize> = self
            .canvas
            .links_into(made)
            .filter(|link| is_address(&link.input) && self.canvas.is(link.from, |block| block.is_agent_input()))
            .map(|link| link.from)
            .collect();
        for (name, binding) in bindings {
            let own = self.canvas.value(made, &name).is_some();
            if !own {
                self.canvas.bind(made, &name, binding);
            }
        }
        let idle: std::collections::HashSet<usize> =
            asked.into_iter().filter(|at| self.canvas.links_out(*at).is_empty()).collect();
        if !idle.is_empty() {
            self.canvas.remove(&idle);
        }
    }
}
