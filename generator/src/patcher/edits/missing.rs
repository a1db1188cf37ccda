//! What a new step cannot run without.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    catalogue::special,
    patcher::{find::outer, refused::Refused},
    plan::{
        self,
        model::{Binding, Input, Step},
    },
};

impl Edit<'_, '_> {
    /// Asks for what a block cannot run without and nothing goes into.
    pub(super) fn ask_missing(&mut self, at: usize) -> Result<(), Refused> {
        let Some(block) = self.canvas.block(at) else { return Ok(()) };
        let known = self.canvas.known;
        let missing: Vec<String> = block
            .required_inputs()
            .filter(|name| !block.is_credential(name))
            .filter(|name| {
                self.canvas
                    .steps
                    .get(at)
                    .is_some_and(|step| step.inputs.iter().all(|input| outer(&input.name) != *name))
            })
            .map(str::to_owned)
            .collect();
        for name in missing {
            let nested = known.of(block).map(|knows| knows.ask.clone()).unwrap_or_default();
            let part =
                nested.iter().find(|(path, _)| outer(path) == name).map(|(path, label)| (path.clone(), label.clone()));
            let set = known.of(block).map(|knows| knows.set.clone()).unwrap_or_default();
            if let Some(value) = set.get(&name) {
                self.canvas.bind(at, &name, Binding::Value(value.clone()));
                if part.is_none() {
                    continue;
                }
            }
            let (input, label) = part.unwrap_or_else(|| (name.clone(), plan::label(known, block, &name)));
            let subject = matches!(name.as_str(), "subject" | "title" | "name");
            if subject {
                let text = self.canvas.agent.get("name").and_then(Value::as_str).unwrap_or("Result").to_owned();
                self.canvas.bind(at, &input, Binding::Value(json!(text)));
                continue;
            }
            let door = self.input_called(&label);
            self.canvas.bind(at, &input, Binding::From { step: door, output: "result".to_owned() });
        }
        Ok(())
    }

    /// The input of the agent with this name; a new one where there is none.
    pub(super) fn input_called(&mut self, label: &str) -> usize {
        let same = (0..self.canvas.steps.len()).find(|at| {
            self.canvas.is(*at, |block| block.is_agent_input())
                && self.canvas.value(*at, "name").and_then(Value::as_str) == Some(label)
        });
        same.unwrap_or_else(|| {
            let at = self.canvas.steps.len();
            self.canvas.add(vec![Step {
                block: special::AGENT_INPUT.to_owned(),
                title: label.to_owned(),
                says: String::new(),
                inputs: vec![Input { name: "name".to_owned(), binding: Binding::Value(json!(label)) }],
            }]);
            at
        })
    }
}
