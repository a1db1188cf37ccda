//! What a clause is about.

use super::{Knowledge, clauses::Clause, items::Item, lexicon::Role};

/// The part of a clause that says what it is about: its words ask for no block.
pub(super) fn of(knowledge: &Knowledge, clause: &Clause) -> Option<(usize, usize)> {
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
