//! What a wrong name was probably meant for.

use crate::{
    catalogue::{Block, letters, special, words_of_name},
    knowledge::Knowledge,
    text::distance,
};

/// At most this many are named.
const BLOCKS: usize = 3;
const FIELDS: usize = 2;

/// The blocks nearest to a name that is none's, the nearest first; if the name says nothing, those that `words` are about.
pub(super) fn blocks<'k>(knowledge: &'k Knowledge, said: &str, words: &str) -> Vec<&'k Block> {
    let by_name = knowledge.catalogue.by_meaning(said);
    // The executor is left out, and a block may be found twice.
    let search = |text: &str| knowledge.search(text, BLOCKS + 2);
    let mut found = search(&words_of_name(said).join(" "));
    if found.is_empty() {
        found = search(words);
    }
    let mut all: Vec<&Block> = Vec::new();
    for block in by_name.into_iter().chain(found).filter(|block| block.id != special::AGENT_EXECUTOR) {
        if all.len() < BLOCKS && !all.iter().any(|known| known.id == block.id) {
            all.push(block);
        }
    }
    all
}

/// The names nearest to one that is not among them: few letters differ, or one contains the other.
pub(super) fn fields<'n>(names: impl Iterator<Item = &'n str>, said: &str) -> Vec<&'n str> {
    let said = letters(said);
    let near = |name: &'n str| {
        let own = letters(name);
        let shorter = own.len().min(said.len());
        let rank = match distance(&own, &said) {
            few if few <= 2 && few * 2 < shorter => few,
            _ if shorter > 2 && (own.contains(&said) || said.contains(&own)) => 3,
            _ => return None,
        };
        Some((rank, name))
    };
    let mut found: Vec<(usize, &str)> = names.filter_map(near).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(FIELDS).map(|(_, name)| name).collect()
}
