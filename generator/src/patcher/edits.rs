//! The changes themselves, one function each.

use std::collections::HashSet;

use serde_json::json;

use super::{Refused, draft::Draft, order::take_over, target, what_to_change};
use crate::{
    Watch,
    catalogue::{NESTED, schema::Types},
    knowledge::Knowledge,
    plan::{self, BETWEEN, Extended, model::Binding},
    text::shortened,
};

pub(super) fn is(
    knowledge: &Knowledge,
    draft: &Draft,
    at: usize,
    what: impl Fn(&crate::catalogue::Block) -> bool,
) -> bool {
    draft.steps.get(at).and_then(|step| knowledge.catalogue.by_id(&step.block)).is_some_and(what)
}

/// Adds what `words` ask for behind what is there.
pub(super) fn add(
    knowledge: &Knowledge,
    draft: &mut Draft,
    words: &str,
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<(), Refused> {
    match plan::extend(knowledge, &draft.steps, words, context, watch)? {
        Extended::Steps(steps, left_out) => {
            draft.add(knowledge, steps);
            draft.left_out.extend(left_out);
            Ok(())
        }
        Extended::Questions(questions) => Err(Refused::Open(questions)),
        Extended::Unserved(reason) if adds(words) => Err(Refused::Impossible(reason)),
        Extended::Nothing if adds(words) => {
            Err(Refused::Impossible(format!("No available block can do this: \"{}\".", shortened(words, 120))))
        }
        Extended::Unserved(_) | Extended::Nothing => Err(Refused::Open(vec![what_to_change()])),
    }
}

/// Whether something is to be added in so many words.
fn adds(words: &str) -> bool {
    let first = words.split_whitespace().next().map(str::to_lowercase);
    matches!(first.as_deref(), Some("add" | "include" | "insert" | "append"))
}

/// Takes a step away and joins what was before it to what comes after.
pub(super) fn remove(
    knowledge: &Knowledge,
    draft: &mut Draft,
    words: &str,
    context: Option<&str>,
) -> Result<(), Refused> {
    let at = target::step(knowledge, draft, words, context)?;
    if target::working(knowledge, draft) == [at] {
        return Err(Refused::Impossible(format!(
            "{} is the only step that does something; without it nothing would be left.",
            draft.title(&knowledge.catalogue, at)
        )));
    }
    needed(knowledge, draft, at)?;
    take_out(knowledge, draft, at);
    Ok(())
}

/// Refuses to take a step away without which another could not run.
fn needed(knowledge: &Knowledge, draft: &Draft, at: usize) -> Result<(), Refused> {
    if worked_on(knowledge, draft, at).is_none()
        && let Some((taker, input)) = bereft(knowledge, draft, at)
    {
        let (taker, title) = (draft.title(&knowledge.catalogue, taker), draft.title(&knowledge.catalogue, at));
        return Err(Refused::Impossible(format!(
            "{taker} needs what {title} gives (`{input}`). Remove {taker} first, or replace {title}."
        )));
    }
    Ok(())
}

/// A step that could not run without another, and the input that nothing would go into.
fn bereft(knowledge: &Knowledge, draft: &Draft, at: usize) -> Option<(usize, String)> {
    draft.takers(at).into_iter().find_map(|(taker, input, _)| {
        let parent = input.split(NESTED).next().unwrap_or_default();
        let step = draft.steps.get(taker)?;
        let block = knowledge.catalogue.by_id(&step.block)?;
        let stays = |binding: &Binding| match binding {
            Binding::From { step, .. } => *step != at,
            // What stands for the parts of a required input is not one of them.
            Binding::Value(value) => *value != json!({}) && *value != json!([]),
        };
        let mut others = step.inputs.iter().filter(|input| input.name.split(NESTED).next() == Some(parent));
        let kept = others.any(|input| stays(&input.binding));
        (block.required_inputs().any(|name| name == parent) && !kept).then(|| (taker, parent.to_owned()))
    })
}

fn take_out(knowledge: &Knowledge, draft: &mut Draft, at: usize) {
    let main = worked_on(knowledge, draft, at);
    let mut gone = HashSet::from([at]);
    let outputs_left = |draft: &Draft, gone: &HashSet<usize>| {
        (0..draft.steps.len())
            .any(|step| !gone.contains(&step) && is(knowledge, draft, step, |block| block.is_agent_output()))
    };
    let delivers = delivers(knowledge, draft, at);
    for (taker, input, _) in draft.takers(at) {
        if delivers && is(knowledge, draft, taker, |block| block.is_agent_output()) {
            gone.insert(taker);
            if outputs_left(draft, &gone) {
                continue;
            }
            // The last output of the agent shows what would have been delivered.
            gone.remove(&taker);
        }
        if let Some((_, from, output)) = &main {
            route(knowledge, draft, (*from, output), taker, &input);
        }
    }
    // Whatever only served the step that is gone goes with it: what asked for its values, what put things into words.
    let takers = draft.all_takers();
    loop {
        let idle = (0..draft.steps.len()).find(|step| {
            let takers = takers.get(*step).map(Vec::as_slice).unwrap_or_default();
            let serves = !takers.is_empty() && takers.iter().all(|taker| gone.contains(taker));
            let helper =
                is(knowledge, draft, *step, |block| block.is_agent_input() || BETWEEN.contains(&block.id.as_str()));
            !gone.contains(step) && helper && serves && !last_start(knowledge, draft, *step, &gone)
        });
        match idle {
            Some(step) => gone.insert(step),
            None => break,
        };
    }
    draft.remove(&gone);
}

/// Whether nothing else would start the agent.
pub(super) fn last_start(knowledge: &Knowledge, draft: &Draft, at: usize, gone: &HashSet<usize>) -> bool {
    !(0..draft.steps.len())
        .any(|other| other != at && !gone.contains(&other) && is(knowledge, draft, other, |block| block.starts_agent()))
}

/// Whether a step takes something out, and gives only word that it did.
pub(super) fn delivers(knowledge: &Knowledge, draft: &Draft, at: usize) -> bool {
    is(knowledge, draft, at, |block| knowledge.delivers(block))
}

/// The same of a step that others could do without: what brings something in hands on nothing that it was given.
fn worked_on(knowledge: &Knowledge, draft: &Draft, at: usize) -> Option<(String, usize, String)> {
    main_input(knowledge, draft, at).filter(|_| !is(knowledge, draft, at, |block| knowledge.begins(block)))
}

/// The input for the matter that a step works on, and where that comes from.
pub(super) fn main_input(knowledge: &Knowledge, draft: &Draft, at: usize) -> Option<(String, usize, String)> {
    let step = draft.steps.get(at)?;
    let content = |name: &str| {
        let parent = name.split(NESTED).next().unwrap_or_default();
        matches!(parent, "prompt_values" | "values") || knowledge.is_content(name)
    };
    let links = || {
        step.inputs.iter().filter_map(|input| match &input.binding {
            Binding::From { step, output } if *step != at => Some((input.name.as_str(), *step, output.clone())),
            _ => None,
        })
    };
    let found = links()
        .find(|(name, ..)| content(name))
        .or_else(|| links().find(|(_, from, _)| !is(knowledge, draft, *from, |block| block.is_agent_input())))
        .or_else(|| links().next());
    found.map(|(name, from, output)| (name.to_owned(), from, output))
}

/// Links two steps, through a block that makes their types fit where they do not.
pub(super) fn route(knowledge: &Knowledge, draft: &mut Draft, (from, output): (usize, &str), to: usize, input: &str) {
    if flows(knowledge, draft, from, output, to, input) {
        draft.bind(knowledge, to, input, Binding::From { step: from, output: output.to_owned() });
    } else {
        join(knowledge, draft, from, output, to, input);
    }
}

fn types(
    knowledge: &Knowledge,
    draft: &Draft,
    from: usize,
    output: &str,
    to: usize,
    input: &str,
) -> Option<(Types, Types)> {
    let block = |at: usize| knowledge.catalogue.by_id(&draft.steps.get(at)?.block);
    Some((block(from)?.output_type(output)?, block(to)?.input_type(input)?))
}

fn flows(knowledge: &Knowledge, draft: &Draft, from: usize, output: &str, to: usize, input: &str) -> bool {
    types(knowledge, draft, from, output, to, input).is_none_or(|(source, sink)| source.flows_into(sink))
}

/// Links two steps whose types do not fit, through a block that makes them fit.
fn join(knowledge: &Knowledge, draft: &mut Draft, from: usize, output: &str, to: usize, input: &str) {
    let Some((_, sink)) = types(knowledge, draft, from, output, to, input) else { return };
    let (fresh, binding) = plan::fitted(knowledge, &draft.steps, (from, output), sink);
    draft.add(knowledge, fresh);
    draft.bind(knowledge, to, input, binding);
}

/// Takes a step away and adds another that works on the same.
pub(super) fn replace(
    knowledge: &Knowledge,
    draft: &mut Draft,
    (old, new): (&str, &str),
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<(), Refused> {
    let at = target::step(knowledge, draft, old, context)?;
    // "Replace Slack with Discord": a service alone is where the result is sent.
    let before = draft.steps.len();
    let added = add(knowledge, draft, new, context, watch)
        .or_else(|_| add(knowledge, draft, &format!("send it to {new}"), context, watch));
    match added {
        Err(Refused::Failed(failure)) => Err(Refused::Failed(failure)),
        Ok(()) if draft.steps.len() > before => {
            take_over(knowledge, draft, at, before);
            needed(knowledge, draft, at)?;
            take_out(knowledge, draft, at);
            Ok(())
        }
        Err(Refused::Open(questions)) if questions.iter().any(|question| question.keyword != "change") => {
            Err(Refused::Open(questions))
        }
        _ => Err(Refused::Impossible(format!(
            "No available block can take the place of {}: \"{}\".",
            draft.title(&knowledge.catalogue, at),
            shortened(new, 80)
        ))),
    }
}
