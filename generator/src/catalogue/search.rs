//! The blocks that a text in plain words is about.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    block::Block,
    lookup::Catalogue,
    names::{letters, singular, stem},
    ranking::{Ranking, texts},
};

/// The most of a text that is looked at: more words than that no longer tell blocks apart.
const WORDS: usize = 1_000;
/// What a verb is worth that the block's action is called by: "tweet" is in the names of fifty blocks that do not.
const ACTION: f32 = 4.0;
/// Words that say nothing about a block.
const EMPTY: &str = " a about all am an and any are as at be been block but by can do does each every for from get has have how i if in into \
    is it its let me my new no not of off on one or our out over please so some somebody someone something than that the their \
    them then there these they this those to up us was we what where which who will with you your ";

/// The words of a catalogue's blocks.
#[derive(Debug)]
pub(crate) struct Search(Ranking);

impl Search {
    /// What each block says of itself, and what `more` knows of it, with what that is worth.
    pub(crate) fn of<'t>(catalogue: &Catalogue, more: impl Fn(&Block) -> Vec<(&'t str, f32)>) -> Self {
        let entry = |(index, block): (usize, &Block)| {
            let mut entry = BTreeMap::new();
            let mut add = |term: String, worth: f32| *entry.entry(term).or_default() += worth;
            for (text, worth) in texts(catalogue, index) {
                terms(&text).for_each(|term| add(term, worth));
            }
            for (text, worth) in more(block) {
                terms(text).for_each(|term| add(term, worth));
            }
            catalogue.meaning(index).verbs.iter().for_each(|verb| add(action(verb), ACTION));
            entry
        };
        Self(Ranking::of(&catalogue.blocks().iter().enumerate().map(entry).collect::<Vec<_>>()))
    }

    /// The places of the blocks that `text` is about, the nearest first; those of no word in it are left out.
    pub(crate) fn ranked(&self, catalogue: &Catalogue, text: &str) -> Vec<usize> {
        let said: Vec<&str> = text.split_whitespace().take(WORDS).collect();
        // "gsheets" finds what works with Google Sheets.
        let services =
            (1..=3).flat_map(|length| said.windows(length)).filter_map(|run| catalogue.service(&run.join(" ")));
        let actions = said.iter().flat_map(|word| words(word)).map(|word| action(&word));
        let terms: BTreeSet<String> = said.iter().copied().chain(services).flat_map(terms).chain(actions).collect();
        self.0.ranked(&terms)
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\'')).map(letters);
    words.filter(|word| !word.is_empty() && !EMPTY.split(' ').any(|empty| empty == word))
}

fn terms(text: &str) -> impl Iterator<Item = String> {
    words(text).map(|word| stem(&singular(&word)))
}

/// A verb as a term: no word begins like this.
fn action(verb: &str) -> String {
    format!("!{}", stem(&letters(verb)))
}
