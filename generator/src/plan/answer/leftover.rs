//! What no act of its own took up: words that a language model can still mind.

use crate::{
    catalogue::schema::Types,
    plan::{
        clauses::act::{Act, names},
        model::{Binding, Reason},
        steps::{build::Builder, draft},
    },
    reading::{Phrase, Role, Span},
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
                let open: Vec<Span> = open.into_iter().filter(|span| !self.is_used(span)).collect();
                for span in open {
                    let text = self.text(&span).to_owned();
                    match self.thinker {
                        Some(_) if self.says_nothing(&text) => {}
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

    /// "(chat 99)": its value stands in a step.
    fn is_used(&self, span: &Span) -> bool {
        let value = |at: &usize| self.reading.tokens.get(*at).is_some_and(|token| token.value().is_some());
        let mut values = span.clone().filter(value).peekable();
        values.peek().is_some() && values.all(|at| self.cover.has(at))
    }

    /// Pages of search results are no answer: what was asked for is picked out of them.
    pub(in crate::plan) fn digest_searches(&mut self) {
        for index in 0..self.draft.data.len() {
            if !self.is_search(index) || self.draft.data.get(index).is_some_and(|datum| datum.used) {
                continue;
            }
            let Some(act) = self.searched_by(index) else { return };
            let words = format!("From what was found, do this and name the sources: {}", act.instruction());
            let step = self.ask_model(&act, &words, &[], &[index], None);
            self.made(step, vec!["finding".to_owned()], None, &[index]);
        }
    }
    /// Whether a datum is the page of results of a web search.
    pub(in crate::plan) fn is_search(&self, index: usize) -> bool {
        let block = self.draft.data.get(index).and_then(|datum| self.draft.block(datum.flow.step));
        block.is_some_and(|block| block.name == "SearchTheWebBlock")
    }

    /// The act that a search was made for.
    fn searched_by(&self, index: usize) -> Option<Act<'r>> {
        let says = self.draft.step(self.draft.data.get(index)?.flow.step)?.says.clone();
        let acts = self.reading.clauses.iter().zip(0..).filter(|(clause, _)| clause.role == Role::Act);
        let acts: Vec<Act<'_>> = acts.filter_map(|(_, at)| Act::of(self.reading, at)).collect();
        acts.iter().find(|act| says == act.instruction()).or(acts.first()).copied()
    }

    /// What a search found, entry by entry, with the parts that the act that keeps them names, else that are said to matter.
    pub(in crate::plan) fn entries_found(&mut self, act: &Act<'r>, found: usize) -> usize {
        let searched = self.searched_by(found).unwrap_or(*act);
        let part = |phrase: &&Phrase| !phrase.pronoun && !phrase.head.is_empty() && phrase.services.is_empty();
        let kept: Vec<&Phrase> = act.frame.objects.iter().filter(part).collect();
        let kept = if kept.len() > 1 { kept } else { Vec::new() };
        let with = (0..act.index).filter_map(|at| Act::of(self.reading, at));
        let with = with.filter(|with| with.clause.role == Role::Manner).collect::<Vec<_>>();
        let with = with.iter().flat_map(|with| with.arguments(&["with", "including"])).map(|with| &with.phrase);
        let named = kept.into_iter().chain(with.filter(part)).map(|phrase| draft::slug(&phrase.head));
        let mut keys: Vec<String> = std::iter::once("name".to_owned()).chain(named).collect();
        if keys.len() == 1 {
            keys.extend(["link", "details"].map(str::to_owned));
        }
        keys.dedup();
        let manners = self.manners(&searched);
        let words = format!("From what was found, list each one that fits: {}", searched.instruction());
        let step = self.ask_model(&searched, &words, &manners, &[found], Some(&keys));
        self.made(step, searched.frame.objects.iter().flat_map(names).collect(), Some(keys), &[found]);
        if let Some(step) = self.draft.steps.get_mut(step) {
            step.bind("list_result", Binding::Value(serde_json::json!(true)));
        }
        if let Some(datum) = self.draft.data.last_mut() {
            datum.flow.types = Types::ARRAY;
        }
        self.draft.data.len() - 1
    }
}
