//! A condition by itself, over the steps of an agent that is there.

use shared::failure::Failure;

use super::{
    model::{Binding, Step},
    steps::{
        build::Builder,
        draft::{ASKED, Draft, Flow},
    },
};
use crate::{Watch, knowledge::Knowledge, reading::Role};

/// A condition, built.
#[derive(Debug)]
pub(crate) enum Gate {
    /// The steps to add; their bindings name places in the longer list. What goes on if it holds, and if not.
    Built { steps: Vec<Step>, yes: Binding, no: Binding },
    /// What it is about cannot be seen.
    Nothing,
}

/// The steps that look whether `condition` holds, of what the last of `steps` gives. Fails with `timeout` if `watch`
/// says so.
pub(crate) fn gate(knowledge: &Knowledge, steps: &[Step], condition: &str, watch: Watch<'_>) -> Result<Gate, Failure> {
    watch.check()?;
    let mut read = super::understood(knowledge, &format!("{condition}, show it."))?;
    let guards = |role: Role| matches!(role, Role::Condition | Role::Trigger);
    let Some(index) = read.clauses.iter().position(|clause| guards(clause.role)) else { return Ok(Gate::Nothing) };
    if let Some(clause) = read.clauses.get_mut(index) {
        clause.role = Role::Condition;
    }
    let mut builder = Builder::new(knowledge, &read, None);
    builder.draft = Draft::over(knowledge, steps);
    builder.condition(index);
    if !builder.questions.is_empty() {
        return Ok(Gate::Nothing);
    }
    let branch = builder.branches.get(&index).copied();
    let flow = |at: usize| builder.draft.data.get(at).map(|datum| datum.flow.clone());
    let Some((yes, no)) = branch.and_then(|branch| flow(branch.yes).zip(flow(branch.no))) else {
        return Ok(Gate::Nothing);
    };
    let (old, asked) = (steps.len(), builder.draft.asked.len());
    let binding = |flow: Flow| {
        let step = match flow.step {
            at if at >= ASKED => old + at - ASKED,
            at if at >= old => at + asked,
            at => at,
        };
        Binding::From { step, output: flow.output }
    };
    Ok(Gate::Built { steps: builder.draft.added(), yes: binding(yes), no: binding(no) })
}
