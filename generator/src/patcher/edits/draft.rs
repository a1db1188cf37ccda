//! "Don't send it right away, create a draft": the mail is written down where it would be sent from.

use super::Edit;
use crate::{
    catalogue::Block,
    knowledge::Class,
    patcher::{
        refused::Refused,
        wish::{Act, hastens},
    },
};

/// Words of an order that asks for a draft and for nothing else.
const PLAIN: &str = "create make save store leave keep put prepare only just a an as them it the mail mails email emails e-mail e-mails \
    message messages reply replies of for each every all in into my gmail drafts draft folder mailbox one";

/// What says that nothing is sent.
const DENIES: [&str; 9] = ["only", "just", "instead", "rather", "not", "don", "dont", "never", "without"];

impl<'k> Edit<'_, 'k> {
    /// A draft in the place of what sends mails. `None` where the order asks for anything else.
    pub(super) fn drafted(&mut self) -> Option<Result<(), Refused>> {
        let orders = matches!(self.operation.act, Act::Do(_) | Act::Add(_) | Act::Make(_) | Act::Use { .. });
        if !orders || self.operation.place.is_some() || self.operation.condition.is_some() || self.operation.also {
            return None;
        }
        // Who asks for a draft too wants it sent all the same.
        let said = self.operation.said.to_lowercase();
        let denies = said.split(|c: char| !c.is_alphanumeric()).any(|word| DENIES.contains(&word));
        if !denies && !self.operation.only && self.operation.instead.is_none() {
            return None;
        }
        let text = self.act_text().to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let plain = words.iter().all(|word| PLAIN.split_whitespace().any(|one| one == *word));
        if !plain || words.len() > 8 || !words.iter().any(|word| matches!(*word, "draft" | "drafts")) {
            return None;
        }
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        let keeps: Vec<usize> = sends.iter().copied().filter(|at| self.draft_of(*at).is_some()).collect();
        let first = *sends.first()?;
        let [at] = *keeps.as_slice() else {
            let title = self.canvas.title(keeps.first().copied().unwrap_or(first));
            let why = if keeps.is_empty() { "keeps no drafts" } else { "is not the only one that sends" };
            return Some(Err(Refused::unserved(format!("{title} {why}."))));
        };
        let others: Vec<String> =
            sends.iter().filter(|other| **other != at).map(|other| self.canvas.title(*other)).collect();
        self.canvas.told.extend(others.into_iter().map(|title| format!("{title} keeps no drafts: it sends as before")));
        self.canvas.exchanged = true;
        let block = self.draft_of(at)?;
        Some(self.put_in_place(at, block, ""))
    }

    /// The block that makes a draft where a step sends.
    fn draft_of(&self, at: usize) -> Option<&'k Block> {
        let known = self.canvas.known;
        let service = known.meaning(self.canvas.block(at)?).service.as_ref()?;
        let own = known.catalogue.blocks_of(service).iter().filter_map(|index| known.catalogue.blocks().get(*index));
        own.into_iter().find(|block| block.name.ends_with("CreateDraftBlock"))
    }

    fn tells(&self, verb: &str) -> bool {
        let known = self.canvas.known;
        [Class::Tell, Class::Store, Class::Hand].iter().any(|class| known.is(&known.vocabulary.canonical(verb), *class))
    }

    /// "don't send it right away": nothing is taken away, and what it should wait for is not said.
    pub(super) fn hasty(&self) -> Option<Refused> {
        let hasty = hastens(&self.operation.said).is_some_and(|verb| self.sends(&verb) || self.tells(&verb));
        hasty.then(|| {
            Refused::ask(
                "What should it wait for: your approval, or for how long?".to_owned(),
                "wait",
                Some("Wait for my approval before it is sent".to_owned()),
            )
        })
    }
}
