//! The slips in a plan, and what would be right instead.

use std::collections::HashSet;

use super::{
    nearest,
    remedy::{Listing, listed},
};
use crate::{
    catalogue::special,
    knowledge::Knowledge,
    llm::{
        plan_form::Outline,
        slip::{Found, Slip, Wrong},
    },
    plan::model::{Binding, Step},
    problem::Problem,
    text::shortened,
    validator,
};

/// At most this many steps are named.
const LISTED: usize = 12;

pub(super) fn problems(knowledge: &Knowledge, outline: &Outline) -> Vec<Problem> {
    let problem = |(at, slip): (usize, &Slip)| Problem {
        rule: rule(&slip.wrong),
        path: slip.path(),
        message: slip.wrong.message().to_owned(),
        // What is not listed needs no remedy.
        fix: (at < validator::LISTED).then(|| fix(knowledge, outline, slip)).flatten(),
    };
    outline.slips.iter().enumerate().map(problem).collect()
}

fn rule(wrong: &Wrong) -> &'static str {
    match wrong {
        Wrong::Schedule => "schedule",
        Wrong::Block(_) => "known_blocks",
        Wrong::Step(..) | Wrong::NoOutput(_) => "sources",
        Wrong::Twice(_) => "inputs",
        Wrong::Agent(_) => "sub_agents",
    }
}

fn fix(knowledge: &Knowledge, outline: &Outline, slip: &Slip) -> Option<String> {
    Some(match &slip.wrong {
        Wrong::Schedule => {
            r#"Write minute, hour, day, month and weekday: "0 8 * * 1-5" is every weekday at 8:00. Leave it out if no time is wanted."#
                .to_owned()
        }
        Wrong::Block(said) => {
            let step = slip.step.and_then(|step| outline.plan.steps.get(step));
            let words = step.map(|step| format!("{} {}", step.title, step.says)).unwrap_or_default();
            unknown(knowledge, said, &words)
        }
        Wrong::Step(said, found) => step(outline, slip.step?, said, *found),
        Wrong::NoOutput(block) => {
            let block = knowledge.catalogue.by_id(block)?;
            format!("Name one of the outputs of {}: {}.", block.name, listed(block, Listing::Outputs))
        }
        Wrong::Twice(name) => format!("Leave out one of the two: `{name}` takes one value, or one source."),
        Wrong::Agent(_) => return None,
    })
}

/// What to write instead of a name that is no block's; `words` say what the block is for.
pub(super) fn unknown(knowledge: &Knowledge, said: &str, words: &str) -> String {
    if knowledge.catalogue.by_name(said).is_some_and(|block| block.id == special::AGENT_EXECUTOR) {
        return "Give the person's agent in `library_agents`, and write its name as the block.".to_owned();
    }
    let near = nearest::blocks(knowledge, said, words);
    let names: Vec<String> = near.iter().map(|block| format!("\"{}\"", block.name)).collect();
    match names.as_slice() {
        [] => "No block has such a name. Look for one by what it does, in a few English words.".to_owned(),
        [one] => format!("Write {one}."),
        several => format!("Write one of {}; or look for another block by what it does.", several.join(", ")),
    }
}

fn step(outline: &Outline, at: usize, said: &str, found: Found) -> String {
    let place = |step: usize| format!("steps[{step}]");
    match found {
        Found::Nothing if at == 0 => {
            "Nothing comes before the first step: give it a value instead of a source.".to_owned()
        }
        Found::Nothing => {
            format!("No step is called {said}. Write the number of an earlier step: {}.", before(outline, at))
        }
        Found::Several => {
            let count = outline.plan.steps.len();
            format!("Several steps are called {said}. Number the steps 1 to {count} in their order, each once.")
        }
        Found::Itself => "A step cannot take its own output. Take that of an earlier step, or give a value.".to_owned(),
        Found::Later(later) if reaches(outline, later, at) => {
            let (here, later) = (place(at), place(later));
            format!("{later} itself waits for {here}: the sources run in a circle. Leave out one of them.")
        }
        Found::Later(later) => format!("Put {} before {}: data flows forwards.", place(later), place(at)),
    }
}

/// The steps before `at`, the nearest first.
fn before(outline: &Outline, at: usize) -> String {
    let steps = outline.numbers.iter().zip(&outline.plan.steps).take(at).rev().take(LISTED);
    let named: Vec<String> = steps.map(|(number, step)| format!("{number} ({})", shortened(&step.title, 40))).collect();
    named.join(", ")
}

/// Whether what the step `from` gives gets to the step `to`, which is later. Sources are earlier steps, so that one pass in
/// order is enough.
fn reaches(outline: &Outline, to: usize, from: usize) -> bool {
    let mut reached = HashSet::from([from]);
    let takes = |reached: &HashSet<usize>, step: &Step| {
        step.inputs.iter().any(|input| matches!(&input.binding, Binding::From { step, .. } if reached.contains(step)))
    };
    for (at, step) in outline.plan.steps.iter().enumerate().take(to + 1).skip(from + 1) {
        if takes(&reached, step) {
            reached.insert(at);
        }
    }
    reached.contains(&to)
}
