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
mod readings;
mod recipe_file;
pub mod recipes;
mod references;
mod schedule;
mod search;
pub(crate) use search::Search;
pub use crate::{knowledge::Knowledge, plan::model as plan, text::{plain_words, shortened}};
mod spelling;
mod suggestions;
mod text;
mod topics;
mod unserved;
pub mod values;
pub mod wiring;

use shared::{failure::Failure, port::Question};
pub use self::{
    goal::{Unclear, clause_recipes},
    items::Item,
    text::Literal,
};
use self::{
    plan::Plan,
};
use crate::{
    Watch,
    reading::language,
};

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
