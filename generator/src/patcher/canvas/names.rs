//! What people call the steps of an agent.

use super::words::{alike, words};
use crate::{
    catalogue::{Action, Block},
    knowledge::{Knowledge, is_text_model},
};

/// The words that a step goes by.
#[derive(Debug, Clone, Default)]
pub(in crate::patcher) struct Names {
    title: Vec<String>,
    kind: Vec<String>,
}

/// How well a word names a step.
const TITLE: u32 = 3;
const KIND: u32 = 2;

impl Names {
    /// 0 where the word is none of its names.
    pub(in crate::patcher) fn fit(&self, word: &str) -> u32 {
        let best = |names: &[String]| names.iter().map(|name| alike(word, name)).max().unwrap_or(0);
        (best(&self.title) * TITLE).max(best(&self.kind) * KIND)
    }

    /// Whether the word stands in the title.
    pub(in crate::patcher) fn titled(&self, word: &str) -> bool {
        self.title.iter().any(|name| alike(word, name) > 0)
    }

    /// `thinks`: a language model does it by a prompt.
    pub(super) fn of(known: &Knowledge, title: &str, block: Option<&Block>, thinks: bool) -> Self {
        let mut names = Self { title: words(known, title), kind: Vec::new() };
        let Some(block) = block else { return names };
        names.kind.extend(words(known, &block.title()));
        names.kind.extend(known.names_of(block).iter().flat_map(|name| words(known, name)));
        let role = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let action = known.meaning(block).action;
        if known.delivers(block) {
            names.kind.extend(role("notification alert delivery send"));
        }
        if is_text_model(block) && thinks {
            names.kind.extend(role("ai model llm prompt writing answer"));
        }
        if block.trigger {
            names.kind.extend(role("trigger start"));
        }
        match action {
            Action::Decide => names.kind.extend(role("condition decision check filter")),
            Action::Search => names.kind.extend(role("search")),
            Action::Send if names.kind.iter().any(|word| word == "api") => names.kind.extend(role("get post put")),
            _ => {}
        }
        names
    }
}
