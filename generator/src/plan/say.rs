//! Names, titles and subjects, made of what was understood.

use super::{
    act::{Act, core, names},
    build::Builder,
    know::capitalised,
};
use crate::{catalogue::Block, reading::Phrase};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Summarise new entries"
    pub(super) fn think_title(&self, act: &Act<'_>) -> String {
        let object = act.frame.objects.first().map(|phrase| self.short_phrase(phrase));
        let lemma = act.lemma();
        match (lemma.as_str(), object) {
            ("", Some(object)) => capitalised(&object),
            (verb, Some(object)) if !object.is_empty() => shortened(&format!("{} {object}", capitalised(verb)), 48),
            _ => shortened(&act.instruction(), 48),
        }
    }

    fn short_phrase(&self, phrase: &Phrase) -> String {
        let text = self.text(&core(phrase));
        shortened(text, 34)
    }

    /// The subject of a message: what it is about.
    pub(super) fn subject(&self, act: &Act<'_>, content: Option<usize>) -> String {
        let datum = content.and_then(|datum| self.draft.data.get(datum));
        let object = act.frame.objects.iter().find(|phrase| !phrase.pronoun && !self.known.is_person(&phrase.head) && !phrase.head.is_empty());
        let noun = object.map(|phrase| {
            let words: Vec<&str> = phrase.modifiers.iter().map(String::as_str).chain([phrase.head.as_str()]).collect();
            words.join(" ")
        });
        let carrier = object.is_some_and(|phrase| self.known.is_carrier(&phrase.head) || self.known.is_generic(&phrase.head));
        let from_data = datum.and_then(|datum| datum.nouns.iter().find(|noun| !self.known.is_generic(noun)).cloned());
        let name = match (noun, carrier, from_data) {
            (Some(noun), false, _) => noun,
            (_, _, Some(noun)) => noun,
            (Some(noun), true, None) => noun,
            (None, _, None) => "message".to_owned(),
        };
        let source = self.draft.data.iter().find(|datum| !datum.made && !datum.receipt).and_then(|datum| datum.nouns.first().cloned());
        let about = source.filter(|source| !name.contains(source.as_str()) && !self.known.is_generic(source));
        capitalised(&match about {
            Some(about) if name.split(' ').count() < 3 => format!("{name}: {}", super::build::plural(&about)),
            _ => name,
        })
    }

    pub(super) fn says_told(&self, act: &Act<'_>, block: &Block, place: Option<&Phrase>) -> String {
        let _ = (block, place);
        act.instruction()
    }

    /// The name of the agent: rhythm, what it makes, of what, and where it goes.
    pub(super) fn agent_name(&self) -> String {
        let rhythm = self.reading.schedule.as_ref().map(|schedule| rhythm(&schedule.cron)).unwrap_or_default();
        let made = self.draft.data.iter().rfind(|datum| datum.made).and_then(|datum| {
            datum.nouns.iter().find(|noun| !self.known.is_generic(noun) && noun.as_str() != "response").cloned()
        });
        let read = self.draft.data.iter().find(|datum| !datum.made && !datum.receipt).and_then(|datum| {
            datum.nouns.iter().find(|noun| !self.known.is_generic(noun)).cloned()
        });
        let to = self.draft.data.iter().rfind(|datum| datum.receipt).and_then(|datum| {
            datum.service.clone().or_else(|| self.draft.block(datum.flow.step).filter(|block| block.name.contains("Email")).map(|_| "e-mail".to_owned()))
        });
        let mut name = match (&read, &made) {
            (Some(read), Some(made)) if made.contains(read.as_str()) || read == made => made.clone(),
            (Some(read), Some(made)) => format!("{read} {made}"),
            (Some(read), None) => super::build::plural(read),
            (None, Some(made)) => made.clone(),
            (None, None) => String::new(),
        };
        if let Some(to) = to.filter(|_| !name.is_empty()) {
            name = format!("{name} to {to}");
        }
        if name.is_empty() {
            let first = self.reading.clauses.iter().enumerate().find_map(|(at, clause)| {
                (clause.role == crate::reading::Role::Act).then(|| Act::of(self.reading, at)).flatten()
            });
            name = first.map_or_else(|| "agent".to_owned(), |act| self.think_title(&act));
        }
        let name = if rhythm.is_empty() { name } else { format!("{rhythm} {name}") };
        shortened(&capitalised(&name), 60)
    }
}

fn rhythm(cron: &str) -> &'static str {
    match super::time::interval(cron) {
        0..60 => "",
        60..1440 => "hourly",
        1440..10080 => "daily",
        10080..40000 => "weekly",
        _ => "monthly",
    }
}

pub(super) fn shortened(text: &str, most: usize) -> String {
    crate::text::shortened(text, most)
}

pub(super) fn nouns_of(phrase: &Phrase) -> Vec<String> {
    names(phrase)
}
