//! Which recipes a clause asks for.

use std::collections::HashSet;

use super::{
    Knowledge,
    clauses::{Clause, Kind},
    items::Item,
    lexicon::Concept,
    recipes::{Place, Recipe, TOWARD},
    text::Literal,
    topics,
};

/// A recipe or a choice that a clause asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// What was found.
    pub what: What,
    /// The items that asked for it.
    pub items: Vec<usize>,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A recipe, by its place in the list.
    Recipe(usize),
    /// A choice, by its place in the list.
    Choice(usize),
}

/// What a clause asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Matches {
    /// In the order in which it has to be done.
    pub found: Vec<Found>,
    /// The items that say what it is about.
    pub topic: Option<(usize, usize)>,
    /// The items that nothing was made of.
    pub left: Vec<usize>,
}

/// Finds what `clause` asks for, given what is there already under these names.
pub(super) fn find(knowledge: &Knowledge, clause: &Clause, available: &HashSet<Concept>) -> Matches {
    let topic = topics::of(knowledge, clause);
    let mut search = Search {
        knowledge,
        clause,
        available,
        topic,
        present: present(knowledge, clause),
        claimed: HashSet::new(),
        found: Vec::new(),
    };
    for last_resort in [false, true] {
        while let Some(best) = search.best(last_resort) {
            search.claim(best);
        }
    }
    let Search { claimed, mut found, .. } = search;
    found.sort_by_key(|found| (place(knowledge, found.what), found.items.iter().min().copied()));
    let masked = |at: usize| topic.is_some_and(|(from, to)| (from..to).contains(&at));
    let left = (0..clause.items.len()).filter(|at| !claimed.contains(at) && !masked(*at)).collect();
    Matches { found, topic, left }
}

fn present(knowledge: &Knowledge, clause: &Clause) -> Vec<bool> {
    let mut present = vec![false; knowledge.lexicon.size()];
    for concept in clause.items.iter().flat_map(|item| item.verbs.iter().chain(&item.nouns)) {
        if let Some(present) = present.get_mut(usize::from(*concept)) {
            *present = true;
        }
    }
    present
}

fn place(knowledge: &Knowledge, what: What) -> Place {
    match what {
        What::Recipe(index) => knowledge.recipes.known.get(index).map_or(Place::Sink, |recipe| recipe.place),
        What::Choice(_) => Place::Sink,
    }
}

/// Whether an address is one of those that a recipe is for.
fn hinted(recipe: &Recipe, item: &Item) -> bool {
    matches!(&item.literal, Some((Literal::Url, url)) if recipe.url_hints.iter().any(|hint| url.contains(hint)))
}

pub(super) struct Search<'s> {
    pub(super) knowledge: &'s Knowledge,
    pub(super) clause: &'s Clause,
    pub(super) available: &'s HashSet<Concept>,
    pub(super) topic: Option<(usize, usize)>,
    /// For each concept whether the clause has a word of it: most recipes are out of the question at a glance.
    present: Vec<bool>,
    claimed: HashSet<usize>,
    found: Vec<Found>,
}

impl Search<'_> {
    fn best(&self, last_resort: bool) -> Option<Found> {
        let mut best: Option<(u32, Found)> = None;
        let mut offer = |score: u32, found: Found| {
            if best.as_ref().is_none_or(|(highest, _)| score > *highest) {
                best = Some((score, found));
            }
        };
        for (index, recipe) in self.knowledge.recipes.known.iter().enumerate() {
            let what = What::Recipe(index);
            let taken = self
                .found
                .iter()
                .any(|found| found.what == what || (last_resort && place(self.knowledge, found.what) == recipe.place));
            if recipe.last_resort != last_resort
                || taken
                || (recipe.needs_topic && self.topic.is_none())
                || (recipe.needs_count && !self.counts())
                || (recipe.needs_numbers && !self.has_numbers())
                || self.speaks_of(&recipe.never_with)
                || !self.may(recipe)
            {
                continue;
            }
            let addressed = !recipe.url_hints.is_empty() && self.clause.items.iter().any(|item| hinted(recipe, item));
            for alternative in recipe.alternatives.iter().filter(|all| addressed || self.has_all(all)) {
                if let Some((score, items)) = self.fits(recipe.place, alternative, Some(recipe)) {
                    offer(score, Found { what, items });
                }
            }
        }
        for (index, choice) in self.knowledge.recipes.choices.iter().enumerate() {
            let delivered = self.found.iter().any(|found| place(self.knowledge, found.what) == Place::Sink);
            let written = choice.last_resort && self.writes();
            if choice.last_resort != last_resort || delivered || written || self.clause.kind == Kind::When {
                continue;
            }
            for alternative in choice.alternatives.iter().filter(|all| self.has_all(all)) {
                if let Some((score, items)) = self.fits(Place::Sink, alternative, None) {
                    offer(score, Found { what: What::Choice(index), items });
                }
            }
        }
        best.map(|(_, found)| found)
    }

    fn has_all(&self, alternative: &[Concept]) -> bool {
        let has = |concept: &Concept| self.present.get(usize::from(*concept)).is_some_and(|present| *present);
        alternative.iter().all(|concept| *concept == TOWARD || has(concept))
    }

    /// A trigger starts a "when"; nothing else does, and no trigger stands elsewhere.
    fn may(&self, recipe: &Recipe) -> bool {
        let triggered = self.found.iter().any(|found| place(self.knowledge, found.what) == Place::Trigger);
        match self.clause.kind {
            Kind::When => recipe.place != Place::Source || !triggered,
            _ => recipe.place != Place::Trigger || recipe.from_there,
        }
    }

    fn claim(&mut self, found: Found) {
        let nouns: HashSet<Concept> = found
            .items
            .iter()
            .filter_map(|at| self.clause.items.get(*at))
            .flat_map(|item| item.nouns.iter().copied())
            .collect();
        self.claimed.extend(found.items.iter().copied());
        // "Send an e-mail to x@y.org by e-mail" asks once.
        for (at, item) in self.clause.items.iter().enumerate() {
            if item.literal.is_none() && item.nouns.iter().any(|noun| nouns.contains(noun)) {
                self.claimed.insert(at);
            }
        }
        self.found.push(found);
    }

    /// The score of an alternative and the items that make it up.
    fn fits(&self, place: Place, alternative: &[Concept], recipe: Option<&Recipe>) -> Option<(u32, Vec<usize>)> {
        let lexicon = &self.knowledge.lexicon;
        let (mut score, mut items, mut toward, mut fresh) = (0, Vec::with_capacity(alternative.len()), false, false);
        let mut things = 0;
        for concept in alternative {
            if *concept == TOWARD {
                toward = true;
                score += 1;
                continue;
            }
            let verb = lexicon.is_verb(*concept);
            let at = self.clause.items.iter().enumerate().position(|(at, item)| {
                let masked = self.topic.is_some_and(|(from, to)| (from..to).contains(&at));
                let has = if verb {
                    item.verbs.contains(concept) && !(place == Place::Sink && self.happens(item))
                } else {
                    (item.nouns.contains(concept) || recipe.is_some_and(|recipe| hinted(recipe, item)))
                        && !self.claimed.contains(&at)
                };
                has && !masked && (verb || self.may_be(place, item, *concept, toward, alternative.len()))
            })?;
            things += usize::from(!verb);
            score += match () {
                () if verb => 1,
                () if lexicon.is_service(*concept) => 6,
                () if matches!(lexicon.name(*concept), "email_address" | "channel_name" | "subreddit_name") => 5,
                () if lexicon.name(*concept) == "page_url" => 2,
                () => 3,
            };
            fresh |= !self.claimed.contains(&at);
            items.push(at);
        }
        if place == Place::Source && things == 0 && !self.available.is_empty() && self.nothing_after(&items) {
            // "what you find"
            return None;
        }
        let bare_url = matches!(alternative, [.., only] if items.len() <= 2 && lexicon.name(*only) == "page_url");
        let addressed = |found: &Found| matches!(found.what, What::Recipe(at) if self.knowledge.recipes.known.get(at).is_some_and(|recipe| recipe.slots.iter().any(|slot| slot.kind == super::recipes::Kind::Url)));
        if bare_url && self.found.iter().any(addressed) {
            // The address belongs to what was found already.
            return None;
        }
        let reference = place != Place::Sink && self.refers(alternative, &items);
        let hinted = recipe.is_none_or(|recipe| self.url_fits(recipe, &items));
        // "Get" and "make" with nothing else ask for nothing in particular; a claimed verb is used up by itself.
        (fresh && !reference && hinted && (things > 0 || !items.iter().any(|at| self.claimed.contains(at))))
            .then_some((score, items))
    }

    fn may_be(&self, place: Place, item: &Item, concept: Concept, toward: bool, concepts: usize) -> bool {
        let lexicon = &self.knowledge.lexicon;
        let service = lexicon.is_service(concept);
        match place {
            Place::Sink if toward => {
                item.toward || (item.place && !item.definite && service && self.only_takes(concept))
            }
            Place::Sink => {
                let goes = item.toward || item.place;
                let elsewhere = !goes
                    && self.clause.items.iter().any(|other| {
                        (other.toward || other.place)
                            && other.literal.is_none()
                            && other.nouns.iter().any(|noun| lexicon.is_service(*noun) && *noun != concept)
                    });
                // "send an e-mail from Gmail" names who sends.
                let sender = item.origin && service && concepts > 2 && !elsewhere;
                goes || sender
                    || item.literal.is_some()
                    || (!elsewhere
                        && !item.origin
                        && (!item.definite || (!service && !self.available.contains(&concept))))
            }
            Place::Source => {
                // "Send it to the page", "write an e-mail": not something to read.
                let delivers = self
                    .clause
                    .items
                    .iter()
                    .flat_map(|item| item.verbs.iter())
                    .any(|verb| matches!(lexicon.name(*verb), "send" | "push" | "append" | "create"));
                !(item.toward && delivers && concepts > 0)
            }
            Place::Trigger => self.clause.kind == Kind::When || item.origin,
            // "a video from a script" makes no script.
            Place::Transform => !(item.origin && item.phrase != "list"),
        }
    }
}
