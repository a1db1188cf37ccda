//! What would be right instead of a slip in a plan.

use super::{
    nearest,
    remedy::{Listing, listed},
};
use crate::{
    knowledge::Knowledge,
    llm::plan_form::{Found, Outline, Slip, Wrong},
    plan::model::{Binding, Step},
};

pub(super) fn fix(knowledge: &Knowledge, outline: &Outline, slip: &Slip) -> Option<String> {
    Some(match &slip.wrong {
        Wrong::Schedule => {
            r#"Write minute, hour, day, month and weekday: "0 8 * * 1-5" is every weekday at 8:00. Leave it out if no time is wanted."#
                .to_owned()
        }
        Wrong::Block(said) => return unknown(knowledge, said),
        Wrong::Step(said, found) => step(outline, slip.step?, said, *found),
        Wrong::NoOutput(block) => {
            let block = knowledge.catalogue.by_id(block)?;
            format!("Name one of the outputs: {}.", listed(block, Listing::Outputs))
        }
        Wrong::Twice(name) => format!("Give `{name}` once: a list takes several values, a part is given as {name}_#_part."),
        Wrong::Agent(_) => return None,
    })
}

/// What to write instead of a name that is no block's.
pub(super) fn unknown(knowledge: &Knowledge, said: &str) -> Option<String> {
    Some(match nearest::blocks(knowledge, said).as_slice() {
        [] => "No block has such a name or does that. Look for one by what it does.".to_owned(),
        [one] => format!("Write \"{}\".", one.name),
        several => {
            let names: Vec<String> = several.iter().map(|block| format!("\"{}\"", block.name)).collect();
            format!("Write one of {}.", names.join(", "))
        }
    })
}

fn step(outline: &Outline, at: usize, said: &str, found: Found) -> String {
    let number = at + 1;
    match found {
        Found::Nothing if at == 0 => {
            "Nothing comes before the first step: give it a value instead of a source.".to_owned()
        }
        Found::Nothing => format!("No step is called {said}. Write a number from 1 to {at}."),
        Found::Several => {
            format!(
                "Several steps are called {said}. Number the steps 1 to {} in their order.",
                outline.plan.steps.len()
            )
        }
        Found::Itself => "A step cannot take its own output. Take that of an earlier step, or give a value.".to_owned(),
        Found::Later(later) if reaches(outline, later, at) => format!(
            "Step {} takes from step {number} itself: the two wait for each other in a circle. Leave out one of the sources.",
            later + 1
        ),
        Found::Later(later) => format!("Put step {} before step {number}: data flows forwards.", later + 1),
    }
}

/// Whether what the step `from` gives gets to the step `to`, which is later.
fn reaches(outline: &Outline, to: usize, from: usize) -> bool {
    let sources = |step: &Step| {
        let sources = step.inputs.iter().filter_map(|input| match &input.binding {
            Binding::From { step, .. } => Some(*step),
            Binding::Value(_) => None,
        });
        sources.collect::<Vec<_>>()
    };
    // Sources are earlier steps, so that one pass in order is enough.
    let mut reached = vec![false; outline.plan.steps.len()];
    for (at, step) in outline.plan.steps.iter().enumerate() {
        let is_reached = at == from || sources(step).into_iter().any(|source| reached.get(source) == Some(&true));
        if let Some(slot) = reached.get_mut(at) {
            *slot = is_reached;
        }
    }
    reached.get(to) == Some(&true)
}
