//! The end of a draft: its outputs, and the plan that it becomes.

use serde_json::json;

use super::{
    draft::{ASKED, Datum, Draft, Flow},
    say,
};
use crate::{
    catalogue::special,
    plan::model::{Binding, Input, Plan, Step},
};

impl<'k> Draft<'k> {
    /// Everything that nobody took comes out of the agent.
    pub(in crate::plan) fn outputs(&mut self) {
        let taken: std::collections::HashSet<(usize, String)> = self
            .steps
            .iter()
            .flat_map(|step| step.inputs.iter())
            .filter_map(|input| match &input.binding {
                Binding::From { step, output } => Some((*step, output.clone())),
                Binding::Value(_) => None,
            })
            .collect();
        let steps_taken: std::collections::HashSet<usize> = taken.iter().map(|(step, _)| *step).collect();
        let fresh = || self.data.iter().filter(|datum| (self.old..ASKED).contains(&datum.flow.step));
        let loose = |datum: &&Datum| {
            !steps_taken.contains(&datum.flow.step) || self.told.contains(&datum.flow.step) && datum.made
        };
        let mut out: Vec<Datum> = fresh().filter(|datum| !datum.receipt).filter(loose).cloned().collect();
        if out.is_empty() {
            out.extend(fresh().rfind(|datum| !datum.receipt && datum.made).cloned());
        }
        out.extend(fresh().filter(|datum| datum.receipt).filter(loose).cloned());
        // An agent gives something out, even if all of it went on to other steps.
        if out.is_empty() && self.old == 0 {
            out.extend(fresh().next_back().cloned());
        }
        let mut done = std::collections::HashSet::new();
        for datum in out {
            if done.insert((datum.flow.step, datum.flow.output.clone())) {
                let label = self.result_name(&datum);
                // "Grade my essay": the essay goes in, and what is said of it comes out.
                let label = match datum.made && self.asked.iter().any(|step| step.title == label) {
                    true => format!("Result for the {}", label.to_lowercase()),
                    false => label,
                };
                self.output(&label, &datum.flow);
            }
        }
    }

    pub(in crate::plan) fn output(&mut self, label: &str, flow: &Flow) {
        let flow = if flow.first.is_some() { self.render(std::slice::from_ref(flow)) } else { flow.clone() };
        let name = self.free_name(label);
        let inputs = vec![
            Input { name: "name".to_owned(), binding: Binding::Value(json!(name)) },
            Input { name: "value".to_owned(), binding: flow.binding() },
        ];
        self.push(Step {
            block: special::AGENT_OUTPUT.to_owned(),
            title: name.clone(),
            says: say::given_out(self.known, &name),
            inputs,
        });
    }

    /// The steps added behind the old ones, those that ask first, with the places that they have in the longer list.
    pub(in crate::plan) fn added(mut self) -> Vec<Step> {
        let (old, asked) = (self.old, self.asked.len());
        let mut fresh = self.asked;
        fresh.extend(self.steps.split_off(old.min(self.steps.len())));
        for input in fresh.iter_mut().flat_map(|step| step.inputs.iter_mut()) {
            if let Binding::From { step, .. } = &mut input.binding {
                *step = match *step {
                    at if at >= ASKED => old + at - ASKED,
                    at if at >= old => at + asked,
                    at => at,
                };
            }
        }
        fresh
    }

    /// The inputs of the agent that a step takes, by their place.
    fn taken_inputs(&self) -> std::collections::HashSet<usize> {
        let inputs = self.steps.iter().flat_map(|step| step.inputs.iter());
        inputs
            .filter_map(|input| match &input.binding {
                Binding::From { step, .. } => step.checked_sub(ASKED),
                Binding::Value(_) => None,
            })
            .collect()
    }

    /// The steps that the plan will have.
    pub(in crate::plan) fn every_step(&self) -> impl Iterator<Item = &Step> {
        let taken = self.taken_inputs();
        let asked = self.asked.iter().enumerate().filter(move |(at, _)| taken.contains(at)).map(|(_, step)| step);
        asked.chain(&self.steps)
    }

    /// The steps, those that ask first.
    pub(in crate::plan) fn finish(self, name: String, description: String) -> Plan {
        // What no step takes is not asked for.
        let taken = self.taken_inputs();
        let places: Vec<usize> =
            (0..self.asked.len()).map(|at| (0..at).filter(|before| taken.contains(before)).count()).collect();
        let mut steps: Vec<Step> =
            self.asked.into_iter().enumerate().filter(|(at, _)| taken.contains(at)).map(|(_, step)| step).collect();
        let shift = steps.len();
        steps.extend(self.steps);
        for input in steps.iter_mut().flat_map(|step| step.inputs.iter_mut()) {
            if let Binding::From { step, .. } = &mut input.binding {
                let asked = step.checked_sub(ASKED).and_then(|at| places.get(at));
                *step = asked.copied().unwrap_or(step.saturating_add(shift));
            }
        }
        Plan { name, description, cron: None, steps, ..Plan::default() }
    }
}
