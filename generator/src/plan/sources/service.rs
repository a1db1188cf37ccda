//! What reads something from a service.

use super::topic::PUBLIC;
use crate::{
    catalogue::{Action, Block},
    knowledge::Class,
    plan::{
        clauses::act::{Act, names},
        steps::{
            build::Builder,
            choose::{Want, choose},
        },
    },
    reading::{Determiner, Phrase, Role},
};

impl<'k> Builder<'k, '_> {
    /// The block that reads what a phrase names from a service.
    pub(in crate::plan) fn of_service(&self, act: &Act<'_>, phrase: &Phrase, service: &str) -> Option<&'k Block> {
        if let Some(block) = self.known.alias(service) {
            return Some(block);
        }
        // "a new video on my YouTube channel": a channel has a feed.
        if service == "YouTube" && self.is_channel(act, phrase) {
            return self.known.catalogue.by_name("ReadRSSFeedBlock");
        }
        // "my project's name on X": what people write there, and nobody's account.
        if self.is_spoken_word(phrase)
            && let Some(block) = self.searcher(service)
        {
            return Some(block);
        }
        // "new items of a Notion database": the place tells more than "items".
        let mut nouns = sought(phrase);
        for other in act.phrases().filter(|other| other.services.iter().any(|name| name == service)) {
            nouns.extend(names(other));
        }
        // "my WordPress site": what is read from it stands elsewhere.
        if matches!(
            phrase.head.as_str(),
            "site" | "website" | "account" | "workspace" | "server" | "profile" | "blog" | "app" | "project"
        ) {
            nouns.extend(act.frame.objects.iter().filter(|object| object.span != phrase.span).flat_map(names));
        }
        // "when I get a mail in Gmail"
        if phrase.head.is_empty() && act.clause.role == Role::Trigger {
            nouns.extend(act.frame.objects.iter().filter(|object| object.services.is_empty()).flat_map(names));
        }
        if self.is_room(phrase) {
            nouns.push("message".to_owned());
        }
        nouns.retain(|noun| !self.known.is_generic(noun) && !is_link(noun));
        let lemma = act.lemma();
        let want =
            Want { lemma: &lemma, class: Class::Fetch, nouns: &nouns, service: Some(service), many: phrase.plural };
        // "its CEO on LinkedIn": what is sought there, and nothing else that is read from there.
        let public = PUBLIC.contains(&service) && phrase.head.is_empty();
        let things: Vec<String> = {
            let objects = act.frame.objects.iter().filter(|object| public && !object.pronoun);
            objects.flat_map(names).collect()
        };
        let other = |block: &Block| !things.is_empty() && !things.iter().any(|noun| self.known.concerns(block, noun));
        let about = |block: &Block| {
            if other(block) {
                return false;
            }
            phrase.head.is_empty() || nouns.is_empty() || nouns.iter().any(|noun| self.known.concerns(block, noun))
        };
        // "incoming Telegram messages": the service tells of each when it comes.
        let arrives = phrase.modifiers.iter().any(|word| matches!(word.as_str(), "incoming" | "arriving" | "new"));
        // "Turn each Telegram message into a task": messages come by themselves.
        let message = self.known.channel(service).is_some() && self.known.is_carrier(&phrase.head);
        let own = matches!(phrase.determiner, Determiner::Each | Determiner::All | Determiner::Mine);
        let arrives = arrives || message && own;
        let starts = arrives && self.reading.schedule.is_none() && self.done == 0 && !self.triggered();
        if starts {
            let watched = Want { lemma: "watch", ..want };
            let trigger = choose(self.known, &watched)
                .into_iter()
                .map(|(block, _)| block)
                .find(|block| block.trigger && about(block));
            if trigger.is_some() {
                return trigger;
            }
        }
        let reads = |block: &&Block| !block.trigger && self.known.serves(block, Class::Fetch) && about(block);
        let want =
            Want { lemma: &lemma, class: Class::Fetch, nouns: &nouns, service: Some(service), many: phrase.plural };
        let found = choose(self.known, &want).into_iter().map(|(block, _)| block).find(reads);
        // "every new page in my database": one that is named by its id is not all of them.
        let many = phrase.plural || matches!(phrase.determiner, Determiner::Each | Determiner::All);
        let every = self.known.container(service).filter(|container| {
            let gets = |block: &Block| self.known.meaning(block).action == Action::Get;
            many && found.is_some_and(|found| gets(found) && !gets(container))
        });
        if every.is_some() {
            return every;
        }
        // "an email in Gmail": what is usually read for it, if the service has it.
        let usual = nouns.iter().filter(|noun| !self.known.is_generic(noun)).find_map(|noun| self.known.source(noun));
        let usual = usual.filter(|block| self.known.meaning(block).service.as_deref() == Some(service));
        let found = usual.filter(|_| act.clause.role == Role::Trigger).or(found);
        let searched = found.is_some_and(|block| self.searches(block));
        // "find duplicates in the rows of my sheet": all of them are looked at.
        let place = !self.is(act, Class::Search) || act.frame.objects.iter().all(|object| object.span != phrase.span);
        let all = self.known.container(service).filter(|_| phrase.plural && place);
        // "the products in my Airtable base": what it holds, and not which bases there are.
        let lists = found.is_some_and(|block| self.known.meaning(block).objects.first() == Some(&phrase.head));
        let held = self.container_for(act, phrase, service).filter(|_| searched || lists && !phrase.plural);
        let held = held.or(all.filter(|_| searched));
        if held.is_some() {
            return held;
        }
        // A block that looks one up by its address lists none.
        let finds_one = |block: &&Block| {
            let all = many
                || act.clause.role == Role::Trigger
                || phrase.head.is_empty() && act.frame.objects.iter().any(|object| object.plural);
            all && self.known.of(block).is_some_and(|knows| knows.reads) && !self.draft.has_data()
        };
        if found.as_ref().is_some_and(finds_one) {
            return None;
        }
        // "the leads in Google Sheets": whatever it is, it is a row.
        found.or_else(|| self.known.container(service))
    }
}

/// What a phrase asks to be read: "a YouTube video link" is no link first, it leads to a video.
fn sought(phrase: &Phrase) -> Vec<String> {
    let mut head = phrase.modifiers.clone();
    head.extend(phrase.head.split(' ').map(str::to_owned));
    if !head.pop().is_some_and(|last| is_link(&last)) {
        return names(phrase);
    }
    let target = head.pop().map(|last| Phrase { head: last, modifiers: head, ..Phrase::default() });
    names(phrase).into_iter().chain(target.iter().flat_map(names)).collect()
}

pub(super) fn is_link(noun: &str) -> bool {
    matches!(noun, "link" | "url" | "address" | "hyperlink")
}
