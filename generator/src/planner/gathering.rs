//! What the clauses of a goal ask for, gathered before anything is wired: so that a part that no block serves, or a
//! choice that is open, is known before.

use std::collections::HashSet;

use shared::port::Question;

use super::{
    Knowledge,
    clauses::{Clause, Kind, Reading, read},
    conditions,
    goal::{Act, Doing},
    items::Item,
    lexicon::{Concept, Role},
    matching::{self, Matches, What},
    recipes::{Kind as Slotted, Place, Recipe},
    text::Literal,
    values::{self, Wish},
};

pub(super) struct Gathering<'k, 'g> {
    pub(super) knowledge: &'k Knowledge,
    goal: &'g str,
    reading: &'g Reading,
    /// The services that the goal or the context names by the way.
    pub(super) preferred: HashSet<Concept>,
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
        if clause.kind == Kind::Do && clause.items.first().is_some_and(|item| item.is(Role::Note)) {
            return;
        }
        if clause.kind == Kind::Else {
            self.acts.push(Act { clause: index, what: Doing::Other, items: Vec::new(), topic: None, left: Vec::new() });
        }
        let pointed = self.pointed(clause);
        let clause = pointed.as_ref().unwrap_or(clause);
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
        if clause.kind == Kind::When && conditions::decides(words) {
            // "When a message contains 'help'": it starts with any message, and goes on with those.
            let left = (0..clause.items.len()).collect();
            let what = Doing::Branch { unless: false };
            self.acts.push(Act { clause: index, what, items: Vec::new(), topic: None, left });
        }
    }

    /// "Add it to the document", where a Google Doc was read: that document is meant.
    fn pointed(&self, clause: &Clause) -> Option<Clause> {
        let lexicon = &self.knowledge.lexicon;
        let mut pointed = clause.clone();
        let mut any = false;
        for item in pointed.items.iter_mut().filter(|item| item.toward && item.definite && item.literal.is_none()) {
            let read = self.acts.iter().rev().find_map(|act| match act.what {
                Doing::Recipe(recipe) if recipe.place == Place::Source => {
                    let thing =
                        |noun: &Concept| matches!(lexicon.name(*noun), "document" | "page" | "database" | "row");
                    let called = item.nouns.iter().any(|noun| thing(noun) && recipe.gives.nouns.contains(noun));
                    recipe.gives.nouns.iter().find(|noun| called && lexicon.is_service(**noun))
                }
                _ => None,
            });
            if let Some(service) = read.filter(|service| !item.nouns.contains(service)) {
                item.nouns.insert(0, *service);
                any = true;
            }
        }
        any.then_some(pointed)
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
            if composes && sink && matches.topic.is_none() && (!self.available.is_empty() || self.branches()) {
                continue;
            }
            if self.again(recipe, clause, &found.items) {
                continue;
            }
            if recipe.gives.chat.is_some() {
                // What comes in by chat is answered there, unless the goal says otherwise.
                self.preferred.extend(recipe.alternatives.iter().flatten().copied());
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

    /// "Take a video, transcribe it": what was read already, said again without a thing of its own.
    fn again(&self, recipe: &Recipe, clause: &Clause, items: &[usize]) -> bool {
        let same = |act: &Act<'_>| matches!(act.what, Doing::Recipe(known) if known.id == recipe.id);
        let verbs = |at: &usize| clause.items.get(*at).is_some_and(|item| item.nouns.is_empty());
        recipe.place == Place::Source && items.iter().all(verbs) && self.acts.iter().any(same)
    }

    fn branches(&self) -> bool {
        self.acts.iter().any(|act| matches!(act.what, Doing::Branch { .. }))
    }

    /// "Compare two web pages" reads two, and so does one that names two addresses.
    fn copies(&self, recipe: &Recipe, clause: &Clause, items: &[usize], matches: &Matches) -> usize {
        let literal = recipe.slots.iter().find_map(|slot| match slot.kind {
            Slotted::Url => Some(Literal::Url),
            Slotted::Subreddit => Some(Literal::Subreddit),
            _ => None,
        });
        let Some(literal) = literal.filter(|_| recipe.place == Place::Source) else { return 1 };
        let known = &self.knowledge.recipes.known;
        let delivers = matches.found.iter().any(|found| matches!(found.what, What::Recipe(at) if known.get(at).is_some_and(|recipe| recipe.place == Place::Sink)));
        let named = clause.items.iter().filter(|item| matches!(&item.literal, Some((kind, _)) if *kind == literal));
        let named = if delivers { 1 } else { named.count() };
        let plural =
            items.iter().filter_map(|at| clause.items.get(*at)).any(|item| item.inflected && !item.nouns.is_empty());
        let numbered = items.iter().any(|at| {
            let before = clause.items.get(at.saturating_sub(2)..*at).unwrap_or_default();
            before.iter().any(|item| item.number.is_some())
        });
        let count = values::count(Wish { text: self.goal, clause, items, topic: matches.topic });
        let counted = count.filter(|_| literal == Literal::Url && plural && numbered);
        counted.and_then(|count| usize::try_from(count).ok()).unwrap_or(named).clamp(1, 4)
    }

    /// A bot that is to answer what comes in by chat does so there, even where the goal does not say so again.
    pub(super) fn answer_in_chat(&mut self) {
        let places = |place: Place| {
            self.acts.iter().any(|act| matches!(act.what, Doing::Recipe(recipe) if recipe.place == place))
        };
        let chat = self.acts.iter().any(|act| matches!(act.what, Doing::Recipe(recipe) if recipe.gives.chat.is_some()));
        let answers =
            |item: &Item| !item.verbs.is_empty() && matches!(item.phrase.as_str(), "answer" | "reply" | "respond");
        let last = self.reading.clauses.len().saturating_sub(1);
        let asked = self.reading.clauses.iter().position(|clause| clause.items.iter().any(answers));
        let sink =
            self.knowledge.recipes.known.iter().find(|recipe| {
                recipe.place == Place::Sink && recipe.slots.iter().any(|slot| slot.kind == Slotted::Chat)
            });
        if let (true, false, true, Some(_), Some(sink)) =
            (chat, places(Place::Sink), places(Place::Transform), asked, sink)
        {
            self.acts.push(Act {
                clause: last,
                what: Doing::Recipe(sink),
                items: Vec::new(),
                topic: None,
                left: Vec::new(),
            });
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
}
