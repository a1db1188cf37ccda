//! "Answer from our documentation", "based on our FAQ": texts of the person's own that an answer is to be made from.

use crate::{
    knowledge::capitalised,
    plan::{
        clauses::act::Act,
        steps::{build::Builder, draft::AskKind},
    },
    reading::{Token, Value},
};

/// What people keep to look things up in. Of two words both.
const WORKS: [&str; 21] = [
    "documentation",
    "docs",
    "faq",
    "faqs",
    "knowledge base",
    "knowledgebase",
    "handbook",
    "manual",
    "manuals",
    "guideline",
    "guidelines",
    "policy",
    "policies",
    "playbook",
    "style guide",
    "brand guide",
    "help center",
    "help centre",
    "help articles",
    "product catalogue",
    "product catalog",
];
/// Whether a noun is such a work: it takes more than a line.
pub(in crate::plan) fn is_work(noun: &str) -> bool {
    WORKS.contains(&noun)
}

/// Words between "our" and the work: "our public product documentation".
const REACH: usize = 3;

impl<'r> Builder<'_, 'r> {
    /// Asks for the works that an act is to be done from and that no step reads: a model that has not seen them makes them up.
    pub(in crate::plan) fn reference_works(&mut self, act: &Act<'r>) -> Vec<usize> {
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
        let span = act.clause.span.clone();
        let addressed = act.values().any(|(_, value)| matches!(value, Value::Url(_)));
        let mut found: Vec<(usize, usize)> = Vec::new();
        for at in span.clone().filter(|_| !addressed) {
            let own = matches!(word(at), "our" | "my" | "this" | "these" | "the");
            let before = at.checked_sub(1).map(word).unwrap_or_default();
            let from =
                matches!(before, "from" | "on" | "using" | "use" | "with" | "of" | "in" | "to" | "against" | "by");
            let noun = (at + 1..span.end.min(at + 2 + REACH)).filter(|_| own && from).find_map(|noun| {
                let (one, two) = (word(noun), format!("{} {}", word(noun), word(noun + 1)));
                WORKS.iter().find(|name| **name == two || **name == one).map(|name| noun + name.split(' ').count())
            });
            found.extend(noun.map(|end| (at + 1, end)));
        }
        let mut data = Vec::new();
        for (start, end) in found {
            let text = self.text(&(start..end)).to_lowercase();
            // "our documentation in Notion": read there, or nobody can.
            let stands =
                act.phrases().any(|phrase| !phrase.services.is_empty() && (end..end + 4).contains(&phrase.span.start));
            let noun = text.rsplit(' ').next().unwrap_or_default().to_owned();
            let there = self.draft.data.iter().any(|datum| datum.nouns.iter().any(|own| *own == text || *own == noun));
            if stands || there {
                continue;
            }
            let flow = self.draft.ask(&capitalised(&text), "The text itself", AskKind::Long, None);
            self.cover.add(&(start - 1..end));
            data.push(self.draft.given(flow, vec![text, noun]));
        }
        data
    }
}
