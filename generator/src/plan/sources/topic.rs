//! What a search is for, in the words of the goal.

use super::window::is_period;
use crate::{
    plan::{clauses::act::Act, steps::build::Builder},
    reading::{Determiner, Kind, Phrase, Span, Value},
};

/// Services whose pages everybody sees.
pub(super) const PUBLIC: [&str; 7] = ["Instagram", "TikTok", "LinkedIn", "Facebook", "Pinterest", "Threads", "Medium"];

impl Builder<'_, '_> {
    /// The subject matter of a search: "about X", else the phrase itself without its verb.
    pub(in crate::plan) fn about(&self, act: &Act<'_>, phrase: &Phrase) -> Option<Span> {
        // "posts about Rust on Hacker News": all of it is searched for.
        let finds = matches!(act.plain_lemma(), "find" | "search" | "look" | "discover");
        let site = |phrase: &Phrase| {
            let listed = |service: &String| self.known.is_kind(service, Kind::Site);
            phrase.services.iter().any(|service| listed(service) || finds && PUBLIC.contains(&service.as_str()))
        };
        let by_words =
            !matches!(act.lemma().as_str(), "search" | "search for" | "google" | "look up" | "look for" | "watch for");
        let object = act.frame.objects.iter().any(|object| object.span == phrase.span);
        let web = by_words
            && object
            && phrase.services.is_empty()
            && phrase.values.iter().all(|at| {
                matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Number(_)))
            })
            && self
                .source_of(act, phrase, &[])
                .is_none_or(|source| self.known.meaning(source.block).action == crate::catalogue::Action::Search);
        if web || act.phrases().any(site) || self.is_on_site(act) {
            let told = |phrase: &Phrase| {
                !self.known.is_person(&phrase.head)
                    && phrase.head != "email"
                    && !phrase.pronoun
                    && !self.is_manner(phrase)
                    && !phrase.services.iter().any(|service| self.known.channel(service).is_some())
            };
            let start = act.frame.objects.iter().filter(|phrase| told(phrase)).map(|phrase| phrase.span.start).min();
            let all = act.frame.objects.iter().chain(act.frame.arguments.iter().map(|argument| &argument.phrase));
            let end = all.filter(|phrase| told(phrase)).map(|phrase| phrase.span.end).max();
            if let (Some(start), Some(end)) = (start.or(Some(phrase.span.start)), end) {
                return Some(start..end.max(phrase.span.end));
            }
        }
        if let Some(span) = self.found_in(act, phrase).filter(|_| !object) {
            return Some(span);
        }
        // "look for grants for nonprofits": the grants.
        let sought = act.frame.objects.iter().any(|object| {
            object.span == phrase.span
                && !object.head.is_empty()
                && !self.known.is_generic(&object.head)
                && !by_words
                && !matches!(object.head.as_str(), "web" | "internet" | "google" | "net" | "site" | "page")
        });
        let whole = phrase.head.is_empty() || self.known.is_generic(&phrase.head);
        let argument = act
            .arguments(&["about", "on", "for", "regarding", "around", "into", "of"])
            .filter(|argument| match argument.preposition.as_str() {
                "for" => !sought,
                // "the price of gold": of gold, the price.
                "of" => whole,
                _ => true,
            })
            .map(|argument| &argument.phrase)
            .find(|about| {
                // "search for the news of the past week": when is not what.
                let when = is_period(&about.head) && phrase.span.start < about.span.start;
                !when
                    && about.span != phrase.span
                    && (!about.pronoun || about.tail.is_some())
                    && !self.known.is_person(&about.head)
                    && about.services.is_empty()
            });
        // "a city on Wikipedia": the place is no subject.
        let object = act
            .frame
            .objects
            .first()
            .filter(|object| phrase.head.is_empty() && !object.head.is_empty() && !object.pronoun);
        let own = object.or_else(|| (!phrase.head.is_empty()).then_some(phrase));
        let mut span = argument.or(own)?.span.clone();
        // "search for clinics in Nairobi": where, and what for, belong to it.
        for place in act.frame.arguments.iter().filter(|_| !by_words) {
            let next = (span.end + 1..=span.end + 2).contains(&place.phrase.span.start);
            let apart = place.phrase.pronoun || !place.phrase.services.is_empty() || !place.phrase.values.is_empty();
            // "jobs for Rust developers"
            let somebody = self.known.is_person(&place.phrase.head)
                && !(place.phrase.plural && place.phrase.determiner == Determiner::None);
            if next && !apart && !somebody && !self.fetchable(act, &place.phrase) {
                span.end = place.phrase.span.end;
            }
        }
        Some(span)
    }
}
