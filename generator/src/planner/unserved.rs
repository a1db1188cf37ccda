//! What no block serves, and what asks for nothing.

use super::{
    clauses::{Clause, Kind},
    gathering::Gathering,
    goal::{Act, Doing},
    items::Item,
    lexicon::{Concept, Role},
    matching::{Matches, What},
    recipes::Place,
    text::Literal,
};
use crate::catalogue::Block;

impl Gathering<'_, '_> {
    /// The part of a clause that no block serves.
    pub(super) fn unserved_part(&self, clause: &Clause, matches: &Matches, words: &str) -> Option<String> {
        let lexicon = &self.knowledge.lexicon;
        let left = || matches.left.iter().filter_map(|at| clause.items.get(*at));
        let head = clause.items.iter().find(|item| item.tells());
        let unserved_head = clause.kind != Kind::When
            && head.is_some_and(|item| item.is(Role::UnservedVerb) && left().any(|other| other.start == item.start));
        let searches = clause.items.iter().any(|item| item.verbs.iter().any(|verb| lexicon.name(*verb) == "find"));
        let manner = |item: &Item| {
            let after =
                clause.items.iter().skip_while(|other| other.start <= item.start).find(|other| other.mark.is_none());
            after.is_some_and(|after| after.phrase == "style" || after.phrase == "like")
        };
        let elsewhere = left().any(|item| {
            item.is(Role::UnservedService) && !manner(item) && (!searches || item.toward || item.place || item.origin)
        });
        // "Make coffee" is no text to be written.
        let composed = matches.found.iter().all(|found| matches!(found.what, What::Recipe(at) if self.knowledge.recipes.known.get(at).is_some_and(|recipe| recipe.place == Place::Transform)));
        let thing = composed
            && !matches.found.is_empty()
            && matches.topic.is_none()
            && head.is_some_and(|item| item.verbs.iter().any(|verb| lexicon.name(*verb) == "produce"))
            && clause
                .items
                .get(1..3.min(clause.items.len()))
                .is_some_and(|items| items.iter().any(|item| item.is(Role::UnservedNoun)));
        let uses = lexicon.concept("use");
        let by_the_way = clause.items.iter().any(|item| item.verbs.iter().any(|verb| Some(*verb) == uses));
        let foreign = !by_the_way
            && left().any(|item| {
                item.literal.is_none()
                    && item.nouns.iter().any(|noun| {
                        lexicon.is_service(*noun) && !self.available.contains(noun) && !self.preferred.contains(noun)
                    })
                    && !item.nouns.iter().any(|noun| self.available.contains(noun))
            });
        (unserved_head || elsewhere || foreign || thing).then(|| words.to_owned())
    }

    /// "Take the text I paste in", "get a topic": what the person hands over at run time.
    fn supplied(&self, clause: &Clause) -> bool {
        let lexicon = &self.knowledge.lexicon;
        let plain = ["text", "topic", "message", "number", "list", "result", "code", "record", "contact", "summary"];
        let mut telling = clause.items.iter().filter(|item| item.tells());
        let takes = telling.next().is_some_and(|head| head.verbs.iter().any(|verb| lexicon.name(*verb) == "read"));
        let thing = |item: &Item| item.nouns.iter().any(|noun| plain.contains(&lexicon.name(*noun)));
        takes
            && telling.clone().any(thing)
            && !telling.any(|item| item.is(Role::UnservedService) || item.is(Role::UnservedNoun))
    }

    /// A clause that asks for no recipe: says nothing, points to what is there, names a block, or is not served.
    pub(super) fn nothing(&mut self, index: usize, clause: &Clause, matches: &Matches, words: &str) {
        let lexicon = &self.knowledge.lexicon;
        let result = lexicon.concept("result");
        let points = |noun: &Concept| self.available.contains(noun) || Some(*noun) == result;
        let telling: Vec<_> = clause.items.iter().filter(|item| item.tells() && !item.is(Role::Generic)).collect();
        let pointing = !self.available.is_empty()
            && telling.iter().all(|item| {
                item.literal.is_some()
                    || item.number.is_some()
                    || !item.verbs.is_empty()
                    || item.nouns.iter().any(points)
            });
        let uses = telling.first().is_some_and(|item| item.verbs.iter().any(|verb| lexicon.name(*verb) == "use"));
        let named_only = telling.iter().all(|item| matches!(item.literal, Some((kind, _)) if kind != Literal::Number));
        if telling.is_empty() || pointing || uses || (named_only && !self.acts.is_empty()) {
            return;
        }
        if self.supplied(clause) {
            // Whoever takes it asks for it.
            return;
        }
        // An input or output of the agent is no step: it comes with what uses it.
        let step = |block: &&Block| !block.is_agent_input() && !block.is_agent_output();
        if let Some(block) = self.knowledge.catalogue.by_meaning(words).filter(step)
            && let Some(recipe) = self.knowledge.recipe_for(&block.id, |_| true)
        {
            self.served.push(words.to_owned());
            self.acts.push(Act {
                clause: index,
                what: Doing::Recipe(recipe),
                items: Vec::new(),
                topic: matches.topic,
                left: matches.left.clone(),
            });
            return;
        }
        let asks = clause.kind == Kind::When
            || telling
                .iter()
                .any(|item| item.is(Role::UnservedVerb) || item.is(Role::UnservedNoun) || !item.verbs.is_empty());
        // "Knit me a jumper": a word that nobody knows, and an object after it.
        let head = clause.items.iter().position(|item| item.tells());
        let object = head.and_then(|head| clause.items.get(head + 1)).is_some_and(|after| {
            matches!(
                after.phrase.as_str(),
                "me" | "my" | "a" | "an" | "the" | "some" | "us" | "him" | "her" | "our" | "it" | "them" | "all"
            )
        });
        if asks || (object && telling.first().is_some_and(|item| item.nouns.is_empty())) {
            self.unserved.push(words.to_owned());
        }
    }
}
