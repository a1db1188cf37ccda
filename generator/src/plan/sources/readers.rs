//! Which service has a reader of a thing, and which has none.

use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        clauses::act::{self, Act, names},
        steps::{
            build::Builder,
            choose::{Want, choose},
        },
    },
    reading::{Determiner, Phrase},
};

impl<'k> Builder<'k, '_> {
    /// The reader of the service that the goal speaks of elsewhere, instead of that of one which it does not.
    pub(in crate::plan) fn of_spoken(&self, act: &Act<'_>, phrase: &Phrase, block: &Block) -> Option<&'k Block> {
        let own = self.known.meaning(block).service.as_deref();
        let said = act::services_of(self.reading);
        let asks = block.name == "SQLQueryBlock" || own == Some("GitHub");
        if !asks || own.is_some_and(|own| said.iter().any(|service| service == own)) || act.repository {
            return None;
        }
        let nouns = names(phrase);
        let other = |service: &String| self.known.channel(service).is_none() && self.known.has_service(service);
        said.iter().filter(|service| other(service)).find_map(|service| {
            let found = self.of_service(act, phrase, service)?;
            let held = block.name == "SQLQueryBlock" && self.known.container(service).is_some();
            (held || nouns.iter().any(|noun| self.known.concerns(found, noun))).then_some(found)
        })
    }

    /// The unknown service whose new things an act is to tell of.
    pub(in crate::plan) fn foreign_news(&self, act: &Act<'_>) -> Option<String> {
        let new = |phrase: &&Phrase| phrase.plural && phrase.modifiers.iter().any(|word| word == "new");
        let other = |service: &&String| !self.known.has_service(service) && !self.known.is_passive(service);
        let mut services = act.frame.objects.iter().filter(new).flat_map(|phrase| &phrase.services);
        let tells = self.is(act, Class::Tell) && !self.is(act, Class::Fetch) && !self.draft.has_data();
        services.find(other).filter(|_| tells).cloned()
    }

    /// The block that reads exactly what a noun of two words or a thing of only one service names, as in "bookmarked
    /// tweets"; what people make or give is not read.
    pub(in crate::plan) fn reader_of(&self, act: &Act<'_>, phrase: &Phrase, noun: &String) -> Option<&'k Block> {
        let known = self.known;
        let other = known.is_product(noun)
            || known.is_askable(noun)
            || known.is_generic(noun)
            || known.is_person(noun)
            || known.is_carrier(noun);
        if other || !self.is(act, Class::Fetch) || (phrase.determiner == Determiner::Some && self.is(act, Class::Make))
        {
            return None;
        }
        self.only_reader(act, phrase, noun)
    }

    pub(in crate::plan) fn only_reader(&self, act: &Act<'_>, phrase: &Phrase, noun: &String) -> Option<&'k Block> {
        let known = self.known;
        let lemma = act.lemma();
        let want = Want {
            lemma: &lemma,
            class: Class::Fetch,
            nouns: std::slice::from_ref(noun),
            service: None,
            many: phrase.plural,
        };
        let reads = |block: &&Block| {
            let meaning = known.meaning(block);
            !block.trigger
                && !known.is_plain(block)
                && known.serves(block, Class::Fetch)
                && meaning.objects.contains(noun)
        };
        let found: Vec<&Block> = choose(known, &want).into_iter().map(|(block, _)| block).filter(reads).collect();
        let service = |block: &Block| known.meaning(block).service.as_deref();
        let alone = found.windows(2).all(|pair| matches!(pair, [one, other] if service(one) == service(other)));
        found.first().copied().filter(|_| alone)
    }

    /// "the comments of my YouTube video": a part of what a service has that no block reads.
    pub(in crate::plan) fn lacking(&self, act: &Act<'_>) -> Option<String> {
        const PARTS: [&str; 12] = [
            "comment",
            "like",
            "follower",
            "subscriber",
            "view",
            "review",
            "analytics",
            "statistic",
            "insight",
            "reaction",
            "mention",
            "reply",
        ];
        let object = act.frame.objects.iter().find(|phrase| {
            PARTS.contains(&phrase.head.as_str())
                && phrase.determiner != Determiner::Some
                && self.refer(phrase).is_none()
        })?;
        let of = act.arguments(&["of", "on", "under", "from"]).map(|argument| &argument.phrase);
        let service = std::iter::once(object).chain(of).find_map(|phrase| phrase.services.first())?;
        let catalogue = &self.known.catalogue;
        let reads = |at: &usize| {
            let block = catalogue.blocks().get(*at);
            block.is_some_and(|block| {
                self.known.serves(block, Class::Fetch)
                    && names(object).iter().any(|noun| self.known.concerns(block, noun))
            })
        };
        let known = self.known.has_service(service) && !catalogue.blocks_of(service).iter().any(reads);
        (known && !self.is(act, Class::Store) && !self.is(act, Class::Tell)).then(|| service.clone())
    }

    /// Whether a phrase names a service that can be written to and not read from.
    pub(in crate::plan) fn unreadable(&self, act: &Act<'_>, phrase: &Phrase) -> Option<String> {
        let service = phrase.services.iter().find(|service| self.known.has_service(service))?;
        self.source_of(act, phrase, &[]).is_none().then(|| service.clone())
    }
}
