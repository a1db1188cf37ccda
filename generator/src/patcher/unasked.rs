//! Compares an agent before and after an operation: what nobody asked for must not have happened.

use std::collections::{HashMap, HashSet};

use super::{
    canvas::Canvas,
    edits::is_sound,
    refused::Refused,
    spoken,
    wish::{Act, Operation},
};
use crate::{
    catalogue::{Block, special},
    knowledge::is_text_model,
    plan::model::{Binding, Input, Step},
    text::shortened,
};

/// The id of the step that an operation changed or added: the last one that does something.
pub(super) fn touched(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let old: HashMap<&str, usize> = before.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let changes = |at: &usize| {
        let id = after.ids.get(*at).map_or("", String::as_str);
        let was = old.get(id).and_then(|at| before.steps.get(*at));
        was.zip(after.steps.get(*at)).is_none_or(|(was, is)| differs(was, is))
    };
    let changed: Vec<usize> = after.working().into_iter().filter(changes).collect();
    let own = changed.iter().rev().find(|at| !after.is_helper(**at)).or(changed.last());
    own.and_then(|at| after.ids.get(*at).cloned())
}

/// Whether all that is new joins one step to another.
fn only_joins(before: &Canvas<'_>, after: &Canvas<'_>) -> bool {
    let old: HashMap<&str, usize> = before.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let (mut joins, mut works) = (false, before.agent != after.agent || before.ids.len() > after.ids.len());
    for (at, id) in after.ids.iter().enumerate() {
        match old.get(id.as_str()).and_then(|at| before.steps.get(*at)) {
            None if after.is_helper(at) => joins = true,
            None => works = true,
            Some(was) => works |= after.steps.get(at).is_some_and(|is| differs(was, is)),
        }
    }
    joins && !works
}

/// A new step that takes a text for a picture or a file.
fn text_as_file(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    const FILES: [&str; 7] = ["file", "media_urls", "image_url", "image", "photo", "video", "audio"];
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    let written = |input: &Input| match &input.binding {
        Binding::From { step, .. } => {
            let writes = |block: &Block| is_text_model(block) && block.id != special::STORE_VALUE;
            FILES.contains(&input.name.as_str()) && after.block(*step).is_some_and(writes)
        }
        Binding::Value(_) => false,
    };
    let new = |at: &usize| after.ids.get(*at).is_some_and(|id| !old.contains(id.as_str()));
    let takes = |at: &usize| after.steps.get(*at).is_some_and(|step| step.inputs.iter().any(written));
    (0..after.steps.len()).filter(new).find(takes).map(|at| after.title(at))
}

/// A new condition that says nothing of what flows.
fn unsound(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    let new = |at: &usize| after.ids.get(*at).is_some_and(|id| !old.contains(id.as_str()));
    let judges = |at: &usize| after.is(*at, |block| block.id == special::AI_CONDITION);
    let mut conditions =
        (0..after.steps.len()).filter(new).filter(judges).filter_map(|at| after.value(at, "condition")?.as_str());
    conditions.find(|condition| !is_sound(after.known, condition)).map(str::to_owned)
}

/// A new step that brings something in, of which nothing reaches what was there.
fn loose(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    let is_old: Vec<bool> = after.ids.iter().map(|id| old.contains(id.as_str())).collect();
    let delivers = |at: usize| after.delivers(at) && !after.is_door(at);
    let begins = |at: &usize| is_old.get(*at) == Some(&false) && after.begins(*at) && !after.is_door(*at);
    let used = |at: usize| {
        let down = after.downstream(at);
        down.iter()
            .enumerate()
            .any(|(other, reached)| *reached && (is_old.get(other) == Some(&true) || other != at && delivers(other)))
    };
    (0..after.steps.len())
        .filter(begins)
        .find(|at| !after.is(*at, |block| block.trigger) && !used(*at))
        .map(|at| after.title(at))
}

/// In its title or in a value.
fn differs(was: &Step, is: &Step) -> bool {
    let values = |step: &Step| -> Vec<Input> {
        step.inputs.iter().filter(|input| matches!(input.binding, Binding::Value(_))).cloned().collect()
    };
    was.title != is.title || values(was) != values(is)
}

/// Fails if the sentence names something that stands nowhere in the agent after all that it asks for was done.
pub(super) fn all_named(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Result<(), Refused> {
    let Some(named) = spoken::passed_over(before, after, operation) else { return Ok(()) };
    Err(Refused::Lost(format!(
        "I did not understand \"{}\": {} would stand nowhere in the agent.",
        shortened(&operation.said, 120),
        shortened(&named, 60)
    )))
}

/// Refuses an operation that took away work which it does not name, and one that does no work although it asks for some.
pub(super) fn check(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Result<(), Refused> {
    if matches!(operation.act, Act::Add(_) | Act::Do(_)) && only_joins(before, after) {
        let said = shortened(&operation.said, 120);
        return Err(Refused::Lost(format!("I did not understand what \"{said}\" should do: no step would do it.")));
    }
    if let Some(title) = text_as_file(before, after) {
        return Err(Refused::unserved(format!(
            "No step makes the picture or file that {title} takes: a language model writes text."
        )));
    }
    if let Some(condition) = unsound(before, after) {
        return Err(Refused::Lost(format!(
            "I did not understand the condition \"{}\": it says nothing of what the agent works on.",
            shortened(&condition, 120)
        )));
    }
    if let Some(title) = loose(before, after).filter(|_| !operation.also && !matches!(operation.act, Act::Add(_))) {
        return Err(Refused::Lost(format!(
            "I did not understand what \"{}\" should do: {title} would have nothing to do with the rest.",
            shortened(&operation.said, 120)
        )));
    }
    let takes = operation.instead.is_some()
        || operation.contrast.is_some()
        || matches!(
            operation.act,
            Act::Remove(_)
                | Act::OnlyOutput(_)
                | Act::Output(_)
                | Act::Replace { .. }
                | Act::Use { .. }
                | Act::Start(_)
        );
    if takes {
        return Ok(());
    }
    let left: HashSet<&str> = after.ids.iter().map(String::as_str).collect();
    let lost = (0..before.steps.len()).find(|at| {
        let gone = before.ids.get(*at).is_some_and(|id| !left.contains(id.as_str()));
        gone && !before.is_door(*at) && !before.is_helper(*at)
    });
    match lost {
        Some(at) => {
            Err(Refused::unsupported(format!("This would take {} away, which was not asked for.", before.title(at))))
        }
        None => Ok(()),
    }
}
