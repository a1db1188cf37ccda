//! Which agents a list shall have.

use crate::{cursor::Place, profile::Profile};

/// Each must be found.
const MOST_WORDS: usize = 10;

#[derive(Debug, Clone)]
pub struct Search {
    /// In lower case. Each is in the name or the description of an agent that is found; without any, all are.
    pub words: Vec<String>,
    pub limit: usize,
    /// The last agent of the page before.
    pub after: Option<Place>,
}

impl Search {
    /// A blank `q` is none.
    #[must_use]
    pub fn new(q: &str, limit: usize, after: Option<Place>) -> Self {
        let words = q.split_whitespace().take(MOST_WORDS).map(str::to_lowercase).collect();
        Self { words, limit, after }
    }

    #[must_use]
    pub fn finds(&self, profile: &Profile) -> bool {
        let text = searched(profile);
        self.words.iter().all(|word| text.contains(word))
    }
}

/// The text that a search looks into.
#[must_use]
pub fn searched(profile: &Profile) -> String {
    format!("{}\n{}", profile.name, profile.description).to_lowercase()
}
