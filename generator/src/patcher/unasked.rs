//! Compares an agent before and after an operation: what nobody asked for must not have happened.

use std::collections::{HashMap, HashSet};

use super::{
    canvas::Canvas,
    refused::Refused,
    wish::{Act, Operation},
};
use crate::plan::model::{Binding, Input, Step};

/// The id of the step that an operation changed or added: the last one that does something.
pub(super) fn touched(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let old: HashMap<&str, usize> = before.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let differs = |at: &usize| {
        let id = after.ids.get(*at).map_or("", String::as_str);
        let was = old.get(id).and_then(|at| before.steps.get(*at));
        let values = |step: &Step| -> Vec<Input> {
            step.inputs.iter().filter(|input| matches!(input.binding, Binding::Value(_))).cloned().collect()
        };
        match (was, after.steps.get(*at)) {
            (Some(was), Some(is)) => was.title != is.title || values(was) != values(is),
            _ => true,
        }
    };
    let changed: Vec<usize> = after.working().into_iter().filter(differs).collect();
    let own = changed.iter().rev().find(|at| !after.is_helper(**at)).or(changed.last());
    own.and_then(|at| after.ids.get(*at).cloned())
}

/// Refuses an operation that took away work which it does not name.
pub(super) fn check(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Result<(), Refused> {
    let takes = operation.instead.is_some()
        || operation.contrast.is_some()
        || matches!(operation.act, Act::Remove(_) | Act::Replace { .. } | Act::Use { .. } | Act::Start(_));
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
