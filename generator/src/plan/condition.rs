//! Conditions: what goes on in which case.

use serde_json::json;

use super::{
    act::Act,
    build::{Branch, Builder},
    draft::Datum,
    trigger::CHANGES,
};
use crate::{
    catalogue::schema::Types,
    reading::{Phrase, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    pub(super) fn condition(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        let act = Act::of(self.reading, index);
        self.cover.add(&clause.span);
        let phrases: Vec<&Phrase> = act.iter().flat_map(|act| act.phrases().collect::<Vec<_>>()).collect();
        let mut tested = phrases.iter().find_map(|phrase| self.refer(phrase));
        if tested.is_none()
            && let Some(act) = act
        {
            let services = act.services();
            let source = phrases.iter().copied().find(|phrase| {
                self.source_of(&act, phrase, &services).is_some_and(|source| source.named || !self.draft.has_data())
            });
            if let Some(phrase) = source {
                self.polls = self.polls || self.reading.schedule.is_none();
                tested = self.fetch(&act, phrase, &services);
            }
        }
        let tested = tested.or_else(|| self.latest()).or_else(|| {
            let asked =
                phrases.iter().find(|phrase| !phrase.pronoun && self.known.is_askable(&phrase.head)).copied()?;
            Some(self.ask_for(asked))
        });
        let Some(tested) = tested else {
            // Nothing to test yet: the sentence goes to whoever thinks.
            return;
        };
        let says_change = clause.span.clone().any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Word(word)) if matches!(word.as_str(), "change" | "changes" | "changed"))
        });
        let changes =
            says_change || act.is_some_and(|act| CHANGES.contains(&act.plain_lemma()) || act.lemma() == "be different");
        if changes {
            return self.only_new(index, tested, true);
        }
        let per_entry = self.draft.data.get(tested).is_some_and(|datum| datum.flow.is_list());
        let governs_each = self.reading.clauses.iter().any(|clause| clause.under == Some(index));
        let tested = if per_entry && governs_each { self.single(tested) } else { tested };
        let Some(datum) = self.draft.data.get(tested).cloned() else { return };
        let Some(flow) = self.take(tested) else { return };
        let text = self.text(&clause.span);
        let negated = act.is_some_and(|act| act.frame.negated) && text.to_lowercase().starts_with("unless");
        let question = condition_text(text);
        let step = match self.numeric(&act, &datum) {
            Some((operator, number)) => {
                let Some(block) = self.known.catalogue.by_name("ConditionBlock") else { return };
                self.step_of(
                    block,
                    &super::act::sentence(&format!("Check: {question}")),
                    &[("operator", json!(operator)), ("value2", json!(number))],
                    &[("value1", flow.clone())],
                )
            }
            None => {
                let Some(block) = self.known.catalogue.by_name("AIConditionBlock") else { return };
                let entry =
                    if datum.flow.fields.is_empty() { flow.clone() } else { self.draft.fit(&flow, Types::STRING) };
                let step = self.step_of(
                    block,
                    &super::act::sentence(&format!("Check: {question}")),
                    &[("condition", json!(question))],
                    &[("input_value", entry.clone())],
                );
                // What goes on is the entry itself, not its text.
                if entry.step != flow.step
                    && let Some(step) = self.draft.steps.get_mut(step)
                {
                    step.bind("yes_value", flow.binding());
                    step.bind("no_value", flow.binding());
                }
                step
            }
        };
        let (yes, no) = if negated { ("no_output", "yes_output") } else { ("yes_output", "no_output") };
        let mut way = |output: &str| {
            let mut out = self.draft.flow(step, output);
            (out.fields, out.types, out.name) = (flow.fields.clone(), flow.types, flow.name.clone());
            self.draft.data.push(Datum {
                flow: out,
                each: None,
                used: true,
                open: Vec::new(),
                under: None,
                ..datum.clone()
            });
            self.draft.data.len() - 1
        };
        let (yes, no) = (way(yes), way(no));
        self.branch(index, Branch { yes, no });
        self.done += 1;
    }

    /// "over 100": a number that is compared as one, if the datum is a number.
    fn numeric(&self, act: &Option<Act<'_>>, datum: &Datum) -> Option<(&'static str, f64)> {
        let types = datum.flow.types;
        if types.is_any() || !types.is_within(Types::NUMBER) && !types.is_within(Types::INTEGER) {
            return None;
        }
        let act = act.as_ref()?;
        let number = act.values().find_map(|(_, value)| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        })?;
        let over = act.clause.span.clone().find_map(|at| match &self.reading.tokens.get(at)?.kind {
            TokenKind::Word(word) => match word.as_str() {
                "over" | "above" | "more" | "exceeds" | "exceed" | "greater" | "higher" => Some(">"),
                "under" | "below" | "less" | "lower" | "fewer" => Some("<"),
                _ => None,
            },
            _ => None,
        });
        over.map(|operator| (operator, number))
    }
}

/// The condition as a question to a model: without "if".
fn condition_text(text: &str) -> String {
    let lower = text.to_lowercase();
    for start in
        ["but only if ", "only if ", "and if ", "if ", "unless ", "when ", "whenever ", "in case ", "provided that "]
    {
        if lower.starts_with(start) {
            return text.get(start.len()..).unwrap_or(text).to_owned();
        }
    }
    text.to_owned()
}
