//! Finding the blocks that a text is about: BM25 over what a block says of itself and the words that ask for it.
//!
//! Words count as their stems, and as what the vocabulary says they mean: "tweet" finds what serves Twitter.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    lexicon::{Lexicon, Role},
    plain_words,
    recipes::{Recipes, TOWARD},
};
use crate::catalogue::{Block, Catalogue, stem};

/// How soon a word that is repeated stops counting, and how much a long entry counts against itself: BM25's usual values.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.75;
/// The most of a text that is looked at, in bytes: more words than that no longer tell blocks apart.
const READ: usize = 8_000;

/// What the places of a word in an entry are worth.
mod weight {
    pub(super) const NAME: f32 = 3.0;
    pub(super) const ASKED_BY: f32 = 2.0;
    pub(super) const DESCRIPTION: f32 = 2.0;
    pub(super) const FIELD: f32 = 0.5;
}

/// Which blocks have which words, and how much these say.
#[derive(Debug)]
pub(super) struct Search {
    postings: HashMap<String, Vec<(usize, f32)>>,
    blocks: usize,
}

impl Search {
    pub(super) fn of(catalogue: &Catalogue, lexicon: &Lexicon, recipes: &Recipes) -> Self {
        let entries: Vec<_> = catalogue.blocks().iter().map(|block| entry(block, lexicon, recipes)).collect();
        let lengths: Vec<f32> = entries.iter().map(|entry| entry.values().sum()).collect();
        let average = lengths.iter().sum::<f32>() / float(lengths.len().max(1));
        let mut postings: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (at, (entry, length)) in entries.into_iter().zip(lengths).enumerate() {
            let slack = SATURATION * (1.0 - LENGTH + LENGTH * length / average);
            for (term, times) in entry {
                postings.entry(term).or_default().push((at, times * (SATURATION + 1.0) / (times + slack)));
            }
        }
        Self { postings, blocks: catalogue.blocks().len() }
    }

    /// The places of the blocks that `text` is about, the nearest first; those of no word in it are left out.
    pub(super) fn ranked(&self, lexicon: &Lexicon, text: &str) -> Vec<usize> {
        let text = text.get(..text.floor_char_boundary(READ)).unwrap_or_default();
        // In the order of the words, so that the sums, and with them the ranking, are always the same.
        let terms: BTreeSet<String> = terms(lexicon, text).into_iter().collect();
        let mut scores: BTreeMap<usize, f32> = BTreeMap::new();
        for holders in terms.iter().filter_map(|term| self.postings.get(term)) {
            let (all, with) = (float(self.blocks), float(holders.len()));
            let rarity = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
            for (at, worth) in holders {
                *scores.entry(*at).or_default() += rarity * worth;
            }
        }
        let mut ranked: Vec<(usize, f32)> = scores.into_iter().collect();
        // The sort is stable: of two that are equally near, the first of the catalogue stays first.
        ranked.sort_by(|(_, left), (_, right)| right.total_cmp(left));
        ranked.into_iter().map(|(at, _)| at).collect()
    }
}

fn entry(block: &Block, lexicon: &Lexicon, recipes: &Recipes) -> BTreeMap<String, f32> {
    let mut entry = BTreeMap::new();
    let mut add = |term: String, worth: f32| *entry.entry(term).or_default() += worth;
    let fields = block.input_schema.properties.iter().chain(block.output_schema.properties.iter());
    let fields: Vec<&str> = fields.map(|(name, _)| name).filter(|name| !block.is_credential(name)).collect();
    for (text, worth) in [
        (block.title(), weight::NAME),
        (block.description.clone(), weight::DESCRIPTION),
        (block.categories.join(" "), weight::FIELD),
        (fields.join(" ").replace('_', " "), weight::FIELD),
    ] {
        terms(lexicon, &text).into_iter().for_each(|term| add(term, worth));
    }
    let asked_by: BTreeSet<_> = recipes
        .known
        .iter()
        .filter(|recipe| recipe.block == block.id)
        .flat_map(|recipe| recipe.alternatives.iter().flatten())
        .filter(|concept| **concept != TOWARD)
        .collect();
    asked_by.into_iter().for_each(|concept| add(meaning(lexicon.name(*concept)), weight::ASKED_BY));
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

/// A meaning as a term: no word begins like this.
fn meaning(concept: &str) -> String {
    format!("={concept}")
}

fn float(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
