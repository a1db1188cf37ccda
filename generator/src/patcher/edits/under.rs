//! New steps that run only in one case.

use serde_json::Value;

use super::Edit;
use crate::{
    catalogue::special,
    patcher::{canvas::Link, find::outer, refused::Refused, wish::bare_condition},
    plan::model::{Binding, Input, Step},
};

impl Edit<'_, '_> {
    /// A new step that runs only in one case: of what the step before what goes out gives.
    pub(super) fn add_under(&mut self, text: &str, condition: &str) -> Result<(), Refused> {
        let list = self.canvas.order().to_vec();
        let from = self.canvas.steps.len();
        let fresh = self.plan(text, list.clone())?;
        let Some(made) = self.newest(fresh.clone()) else { return Err(self.lost(text)) };
        let content = self.text_of(made).map(|field| field.name);
        let works_on = |link: &Link| {
            let given = !self.canvas.is(link.from, |block| block.is_agent_input());
            // What only puts together what was read is of this order.
            (link.from < from || self.canvas.is_helper(link.from))
                && (given || content.as_deref() == Some(outer(&link.input)))
        };
        let source = self.canvas.main_link(made).filter(works_on);
        let link = match source {
            Some(link) => link,
            None => {
                // A fixed text: the case decides when it is sent.
                let Some(before) = self
                    .canvas
                    .working()
                    .into_iter()
                    .rfind(|at| *at < from && !self.canvas.delivers(*at) && !self.canvas.is_helper(*at))
                else {
                    return Err(self.lost(text));
                };
                let Some(output) = self.canvas.gives(before) else { return Err(self.lost(text)) };
                Link { from: before, output, to: made, input: String::new() }
            }
        };
        if let Some(way) = self.same_condition(condition) {
            self.lead_by(made, &link, way)?;
            return self.settle(from, None);
        }
        let list: Vec<usize> = {
            let mut list: Vec<usize> = list.into_iter().filter(|at| *at != link.from).collect();
            list.push(link.from);
            list
        };
        let (yes, _) = self.condition(condition, &link, list)?;
        self.lead_by(made, &link, yes)?;
        self.settle(from, None)
    }

    /// In one case something new is sent, in all others what is sent now.
    pub(super) fn otherwise(&mut self, condition: &str) -> Result<(), Refused> {
        let text = self.act_text();
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        let [at] = *sends.as_slice() else { return Err(self.lost(&self.operation.said)) };
        if !self.sends(&text) {
            return Err(self.lost(&self.operation.said));
        }
        self.guard(at, condition, true)?;
        self.add_under(&text, condition)
    }

    /// A new step runs only when this way out of a condition is taken.
    pub(super) fn lead_by(&mut self, made: usize, link: &Link, way: Binding) -> Result<(), Refused> {
        let Binding::From { step, .. } = way else { return Ok(()) };
        if link.input.is_empty() {
            self.wait_on(made, &way);
        } else {
            self.rebind(link, way);
        }
        if self.canvas.leads(step, made) {
            return Ok(());
        }
        let title = self.canvas.title(made);
        Err(Refused::unsupported(format!("{title} takes nothing that could be held back until then.")))
    }

    /// The way out of a condition of the agent that looks for the same.
    pub(super) fn same_condition(&self, condition: &str) -> Option<Binding> {
        let known = self.canvas.known;
        let wanted = crate::patcher::canvas::words::words(known, bare_condition(condition));
        let told: Vec<&String> = wanted.iter().filter(|word| !matches!(word.as_str(), "not" | "is" | "isnt")).collect();
        let at = self.canvas.working().into_iter().find(|at| {
            let field = self.canvas.value(*at, "condition").and_then(Value::as_str).unwrap_or_default();
            let names = crate::patcher::canvas::words::words(known, field);
            let shared = names.iter().filter(|name| told.contains(name)).count();
            !names.is_empty() && shared == names.len()
        })?;
        Some(Binding::From { step: at, output: "yes_output".to_owned() })
    }

    /// What `data` gives, once `comes` has come.
    pub(super) fn hold_until(&mut self, comes: Binding, data: Binding) -> Binding {
        let store = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::STORE_VALUE.to_owned(),
            title: "Wait for it".to_owned(),
            says: String::new(),
            inputs: vec![
                Input { name: "input".to_owned(), binding: comes },
                Input { name: "data".to_owned(), binding: data },
            ],
        }]);
        Binding::From { step: store, output: "output".to_owned() }
    }

    /// A step with a fixed text runs when this comes.
    pub(super) fn wait_on(&mut self, at: usize, way: &Binding) {
        let Some(field) = self.text_of(at) else { return };
        let Some(text) = self.canvas.value(at, &field.name).cloned() else { return };
        let held = self.hold_until(way.clone(), Binding::Value(text));
        self.canvas.bind(at, &field.name, held);
    }
}
