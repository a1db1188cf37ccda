//! Words that are both something to do and a thing: which of the two is meant.

use super::{clauses::Kind, items::Item, lexicon::Role, text::Literal};

/// Whether this follows a verb: an article, a pronoun.
pub(super) fn imperative(after: Option<&Item>) -> bool {
    after.is_some_and(|after| {
        let phrase = after.phrase.as_str();
        matches!(
            phrase,
            "a" | "an"
                | "the"
                | "it"
                | "them"
                | "me"
                | "us"
                | "him"
                | "her"
                | "my"
                | "our"
                | "each"
                | "every"
                | "this"
                | "that"
                | "these"
                | "those"
                | "all"
                | "any"
                | "some"
                | "only"
                | "one"
                | "new"
                | "everything"
                | "everyone"
                | "your"
                | "their"
                | "its"
        )
    })
}

/// A word that is both a verb and a thing is the verb at the head of a clause and after "to"; elsewhere the thing.
pub(super) fn settle_verbs(items: &mut [Item], kind: Kind) {
    let head = if matches!(kind, Kind::Do | Kind::Else) {
        items.iter().position(|item| item.tells() && !item.phrase.is_empty())
    } else {
        None
    };
    for at in 0..items.len() {
        let after_to = at > 0 && items.get(at - 1).is_some_and(|before| before.phrase == "to");
        let object = imperative(items.get(at + 1));
        let last = at + 1 == items.len();
        let before = at.checked_sub(1).and_then(|before| items.get(before));
        let article = before.is_some_and(|before| imperative(Some(before)) || before.phrase == "with");
        let goes_on = items.get(at + 1).is_some_and(|after| {
            after.is(Role::Toward) || after.is(Role::Place) || matches!(after.literal, Some((Literal::Email, _)))
        });
        let qualifies = items.get(at + 1).is_some_and(|after| !after.nouns.is_empty() && after.literal.is_none());
        let unknown_object = object && items.get(at + 2).is_none_or(|after| after.nouns.is_empty());
        let Some(item) = items.get_mut(at) else { continue };
        if item.participle && !item.verbs.is_empty() {
            // "the corrected text" corrects nothing; "the result mailed to Ann" is to be mailed.
            if article && qualifies && !goes_on {
                item.verbs.clear();
                continue;
            }
            if goes_on && !item.nouns.is_empty() {
                item.nouns.clear();
                continue;
            }
        }
        if head == Some(at) && item.is(Role::UnservedVerb) && item.verbs.is_empty() && unknown_object {
            // "Feed the cat"
            item.nouns.clear();
        }
        if item.verbs.is_empty() || item.nouns.is_empty() {
            continue;
        }
        if head == Some(at) || (after_to && !last && object) {
            // "List of posts", "Summary of …": a thing, although it stands first.
            let thing = items.get(at + 1).is_some_and(|after| after.phrase == "of") || (last && head != Some(at));
            if let Some(item) = items.get_mut(at) {
                if thing { item.verbs.clear() } else { item.nouns.clear() }
            }
        } else {
            item.verbs.clear();
        }
    }
}
