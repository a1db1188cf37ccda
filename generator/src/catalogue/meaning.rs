//! Finding a block by what its name says: a small weighted index over the words of the names.

use std::collections::HashMap;

use super::Block;

/// Words of names that say nothing about what a block does.
const EMPTY_WORDS: [&str; 5] = ["block", "the", "and", "ai", "agent"];

/// Which blocks have which words in their names.
#[derive(Debug)]
pub(super) struct Meanings {
    postings: HashMap<String, Vec<usize>>,
    /// The weight of all words of a block's name together.
    totals: Vec<f32>,
}

impl Meanings {
    pub(super) fn of(blocks: &[Block]) -> Self {
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

    /// The block whose name shares the most with `text`, where that is more than half of the name's weight.
    pub(super) fn nearest(&self, text: &str) -> Option<usize> {
        let mut words: Vec<String> = telling_words(text).collect();
        words.sort_unstable();
        words.dedup();
        let mut shared: HashMap<usize, f32> = HashMap::new();
        for holders in words.iter().filter_map(|word| self.postings.get(word)) {
            for holder in holders {
                *shared.entry(*holder).or_default() += weight(holders.len());
            }
        }
        let part = |index: usize, got: f32| got / self.totals.get(index).copied().unwrap_or(f32::MAX);
        shared
            .into_iter()
            .map(|(index, got)| (index, part(index, got)))
            .filter(|(_, part)| *part > 0.6)
            // The first of the catalogue wins where two are equally near, so that the answer is always the same.
            .max_by(|(a, left), (b, right)| left.total_cmp(right).then(b.cmp(a)))
            .map(|(index, _)| index)
    }
}

/// A word that few names have says more.
fn weight(holders: usize) -> f32 {
    1.0 / f32::from(u16::try_from(holders).unwrap_or(u16::MAX).max(1))
}

fn telling_words(text: &str) -> impl Iterator<Item = String> {
    words_of_name(text)
        .into_iter()
        .map(|word| stem(&word.to_lowercase()))
        .filter(|word| !EMPTY_WORDS.contains(&word.as_str()))
}

/// A word without its ending: "reader" and "reading" count as "read".
pub(crate) fn stem(word: &str) -> String {
    let word = word
        .strip_suffix("er")
        .or_else(|| word.strip_suffix("or"))
        .or_else(|| word.strip_suffix("ing"))
        .unwrap_or(word);
    word.strip_suffix('s').or_else(|| word.strip_suffix('e')).unwrap_or(word).to_owned()
}

/// The words of a name in camel case, snake case or plain writing, without the ending `Block`.
pub(super) fn words_of_name(name: &str) -> Vec<String> {
    let name = name.strip_suffix("Block").unwrap_or(name);
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut chars = name.chars().peekable();
    let mut previous_upper = false;
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            previous_upper = false;
            continue;
        }
        let next_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && !word.is_empty() && (!previous_upper || next_lower) {
            words.push(std::mem::take(&mut word));
        }
        previous_upper = c.is_uppercase();
        word.push(c);
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::words_of_name;

    #[test]
    fn a_step_title_reads_as_words_and_not_as_a_class_name() {
        assert_eq!(words_of_name("ReadRSSFeedBlock"), ["Read", "RSS", "Feed"]);
        assert_eq!(words_of_name("AITextSummarizerBlock"), ["AI", "Text", "Summarizer"]);
        assert_eq!(words_of_name("send_slack_message"), ["send", "slack", "message"]);
        assert!(words_of_name("").is_empty());
    }
}
