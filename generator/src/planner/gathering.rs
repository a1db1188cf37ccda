//! What the clauses of a goal ask for, gathered before anything is wired: so that a part that no block serves, or a
//! choice that is open, is known before.

use std::collections::HashSet;

use shared::generator::Question;

use super::{
    Knowledge,
    clauses::{Clause, Kind, Reading, read},
    goal::{Act, Doing},
    lexicon::{Concept, Role},
    matching::{self, Matches, What},
    recipes::{Place, Recipe},
    text::Literal,
    values::{self, Wish},
};

/// The most questions asked at once.
const QUESTIONS: usize = 5;

pub(super) struct Gathering<'k, 'g> {
    knowledge: &'k Knowledge,
    goal: &'g str,
    reading: &'g Reading,
    /// The services that the goal or the context names by the way.
    preferred: HashSet<Concept>,
    pub(super) available: HashSet<Concept>,
    pub(super) acts: Vec<Act<'k>>,
    pub(super) unserved: Vec<String>,
    pub(super) served: Vec<String>,
    pub(super) questions: Vec<Question>,
    pub(super) watched: bool,
}

impl<'k, 'g> Gathering<'k, 'g> {
    pub(super) fn new(knowledge: &'k Knowledge, goal: &'g str, reading: &'g Reading, context: Option<&str>) -> Self {
        let nouns = |reading: &Reading| -> Vec<Concept> {
            reading
                .clauses
                .iter()
                .flat_map(|clause| clause.items.iter())
                .flat_map(|item| item.nouns.iter().copied().chain(item.verbs.iter().copied()))
                .collect()
        };
        let uses = knowledge.lexicon.concept("use");
        let mut preferred: HashSet<Concept> =
            context.map(|context| nouns(&read(&knowledge.lexicon, context))).unwrap_or_default().into_iter().collect();
        for clause in reading
            .clauses
            .iter()
            .filter(|clause| clause.items.iter().any(|item| item.verbs.iter().any(|verb| Some(*verb) == uses)))
        {
            preferred.extend(clause.items.iter().flat_map(|item| item.nouns.iter().copied()));
        }
        Self {
            knowledge,
            goal,
            reading,
            preferred,
            available: HashSet::new(),
            acts: Vec::new(),
            unserved: Vec::new(),
            served: Vec::new(),
            questions: Vec::new(),
            watched: false,
        }
    }

    pub(super) fn clause(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if clause.items.first().is_some_and(|item| item.is(Role::Note)) {
            return;
        }
        if clause.kind == Kind::Else {
            self.acts.push(Act { clause: index, what: Doing::Other, items: Vec::new(), topic: None, left: Vec::new() });
        }
        let matches = matching::find(self.knowledge, clause, &self.available);
        let words = clause.words(self.goal);
        if matches!(clause.kind, Kind::If | Kind::Unless) {
            return self.condition(index, clause, &matches);
        }
        if let Some(part) = self.unserved_part(clause, &matches, words) {
            self.unserved.push(part);
            return;
        }
        if matches.found.is_empty() {
            return self.nothing(index, clause, &matches, words);
        }
        self.served.push(words.to_owned());
        self.take(index, clause, &matches);
    }

    fn take(&mut self, index: usize, clause: &Clause, matches: &Matches) {
        let known = &self.knowledge.recipes.known;
        let sink = matches.found.iter().any(|found| matches!(found.what, What::Recipe(recipe) if known.get(recipe).is_some_and(|recipe| recipe.place == Place::Sink)));
        for found in &matches.found {
            let recipe = match found.what {
                What::Recipe(recipe) => known.get(recipe),
                What::Choice(choice) => self.choose(choice),
            };
            let Some(recipe) = recipe else { continue };
            let composes = recipe.id.starts_with("compose");
            if composes && sink && matches.topic.is_none() && !self.available.is_empty() {
                continue;
            }
            self.watched |= clause.kind == Kind::When && recipe.place == Place::Source;
            self.available.extend(recipe.gives.nouns.iter().copied());
            if composes {
                let nouns = found
                    .items
                    .iter()
                    .filter_map(|at| clause.items.get(*at))
                    .flat_map(|item| item.nouns.iter().copied());
                self.preferred.extend(nouns);
            }
            for _ in 0..self.copies(recipe, clause, &found.items, matches) {
                self.acts.push(Act {
                    clause: index,
                    what: Doing::Recipe(recipe),
                    items: found.items.clone(),
                    topic: matches.topic,
                    left: matches.left.clone(),
                });
            }
        }
    }

    /// "Compare two web pages" reads two.
    fn copies(&self, recipe: &Recipe, clause: &Clause, items: &[usize], matches: &Matches) -> usize {
        let by_address =
            recipe.place == Place::Source && recipe.slots.iter().any(|slot| slot.kind == super::recipes::Kind::Url);
        let plural =
            items.iter().filter_map(|at| clause.items.get(*at)).any(|item| item.inflected && !item.nouns.is_empty());
        let numbered = items.iter().any(|at| {
            at.checked_sub(1).and_then(|before| clause.items.get(before)).is_some_and(|before| before.number.is_some())
        });
        let count = values::count(Wish { text: self.goal, clause, items, topic: matches.topic });
        if by_address && plural && numbered {
            count.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).clamp(1, 4)
        } else {
            1
        }
    }

    fn condition(&mut self, index: usize, clause: &Clause, matches: &Matches) {
        let known = &self.knowledge.recipes.known;
        for found in &matches.found {
            if let What::Recipe(recipe) = found.what
                && let Some(recipe) =
                    known.get(recipe).filter(|recipe| recipe.place == Place::Source && !recipe.last_resort)
                && self.acts.is_empty()
            {
                self.available.extend(recipe.gives.nouns.iter().copied());
                self.acts.push(Act {
                    clause: index,
                    what: Doing::Recipe(recipe),
                    items: found.items.clone(),
                    topic: matches.topic,
                    left: Vec::new(),
                });
            }
        }
        let unless = clause.kind == Kind::Unless;
        let left = (0..clause.items.len()).collect();
        self.acts.push(Act { clause: index, what: Doing::Branch { unless }, items: Vec::new(), topic: None, left });
    }

    /// The recipe that settles a choice, or the question that does.
    fn choose(&mut self, index: usize) -> Option<&'k Recipe> {
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

    /// The part of a clause that no block serves.
    fn unserved_part(&self, clause: &Clause, matches: &Matches, words: &str) -> Option<String> {
        let lexicon = &self.knowledge.lexicon;
        let left = || matches.left.iter().filter_map(|at| clause.items.get(*at));
        let head = clause.items.iter().find(|item| item.tells());
        let unserved_head = clause.kind != Kind::When
            && head.is_some_and(|item| item.is(Role::UnservedVerb) && left().any(|other| other.start == item.start));
        let searches = clause.items.iter().any(|item| item.verbs.iter().any(|verb| lexicon.name(*verb) == "find"));
        let elsewhere = left()
            .any(|item| item.is(Role::UnservedService) && (!searches || item.toward || item.place || item.origin));
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

    /// A clause that asks for no recipe: says nothing, points to what is there, names a block, or is not served.
    fn nothing(&mut self, index: usize, clause: &Clause, matches: &Matches, words: &str) {
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
        if let Some(block) = self.knowledge.catalogue.by_meaning(words)
            && let Some(recipe) = self.knowledge.recipes.for_block(&block.id, |_| true)
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
