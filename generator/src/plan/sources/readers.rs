//! Which service has a reader of a thing, and which has none.

use crate::{
    catalogue::{Action, Block},
    knowledge::Class,
    plan::{
        clauses::act::{self, Act, names},
        steps::{
            build::Builder,
            choose::{Want, choose},
        },
    },
    reading::{Argument, Determiner, Phrase, Role, Token, Value},
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

    /// A reader of GitHub for a thing that others have too, where nothing of the goal speaks of code.
    pub(in crate::plan) fn is_code_by_chance(&self, block: &Block, phrase: &Phrase) -> bool {
        const SHARED: [&str; 8] = ["folder", "release", "file", "branch", "tag", "team", "member", "label"];
        let spoken = |token: &Token| {
            let word = token.word().is_some_and(|word| word.starts_with("repo") || word.starts_with("commit"));
            word || matches!(token.value(), Some(Value::Repository(_)))
        };
        self.known.meaning(block).service.as_deref() == Some("GitHub")
            && phrase.head.rsplit(' ').next().is_some_and(|last| SHARED.contains(&last))
            && !self.reading.text.to_lowercase().contains("github")
            && !self.reading.tokens.iter().any(spoken)
    }

    pub(in crate::plan) fn speaks_of_calendar(&self) -> bool {
        let word = |token: &Token| token.word().is_some_and(|word| word.starts_with("calendar") || word == "my");
        self.reading.tokens.iter().any(word)
    }

    /// "new rows in our Airtable base": rows of no other service.
    pub(in crate::plan) fn holder_behind(&self, act: &Act<'_>, phrase: &Phrase) -> Option<&'k Block> {
        let row = matches!(phrase.head.rsplit(' ').next(), Some("row" | "record" | "entry"));
        let next = |argument: &&Argument| {
            let place = &argument.phrase;
            let own = matches!(place.determiner, Determiner::Mine | Determiner::The);
            own && (phrase.span.end..=phrase.span.end + 2).contains(&place.span.start)
        };
        let plain = row && phrase.services.is_empty() && !self.is(act, Class::Store);
        let inside = act.arguments(&["in", "of", "from"]).find(next).filter(|_| plain)?;
        inside.phrase.services.iter().find_map(|service| self.known.container(service))
    }

    /// The unknown service whose new things an act is to tell of.
    pub(in crate::plan) fn foreign_news(&self, act: &Act<'_>) -> Option<String> {
        // "the Jira issues assigned to me": those of no other service.
        let new = |phrase: &&Phrase| {
            let named = matches!(phrase.determiner, Determiner::The | Determiner::Mine) && !phrase.head.is_empty();
            phrase.plural && (named || phrase.modifiers.iter().any(|word| word == "new"))
        };
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

    /// The reader of a service that the person works with, as the background tells: "We use All Quiet."
    pub(in crate::plan) fn of_background(&self, act: &Act<'_>, phrase: &Phrase) -> Option<&'k Block> {
        let nouns = names(phrase);
        let told = self.reading.clauses.iter().filter(|clause| matches!(clause.role, Role::Background | Role::Value));
        let frames = told.filter_map(|clause| clause.frame.as_ref());
        let phrases = frames.flat_map(|frame| frame.objects.iter().chain(&frame.subject));
        let services = phrases.flat_map(|phrase| &phrase.services).filter(|service| self.known.has_service(service));
        let gives = |block: &&Block| {
            let objects = &self.known.meaning(block).objects;
            nouns.iter().any(|noun| !self.known.is_generic(noun) && objects.contains(noun))
        };
        services.into_iter().find_map(|service| self.of_service(act, phrase, service).filter(gives))
    }

    /// "the on-call person **from All Quiet**", "the products **in Airtable**": the services that a thing without one is in.
    pub(in crate::plan) fn services_behind<'r>(&self, act: &Act<'r>, phrase: &Phrase) -> Vec<&'r str> {
        let object = act.frame.objects.iter().any(|other| other.span == phrase.span);
        let near = |argument: &&Argument| {
            object || argument.phrase.span.start >= phrase.span.end && argument.phrase.span.start <= phrase.span.end + 2
        };
        let from = act.arguments(&["from", "of", "out of"]).filter(near);
        let from = from.flat_map(|argument| &argument.phrase.services);
        let inside = act.arguments(&["in", "on"]).filter(|argument| argument.phrase.span.start <= phrase.span.end + 2);
        let inside = inside.flat_map(|argument| &argument.phrase.services);
        let inside = inside.filter(|service| self.known.channel(service).is_none() && self.known.has_service(service));
        from.chain(inside).filter(|_| phrase.services.is_empty()).map(String::as_str).collect()
    }

    pub(in crate::plan) fn searches(&self, block: &Block) -> bool {
        self.known.meaning(block).action == Action::Search
    }

    /// "look at our Notion database": what it holds is read, and not looked for.
    pub(in crate::plan) fn container_for(&self, act: &Act<'_>, phrase: &Phrase, service: &str) -> Option<&'k Block> {
        const HOLDERS: [&str; 5] = ["database", "table", "sheet", "spreadsheet", "base"];
        let holder = phrase.head.rsplit(' ').next().is_some_and(|last| HOLDERS.contains(&last));
        self.known.container(service).filter(|_| holder && !self.is(act, Class::Search))
    }

    /// "answer **from our docs**": what an answer is made from; "by mail" is how it goes.
    pub(in crate::plan) fn is_basis(&self, act: &Act<'_>, argument: &Argument) -> bool {
        let phrase = &argument.phrase;
        let way = argument.preposition == "by" && phrase.services.is_empty() && self.known.is_carrier(&phrase.head);
        !way && !self.is_manner(phrase) && self.fetchable(act, phrase)
    }

    /// Whether a phrase names a service that can be written to and not read from.
    pub(in crate::plan) fn unreadable(&self, act: &Act<'_>, phrase: &Phrase) -> Option<String> {
        let service = phrase.services.iter().find(|service| self.known.has_service(service))?;
        self.source_of(act, phrase, &[]).is_none().then(|| service.clone())
    }
}
