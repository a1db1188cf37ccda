//! What kind of news a trigger waits for: "a new remote position shows up" is not any change of the page.

use serde_json::json;

use super::{
    act::{Act, names},
    build::{Branch, Builder},
    condition::NOWHERE,
    trigger::CHANGES,
};
use crate::{catalogue::schema::Types, reading::Phrase};

/// Words of any news.
const ANY: [&str; 8] = ["new", "newest", "latest", "fresh", "recent", "another", "next", "more"];

impl<'r> Builder<'_, 'r> {
    /// Narrows what the guard lets through to what its clause names: of a text only what is new in it is named first.
    pub(super) fn only_those(&mut self, guard: usize, act: &Act<'r>, phrases: &[&'r Phrase]) {
        let Some(yes) = self.branches.get(&guard).map(|branch| branch.yes) else { return };
        let Some(datum) = self.draft.data.get(yes).cloned() else { return };
        let Some(phrase) = phrases.iter().copied().find(|phrase| !phrase.head.is_empty()) else { return };
        if CHANGES.contains(&act.plain_lemma()) || self.known.is_generic(&phrase.head) && !self.tells_more(phrase) {
            return;
        }
        let text = super::english::tidy(self.text(&phrase.span)).to_owned();
        let bare = ["a ", "an ", "the ", "any "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text);
        let scope = self.scope.replace(guard);
        if datum.flow.is_list() {
            if self.tells_more(phrase) {
                let single = self.single(yes);
                self.check(guard, single, single, &format!("it is {}", super::english::with_article(bare)));
            }
        } else {
            let old = self
                .draft
                .data
                .iter()
                .rposition(|datum| datum.under == Some(guard) && datum.nouns.iter().any(|noun| noun == "before"));
            let bare = bare.strip_prefix("new ").unwrap_or(bare);
            let words = format!(
                "Name every {bare} that the new version has and the one before had not, with its link if it has one. Answer \"none\" if there is none"
            );
            let data: Vec<usize> = old.into_iter().chain([yes]).collect();
            let step = self.ask_model(act, &words, &[], &data, None);
            let made = self.draft.data.len();
            self.made(step, names(phrase), None, &data);
            self.check(guard, made, made, &format!("this names at least one {bare}"));
        }
        self.scope = scope;
    }

    /// Whether a phrase says more than that something is new.
    fn tells_more(&self, phrase: &Phrase) -> bool {
        phrase.tail.is_some() || phrase.modifiers.iter().any(|word| !ANY.contains(&word.as_str()))
    }

    /// Lets `carries` through the guard only if a model says that the condition holds for `looks_at`.
    fn check(&mut self, guard: usize, looks_at: usize, carries: usize, condition: &str) {
        let Some(block) = self.known.catalogue.by_name("AIConditionBlock") else { return };
        let (Some(flow), Some(through)) = (self.take(looks_at), self.take(carries)) else { return };
        let Some(carried) = self.draft.data.get(carries).cloned() else { return };
        let text = self.draft.fit(&flow, Types::STRING);
        let says = format!("Check if {condition}");
        let step = self.step_of(block, &says, &[("condition", json!(condition))], &[("input_value", text)]);
        if let Some(step) = self.draft.steps.get_mut(step) {
            step.bind("yes_value", through.binding());
            step.bind("no_value", through.binding());
        }
        let (yes, no) = (self.way(step, "yes_output", &carried, guard), self.way(step, "no_output", &carried, NOWHERE));
        if let Some(no) = self.draft.data.get_mut(no) {
            no.made = false;
        }
        self.branch(guard, Branch { yes, no });
    }
}
