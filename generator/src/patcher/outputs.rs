//! Showing what a step gives: another output of the agent.

use std::collections::HashSet;

use serde_json::Value;

use super::{Refused, draft::Draft, edits::is, target};
use crate::{
    catalogue::special,
    knowledge::Knowledge,
    plan::{
        self,
        model::{Binding, Input, Step},
    },
    text::shortened,
};

/// Adds an output of the agent for what `words` name: an output of a step, else what the step that they mean gives.
pub(super) fn show(
    knowledge: &Knowledge,
    draft: &mut Draft,
    words: &str,
    context: Option<&str>,
) -> Result<(), Refused> {
    let (at, output) = match target::output(knowledge, draft, words) {
        Some(found) => found,
        None => {
            let at = target::step(knowledge, draft, words, context)?;
            let output = given(knowledge, draft, at).ok_or_else(|| {
                let title = shortened(&draft.title(&knowledge.catalogue, at), 60);
                Refused::Impossible(format!("{title} gives nothing that could be shown."))
            })?;
            (at, output)
        }
    };
    let shown = |(taker, ..): &(usize, String, String)| is(knowledge, draft, *taker, |block| block.is_agent_output());
    if draft.takers(at).iter().filter(|(_, _, name)| *name == output).any(shown) {
        let title = shortened(&draft.title(&knowledge.catalogue, at), 60);
        return Err(Refused::Impossible(format!("What {title} gives (`{output}`) is an output of the agent already.")));
    }
    let name = free_name(knowledge, draft, &output);
    let input = |name: &str, binding: Binding| Input { name: name.to_owned(), binding };
    let step = Step {
        block: special::AGENT_OUTPUT.to_owned(),
        title: name.clone(),
        says: format!("Give out: {name}"),
        inputs: vec![
            input("name", Binding::Value(Value::from(name))),
            input("value", Binding::From { step: at, output }),
        ],
    };
    draft.add(knowledge, vec![step]);
    Ok(())
}

/// The output with everything that a step gives.
fn given(knowledge: &Knowledge, draft: &Draft, at: usize) -> Option<String> {
    let block = knowledge.catalogue.by_id(&draft.steps.get(at)?.block)?;
    plan::given(knowledge, block)
}

/// A name for an output that no other output has: "summary" is "Summary", then "Summary 2".
fn free_name(knowledge: &Knowledge, draft: &Draft, output: &str) -> String {
    let outputs = (0..draft.steps.len()).filter(|at| is(knowledge, draft, *at, |block| block.is_agent_output()));
    let taken: HashSet<&str> = outputs
        .filter_map(|at| match draft.steps.get(at)?.binding("name")? {
            Binding::Value(name) => name.as_str(),
            Binding::From { .. } => None,
        })
        .collect();
    let plain = output.replace('_', " ");
    let mut letters = plain.chars();
    let label: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let mut name = label.clone();
    let mut number = 2_usize;
    while taken.contains(name.as_str()) {
        name = format!("{label} {number}");
        number += 1;
    }
    name
}
