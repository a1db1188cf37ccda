//! What verbs ask for.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use super::{
    meaning::{Action, Meaning},
    names::lemmas,
};

#[derive(Debug)]
pub(super) struct Verbs(HashMap<String, Vec<Action>>);

impl Verbs {
    pub(super) fn of<'a>(meanings: impl Iterator<Item = &'a Meaning>) -> Self {
        let mut counts: HashMap<&str, HashMap<Action, usize>> = HashMap::new();
        let mut seen = HashSet::new();
        for meaning in meanings {
            for verb in &meaning.verbs {
                let service = meaning.service.as_deref();
                // A service counts once, however many blocks it has, and a block that needs none twice: it says what the
                // word means in general.
                if service.is_none_or(|service| seen.insert((verb, meaning.action, service))) {
                    let count = counts.entry(verb).or_default().entry(meaning.action).or_default();
                    *count += if service.is_none() { 2 } else { 1 };
                }
            }
        }
        let ranked = |verb: &str, actions: HashMap<Action, usize>| {
            let mut actions: Vec<_> = actions.into_iter().collect();
            let named = Action::named(verb);
            actions.sort_unstable_by_key(|(action, count)| (Reverse(Some(*action) == named), Reverse(*count), *action));
            actions.into_iter().map(|(action, _)| action).collect()
        };
        Self(counts.into_iter().map(|(verb, actions)| (verb.to_owned(), ranked(verb, actions))).collect())
    }

    pub(super) fn actions(&self, verb: &str) -> &[Action] {
        self.0.get(verb).map(Vec::as_slice).unwrap_or_default()
    }

    /// The known verb that a word is a form of.
    pub(super) fn verb(&self, word: &str) -> Option<&str> {
        lemmas(&word.to_lowercase())
            .into_iter()
            .find_map(|lemma| self.0.get_key_value(&lemma))
            .map(|(verb, _)| verb.as_str())
    }
}
