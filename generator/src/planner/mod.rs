//! The planner: a goal in plain words becomes a plan of real blocks, a question, or the reason why not.
//!
//! A goal is cut into clauses ([`clauses`]), each clause is matched against the recipes of the blocks (`matching`),
//! and what a step gives flows into the next ([`wiring`]). The vocabulary and the recipes are data.

mod arithmetic;
mod asking;
mod bridges;
mod choices;
pub mod clauses;
mod conditions;
mod declared;
mod demands;
mod filling;
mod flows;
mod gathering;
mod goal;
mod items;
pub mod lexicon;
mod literals;
mod matching;
mod names;
pub mod plan;
mod readings;
mod recipe_file;
pub mod recipes;
mod references;
mod schedule;
mod search;
mod spelling;
mod suggestions;
mod text;
mod topics;
mod unserved;
pub mod values;
pub mod wiring;

use std::sync::OnceLock;

use shared::{failure::Failure, port::Question};
use thiserror::Error;

pub use self::{
    goal::{Unclear, clause_recipes},
    items::Item,
    text::Literal,
};
use self::{
    lexicon::Lexicon,
    plan::Plan,
    recipes::{Recipe, Recipes},
    search::Search,
};
use crate::{
    Watch,
    catalogue::{Block, Catalogue, CatalogueError},
    reading::language,
};

/// All that planning needs to know.
#[derive(Debug)]
pub struct Knowledge {
    /// The blocks.
    pub catalogue: Catalogue,
    /// The words.
    pub lexicon: Lexicon,
    /// How blocks are used.
    pub recipes: Recipes,
    pub tables: crate::plan::Tables,
    pub vocabulary: crate::reading::Vocabulary,
    /// Made at the first search: planning by rules has none.
    search: OnceLock<Search>,
}

/// Why there is nothing to plan with.
#[derive(Debug, Error)]
pub enum KnowledgeError {
    /// The catalogue was refused.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The embedded vocabulary or recipes cannot be read.
    #[error("the vocabulary cannot be read: {0}")]
    Vocabulary(#[from] serde_json::Error),
}

impl Knowledge {
    /// Joins a catalogue (a JSON array of blocks) with the embedded vocabulary and recipes.
    pub fn of(catalogue: &str) -> Result<Self, KnowledgeError> {
        Self::over(Catalogue::from_json(catalogue)?)
    }

    /// Joins the embedded blocks, vocabulary and recipes.
    pub fn embedded() -> Result<Self, KnowledgeError> {
        Self::over(Catalogue::embedded()?)
    }

    fn over(catalogue: Catalogue) -> Result<Self, KnowledgeError> {
        let lexicon = Lexicon::embedded()?;
        let recipes = Recipes::embedded(&lexicon, &catalogue)?;
        let tables = crate::plan::Tables::embedded()?;
        let vocabulary = crate::reading::Vocabulary::standard();
        Ok(Self { catalogue, lexicon, recipes, tables, vocabulary, search: OnceLock::new() })
    }

    /// The recipe for a block; where it has several, the one that `fits`, else the first.
    pub fn recipe_for(&self, id: &str, fits: impl Fn(&Recipe) -> bool) -> Option<&Recipe> {
        self.recipes.for_block(&self.catalogue, id, fits)
    }

    /// The blocks that a text in plain words is about, the nearest first, `most` at most. Always the same for the same text.
    pub fn search(&self, text: &str, most: usize) -> Vec<&Block> {
        let search = self.search.get_or_init(|| Search::of(&self.catalogue, &self.lexicon, &self.recipes));
        let found = search.ranked(&self.lexicon, text).into_iter().take(most);
        found.filter_map(|at| self.catalogue.blocks().get(at)).collect()
    }
}

/// What becomes of a goal.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It can be built like this.
    Plan(Plan),
    /// These have to be answered first; at most five.
    Questions(Vec<Question>),
    /// A part of it no block serves.
    Unachievable {
        /// Which part, and why.
        reason: String,
        /// The nearest goal that can be built.
        suggestion: String,
    },
    /// There is nothing to go on.
    Vague {
        /// A goal that can be built.
        suggestion: String,
    },
}

/// Plans a goal; `context` is what the person added, answers to questions among it.
/// Fails with `request_too_large` if it has too many clauses, and with `timeout` if `watch` says so.
pub fn plan(knowledge: &Knowledge, goal: &str, context: Option<&str>, watch: Watch<'_>) -> Result<Outcome, Failure> {
    // A goal in another language would only be half understood, for some of its words are English words too.
    if let Some(language) = language::foreign(goal) {
        let suggestion = suggestions::for_vague(knowledge, watch);
        return Ok(Outcome::Unachievable { reason: language.reads_english().to_owned(), suggestion });
    }
    let first = goal::planned(knowledge, goal, context, watch);
    let outcome = match (first, context) {
        // What the goal lacks the context may have: read together they are the goal.
        (Err(goal::Obstacle::Vague | goal::Obstacle::Unserved { .. }), Some(context)) => {
            let joined = format!("{goal}\n{context}");
            match goal::planned(knowledge, &joined, None, watch) {
                Err(goal::Obstacle::Vague | goal::Obstacle::Unserved { .. }) => {
                    goal::planned(knowledge, goal, Some(context), watch)
                }
                better => better,
            }
        }
        (first, _) => first,
    };
    Ok(match outcome {
        Ok(plan) => Outcome::Plan(plan),
        Err(goal::Obstacle::Failed(failure)) => return Err(failure),
        Err(goal::Obstacle::Open(questions)) => Outcome::Questions(questions),
        Err(goal::Obstacle::Vague) => Outcome::Vague { suggestion: suggestions::for_vague(knowledge, watch) },
        Err(goal::Obstacle::Unserved { parts, served }) => Outcome::Unachievable {
            reason: suggestions::reason(&parts),
            suggestion: suggestions::nearest(knowledge, goal, &served, watch),
        },
    })
}

/// The words of a text as the vocabulary writes them, in order.
pub fn plain_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''));
    words.filter(|word| !word.is_empty()).map(text::plain).collect()
}

/// At most `most` characters of a text, cut between words.
pub fn shortened(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let more = word.chars().count() + usize::from(!out.is_empty());
        if length + more > most {
            if out.is_empty() {
                out.extend(word.chars().take(most));
            }
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        length += more;
    }
    out.trim_end_matches([',', ';', ':', '.', '-', '!', '?']).to_owned()
}
