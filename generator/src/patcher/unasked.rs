//! Compares an agent before and after an operation: what nobody asked for must not have happened.

use std::collections::HashSet;

use super::{
    Refused,
    canvas::Canvas,
    wish::{Act, Operation},
};

/// Refuses an operation that took away work which it does not name.
pub(super) fn check(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Result<(), Refused> {
    let takes = operation.instead.is_some()
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
        Some(at) => Err(Refused::unsupported(format!(
            "This would take {} away, which was not asked for.",
            before.title(at)
        ))),
        None => Ok(()),
    }
}
