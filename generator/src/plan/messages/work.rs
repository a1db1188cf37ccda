//! What an act does if no channel says so: reading, thinking, telling, storing, or an operation of a service.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{Act, is_report, names},
        steps::build::{Builder, Part, Unserved},
    },
    reading::{Argument, Determiner, Phrase},
};

/// What an act is about, as its words tell.
pub(in crate::plan) struct Work {
    pub(in crate::plan) tells: bool,
    /// Something is made of what is there.
    pub(in crate::plan) product: bool,
    texts: bool,
    pub(in crate::plan) carries: bool,
    people: bool,
}

impl<'k, 'r> Builder<'k, 'r> {
    pub(in crate::plan) fn work_of(&self, act: &Act<'r>) -> Work {
        let objects: Vec<&Phrase> = act.frame.objects.iter().collect();
        let product = objects.iter().any(|phrase| self.is_product(act, phrase));
        let texts = product && self.known.composes(act.plain_lemma());
        let tells = self.is(act, Class::Tell);
        let carries = objects.iter().any(|phrase| self.known.is_carrier(&phrase.head));
        let told = act.arguments(&["to", "for", "with", "at", "in", "on", "via"]).map(|argument| &argument.phrase);
        // "put them in a sheet": what is there.
        let things = |phrase: &&Phrase| {
            let stored = self.is(act, Class::Store) && self.draft.has_data();
            !(stored && phrase.pronoun && matches!(phrase.head.as_str(), "them" | "they"))
        };
        let people = objects
            .iter()
            .copied()
            .filter(things)
            .chain(&act.frame.recipients)
            .chain(&act.frame.subject)
            .chain(told)
            .any(|phrase| self.known.is_person(&phrase.head));
        Work { tells, product, texts, carries, people }
    }

    /// Builds the steps of an act that names no channel.
    pub(in crate::plan) fn works(&mut self, act: &Act<'r>) {
        let objects: Vec<&Phrase> = act.frame.objects.iter().collect();
        if self.picks_who(act) || self.marks_read(act) {
            return;
        }
        let Work { tells, product, texts, carries, people } = self.work_of(act);
        // "Read our Slack messages": Slack can only be written to.
        if self.is(act, Class::Fetch) && !tells {
            let mut phrases = act.frame.objects.iter().chain(act.origins());
            if let Some(service) = phrases.find_map(|phrase| self.unreadable(act, phrase)) {
                return self.unknown_service(act, &service, Part::Source);
            }
        }
        if self.posts_to_address(act) || self.runs_code(act) || self.asks_people(act) || self.asks_where(act) {
            return;
        }
        // "Reply with the translation": to where the message came from.
        if matches!(act.plain_lemma(), "reply" | "answer" | "respond")
            && !self.next_acts(act).take(1).any(|next| self.channel(&next).is_some())
            && self.draft.data.iter().any(|datum| datum.chat.is_some())
        {
            return self.tell(act, None, None);
        }
        if self.is_drafted(act) {
            self.done += 1;
            return self.cover.add(&act.clause.span);
        }
        if let Some(block) = self.draft_reply(act) {
            return self.operate(act, block);
        }
        if self.recasts(act) {
            return self.think(act);
        }
        // "write a LinkedIn post": a text for LinkedIn, not yet a post on it.
        let for_service = texts
            && self.only_drafts(act)
            && act.phrases().all(|phrase| {
                let origin = act.origins().iter().any(|origin| origin.span == phrase.span);
                phrase.services.is_empty() || origin || self.is_product(act, phrase)
            });
        if let Some(service) = self.lacking(act) {
            return self.unknown_service(act, &service, Part::Source);
        }
        if let Some(name) = self.foreign_target(act) {
            return self.unknown_service(act, &name, Part::Delivery);
        }
        // "Create a GitHub report": a text about what is there.
        let kept = |argument: &Argument| argument.phrase.services.iter().any(|service| self.keeper(service).is_some());
        let about = matches!(
            act.plain_lemma(),
            "create"
                | "make"
                | "prepare"
                | "build"
                | "produce"
                | "write"
                | "draft"
                | "compose"
                | "generate"
                | "compile"
        ) && !act.arguments(&["in", "into", "to"]).any(kept)
            && objects.iter().any(|phrase| is_report(&phrase.head));
        let for_service = for_service || about;
        if self.changes_made(act) {
            return;
        }
        let films = act.services().contains(&"YouTube") && act.phrases().any(|phrase| self.is_channel(act, phrase));
        if let Some(block) =
            self.service_block(act).filter(|block| !for_service && !films && !self.is_for_me(act, block))
        {
            // "Create a GitHub release": an issue is none.
            if self.makes_other(act, block) {
                return self.unserved.push(Unserved {
                    text: act.text().to_owned(),
                    what: self.known.meaning(block).service.clone(),
                    kind: Part::Work,
                    span: act.clause.span.clone(),
                });
            }
            return self.operate(act, block);
        }
        if act.services().is_empty() && self.asks_service(act) {
            return;
        }
        if let Some(name) = self.foreign_service(act) {
            let part = if self.is(act, Class::Fetch) && !tells { Part::Source } else { Part::Work };
            return self.unknown_service(act, &name, part);
        }
        if self.answers_caller(act) {
            return;
        }
        // "Write a tweet": nobody is told yet. "Writes each a short message": written for each, and not sent.
        let each = |phrase: &Phrase| phrase.determiner == Determiner::Each || phrase.head == "each";
        let for_each = !act.frame.recipients.is_empty() && act.frame.recipients.iter().all(each);
        let drafts = (for_each || texts && !people)
            && (act.services().is_empty() || for_service)
            && matches!(act.plain_lemma(), "write" | "draft" | "compose");
        if tells
            && (people || carries)
            && !drafts
            && !self.is_answering(act)
            && (!product || carries || people || !self.is(act, Class::Think))
        {
            return self.tell(act, None, None);
        }
        if self.reads_listed(act) {
            return;
        }
        let watched = act.watches() && act.frame.objects.iter().any(|phrase| self.fetchable(act, phrase));
        if watched || self.watches_page(act) {
            return self.gather(act);
        }
        if self.is(act, Class::Remember) {
            for phrase in act.phrases().filter(|_| !self.draft.has_data()).collect::<Vec<_>>() {
                if self.fetchable(act, phrase) {
                    self.fetch(act, phrase, &[]);
                }
            }
            if !self.draft.has_data() {
                for phrase in &act.frame.objects {
                    self.ask_for(phrase);
                }
            }
            return self.remember(act);
        }
        // "Find the cheapest": something that is there already is thought about.
        let mut sources = objects.iter().copied().chain(act.origins());
        let there = objects.iter().any(|phrase| self.refer(phrase).is_some());
        if act.services().is_empty() && self.medium(act).is_some() {
            return self.think(act);
        }
        // "Open a pull request" makes one.
        let creates = self.is(act, Class::Make) && objects.iter().any(|phrase| phrase.determiner == Determiner::Some);
        if creates
            && !there
            && let Some(block) = self.maker(act)
        {
            return self.operate(act, block);
        }
        if self.is(act, Class::Fetch) && !there && !product && sources.any(|phrase| self.fetchable(act, phrase)) {
            return self.gather(act);
        }
        // "look at what our competitors published"
        if self.is(act, Class::Fetch)
            && objects.is_empty()
            && act.services().is_empty()
            && act.frame.complement.is_some()
            && !self.draft.has_data()
        {
            return self.search(act);
        }
        let reserves = matches!(act.plain_lemma(), "block" | "book" | "reserve" | "schedule")
            && act.values().any(|(_, value)| matches!(value, crate::reading::Value::Duration(_)));
        if self.worked_in(act).is_some() && self.pretends(act) {
            return;
        }
        // "upload it to my channel": of the only service that was spoken of.
        if act.plain_lemma() == "upload"
            && let Some(block) = self.usual_channel(act)
        {
            return self.tell(act, Some(block), None);
        }
        if reserves && let Some(block) = self.known.catalogue.by_name("GoogleCalendarCreateEventBlock") {
            return self.operate(act, block);
        }
        if let Some(block) = self.maker(act) {
            return self.operate(act, block);
        }
        if self.pretends(act) {
            return;
        }
        let only_asked = self.draft.data.iter().all(|datum| datum.receipt || self.draft.is_asked(datum.flow.step));
        // "collect facts on a topic"
        let facts = matches!(act.plain_lemma(), "collect" | "gather" | "find" | "get" | "fetch" | "compile")
            && objects.iter().any(|phrase| FACTS.contains(&phrase.head.as_str()) && !self.handed(phrase))
            && act.arguments(&["about", "on", "for", "of", "regarding"]).next().is_some();
        let looks = facts
            || matches!(
                act.lemma().as_str(),
                "research" | "look up" | "look into" | "google" | "investigate" | "search" | "search for"
            );
        let first = objects.first().is_some_and(|phrase| !self.is_product(act, phrase));
        if looks && !there && product && first && objects.len() + act.frame.arguments.len() > 1 {
            // "Research the competitors, then a strategy": looked up first, then written.
            self.search(act);
            return self.think(act);
        }
        // "mistakes in my essay": the essay is what the person has.
        let own = |phrase: &Phrase| {
            phrase.determiner == Determiner::Mine
                && phrase.services.is_empty()
                && names(phrase).iter().any(|name| self.known.is_askable(name))
                && !self.fetchable(act, phrase)
        };
        if self.is(act, Class::Search) && !there && act.origins().into_iter().any(own) {
            return self.think(act);
        }
        // "Research easy recipes": they are there to be found.
        let sought = match facts {
            true => !product,
            false => looks && !(product && first),
        };
        if sought && !there
            || self.is(act, Class::Search)
                && !product
                && only_asked
                && !matches!(act.lemma().as_str(), "find" | "find out" | "work out")
            || self.is(act, Class::Search) && !there && !product && !self.draft.has_data()
        {
            return self.search(act);
        }
        if let Some(service) = self.changes_there(act) {
            return self.unknown_service(act, &service, Part::Work);
        }
        if self.is(act, Class::Think) || product {
            return self.think(act);
        }
        if tells {
            return self.tell(act, None, None);
        }
        if self.keeps_somewhere(act) {
            return;
        }
        // A model only writes: it puts nothing anywhere.
        let puts = self.is(act, Class::Store) && !act.places().is_empty() || self.is(act, Class::Change);
        if self.draft.has_data() && !puts {
            return self.think(act);
        }
        if !(puts && self.draft.has_data()) && act.phrases().any(|phrase| self.fetchable(act, phrase)) {
            return self.gather(act);
        }
        // "reads contracts and flags …": whose they are, the person knows.
        if self.only_named(act) {
            return;
        }
        let what = act.services().into_iter().find(|service| !self.known.is_passive(service)).map(str::to_owned);
        let text = act.text().to_owned();
        self.unserved.push(Unserved { text, what, kind: Part::Work, span: act.clause.span.clone() });
    }
}

/// What is looked up on the web if nobody says where.
const FACTS: [&str; 11] = [
    "fact",
    "information",
    "info",
    "data",
    "material",
    "reference",
    "statistic",
    "example",
    "detail",
    "background",
    "source",
];
