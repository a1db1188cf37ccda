//! Another order of the steps: what one works on becomes what the other gives.

use std::collections::HashSet;

use super::{
    Refused,
    draft::Draft,
    edits::{add, delivers, is, last_start, main_input, route},
    target,
};
use crate::{
    Watch,
    knowledge::Knowledge,
    plan::{self, BETWEEN, model::Binding},
    text::shortened,
};

/// Where a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Before another.
    Before,
    /// After another.
    After,
}

/// Moves a step, or, where `what` names none, adds it there. `said` is the whole wish.
pub(super) fn place(
    knowledge: &Knowledge,
    draft: &mut Draft,
    (what, side, of): (&str, Side, &str),
    said: &str,
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<(), Refused> {
    let there = match target::worker(knowledge, draft, of, context) {
        Ok(there) => there,
        // "Post it before noon": no step is meant.
        Err(Refused::Impossible(_)) if !said.to_lowercase().starts_with("move") => {
            return add(knowledge, draft, said, context, watch);
        }
        Err(refused) => return Err(refused),
    };
    let moves = said.to_lowercase().starts_with("move");
    let adds = said.to_lowercase().starts_with("add");
    if moves || (!adds && target::is_named(knowledge, draft, what)) {
        let at = target::worker(knowledge, draft, what, context)?;
        return reorder(knowledge, draft, at, side, there);
    }
    match side {
        Side::Before => insert(knowledge, draft, what, there, context, watch),
        Side::After => add(knowledge, draft, said, context, watch),
    }
}

/// Moves the step `at` before or after another.
fn reorder(knowledge: &Knowledge, draft: &mut Draft, at: usize, side: Side, there: usize) -> Result<(), Refused> {
    let title = |draft: &Draft, at: usize| shortened(&draft.title(&knowledge.catalogue, at), 60);
    let impossible = |text: String| Err(Refused::Impossible(text));
    let (one, other) = (title(draft, at), title(draft, there));
    if at == there {
        return impossible(format!("{one} cannot come before or after itself."));
    }
    let (early, late) = if side == Side::Before { (at, there) } else { (there, at) };
    if leads(draft, early, late) {
        return impossible(format!("{} comes before {} already.", title(draft, early), title(draft, late)));
    }
    if delivers(knowledge, draft, early) && delivers(knowledge, draft, late) {
        return impossible(format!(
            "{one} and {other} do not wait for each other: neither needs what the other gives."
        ));
    }
    let serving: HashSet<String> = serving(draft);
    // Asked before anything moves: afterwards nobody takes it any more.
    let given = gives(knowledge, draft, early);
    let works_on =
        |draft: &Draft, at: usize| main_input(knowledge, draft, at).filter(|_| !begins(knowledge, draft, at));
    let Some((_, late_from, late_output)) = works_on(draft, late) else {
        return impossible(format!("{} begins the work: nothing can come before it.", title(draft, late)));
    };
    if leads(draft, late, early) {
        let Some((_, from, output)) = works_on(draft, early) else {
            return impossible(format!("{} begins the work: it works on nothing.", title(draft, early)));
        };
        // Whichever is moved leaves its place: what came after it takes what it took.
        match side {
            Side::Before => {
                close(knowledge, draft, at, &(from, output));
                feed(knowledge, draft, early, (late_from, &late_output));
            }
            Side::After => {
                let heirs = draft.takers(early);
                close(knowledge, draft, at, &(late_from, late_output));
                let late_gives = gives(knowledge, draft, late).filter(|_| !delivers(knowledge, draft, late));
                for (heir, input, output) in heirs.into_iter().filter(|(heir, ..)| *heir != late) {
                    if let Some(late_gives) = late_gives.as_ref().filter(|_| given.as_ref() == Some(&output)) {
                        route(knowledge, draft, (late, late_gives), heir, &input);
                    }
                }
            }
        }
        draft.swap_places(at, there);
    }
    if !delivers(knowledge, draft, early) {
        let Some(output) = given else {
            return impossible(format!("{} gives nothing that could be worked on.", title(draft, early)));
        };
        feed(knowledge, draft, late, (early, &output));
    }
    sweep(knowledge, draft, &serving)
}

/// Whether a step brings in what the others work on.
fn begins(knowledge: &Knowledge, draft: &Draft, at: usize) -> bool {
    is(knowledge, draft, at, |block| knowledge.begins(block))
}

/// Adds what `words` ask for, between a step and what it works on.
fn insert(
    knowledge: &Knowledge,
    draft: &mut Draft,
    words: &str,
    there: usize,
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<(), Refused> {
    if begins(knowledge, draft, there) {
        let title = shortened(&draft.title(&knowledge.catalogue, there), 60);
        return Err(Refused::Impossible(format!("{title} begins the work: nothing can come before it.")));
    }
    let old = draft.steps.len();
    add(knowledge, draft, words, context, watch)?;
    let fresh = newest(knowledge, draft, old);
    // What takes something out, or brings something in of its own, stands beside the others.
    let between = |at: &usize| !delivers(knowledge, draft, *at) && !begins(knowledge, draft, *at);
    let Some(fresh) = fresh.filter(between) else { return Ok(()) };
    let serving = serving(draft);
    if let (Some((_, from, output)), Some(_)) =
        (main_input(knowledge, draft, there), main_input(knowledge, draft, fresh))
    {
        feed(knowledge, draft, fresh, (from, &output));
    }
    let Some(output) = gives(knowledge, draft, fresh) else { return Ok(()) };
    feed(knowledge, draft, there, (fresh, &output));
    hide(knowledge, draft, fresh, old);
    sweep(knowledge, draft, &serving)
}

/// The last of the steps from `old` on that does something.
fn newest(knowledge: &Knowledge, draft: &Draft, old: usize) -> Option<usize> {
    let works = |at: &usize| {
        !is(knowledge, draft, *at, |block| {
            block.is_agent_input() || block.is_agent_output() || BETWEEN.contains(&block.id.as_str())
        })
    };
    (old..draft.steps.len()).rfind(works)
}

/// Takes away the new outputs of the agent for what a new step gives: it comes out further on.
fn hide(knowledge: &Knowledge, draft: &mut Draft, fresh: usize, old: usize) {
    let shown = draft.takers(fresh).into_iter().map(|(taker, ..)| taker);
    let shown: HashSet<usize> =
        shown.filter(|at| *at >= old && is(knowledge, draft, *at, |block| block.is_agent_output())).collect();
    let others = (0..draft.steps.len())
        .any(|at| !shown.contains(&at) && is(knowledge, draft, at, |block| block.is_agent_output()));
    if others {
        draft.remove(&shown);
    }
}

/// The newest of the steps from `old` on works on what a step worked on, and what took something from that takes it from
/// the new one. A step that takes something out has nothing to hand over.
pub(super) fn take_over(knowledge: &Knowledge, draft: &mut Draft, at: usize, old: usize) {
    let Some(fresh) = newest(knowledge, draft, old) else { return };
    if delivers(knowledge, draft, fresh) || delivers(knowledge, draft, at) {
        return;
    }
    let Some(output) = gives(knowledge, draft, fresh) else { return };
    let heirs = draft.takers(at);
    if let Some((_, from, output)) = main_input(knowledge, draft, at).filter(|_| !begins(knowledge, draft, fresh)) {
        feed(knowledge, draft, fresh, (from, &output));
    }
    let mut taken = false;
    for (heir, input, _) in heirs.into_iter().filter(|(heir, ..)| *heir < old) {
        route(knowledge, draft, (fresh, &output), heir, &input);
        taken = true;
    }
    if taken {
        hide(knowledge, draft, fresh, old);
    }
}

/// Whether what `from` gives reaches `to`.
fn leads(draft: &Draft, from: usize, to: usize) -> bool {
    let next = draft.all_takers();
    let (mut seen, mut open) = (HashSet::from([from]), vec![from]);
    while let Some(at) = open.pop() {
        for to in next.get(at).into_iter().flatten() {
            if seen.insert(*to) {
                open.push(*to);
            }
        }
    }
    from != to && seen.contains(&to)
}

/// The output that others work on: the one they take already, else the one with everything.
fn gives(knowledge: &Knowledge, draft: &Draft, at: usize) -> Option<String> {
    let step = draft.steps.get(at)?;
    let block = knowledge.catalogue.by_id(&step.block)?;
    let taken = draft.takers(at).into_iter().next().map(|(_, _, output)| output);
    taken.or_else(|| plan::given(knowledge, block))
}

/// Whatever took something from a step takes this instead.
fn close(knowledge: &Knowledge, draft: &mut Draft, at: usize, (from, output): &(usize, String)) {
    for (taker, input, _) in draft.takers(at) {
        let receipt = delivers(knowledge, draft, at) && is(knowledge, draft, taker, |block| block.is_agent_output());
        if taker != *from && !receipt {
            route(knowledge, draft, (*from, output), taker, &input);
        }
    }
}

/// A step works on this from now on, wherever it worked on what it did.
fn feed(knowledge: &Knowledge, draft: &mut Draft, at: usize, (from, output): (usize, &str)) {
    let Some((_, old, old_output)) = main_input(knowledge, draft, at) else { return };
    let same = Binding::From { step: old, output: old_output };
    let inputs = draft.steps.get(at).into_iter().flat_map(|step| step.inputs.iter());
    let names: Vec<String> = inputs.filter(|input| input.binding == same).map(|input| input.name.clone()).collect();
    for name in names {
        route(knowledge, draft, (from, output), at, &name);
    }
}

/// The ids of the steps that something takes from.
pub(super) fn serving(draft: &Draft) -> HashSet<String> {
    let inputs = draft.steps.iter().flat_map(|step| step.inputs.iter());
    let sources = inputs.filter_map(|input| match &input.binding {
        Binding::From { step, .. } => draft.ids.get(*step).cloned(),
        Binding::Value(_) => None,
    });
    sources.collect()
}

/// What only joined two others, or asked for a value, and now serves nothing, goes. Refused where that would be work of
/// its own, which nobody asked to be thrown away.
pub(super) fn sweep(knowledge: &Knowledge, draft: &mut Draft, served: &HashSet<String>) -> Result<(), Refused> {
    let takers = draft.all_takers();
    let served: Vec<bool> = draft.ids.iter().map(|id| served.contains(id)).collect();
    let mut gone: HashSet<usize> = HashSet::new();
    loop {
        let left = |at: &usize| {
            let unused = || takers.get(*at).is_some_and(|takers| takers.iter().all(|taker| gone.contains(taker)));
            served.get(*at) == Some(&true) && !gone.contains(at) && unused()
        };
        let asks = |at: usize| {
            is(knowledge, draft, at, |block| block.is_agent_input()) && !last_start(knowledge, draft, at, &gone)
        };
        let helps = |at: &usize| asks(*at) || is(knowledge, draft, *at, |block| BETWEEN.contains(&block.id.as_str()));
        let idle: Vec<usize> = (0..draft.steps.len()).filter(left).collect();
        let more: Vec<usize> = idle.iter().copied().filter(helps).collect();
        if more.is_empty() {
            if let Some(at) = idle.into_iter().find(|at| !delivers(knowledge, draft, *at)) {
                let title = shortened(&draft.title(&knowledge.catalogue, at), 60);
                return Err(Refused::Impossible(format!("Then nothing would use what {title} gives.")));
            }
            if !gone.is_empty() {
                draft.remove(&gone);
            }
            return Ok(());
        }
        gone.extend(more);
    }
}
