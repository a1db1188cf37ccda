//! Finding the blocks that a text is about: BM25 over what a block says of itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::lookup::Catalogue;

/// How soon a word that is repeated stops counting, and how much a long entry counts against itself: BM25's usual values.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.75;

/// What the places of a word are worth.
mod weight {
    pub(super) const NAME: f32 = 3.0;
    pub(super) const MEANING: f32 = 2.0;
    pub(super) const DESCRIPTION: f32 = 2.0;
    pub(super) const GIVES: f32 = 0.5;
}

/// What the block at this place is found by, and what each text is worth.
pub(super) fn texts(catalogue: &Catalogue, index: usize) -> Vec<(String, f32)> {
    let Some(block) = catalogue.blocks().get(index) else { return Vec::new() };
    let meaning = catalogue.meaning(index);
    let service = meaning.service.as_deref();
    vec![
        (block.title(), weight::NAME),
        (meaning.objects.join(" "), weight::MEANING),
        (meaning.verbs.join(" "), weight::MEANING),
        (service.unwrap_or_default().to_owned(), weight::MEANING),
        (block.description.clone(), weight::DESCRIPTION),
        (
            meaning.gives.iter().chain(&block.categories).map(String::as_str).collect::<Vec<_>>().join(" "),
            weight::GIVES,
        ),
    ]
}

/// Which entries have which terms, and how much these say.
#[derive(Debug)]
pub(super) struct Ranking {
    postings: HashMap<String, Vec<(usize, f32)>>,
    entries: usize,
}

impl Ranking {
    /// Each entry: its terms, and how much each counts in it.
    pub(super) fn of(entries: &[BTreeMap<String, f32>]) -> Self {
        let lengths: Vec<f32> = entries.iter().map(|entry| entry.values().sum()).collect();
        let average = lengths.iter().sum::<f32>() / float(lengths.len().max(1));
        let mut postings: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (at, (entry, length)) in entries.iter().zip(lengths).enumerate() {
            let slack = SATURATION * (1.0 - LENGTH + LENGTH * length / average);
            for (term, times) in entry {
                let worth = times * (SATURATION + 1.0) / (times + slack);
                match postings.get_mut(term) {
                    Some(holders) => holders.push((at, worth)),
                    None => drop(postings.insert(term.clone(), vec![(at, worth)])),
                }
            }
        }
        Self { postings, entries: entries.len() }
    }

    /// The places of the entries that have one of the terms, the nearest first.
    pub(super) fn ranked(&self, terms: &BTreeSet<String>) -> Vec<usize> {
        // In the order of the terms, so that the sums, and with them the ranking, are always the same.
        let mut scores: BTreeMap<usize, f32> = BTreeMap::new();
        for holders in terms.iter().filter_map(|term| self.postings.get(term)) {
            let (all, with) = (float(self.entries), float(holders.len()));
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

fn float(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
