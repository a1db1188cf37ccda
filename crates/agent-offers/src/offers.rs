//! Where offers come from.

use agent_library::index::Offer;
use shared::{caller::Owner, port_error::PortFuture};

/// So many agents are looked at first: the newest.
pub const NEWEST: usize = 100;

/// The agents of an owner that can be steps.
pub trait Offers: std::fmt::Debug + Send + Sync {
    /// The newest [`NEWEST`], and of the older ones as many that have one of the `stems` in their name or description.
    fn of_owner<'a>(&'a self, owner: &'a Owner, stems: &'a [String]) -> PortFuture<'a, Vec<Offer>>;
}

/// Operands of the search.
const MOST_STEMS: usize = 40;
/// Shorter words are in every text.
const SHORTEST: usize = 4;

/// The beginnings of the words of a text, in lower case: "scores" and "scorer" both have "scor".
#[must_use]
pub fn stems(words: &str) -> Vec<String> {
    let mut stems: Vec<String> = Vec::new();
    for word in words.split(|c: char| !c.is_alphanumeric()) {
        let length = word.chars().count();
        if length >= SHORTEST && stems.len() < MOST_STEMS {
            let stem: String = word.to_lowercase().chars().take(SHORTEST.max(length - 2)).collect();
            if !stems.contains(&stem) {
                stems.push(stem);
            }
        }
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_find_the_same_agents_and_a_long_text_asks_for_no_more_than_the_table_takes() {
        assert_eq!(stems("Run the lead Scorer, then SCORES of leads"), ["lead", "scor", "then"]);
        let long: Vec<String> = (1_000..1_900).map(|at| at.to_string()).collect();
        assert_eq!(stems(&long.join(" ")).len(), MOST_STEMS);
    }
}
