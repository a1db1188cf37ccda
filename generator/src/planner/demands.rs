//! What a recipe may demand of a clause: a count, numbers, nothing that stands against it.

use super::{
    items::Item,
    lexicon::Concept,
    matching::Search,
    recipes::{Place, Recipe},
};

impl Search<'_> {
    pub(super) fn speaks_of(&self, concepts: &[Concept]) -> bool {
        let masked = |at: usize| self.topic.is_some_and(|(from, to)| (from..to).contains(&at));
        let items = || self.clause.items.iter().enumerate().filter(|(at, _)| !masked(*at)).map(|(_, item)| item);
        concepts.iter().any(|concept| items().any(|item| item.nouns.contains(concept) || item.verbs.contains(concept)))
    }

    /// "the three most important", "the five best"
    pub(super) fn counts(&self) -> bool {
        self.clause.items.iter().any(|item| item.number.is_some() && item.phrase != "one")
    }

    /// "5 and 7", "two numbers", "one number by another": nothing that is counted.
    pub(super) fn has_numbers(&self) -> bool {
        let items = &self.clause.items;
        let number = self.knowledge.lexicon.concept("number");
        let of = |at: usize, item: &Item| {
            let is_number = item.nouns.iter().any(|noun| Some(*noun) == number);
            let counted = items.get(at + 1).is_some_and(|next| !next.nouns.is_empty() && next.literal.is_none());
            match &item.literal {
                Some(_) if counted => 0,
                _ if !is_number => usize::from(item.phrase == "another" || item.phrase == "other"),
                _ => 1 + usize::from(item.inflected || item.phrase.contains(' ')),
            }
        };
        items.iter().enumerate().map(|(at, item)| of(at, item)).sum::<usize>() >= 2
    }

    /// "Write a letter to a customer", "tell me a joke": a text is wanted, not a message to be delivered.
    pub(super) fn writes(&self) -> bool {
        let lexicon = &self.knowledge.lexicon;
        let composes = |item: &Item| item.verbs.iter().any(|verb| lexicon.name(*verb) == "compose");
        let text = |item: &Item| item.nouns.iter().any(|noun| lexicon.name(*noun) == "text");
        self.clause.items.iter().any(composes) && self.clause.items.iter().any(text)
    }

    /// Whether nothing is ever read from a service: what is done in it goes there.
    pub(super) fn only_takes(&self, service: Concept) -> bool {
        let reads = |recipe: &Recipe| {
            recipe.place == Place::Source && recipe.alternatives.iter().flatten().any(|c| *c == service)
        };
        !self.knowledge.recipes.known.iter().any(reads)
    }
}
