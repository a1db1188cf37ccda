//! What stands on a site, and whether the site answers.

use crate::{
    plan::{clauses::act::Act, steps::build::Builder},
    reading::{Determiner, Phrase, TokenKind, Value},
};

impl Builder<'_, '_> {
    /// "check whether https://… loads": not what its page says.
    pub(in crate::plan) fn asks_status(&self, act: &Act<'_>) -> bool {
        let complement = act
            .frame
            .complement
            .clone()
            .filter(|_| matches!(act.plain_lemma(), "check" | "test" | "verify" | "see" | "watch" | "monitor"));
        let mut tokens = complement.into_iter().flatten().filter_map(|at| self.reading.tokens.get(at));
        tokens.any(|token| match token.word() {
            Some(word) => self.known.is_up(word) || self.known.is_down(word) || matches!(word, "status" | "200"),
            None => matches!(token.value(), Some(Value::Number(code)) if (200.0..600.0).contains(code)),
        })
    }

    /// An address that stands in what is read, and no mail: beside other such parts, or on a page.
    pub(super) fn is_part_of_found(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        const PARTS: [&str; 8] =
            ["name", "phone", "phone number", "website", "company", "title", "address", "linkedin"];
        let part = |other: &Phrase| {
            other.span != phrase.span
                && PARTS.iter().any(|part| other.head == *part || other.head.ends_with(&format!(" {part}")))
        };
        let page = |from: &Phrase| {
            let url = |at: &usize| {
                matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Url(_)))
            };
            from.values.iter().any(url)
                || matches!(from.head.as_str(), "page" | "website" | "web page" | "site" | "url")
        };
        let listed = act.frame.objects.len() > 2 && phrase.determiner == Determiner::None && !phrase.plural;
        listed
            || act.frame.objects.iter().any(part)
            || act.arguments(&["from", "on", "of"]).any(|from| page(&from.phrase))
    }

    /// "the price of a phone on shop.example": looked for there, for its first page does not have it.
    pub(in crate::plan) fn is_on_site(&self, act: &Act<'_>) -> bool {
        let bare = |at: &usize| self.is_whole_site(*at);
        act.frame.objects.iter().any(|phrase| !phrase.head.is_empty() && phrase.values.is_empty())
            && act.arguments(&["on", "at"]).any(|argument| argument.phrase.values.iter().any(bare))
    }

    /// "shop.example": a site, and none of its pages.
    pub(super) fn is_whole_site(&self, at: usize) -> bool {
        self.reading.tokens.get(at).is_some_and(|token| {
            let raw = token.raw(&self.reading.text);
            matches!(token.kind, TokenKind::Value(Value::Url(_))) && !raw.contains('/')
        })
    }
}
