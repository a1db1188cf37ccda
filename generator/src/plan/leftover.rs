//! What no act of its own took up: words that a language model can still mind, and questions that it can answer.

use serde_json::json;

use super::{act::Act, build::Builder};
use crate::{
    catalogue::{NESTED, schema::Types},
    reading::Role,
};

impl<'k, 'r> Builder<'k, 'r> {
    /// What narrows a result that goes straight to the person is minded before it does.
    pub(super) fn mind_the_rest(&mut self) {
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
                        _ => self.leave(
                            &text,
                            super::model::Reason::NotSupported,
                            "no step can narrow it down like this",
                        ),
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
    pub(super) fn digest_searches(&mut self) {
        for index in 0..self.draft.data.len() {
            let Some(datum) = self.draft.data.get(index) else { break };
            let raw = self.draft.block(datum.flow.step).is_some_and(|block| block.name == "SearchTheWebBlock");
            if !raw || datum.used {
                continue;
            }
            let clause = self.reading.clauses.iter().position(|clause| clause.role == Role::Act);
            let Some(act) = clause.and_then(|clause| Act::of(self.reading, clause)) else { return };
            let words = format!("From what was found, do this and name the sources: {}", act.instruction());
            let step = self.ask_model(&act, &words, &[], &[index], None);
            self.made(step, vec!["finding".to_owned()], None, &[index]);
        }
    }

    /// "What is 12 times 34?"
    fn computes(&mut self) -> bool {
        use crate::reading::{TokenKind, Value};
        let tokens = &self.reading.tokens;
        let number = |at: usize| match &tokens.get(at)?.kind {
            TokenKind::Value(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let found = (0..tokens.len()).find_map(|at| {
            let TokenKind::Word(word) = &tokens.get(at + 1)?.kind else { return None };
            let (operation, second) = match word.as_str() {
                "times" | "x" => ("Multiply", at + 2),
                "plus" => ("Add", at + 2),
                "minus" => ("Subtract", at + 2),
                "divided" => ("Divide", at + 3),
                "multiplied" => ("Multiply", at + 3),
                _ => return None,
            };
            Some((operation, number(at)?, number(second)?))
        });
        let (Some((operation, a, b)), Some(block)) = (found, self.known.catalogue.by_name("CalculatorBlock")) else {
            return false;
        };
        let step = self.step_of(
            block,
            "Calculate it",
            &[("operation", json!(operation)), ("a", json!(a)), ("b", json!(b))],
            &[],
        );
        self.draft.gives(step, &["result".to_owned()], None);
        self.cover.add(&(0..tokens.len()));
        self.done += 1;
        true
    }

    /// A goal that only asks something is looked up and answered.
    pub(super) fn answer_question(&mut self) {
        let asking = |word: &str| matches!(word, "which" | "what" | "who" | "where" | "when" | "how" | "why");
        let words: Vec<&str> = self.reading.tokens.iter().filter_map(crate::reading::Token::word).collect();
        let asks = words.first().is_some_and(|word| asking(word.trim_end_matches('s').trim_end_matches('\'')))
            || self.reading.text.contains('?') && words.iter().any(|word| asking(word));
        let about_us = self.reading.tokens.iter().any(|token| {
            matches!(&token.kind, crate::reading::TokenKind::Word(word) if matches!(word.as_str(), "you" | "your") || self.known.is_agent(word.trim_end_matches('s')))
        });
        let (true, false, Some(search)) = (asks, about_us, self.known.catalogue.by_name("SearchTheWebBlock")) else {
            return;
        };
        if self.computes() {
            return;
        }
        let all = 0..self.reading.tokens.len();
        if let Some(block) = self
            .source_in(&all)
            .filter(|block| matches!(block.name.as_str(), "GetCurrentDateBlock" | "GetWeatherInformationBlock"))
        {
            let says = super::act::sentence(&super::english::shortened(&self.reading.text, 80));
            let step = self.apply(block, super::fill::Fill { name: Some(says.clone()), says, ..Default::default() });
            self.draft.gives(step, &[], None);
            self.cover.add(&all);
            self.done += 1;
            return;
        }
        let text = super::english::shortened(&self.reading.text, 1000);
        let step = self.step_of(
            search,
            &format!("Search the web: {}", super::english::shortened(&text, 80)),
            &[("query", json!(super::english::shortened(&text, 300)))],
            &[],
        );
        let Some(found) = self.draft.gives(step, &["result".to_owned()], None) else { return };
        let Some(flow) = self.take(found) else { return };
        let Some(block) = self.known.catalogue.by_name("AITextGeneratorBlock") else { return };
        let prompt = format!("Answer this from what was found, and name the sources: {text}\n\n{{{{{}}}}}", flow.name);
        let text_flow = self.draft.fit(&flow, Types::STRING);
        let name = format!("prompt_values{NESTED}{}", flow.name);
        let step = self.step_of(
            block,
            "Answer the question from what was found",
            &[("prompt", json!(prompt))],
            &[(name.as_str(), text_flow)],
        );
        self.made(step, vec!["answer".to_owned()], None, &[found]);
        for clause in &self.reading.clauses {
            self.cover.add(&clause.span);
        }
        self.done += 1;
    }
}
