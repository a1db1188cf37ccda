//! Several recipes that fit equally well: what the goal or its context says settles it, else the person is asked.

use std::collections::HashSet;

use shared::port::Question;

use super::{
    gathering::Gathering,
    goal::{Act, Doing},
    lexicon::Concept,
    recipes::Recipe,
};

/// The most questions asked at once.
const QUESTIONS: usize = 5;

impl<'k> Gathering<'k, '_> {
    /// The recipe that settles a choice, or the question that does.
    pub(super) fn choose(&mut self, index: usize) -> Option<&'k Recipe> {
        let choice = self.knowledge.recipes.choices.get(index)?;
        let options: Vec<&Recipe> =
            choice.options.iter().filter_map(|option| self.knowledge.recipes.known.get(*option)).collect();
        let concepts = |recipe: &Recipe| -> HashSet<Concept> {
            recipe
                .alternatives
                .iter()
                .flatten()
                .copied()
                .filter(|concept| {
                    !self.knowledge.lexicon.is_verb(*concept) || self.knowledge.lexicon.name(*concept) == "mail_to"
                })
                .collect()
        };
        let shared = |concept: &Concept| options.iter().all(|option| concepts(option).contains(concept));
        let votes = |recipe: &Recipe| {
            let all = concepts(recipe);
            // Gmail is meant only where it is named; mail of any kind is meant by "mail".
            let named = all.iter().any(|concept| self.knowledge.lexicon.is_service(*concept));
            all.iter()
                .filter(|concept| {
                    self.preferred.contains(*concept)
                        && !shared(concept)
                        && (!named || self.knowledge.lexicon.is_service(**concept))
                })
                .count()
        };
        let best = options.iter().rev().max_by_key(|option| votes(option)).filter(|option| votes(option) > 0);
        if let Some(best) = best {
            return self.knowledge.recipes.known.iter().find(|recipe| recipe.id == best.id);
        }
        let asked = self.questions.iter().any(|question| question.keyword == choice.keyword);
        if !asked && self.questions.len() < QUESTIONS {
            self.questions.push(Question {
                question: choice.question.clone(),
                keyword: choice.keyword.clone(),
                example: Some(choice.example.clone()),
            });
        }
        // The open step still counts, so that the goal is not taken for one with nothing to go on.
        self.acts.push(Act { clause: 0, what: Doing::Other, items: Vec::new(), topic: None, left: Vec::new() });
        None
    }
}
