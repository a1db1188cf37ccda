//! New steps that do again what is done already, or the same for each of many.

use std::collections::HashSet;

use super::{
    canvas::{Canvas, Link},
    edits::is_address,
    wish::{Act, Operation},
};
use crate::{
    catalogue::{Block, special},
    plan::model::{Input, Step},
};

/// Whether a step was there before.
pub(super) fn old_in<'c>(before: &'c Canvas<'_>, after: &'c Canvas<'_>) -> impl Fn(usize) -> bool + use<'c> {
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    let is_old: Vec<bool> = after.ids.iter().map(|id| old.contains(id.as_str())).collect();
    move |at| is_old.get(at) == Some(&true)
}

/// A new step that does again what one does already: the same block with the same inputs.
pub(super) fn again(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let is_old = old_in(before, after);
    let same = |one: &Step, other: &Step| {
        one.block == other.block
            && one.inputs.len() == other.inputs.len()
            && one.inputs.iter().all(|input| other.binding(&input.name) == Some(&input.binding))
    };
    let twice = |at: usize| {
        let step = after.steps.get(at)?;
        let found = after.steps.iter().enumerate().position(|(other, was)| is_old(other) && same(step, was))?;
        Some(after.title(found))
    };
    (0..after.steps.len()).filter(|at| !is_old(*at) && after.delivers(*at)).find_map(twice)
}

/// A new step in front of what runs for each of many that takes nothing from them: an input of the agent is the same for all.
pub(super) fn same_for_each(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let is_old = old_in(before, after);
    let loops = |at: &usize| is_old(*at) && after.is(*at, |block| block.id == special::EACH_ITEM);
    let each = after.downstream_of((0..after.steps.len()).filter(loops).collect());
    let runs = |at: usize| each.get(at) == Some(&true);
    let asked = |link: &Link| !is_old(link.from) && after.is(link.from, Block::is_agent_input);
    let alone = |at: &usize| {
        let mut links = after.links_into(*at).peekable();
        !is_old(*at) && !runs(*at) && links.peek().is_some() && links.all(|link| asked(&link))
    };
    let feeds = |at: &usize| {
        let down = after.downstream(*at);
        (0..down.len())
            .any(|other| down.get(other) == Some(&true) && is_old(other) && runs(other) && !after.is_door(other))
    };
    after.working().into_iter().filter(alone).find(feeds).map(|at| after.title(at))
}

/// A second message to where the same block sends one already, though the wish speaks of no other.
pub(super) fn doubled(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Option<String> {
    let plain = matches!(operation.act, Act::Do(_))
        && !operation.also
        && operation.place.is_none()
        && operation.condition.is_none()
        && operation.failure.is_none()
        && !operation.said.contains(['"', '“']);
    let is_old = old_in(before, after);
    let place = |step: &Step| {
        let binding = |input: &&Input| is_address(&input.name);
        step.inputs.iter().find(binding).map(|input| input.binding.clone())
    };
    let same =
        |one: &Step, other: &Step| one.block == other.block && place(one).is_some() && place(one) == place(other);
    let twice = |at: usize| {
        let step = after.steps.get(at)?;
        let found = after.steps.iter().enumerate().position(|(other, was)| is_old(other) && same(step, was))?;
        Some(after.title(found))
    };
    (0..after.steps.len()).filter(|at| plain && !is_old(*at) && after.delivers(*at)).find_map(twice)
}
