//! Subjects and sentences, made of what was understood.

use super::{
    act::{Act, words},
    build::Builder,
    draft::{Datum, Draft, Flow},
    know::{Knowledge, capitalised},
    title::several,
};
use crate::{
    catalogue::{Action, Block},
    reading::Phrase,
};

/// Characters of the name of an agent.
pub(super) const NAME: usize = 60;
/// Characters of the title of a step.
const TITLE: usize = 60;
/// Where a text goes is said without the kind of thing that it becomes there.
pub(super) const TEXTS: [&str; 12] = [
    "message",
    "page",
    "document",
    "post",
    "row",
    "record",
    "file",
    "tweet",
    "email",
    "direct message",
    "blog post",
    "cell",
];

/// Words that a name can do without.
pub(super) const PLAIN: [&str; 14] = [
    "new", "incoming", "latest", "newest", "recent", "last", "short", "brief", "quick", "long", "detailed", "clear",
    "whole", "current",
];

impl<'k, 'r> Builder<'k, 'r> {
    /// "Summarise the new entries", "Translate it into Spanish"
    pub(super) fn think_title(&self, act: &Act<'_>) -> String {
        cut(&act.instruction(), TITLE)
    }

    /// "Read the RSS feed https://…", "Get my unread e-mails from Gmail", "Search the web for electric cars"
    pub(super) fn reads(&self, block: &Block, phrase: &Phrase, about: Option<&str>) -> String {
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
            (true, _) => super::title::title_of(self.known, block),
            _ if self.is_service(what) => super::title::title_of(self.known, block),
            (false, Some(service)) => format!("{verb} {what} from {service}"),
            (false, None)
                if matches!(phrase.determiner, crate::reading::Determiner::None)
                    && !phrase.plural
                    && phrase.values.is_empty()
                    && phrase.services.is_empty() =>
            {
                format!("{verb} {}", super::title::with_article(what))
            }
            (false, None) => format!("{verb} {what}"),
        }
    }

    fn is_service(&self, text: &str) -> bool {
        self.known.vocabulary.service(text).is_some()
    }

    /// The subject of a message: what it is about.
    pub(super) fn subject(&self, act: &Act<'_>, content: Option<usize>) -> String {
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

    pub(super) fn says_told(&self, act: &Act<'_>, block: &Block, _place: Option<&Phrase>) -> String {
        // "and if not, nothing": the clause alone says little.
        let said = act.instruction();
        if said.split(' ').count() < 2 { super::title::title_of(self.known, block) } else { said }
    }
}

impl Draft<'_> {
    /// What comes out: called after what it is, or after what was done.
    pub(super) fn result_name(&self, datum: &Datum) -> String {
        let step = self.block(datum.flow.step);
        if datum.receipt
            && let Some(block) = step
            && let Some(done) = super::title::done(self.known, block)
        {
            return done;
        }
        let plain =
            |noun: &&String| !self.known.is_generic(noun) && !matches!(noun.as_str(), "result" | "text" | "status");
        let named = datum.nouns.iter().find(plain).cloned();
        let noun = named.unwrap_or_else(|| "text".to_owned());
        let noun = if datum.flow.is_list() && !datum.single { several(&noun) } else { noun };
        capitalised(
            &noun.split(' ').map(|word| if word == "email" { "e-mail" } else { word }).collect::<Vec<_>>().join(" "),
        )
    }
}

/// What a flow holds, for a sentence: "unread e-mails".
pub(super) fn thing(flow: &Flow) -> String {
    let name = flow.name.replace('_', " ").replace("e mail", "e-mail");
    let name = match name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ') {
        "item" => "entry",
        "output" | "result" | "text" | "web" | "" => "result",
        name => name,
    };
    if flow.is_list() || flow.first.is_some() { several(name) } else { name.to_owned() }
}

/// The name of an input in words: "Feed URL".
pub(super) fn label(name: &str) -> String {
    capitalised(&name.replace('_', " ").split(' ').map(super::title::written).collect::<Vec<_>>().join(" "))
}

/// What a language model is told, in a sentence for the person.
pub(super) fn thought(instruction: &str) -> String {
    const LEADS: [(&str, &str); 4] = [
        ("Write what is needed for this: ", "Write the text to "),
        ("Keep only what fits this, and leave out the rest: ", "Keep what fits this: "),
        ("Write Python code that does this, and nothing but the code: ", "Write the code to "),
        ("From what was found, do this and name the sources: ", "From what was found, "),
    ];
    for (lead, short) in LEADS {
        if let Some(rest) = instruction.strip_prefix(lead) {
            if rest.starts_with("Write ") || rest.starts_with("Draft ") {
                return rest.to_owned();
            }
            let mut letters = rest.chars();
            let first = letters.next().into_iter().flat_map(char::to_lowercase);
            return format!("{short}{}", first.chain(letters).collect::<String>());
        }
    }
    super::act::sentence(instruction)
}

/// Words of the person within a sentence.
pub(super) fn said(text: &str) -> String {
    format!("\"{}\"", cut(super::suggest::tidy(text), 90))
}

/// "GitHub or Linear"
pub(super) fn either<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// "Start when a Telegram message arrives"
pub(super) fn starts(text: &str) -> String {
    let rest =
        ["whenever ", "when ", "every time ", "each time ", "as soon as ", "once ", "if "].iter().find_map(|lead| {
            text.get(..lead.len()).filter(|start| start.eq_ignore_ascii_case(lead)).and(text.get(lead.len()..))
        });
    rest.map_or_else(|| format!("Start on this: {text}"), |rest| format!("Start when {rest}"))
}

pub(super) fn rhythm(cron: &str) -> &'static str {
    match super::time::interval(cron) {
        0..60 => "",
        60..1440 => "hourly",
        1440..10080 => "daily",
        10080..40000 => "weekly",
        _ => "monthly",
    }
}

/// At most `most` characters, and no word at the end that wants another after it.
pub(super) fn cut(text: &str, most: usize) -> String {
    trimmed(&shortened(text, most)).to_owned()
}

fn trimmed(text: &str) -> &str {
    let mut text = text;
    while let Some((before, last)) = text.rsplit_once(' ') {
        let bare = last.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let dangling = matches!(
            bare.as_str(),
            "" | "the"
                | "a"
                | "an"
                | "and"
                | "or"
                | "of"
                | "to"
                | "in"
                | "on"
                | "at"
                | "for"
                | "with"
                | "from"
                | "by"
                | "into"
                | "that"
                | "my"
                | "our"
                | "its"
                | "their"
                | "which"
                | "is"
                | "as"
        );
        if !dangling {
            break;
        }
        text = before;
    }
    text.trim_end_matches([',', ';', ':', '.', '-', ' ', '('])
}

pub(super) fn shortened(text: &str, most: usize) -> String {
    crate::text::shortened(text, most)
}

/// "the Slack channel", "your e-mail address", for the name of an input or output.
pub(super) fn asked(known: &Knowledge, name: &str) -> String {
    let first = name.split(' ').next().unwrap_or_default();
    let abbreviated = first.chars().filter(|c| c.is_uppercase()).count() > 1;
    let mut rest = name.chars();
    let name = match rest.next() {
        Some(letter) if !abbreviated && !known.has_service(first) => letter.to_lowercase().chain(rest).collect(),
        _ => name.to_owned(),
    };
    if name.starts_with("your ") || name.contains("'s ") { name } else { format!("the {name}") }
}

/// What the step of an output says.
pub(super) fn given_out(known: &Knowledge, name: &str) -> String {
    let last = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').rsplit(' ').next().unwrap_or_default();
    if super::title::PARTICIPLES.contains(&last.to_lowercase().as_str()) {
        format!("Report: {name}")
    } else {
        format!("Give out {}", asked(known, name))
    }
}
