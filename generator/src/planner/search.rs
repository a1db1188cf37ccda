//! Finding the blocks that a text is about, for a language model.
//!
//! Words count as their stems, and as what the vocabulary says they mean: "tweet" finds what serves Twitter.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    lexicon::{Lexicon, Role},
    plain_words,
    recipes::{Recipes, TOWARD},
};
use crate::catalogue::{Catalogue, Ranking, stem, texts};

/// The most of a text that is looked at, in bytes: more words than that no longer tell blocks apart.
const READ: usize = 8_000;
/// What a word that asks for the block is worth.
const ASKED_BY: f32 = 2.0;
/// What a verb is worth that the block's action is called by: "tweet" is in the names of fifty blocks that do not.
const ACTION: f32 = 4.0;

#[derive(Debug)]
pub(crate) struct Search(Ranking);

impl Search {
    pub(crate) fn of(catalogue: &Catalogue, lexicon: &Lexicon, recipes: &Recipes) -> Self {
        let places = 0..catalogue.blocks().len();
        Self(Ranking::of(&places.map(|index| entry(catalogue, index, lexicon, recipes)).collect::<Vec<_>>()))
    }

    /// The places of the blocks that `text` is about, the nearest first; those of no word in it are left out.
    pub(crate) fn ranked(&self, lexicon: &Lexicon, text: &str) -> Vec<usize> {
        let text = text.get(..text.floor_char_boundary(READ)).unwrap_or_default();
        let asked = plain_words(text).into_iter().map(|word| action(&word));
        self.0.ranked(&terms(lexicon, text).into_iter().chain(asked).collect())
    }
}

fn entry(catalogue: &Catalogue, index: usize, lexicon: &Lexicon, recipes: &Recipes) -> BTreeMap<String, f32> {
    let mut entry = BTreeMap::new();
    let mut add = |term: String, worth: f32| *entry.entry(term).or_default() += worth;
    for (text, worth) in texts(catalogue, index) {
        terms(lexicon, &text).into_iter().for_each(|term| add(term, worth));
    }
    for verb in &catalogue.meaning(index).verbs {
        add(action(verb), ACTION);
    }
    let Some(block) = catalogue.blocks().get(index) else { return entry };
    let asked_by: BTreeSet<_> = recipes
        .known
        .iter()
        .filter(|recipe| recipe.block == block.id)
        .flat_map(|recipe| recipe.alternatives.iter().flatten())
        .filter(|concept| **concept != TOWARD)
        .collect();
    asked_by.into_iter().for_each(|concept| add(meaning(lexicon.name(*concept)), ASKED_BY));
    entry
}

/// What a text is found by: each telling word, and what each phrase means.
fn terms(lexicon: &Lexicon, text: &str) -> Vec<String> {
    let words = plain_words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut terms = Vec::with_capacity(2 * words.len());
    for (at, word) in words.iter().enumerate() {
        let sense = lexicon.sense(words.get(at..).unwrap_or_default()).map(|(sense, ..)| sense);
        if sense.is_some_and(|sense| sense.roles.contains(&Role::Stop)) {
            continue;
        }
        let concepts = sense.into_iter().flat_map(|sense| sense.verbs.iter().chain(&sense.nouns));
        terms.extend(concepts.map(|concept| meaning(lexicon.name(*concept))));
        terms.push(stem(word));
    }
    terms
}

/// A verb as a term: no word begins like this.
fn action(verb: &str) -> String {
    format!("!{}", stem(verb))
}

/// A meaning as a term: no word begins like this.
fn meaning(concept: &str) -> String {
    format!("={concept}")
}
