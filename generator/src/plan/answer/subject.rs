//! What a step that reads, thinks or tells is called, and the subject of a message.

use crate::{
    catalogue::{Action, Block},
    knowledge::capitalised,
    plan::{
        clauses::act::{Act, words},
        steps::{build::Builder, say::NAME},
        wording::{
            english::{cut, several, with_article},
            title::title_of,
        },
    },
    reading::{Determiner, Phrase},
};

/// Characters of the title of a step.
const TITLE: usize = 60;

impl Builder<'_, '_> {
    /// "Summarise the new entries", "Translate it into Spanish"
    pub(in crate::plan) fn think_title(&self, act: &Act<'_>) -> String {
        cut(&act.instruction(), TITLE)
    }

    /// "Read the RSS feed https://…", "Get my unread e-mails from Gmail", "Search the web for electric cars"
    pub(in crate::plan) fn reads(&self, block: &Block, phrase: &Phrase, about: Option<&str>) -> String {
        let meaning = self.known.meaning(block);
        let what = words(self.reading, &phrase.span);
        let named = meaning.service.as_deref().filter(|service| {
            let name = block.title().replace(' ', "").to_lowercase();
            let said = service.to_lowercase();
            name.contains(&said.replace(' ', "")) && !what.to_lowercase().contains(said.trim_end_matches('s'))
        });
        if meaning.action == Action::Search && meaning.objects.iter().any(|object| object == "web") {
            let about = about
                .filter(|about| !about.is_empty() && !matches!(*about, "web" | "the web"))
                .map_or_else(String::new, |about| format!(" for {about}"));
            return format!(
                "Search the web{}{about}",
                named.map_or_else(String::new, |service| format!(" with {service}"))
            );
        }
        let verb = match meaning.action {
            Action::Search => "Search for",
            Action::List | Action::Get => "Get",
            Action::Ask => "Ask",
            _ => "Read",
        };
        match (what.is_empty(), named) {
            (true, _) => title_of(self.known, block),
            _ if self.is_service(what) => title_of(self.known, block),
            (false, Some(service)) => format!("{verb} {what} from {service}"),
            (false, None)
                if matches!(phrase.determiner, Determiner::None)
                    && !phrase.plural
                    && phrase.values.is_empty()
                    && phrase.services.is_empty() =>
            {
                format!("{verb} {}", with_article(what))
            }
            (false, None) => format!("{verb} {what}"),
        }
    }

    fn is_service(&self, text: &str) -> bool {
        self.known.vocabulary.service(text).is_some()
    }

    /// The subject of a message: what it is about.
    pub(in crate::plan) fn subject(&self, act: &Act<'_>, content: Option<usize>) -> String {
        if let Some(title) = self.titled_goal() {
            return title;
        }
        if act.plain_lemma() == "remind" || act.frame.objects.iter().any(|phrase| phrase.head == "reminder") {
            let of = act.arguments(&["to", "of", "about"]).next().map(|argument| &argument.phrase.span);
            let told = act.frame.complement.as_ref().or(of).map(|span| self.text(span)).unwrap_or_default();
            let told = ["that ", "to ", "about "].iter().find_map(|word| told.strip_prefix(word)).unwrap_or(told);
            return if told.is_empty() { "Reminder".to_owned() } else { cut(&format!("Reminder: {told}"), NAME) };
        }
        let made = content
            .and_then(|datum| self.draft.data.get(datum))
            .filter(|datum| datum.made)
            .and_then(|datum| self.noun(datum));
        let own = act
            .frame
            .objects
            .iter()
            .find(|phrase| !phrase.pronoun && !phrase.head.is_empty() && !self.known.is_person(&phrase.head));
        let own = own
            .filter(|phrase| !self.known.is_carrier(&phrase.head) && !self.known.is_generic(&phrase.head))
            .map(|phrase| self.name_in(phrase));
        let read = self.read_noun();
        let name = match (made.or(own), read) {
            (Some(made), Some(read)) => self.joined(&read, &made),
            (Some(made), None) => made,
            (None, Some(read)) if self.alerts() => format!("{read} alert"),
            (None, Some(read)) => several(&read),
            (None, None) => {
                act.frame.objects.first().map_or_else(|| "message".to_owned(), |phrase| self.name_in(phrase))
            }
        };
        let name = if name.trim().is_empty() { "message".to_owned() } else { name };
        cut(&capitalised(&self.cased(&name)), NAME)
    }

    pub(in crate::plan) fn says_told(&self, act: &Act<'_>, block: &Block, _place: Option<&Phrase>) -> String {
        // "and if not, nothing": the clause alone says little.
        let said = act.instruction();
        if said.split(' ').count() < 2 { title_of(self.known, block) } else { said }
    }
}
