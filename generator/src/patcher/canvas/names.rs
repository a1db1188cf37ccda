//! What people call the steps of an agent.

use std::{collections::HashMap, rc::Rc};

use super::{
    Canvas,
    words::{alike, words},
};
use crate::{catalogue::Action, knowledge::is_text_model};

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

    pub(super) fn of(canvas: &Canvas<'_>, at: usize) -> Self {
        let known = canvas.known;
        let mut names = Self { title: words(known, &canvas.title(at)), kind: Vec::new() };
        let Some(block) = canvas.block(at) else { return names };
        names.kind.extend(words(known, &block.title()));
        names.kind.extend(known.names_of(block).iter().flat_map(|name| words(known, name)));
        let role = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let action = known.meaning(block).action;
        if known.delivers(block) {
            names.kind.extend(role("notification alert delivery send"));
        }
        if is_text_model(block) && canvas.thinks(at) {
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

/// The names of every step; steps of one block and title go by the same.
pub(super) fn all(canvas: &Canvas<'_>) -> Vec<Rc<Names>> {
    let mut known: HashMap<(&str, &str), Rc<Names>> = HashMap::new();
    let name = |at: usize| {
        let key = canvas.steps.get(at).map_or(("", ""), |step| (step.block.as_str(), step.title.as_str()));
        if key == ("", "") || canvas.is_door(at) || canvas.block(at).is_none() {
            return Rc::new(Names::of(canvas, at));
        }
        known.entry(key).or_insert_with(|| Rc::new(Names::of(canvas, at))).clone()
    };
    (0..canvas.steps.len()).map(name).collect()
}
