//! What was taken one by one for one step goes out as a whole with the next.

use crate::{
    catalogue::{Action, Block},
    plan::{
        clauses::act::Act,
        steps::{build::Builder, draft::Datum},
    },
    reading::{Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Add the decisions to Notion and mail them": each has its own page, and one mail has all of them.
    pub(in crate::plan) fn whole_again(&mut self, act: &Act<'r>, block: &Block) -> Option<()> {
        let all = |phrase: &Phrase| match phrase.pronoun {
            true => phrase.head.ends_with("them"),
            false => phrase.plural && phrase.determiner == Determiner::The,
        };
        let objects = &act.frame.objects;
        // A post by itself is fine, and several are.
        let sends = self.known.meaning(block).action == Action::Send;
        if !sends || objects.is_empty() || !objects.iter().all(all) || self.gate().is_some() {
            return None;
        }
        let at = self.latest()?;
        let one = self.draft.data.get(at).filter(|datum| datum.single)?;
        let inputs = &self.draft.step(one.flow.step)?.inputs;
        let entry = self.block_is(self.draft.step(one.flow.step)?, |name| name == "StepThroughItemsBlock");
        let gives = |list: &Datum| {
            let fed = entry && inputs.iter().any(|input| input.binding == list.flow.binding());
            !list.single && list.flow.is_list() && fed
        };
        let list = self.draft.data.iter().take(at).rev().find(|datum| gives(datum))?.clone();
        self.draft.data.push(Datum { used: false, under: self.scope, ..list });
        Some(())
    }
}
