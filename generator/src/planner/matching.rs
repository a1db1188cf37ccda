//! Which recipes a clause asks for.

use std::collections::HashSet;

use super::{
    Knowledge,
    clauses::{Clause, Kind},
    items::Item,
    lexicon::{Concept, Role},
    recipes::{Place, Recipe, TOWARD},
    text::Literal,
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
    let topic = topic(knowledge, clause);
    let mut search = Search { knowledge, clause, available, topic, claimed: HashSet::new(), found: Vec::new() };
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

fn place(knowledge: &Knowledge, what: What) -> Place {
    match what {
        What::Recipe(index) => knowledge.recipes.known.get(index).map_or(Place::Sink, |recipe| recipe.place),
        What::Choice(_) => Place::Sink,
    }
}

/// The part of a clause that says what it is about: its words ask for no block.
fn topic(knowledge: &Knowledge, clause: &Clause) -> Option<(usize, usize)> {
    let find = knowledge.lexicon.concept("find");
    let searches = clause.items.iter().any(|item| item.verbs.iter().any(|verb| Some(*verb) == find));
    let extract = knowledge.lexicon.concept("extract");
    if let Some(verb) = clause.items.iter().position(|item| item.verbs.iter().any(|verb| Some(*verb) == extract)) {
        // "Extract the name and the e-mail from …": what is extracted is no place to read from.
        let fields = clause.items.get(verb + 1..)?;
        let length =
            fields.iter().position(|item| item.is(Role::Origin) || item.is(Role::Place)).unwrap_or(fields.len());
        let lists = fields
            .get(..length)?
            .iter()
            .any(|item| item.nouns.iter().any(|noun| knowledge.lexicon.name(*noun) == "list"));
        return (length > 0 && !lists).then_some((verb + 1, verb + 1 + length));
    }
    let links = |item: &Item| {
        item.is(Role::TopicLink)
            && (matches!(item.phrase.as_str(), "about" | "regarding" | "concerning" | "mentioning" | "related to")
                || (searches && item.phrase == "for"))
    };
    let from = clause.items.iter().position(links)? + 1;
    let rest = clause.items.get(from..)?;
    let service =
        |item: &Item| item.nouns.iter().any(|noun| knowledge.lexicon.is_service(*noun)) || item.literal.is_some();
    let length = rest.iter().position(|item| (item.toward || item.place) && service(item)).map_or(rest.len(), |at| {
        // The preposition and the article before it go with the service.
        let before = rest.get(..at).unwrap_or_default();
        before.len()
            - before
                .iter()
                .rev()
                .take_while(|item| item.is(Role::Stop) || item.is(Role::Toward) || item.is(Role::Place))
                .count()
    });
    (length > 0).then_some((from, from + length))
}

struct Search<'s> {
    knowledge: &'s Knowledge,
    clause: &'s Clause,
    available: &'s HashSet<Concept>,
    topic: Option<(usize, usize)>,
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
                || !self.may(recipe)
            {
                continue;
            }
            for alternative in &recipe.alternatives {
                if let Some((score, items)) = self.fits(recipe.place, alternative, Some(recipe)) {
                    offer(score, Found { what, items });
                }
            }
        }
        for (index, choice) in self.knowledge.recipes.choices.iter().enumerate() {
            let delivered = self.found.iter().any(|found| place(self.knowledge, found.what) == Place::Sink);
            if choice.last_resort != last_resort || delivered || self.clause.kind == Kind::When {
                continue;
            }
            for alternative in &choice.alternatives {
                if let Some((score, items)) = self.fits(Place::Sink, alternative, None) {
                    offer(score, Found { what: What::Choice(index), items });
                }
            }
        }
        best.map(|(_, found)| found)
    }

    /// A trigger starts a "when"; nothing else does, and no trigger stands elsewhere.
    fn may(&self, recipe: &Recipe) -> bool {
        let triggered = self.found.iter().any(|found| place(self.knowledge, found.what) == Place::Trigger);
        match self.clause.kind {
            Kind::When => recipe.place != Place::Source || !triggered,
            _ => recipe.place != Place::Trigger,
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
                    item.verbs.contains(concept)
                } else {
                    item.nouns.contains(concept) && !self.claimed.contains(&at)
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

    /// Whether the words only point to what is there already.
    fn refers(&self, alternative: &[Concept], items: &[usize]) -> bool {
        let mut nouns = alternative
            .iter()
            .filter(|concept| **concept != TOWARD && !self.knowledge.lexicon.is_verb(**concept))
            .peekable();
        if nouns.peek().is_none()
            || self.clause.items.iter().any(|item| matches!(item.literal, Some((Literal::Url | Literal::Subreddit, _))))
        {
            return false;
        }
        let another = items
            .iter()
            .filter_map(|at| self.clause.items.get(*at))
            .any(|item| !item.definite && !item.inflected && !item.nouns.is_empty());
        nouns.all(|noun| self.available.contains(noun)) && !(another && self.strong_source(alternative))
    }

    /// "a web page" after a feed is a new page; "posts" after a feed are not.
    fn strong_source(&self, alternative: &[Concept]) -> bool {
        alternative.iter().any(|concept| *concept != TOWARD && self.knowledge.lexicon.is_service(*concept))
    }

    /// An address that belongs to another block asks for that one.
    fn url_fits(&self, recipe: &Recipe, items: &[usize]) -> bool {
        let urls = items.iter().filter_map(|at| match self.clause.items.get(*at)?.literal.as_ref()? {
            (Literal::Url, url) => Some(url),
            _ => None,
        });
        urls.into_iter().all(|url| {
            !self
                .knowledge
                .recipes
                .known
                .iter()
                .any(|other| other.id != recipe.id && other.url_hints.iter().any(|hint| url.contains(hint)))
        })
    }

    fn may_be(&self, place: Place, item: &Item, concept: Concept, toward: bool, concepts: usize) -> bool {
        let lexicon = &self.knowledge.lexicon;
        let service = lexicon.is_service(concept);
        match place {
            Place::Sink if toward => item.toward,
            Place::Sink => {
                let goes = item.toward || item.place;
                let elsewhere = !goes
                    && self.clause.items.iter().any(|other| {
                        (other.toward || other.place)
                            && other.literal.is_none()
                            && other.nouns.iter().any(|noun| lexicon.is_service(*noun) && *noun != concept)
                    });
                goes || item.literal.is_some()
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
            Place::Trigger => true,
            // "a video from a script" makes no script.
            Place::Transform => !(item.origin && item.phrase != "list"),
        }
    }
}
