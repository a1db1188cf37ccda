//! Finds a block by the words of its name: a small weighted index. Rare words weigh more.

use std::collections::HashMap;

use super::{
    block::Block,
    names::{stem, words_of_name},
};

/// Words that say nothing about what a block does.
const EMPTY_WORDS: [&str; 5] = ["block", "the", "and", "ai", "agent"];

#[derive(Debug)]
pub(super) struct Nearest {
    /// Word -> blocks.
    postings: HashMap<String, Vec<usize>>,
    /// Block -> weight of all words of its name.
    totals: Vec<f32>,
}

impl Nearest {
    pub(super) fn new(blocks: &[Block]) -> Self {
        let mut postings: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, block) in blocks.iter().enumerate() {
            for word in telling_words(&block.name) {
                let holders = postings.entry(word).or_default();
                if holders.last() != Some(&index) {
                    holders.push(index);
                }
            }
        }
        let mut totals = vec![0.0; blocks.len()];
        for holders in postings.values() {
            for holder in holders {
                if let Some(total) = totals.get_mut(*holder) {
                    *total += weight(holders.len());
                }
            }
        }
        Self { postings, totals }
    }

    /// The block whose name shares the most weight with `text`, if that is more than 60 % of the name's weight and at least
    /// half of the words of `text` are in it.
    pub(super) fn nearest(&self, text: &str) -> Option<usize> {
        let mut words: Vec<String> = telling_words(text).collect();
        words.sort_unstable();
        words.dedup();
        let mut shared: HashMap<usize, (f32, usize)> = HashMap::new();
        for holders in words.iter().filter_map(|word| self.postings.get(word)) {
            for holder in holders {
                let (got, count) = shared.entry(*holder).or_default();
                *got += weight(holders.len());
                *count += 1;
            }
        }
        let part = |index: usize, got: f32| got / self.totals.get(index).copied().unwrap_or(f32::MAX);
        shared
            .into_iter()
            .filter(|(_, (_, count))| 2 * count >= words.len())
            .map(|(index, (got, _))| (index, part(index, got)))
            .filter(|(_, part)| *part > 0.6)
            // On a tie the first of the catalogue wins, so that the answer is always the same.
            .max_by(|(a, left), (b, right)| left.total_cmp(right).then(b.cmp(a)))
            .map(|(index, _)| index)
    }
}

/// A word weighs one divided by the number of names that have it.
fn weight(holders: usize) -> f32 {
    1.0 / f32::from(u16::try_from(holders).unwrap_or(u16::MAX).max(1))
}

fn telling_words(text: &str) -> impl Iterator<Item = String> {
    words_of_name(text)
        .into_iter()
        .map(|word| stem(&word.to_lowercase()))
        .filter(|word| !EMPTY_WORDS.contains(&word.as_str()))
}
