//! What no act of its own took up: words that a language model can still mind.

use crate::{
    plan::{clauses::act::Act, model::Reason, steps::build::Builder},
    reading::Role,
};

impl<'k, 'r> Builder<'k, 'r> {
    /// What narrows a result that goes straight to the person is minded before it does.
    pub(in crate::plan) fn mind_the_rest(&mut self) {
        for index in 0..self.draft.data.len() {
            let Some(datum) = self.draft.data.get(index) else { break };
            let Some(clause) = datum.open.first().and_then(|span| {
                self.reading
                    .clauses
                    .iter()
                    .position(|clause| clause.span.start <= span.start && span.start < clause.span.end)
            }) else {
                continue;
            };
            if datum.receipt {
                continue;
            }
            let Some(act) = Act::of(self.reading, clause) else { continue };
            if datum.used || !self.known.has_model() {
                // Its reader is built already: tell the model that reads it, or say that it was left out.
                let open =
                    self.draft.data.get_mut(index).map(|datum| std::mem::take(&mut datum.open)).unwrap_or_default();
                for span in open {
                    let text = self.text(&span).to_owned();
                    match self.thinker {
                        Some(thinker) if !text.is_empty() => {
                            self.remark(thinker, &format!("Only mind what fits this: {text}."))
                        }
                        _ => self.leave(&text, Reason::NotSupported, "no step can narrow it down like this"),
                    }
                }
                continue;
            }
            let words = format!("Keep only what fits this, and leave out the rest: {}", act.instruction());
            let step = self.ask_model(&act, &words, &[], &[index], None);
            let nouns = self.draft.data.get(index).map(|datum| datum.nouns.clone()).unwrap_or_default();
            self.made(step, nouns, None, &[index]);
        }
    }

    /// Pages of search results are no answer: what was asked for is picked out of them.
    pub(in crate::plan) fn digest_searches(&mut self) {
        for index in 0..self.draft.data.len() {
            let Some(datum) = self.draft.data.get(index) else { break };
            let raw = self.draft.block(datum.flow.step).is_some_and(|block| block.name == "SearchTheWebBlock");
            if !raw || datum.used {
                continue;
            }
            let says = self.draft.step(datum.flow.step).map(|step| step.says.clone());
            let acts = self.reading.clauses.iter().zip(0..).filter(|(clause, _)| clause.role == Role::Act);
            let acts: Vec<Act<'_>> = acts.filter_map(|(_, at)| Act::of(self.reading, at)).collect();
            // The one that was searched for.
            let searched = acts.iter().find(|act| says.as_ref() == Some(&act.instruction()));
            let Some(act) = searched.or(acts.first()).copied() else { return };
            let words = format!("From what was found, do this and name the sources: {}", act.instruction());
            let step = self.ask_model(&act, &words, &[], &[index], None);
            self.made(step, vec!["finding".to_owned()], None, &[index]);
        }
    }
}
