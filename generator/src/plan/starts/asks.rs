//! The inputs of an agent.

use serde_json::{Value, json};

use crate::{
    catalogue::Block,
    plan::{
        model::{Binding, Input, Step},
        steps::{
            draft::{ASKED, AskKind, Draft, Flow, slug},
            say,
        },
    },
};

impl<'k> Draft<'k> {
    /// A value that the person gives at run time; asked once for each name.
    pub(in crate::plan) fn ask(&mut self, name: &str, help: &str, kind: AskKind, default: Option<Value>) -> Flow {
        let name = &say::label(name);
        let says = format!("Ask for {}", say::asked(self.known, name));
        let known = self.asked.iter().position(|step| step.says == says);
        let plain = matches!(kind, AskKind::Text | AskKind::Long) && default.is_none();
        let declared = known.or_else(|| plain.then(|| self.take_declared()).flatten());
        let at = declared.unwrap_or_else(|| {
            let title = self.free_name(name);
            let mut inputs = vec![Input { name: "name".to_owned(), binding: Binding::Value(json!(title)) }];
            if !help.is_empty() && help != name {
                inputs.push(Input { name: "description".to_owned(), binding: Binding::Value(json!(help)) });
            }
            let block = kind.block(self.known);
            if let Some(value) = default {
                inputs.push(Input { name: "value".to_owned(), binding: Binding::Value(value) });
            }
            self.asked.push(Step { block, title, says, inputs });
            self.asked.len() - 1
        });
        let flow = self.flow(ASKED + at, "result");
        Flow { name: slug(name), ..flow }
    }

    /// An input that somebody wants the agent to have.
    pub(in crate::plan) fn declare(&mut self, block: &Block, name: &str, says: &str, value: Option<Value>) -> usize {
        let title = self.free_name(name);
        let mut inputs = vec![Input { name: "name".to_owned(), binding: Binding::Value(json!(title)) }];
        inputs.extend(value.map(|value| Input { name: "value".to_owned(), binding: Binding::Value(value) }));
        self.asked.push(Step { block: block.id.clone(), title, says: says.to_owned(), inputs });
        let flow = Flow { name: slug(name), ..self.flow(ASKED + self.asked.len() - 1, "result") };
        let datum = self.given(flow, vec![name.to_lowercase()]);
        self.declared.push(datum);
        ASKED + self.asked.len() - 1
    }

    /// The first declared input that nothing took yet.
    fn take_declared(&mut self) -> Option<usize> {
        let data = &mut self.data;
        let datum = self.declared.iter().find_map(|at| data.get(*at).filter(|datum| !datum.used).map(|_| *at))?;
        let datum = data.get_mut(datum)?;
        datum.used = true;
        datum.flow.step.checked_sub(ASKED)
    }

    /// A name that no input and no output of the agent has: "Summary", then "Summary 2".
    pub(in crate::plan) fn free_name(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut count = 1;
        while self.names.contains(&free) {
            count += 1;
            free = format!("{name} {count}");
        }
        self.names.push(free.clone());
        free
    }

    pub(in crate::plan) fn is_asked(&self, step: usize) -> bool {
        step >= ASKED
    }

    /// Whether an input is called so.
    pub(in crate::plan) fn asks_for(&self, part: &str) -> bool {
        self.asked.iter().any(|step| step.title.contains(part))
    }

    /// The file that is asked for already by such a name: one sheet is written to that was read.
    pub(in crate::plan) fn asked_like(&self, label: &str, kind: AskKind) -> Option<String> {
        let drive = kind == AskKind::Drive;
        self.asked.iter().find(|step| drive && step.title.starts_with(label)).map(|step| step.title.clone())
    }

    /// Whether no step takes what is asked for: what nothing takes is not asked in the end.
    pub(in crate::plan) fn asks_nothing(&self) -> bool {
        let taken = |binding: &Binding| matches!(binding, Binding::From { step, .. } if self.is_asked(*step));
        let mut inputs = self.steps.iter().flat_map(|step| &step.inputs);
        self.declared.is_empty() && !inputs.any(|input| taken(&input.binding))
    }
}
