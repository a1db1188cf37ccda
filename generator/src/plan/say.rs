//! Names, subjects and sentences, made of what was understood.

use super::{
    act::{Act, names, words},
    build::Builder,
    draft::{Datum, Draft, Flow},
    know::{Class, Knowledge, capitalised},
    title::several,
};
use crate::{
    catalogue::{Action, Block},
    reading::{Phrase, Role},
};

/// Characters of the name of an agent.
const NAME: usize = 60;
/// Characters of the title of a step.
const TITLE: usize = 60;
/// Where a text goes is said without the kind of thing that it becomes there.
const TEXTS: [&str; 12] = [
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
const PLAIN: [&str; 14] = [
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

    /// The name of the agent: rhythm, what is read, what is made, and where it goes.
    pub(super) fn agent_name(&self) -> String {
        let rhythm = self.reading.schedule.as_ref().map(|schedule| rhythm(&schedule.cron)).unwrap_or_default();
        let to = self.destination();
        let name = match self.titled_goal() {
            Some(title) if title.split(' ').count() > 1 => return cut(&title, NAME),
            _ => self.matter(&to),
        };
        let act = self.main_act().is_some_and(|act| act == name);
        let to = if act { String::new() } else { to };
        let name = if rhythm.is_empty() || act || name.to_lowercase().starts_with(rhythm) {
            name
        } else {
            format!("{rhythm} {name}")
        };
        let name = if to.is_empty() { name } else { format!("{name} {to}") };
        cut(&capitalised(&self.cased(&name)), NAME)
    }

    /// "Standup reminder:" in front of it all.
    fn titled_goal(&self) -> Option<String> {
        let first = self.reading.clauses.iter().find(|clause| clause.role != Role::Politeness)?;
        let title = Some(first).filter(|clause| {
            clause.role == Role::Title && clause.frame.as_ref().is_none_or(|frame| frame.verb.is_none())
        })?;
        let text = self.text(&title.span);
        (1..=6)
            .contains(&text.split(' ').count())
            .then(|| capitalised(text))
            .filter(|text| !text.is_empty() && !text.contains(['→', '>']))
    }

    fn matter(&self, to: &str) -> String {
        let acts = self.reading.clauses.iter().filter(|clause| clause.role == Role::Act).count();
        if let (true, 1, Some(act)) = (to.is_empty(), acts, self.main_act()) {
            return act;
        }
        let read = self.read_noun();
        let made = self.draft.data.iter().rfind(|datum| datum.made).and_then(|datum| self.noun(datum));
        let made = made.map(|made| {
            if made.split(' ').count() > 2 { made.rsplit(' ').next().unwrap_or_default().to_owned() } else { made }
        });
        let last = |made: &str| made.rsplit(' ').next().unwrap_or_default().to_owned();
        let product =
            made.filter(|made| read.is_none() || self.known.is_product(made) || self.known.is_product(&last(made)));
        match (read, product) {
            (Some(read), Some(made)) => self.joined(&read, &made),
            (None, Some(made)) if !to.is_empty() => made,
            (Some(read), None)
                if self.alerts() && (to == "by e-mail" || to.starts_with("to ") && to.split(' ').count() == 2) =>
            {
                format!("{read} {}alert", if self.minds_changes() { "change " } else { "" })
            }
            (Some(read), None) if !to.is_empty() => several(&read),
            _ if !to.is_empty() && self.reading.text.to_lowercase().contains("remind") => "reminder".to_owned(),
            _ => self.main_act().unwrap_or_else(|| cut(&self.reading.text, NAME)),
        }
    }

    /// "unread e-mail digest", "invoice summary": without saying a word twice.
    fn joined(&self, read: &str, made: &str) -> String {
        let again = read.split(' ').any(|word| made.split(' ').any(|other| other == word));
        if again { made.to_owned() } else { format!("{read} {made}") }
    }

    /// The act that says what it is all about, in its own words.
    fn main_act(&self) -> Option<String> {
        let acts: Vec<Act<'_>> = (0..self.reading.clauses.len())
            .filter(|at| self.reading.clauses.get(*at).is_some_and(|clause| clause.role == Role::Act))
            .filter_map(|at| Act::of(self.reading, at))
            .filter(|act| {
                !matches!(act.plain_lemma(), "" | "be" | "have")
                    && act.phrases().any(|phrase| !phrase.pronoun && !self.known.is_person(&phrase.head))
            })
            .collect();
        let thought = acts.iter().rfind(|act| !self.is(act, Class::Fetch) && !self.is(act, Class::Tell));
        let act = thought.or_else(|| acts.first())?;
        let title = act.instruction();
        // "Turn them into notes": what they are.
        let pronoun = act.frame.objects.first().filter(|phrase| phrase.pronoun).map(|phrase| self.text(&phrase.span));
        let named = pronoun.zip(self.read_noun()).map(|(word, noun)| {
            let noun = if word == "them" { several(&noun) } else { noun };
            title.replacen(&format!(" {word}"), &format!(" the {noun}"), 1)
        });
        Some(cut(&named.unwrap_or(title), NAME))
    }

    /// Tells when something is the case; nothing is made of what was read.
    fn alerts(&self) -> bool {
        let guarded =
            self.reading.clauses.iter().any(|clause| matches!(clause.role, Role::Condition)) || self.minds_changes();
        guarded
            || self
                .reading
                .clauses
                .iter()
                .filter_map(|clause| clause.frame.as_ref()?.verb.as_ref())
                .any(|verb| matches!(verb.lemma.as_str(), "alert" | "warn"))
    }

    fn minds_changes(&self) -> bool {
        let verbs = self.reading.clauses.iter().filter(|clause| matches!(clause.role, Role::Trigger | Role::Condition));
        verbs
            .filter_map(|clause| clause.frame.as_ref()?.verb.as_ref())
            .any(|verb| super::trigger::CHANGES.contains(&verb.lemma.as_str()))
    }

    /// "to Slack", "to Todoist tasks", "by e-mail"; empty if nothing leaves the agent.
    fn destination(&self) -> String {
        let mut found: Vec<String> = Vec::new();
        for at in 0..self.draft.steps.len() {
            let Some(block) = self.draft.block(at) else { continue };
            let meaning = self.known.meaning(block);
            let goes = matches!(
                meaning.action,
                Action::Send
                    | Action::Publish
                    | Action::Add
                    | Action::Append
                    | Action::Create
                    | Action::Reply
                    | Action::Upload
                    | Action::Schedule
            );
            let object = meaning.objects.first().map(String::as_str).unwrap_or_default();
            let mail = object == "email" && meaning.action == Action::Send;
            let place = match meaning.service.as_deref() {
                _ if !goes => continue,
                _ if mail => "by e-mail".to_owned(),
                Some(service) => {
                    let own = super::title::own_object(&meaning.objects, service);
                    let text = TEXTS.iter().any(|text| own.ends_with(text)) || own.is_empty();
                    if text { format!("to {service}") } else { format!("to {service} {}", several(&own)) }
                }
                None => continue,
            };
            if !found.contains(&place) {
                found.push(place);
            }
        }
        if found.len() > 2 { found.pop().unwrap_or_default() } else { found.join(" and ").replace(" and to ", " and ") }
    }

    /// What is read first, in the singular.
    fn read_noun(&self) -> Option<String> {
        self.draft.data.iter().filter(|datum| !datum.made && !datum.receipt).find_map(|datum| self.noun(datum))
    }

    fn noun(&self, datum: &Datum) -> Option<String> {
        let nouns = datum.nouns.iter().filter(|noun| {
            (*noun == "record" || !self.known.is_generic(noun))
                && !matches!(noun.as_str(), "result" | "text" | "link" | "url" | "web" | "search result" | "before")
        });
        let noun = nouns.clone().find(|noun| noun.split(' ').count() < 4)?;
        let plain = |word: &&str| !PLAIN.contains(word);
        let kept: Vec<&str> = noun.split(' ').filter(plain).collect();
        Some(if kept.is_empty() { noun.clone() } else { kept.join(" ") })
    }

    fn name_in(&self, phrase: &Phrase) -> String {
        names(phrase).into_iter().next().unwrap_or_default()
    }

    /// As the person and the catalogue write it: "SEO", "e-mail".
    fn cased(&self, text: &str) -> String {
        let written = |word: &str| {
            let token = self.reading.tokens.iter().find(|token| token.word() == Some(word))?;
            let raw = token.raw(&self.reading.text);
            (raw.chars().filter(|c| c.is_uppercase()).count() > 1 && raw.len() < 12).then(|| raw.to_owned())
        };
        let words = text.split(' ').map(|word| written(word).unwrap_or_else(|| super::title::written(word)));
        words.collect::<Vec<_>>().join(" ")
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

fn rhythm(cron: &str) -> &'static str {
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
