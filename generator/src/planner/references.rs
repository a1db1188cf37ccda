//! Words that point to what is there already, or belong to something else.

use super::{
    clauses::Kind,
    items::Item,
    lexicon::{Concept, Role},
    matching::Search,
    recipes::{Recipe, TOWARD},
    text::Literal,
};

impl Search<'_> {
    /// "when it is opened": what happens there is nothing to be done.
    pub(super) fn happens(&self, item: &Item) -> bool {
        self.clause.kind == Kind::When && item.inflected
    }

    pub(super) fn nothing_after(&self, items: &[usize]) -> bool {
        let last = items.iter().max().copied().unwrap_or_default();
        !self.clause.items.iter().skip(last + 1).any(|item| item.tells() && !item.is(Role::Generic))
    }

    /// Whether the words only point to what is there already.
    pub(super) fn refers(&self, alternative: &[Concept], items: &[usize]) -> bool {
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
    pub(super) fn strong_source(&self, alternative: &[Concept]) -> bool {
        alternative.iter().any(|concept| *concept != TOWARD && self.knowledge.lexicon.is_service(*concept))
    }

    /// An address that belongs to another block asks for that one.
    pub(super) fn url_fits(&self, recipe: &Recipe, items: &[usize]) -> bool {
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
}
