//! Steps under a condition that nothing of it flows into: one of their values is handed on only once the condition holds.

use crate::{
    catalogue::{Block, schema::Types, special},
    plan::{
        model::{Binding, Step},
        steps::{build::Builder, draft::Flow},
    },
    reading::Role,
};

/// More steps back are not looked at.
const BACK: usize = 64;

impl Builder<'_, '_> {
    /// Makes a step wait for the condition that it stands under.
    pub(in crate::plan) fn hold(&mut self, block: &Block, step: &mut Step) {
        let Some(gate) = self.held_by() else { return };
        if self.waits_for(&step.fed_by().collect::<Vec<_>>(), &gate) {
            return;
        }
        let text = |name: &str| {
            let schema = block.input_schema().properties.get(name);
            schema.is_some_and(|schema| schema.choices.is_empty() && schema.kind().is_within(Types::STRING))
        };
        // What comes after the condition on another way would never meet it.
        let before = |from: usize| self.draft.is_asked(from) || self.is_beside(from, gate.step);
        let others =
            step.inputs.iter().any(|input| matches!(input.binding, Binding::From { step, .. } if !before(step)));
        let fixed = step.inputs.iter().filter(|_| !others).find_map(|input| match &input.binding {
            Binding::Value(serde_json::Value::String(said)) if text(&input.name) && !said.is_empty() => {
                Some((input.name.clone(), said.clone()))
            }
            _ => None,
        });
        if let Some((name, said)) = fixed {
            // A prompt has places for what flows in.
            if !said.contains("{{") {
                let held = self.draft.after(&gate, &said);
                step.bind(&name, held.binding());
                return;
            }
        }
        let flowing = step.inputs.iter().filter(|_| !others).find_map(|input| match &input.binding {
            Binding::From { step, output } if text(&input.name) => Some((input.name.clone(), *step, output.clone())),
            _ => None,
        });
        let Some((name, from, output)) = flowing else { return };
        let mut flow = self.draft.flow(from, &output);
        if !flow.types.is_any() && !flow.types.is_within(Types::STRING) {
            return;
        }
        if flow.name == gate.name {
            flow.name = format!("{}_2", flow.name);
        }
        let format = format!("{{{{{}}}}}", flow.name);
        let held = self.draft.fill_in(&[flow, gate], &format, "Hand on the {}");
        step.bind(&name, held.binding());
    }

    /// Whether one of the steps comes by the gate. What fails in another way than the gate's comes by a way of its own.
    pub(in crate::plan) fn waits_for(&self, steps: &[usize], gate: &Flow) -> bool {
        let datum = |at: usize| self.draft.data.get(at).map(|datum| datum.flow.step);
        let ways = self.failures.iter().filter(|(failed, _)| datum(*failed) == Some(gate.step));
        let ways = ways.flat_map(|(_, others)| others).map(|other| other.step);
        std::iter::once(gate.step).chain(ways).any(|gate| self.reaches(steps.to_vec(), gate))
    }

    /// What the nearest condition around the present act lets through, or the person who decided within it.
    pub(in crate::plan) fn held_by(&self) -> Option<Flow> {
        let gate = self.gate_of(self.scope);
        let decided = self.approval.filter(|_| self.is_within(self.scope, self.approved_in));
        let decided = decided.and_then(|branch| self.draft.data.get(branch.yes)).map(|datum| datum.flow.clone());
        match (gate, decided) {
            (Some(gate), Some(decided)) => Some(if decided.step > gate.step { decided } else { gate }),
            (gate, decided) => gate.or(decided),
        }
    }

    /// Whether the guard of one act is that of another, or stands within it.
    fn is_within(&self, mut guard: Option<usize>, outer: Option<usize>) -> bool {
        loop {
            if guard == outer {
                return true;
            }
            let Some(clause) = guard.and_then(|guard| self.reading.clauses.get(guard)) else { return false };
            guard = clause.under;
        }
    }

    /// What the nearest condition lets through, from this guard outwards.
    pub(in crate::plan) fn gate_of(&self, mut guard: Option<usize>) -> Option<Flow> {
        while let Some(index) = guard {
            let clause = self.reading.clauses.get(index)?;
            if matches!(clause.role, Role::Condition | Role::Otherwise(_))
                && let Some(branch) = self.branches.get(&index)
            {
                return self.draft.data.get(branch.yes).map(|datum| datum.flow.clone());
            }
            guard = clause.under;
        }
        None
    }

    /// Whether a step gives its value once for each time that the gate is asked: it comes before the gate, or only hands on
    /// parts of what does.
    fn is_beside(&self, step: usize, gate: usize) -> bool {
        let mut open = vec![step];
        let mut seen = 0;
        while let Some(at) = open.pop().filter(|_| seen < BACK) {
            seen += 1;
            if at < gate {
                continue;
            }
            let hands_on = [special::TEMPLATE, special::CONVERTER];
            let block = self.draft.block(at);
            if !block
                .is_some_and(|block| hands_on.contains(&block.id.as_str()) || block.name == "FindInDictionaryBlock")
            {
                return false;
            }
            open.extend(self.draft.step(at).into_iter().flat_map(Step::fed_by));
        }
        open.is_empty()
    }

    /// Whether one of the steps is, or is fed by, `gate`.
    pub(in crate::plan) fn reaches(&self, mut open: Vec<usize>, gate: usize) -> bool {
        let mut seen = std::collections::HashSet::new();
        while let Some(at) = open.pop() {
            if at == gate {
                return true;
            }
            if at < gate || seen.len() > BACK || !seen.insert(at) {
                continue;
            }
            open.extend(self.draft.step(at).into_iter().flat_map(Step::fed_by));
        }
        false
    }
}
