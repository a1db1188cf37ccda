//! The words that a goal is read with: everyday English, and the names of services. Data: `data/words.json`.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::Determiner;

/// What a word or a sequence of words may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Determiner(Determiner),
    Preposition,
    Pronoun,
    Modal,
    Not,
    And,
    Relative,
    Question,
    When,
    If,
    Else,
    Reason,
    While,
    Adverb,
    Polite,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Base,
    /// "posts"
    Third,
    /// "posting"
    Ing,
    /// "posted": past tense or participle.
    Ed,
    /// "came", "went": past tense alone.
    Past,
}

/// Whether a verb is a noun too, and which of both it is in most texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bent {
    Verb,
    Either,
    Noun,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Has blocks in the catalogue of the platform.
    Block,
    /// Builds automations.
    Builder,
    /// A language model.
    Model,
    /// Forms and bookings that call a webhook.
    Form,
    /// A web site that can be searched or read.
    Site,
    Chat,
    Mail,
    Storage,
    Tasks,
    Other,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub name: String,
    pub kind: Kind,
    /// Spelled like an everyday word ("Make", "Linear"): only with a capital.
    pub(super) everyday: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Inflected {
    pub(super) lemma: String,
    pub(super) form: Form,
    pub(super) bent: Bent,
}

/// What a sequence of words stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Entry {
    Function(Vec<Class>),
    Noun(String),
    Service(Service),
}

#[derive(Debug, Default)]
pub struct Vocabulary {
    verbs: HashMap<String, Inflected>,
    particles: HashMap<String, Vec<Vec<String>>>,
    /// By the first word; the longest sequence first.
    phrases: HashMap<String, Vec<(Vec<String>, Entry)>>,
    leads: HashMap<String, Vec<Vec<String>>>,
    plurals: HashMap<String, String>,
    invariable: HashSet<String>,
    adjectives: HashSet<String>,
    agents: HashSet<String>,
    people: HashSet<String>,
    subjects: HashSet<String>,
    makers: HashSet<String>,
    states: HashSet<String>,
    events: HashSet<String>,
    capitals: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Lines(Vec<String>),
}

impl Text {
    fn joined(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Lines(lines) => lines.join(" "),
        }
    }

    fn words(&self) -> Vec<String> {
        self.joined().split_whitespace().map(str::to_owned).collect()
    }

    /// Separated by `|`.
    fn entries(&self) -> Vec<String> {
        self.joined().split('|').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
    }
}

#[derive(Deserialize)]
struct File {
    verbs: Text,
    verbs_or_nouns: Text,
    nouns_or_verbs: Text,
    doubled: Text,
    irregular_verbs: BTreeMap<String, String>,
    phrasal_verbs: Text,
    determiner: BTreeMap<String, Text>,
    #[serde(flatten)]
    functions: BTreeMap<String, serde_json::Value>,
    plurals: HashMap<String, String>,
    synonyms: BTreeMap<String, Text>,
    compounds: Text,
    services: BTreeMap<String, BTreeMap<String, Text>>,
}

impl Vocabulary {
    /// The words that come with the crate.
    ///
    /// # Panics
    /// Never: a test reads the file.
    #[must_use]
    pub fn standard() -> Self {
        serde_json::from_str::<File>(include_str!("../../data/words.json")).map(Self::from_file).unwrap_or_default()
    }

    fn from_file(file: File) -> Self {
        let mut all = Self { plurals: file.plurals, ..Self::default() };
        let list = |name: &str| -> Option<Text> { serde_json::from_value(file.functions.get(name)?.clone()).ok() };
        let words = |name: &str| list(name).map(|text| text.words()).unwrap_or_default();
        let entries = |name: &str| list(name).map(|text| text.entries()).unwrap_or_default();
        all.invariable = words("never_inflected").into_iter().collect();
        all.adjectives = words("adjectives").into_iter().collect();
        all.agents = entries("agents").into_iter().collect();
        all.people = entries("person").into_iter().collect();
        all.subjects = entries("subject").into_iter().collect();
        all.makers = words("make").into_iter().collect();
        all.states = words("states").into_iter().collect();
        all.events = words("events").into_iter().collect();
        all.capitals = entries("capitals").into_iter().collect();
        let everyday: HashSet<String> = entries("capitalised_only").into_iter().collect();
        let doubled: HashSet<String> = file.doubled.words().into_iter().collect();
        for (text, bent) in
            [(&file.verbs, Bent::Verb), (&file.verbs_or_nouns, Bent::Either), (&file.nouns_or_verbs, Bent::Noun)]
        {
            for lemma in text.words() {
                all.add_verb(&lemma, bent, doubled.contains(&lemma), file.irregular_verbs.get(&lemma));
            }
        }
        for entry in file.phrasal_verbs.entries() {
            if let Some((verb, particle)) = entry.split_once(' ') {
                all.particles
                    .entry(verb.to_owned())
                    .or_default()
                    .push(particle.split(' ').map(str::to_owned).collect());
            }
        }
        for (name, text) in &file.determiner {
            let determiner = match name.as_str() {
                "some" => Determiner::Some,
                "the" => Determiner::The,
                "mine" => Determiner::Mine,
                "theirs" => Determiner::Theirs,
                "each" => Determiner::Each,
                "all" => Determiner::All,
                _ => Determiner::No,
            };
            for entry in text.entries() {
                all.add_function(&entry, Class::Determiner(determiner));
            }
        }
        for (name, class) in [
            ("preposition", Class::Preposition),
            ("pronoun", Class::Pronoun),
            ("modal", Class::Modal),
            ("negation", Class::Not),
            ("conjunction", Class::And),
            ("relative", Class::Relative),
            ("question", Class::Question),
            ("when", Class::When),
            ("condition", Class::If),
            ("otherwise", Class::Else),
            ("reason", Class::Reason),
            ("while", Class::While),
            ("adverb", Class::Adverb),
            ("polite", Class::Polite),
        ] {
            for entry in entries(name) {
                all.add_function(&entry, class);
            }
        }
        for (head, spellings) in &file.synonyms {
            for spelling in spellings.entries() {
                all.add_noun(&spelling, head);
            }
        }
        for entry in file.compounds.entries() {
            all.add_noun(&entry, &entry);
        }
        for (kind, services) in &file.services {
            let kind = match kind.as_str() {
                "block" => Kind::Block,
                "builder" => Kind::Builder,
                "model" => Kind::Model,
                "form" => Kind::Form,
                "site" => Kind::Site,
                "chat" => Kind::Chat,
                "mail" => Kind::Mail,
                "storage" => Kind::Storage,
                "tasks" => Kind::Tasks,
                _ => Kind::Other,
            };
            for (name, spellings) in services {
                for spelling in std::iter::once(name.to_lowercase()).chain(spellings.entries()) {
                    let everyday = everyday.contains(&spelling);
                    let service = Service { name: name.clone(), kind, everyday };
                    all.add_phrase(&spelling, Entry::Service(service));
                }
            }
        }
        for lead in entries("leads") {
            let mut words = lead.split_whitespace().map(str::to_owned);
            if let Some(first) = words.next() {
                all.leads.entry(first).or_default().push(words.collect());
            }
        }
        all.leads.values_mut().for_each(|leads| leads.sort_by_key(|words| std::cmp::Reverse(words.len())));
        all.particles.values_mut().for_each(|all| all.sort_by_key(|words| std::cmp::Reverse(words.len())));
        all.phrases.values_mut().for_each(|all| all.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
        all
    }

    fn add_verb(&mut self, lemma: &str, bent: Bent, doubled: bool, irregular: Option<&String>) {
        let stem = match (doubled, lemma.chars().last()) {
            (true, Some(last)) => format!("{lemma}{last}"),
            _ => lemma
                .strip_suffix('e')
                .filter(|stem| !stem.ends_with('e') && stem.len() > 1)
                .unwrap_or(lemma)
                .to_owned(),
        };
        let y = lemma.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
        let third = match y {
            Some(stem) => format!("{stem}ies"),
            None if ["s", "x", "z", "sh", "ch", "do", "go"].iter().any(|end| lemma.ends_with(end)) => {
                format!("{lemma}es")
            }
            None => format!("{lemma}s"),
        };
        let mut put = |word: String, form| {
            let inflected = Inflected { lemma: lemma.to_owned(), form, bent };
            self.verbs.entry(word).or_insert(inflected);
        };
        put(lemma.to_owned(), Form::Base);
        put(third, Form::Third);
        put(format!("{stem}ing"), Form::Ing);
        match irregular {
            None => put(y.map_or_else(|| format!("{}ed", stem.trim_end_matches('e')), |y| format!("{y}ied")), Form::Ed),
            Some(forms) => {
                let forms: Vec<&str> = forms.split(' ').collect();
                for (at, form) in forms.iter().enumerate() {
                    let tense = match *form {
                        "am" | "is" | "are" | "has" | "does" | "goes" => Form::Third,
                        "being" => Form::Ing,
                        _ if at + 1 == forms.len() || forms.get(at + 1).is_some_and(|next| next.ends_with("oes")) => {
                            Form::Ed
                        }
                        _ => Form::Past,
                    };
                    put((*form).to_owned(), tense);
                }
            }
        }
    }

    fn add_phrase(&mut self, text: &str, entry: Entry) {
        let mut words = text.split_whitespace().map(str::to_owned);
        let Some(first) = words.next() else { return };
        let rest: Vec<String> = words.collect();
        let known = self.phrases.entry(first).or_default();
        match (known.iter_mut().find(|(words, _)| *words == rest), entry) {
            (Some((_, Entry::Function(classes))), Entry::Function(more)) => classes.extend(more),
            (None, entry) => known.push((rest, entry)),
            // What came first is what the word usually is; a service may still be spelled like a noun.
            (Some(_), entry @ Entry::Service(_)) => known.insert(0, (rest, entry)),
            (Some(_), _) => {}
        }
    }

    fn add_function(&mut self, text: &str, class: Class) {
        self.add_phrase(text, Entry::Function(vec![class]));
    }

    fn add_noun(&mut self, text: &str, head: &str) {
        self.add_phrase(text, Entry::Noun(head.to_owned()));
    }
}

impl Vocabulary {
    pub(super) fn verb(&self, word: &str) -> Option<&Inflected> {
        self.verbs.get(word)
    }

    pub(super) fn phrases(&self, first: &str) -> &[(Vec<String>, Entry)] {
        self.phrases.get(first).map_or(&[], Vec::as_slice)
    }

    pub(super) fn leads(&self, first: &str) -> &[Vec<String>] {
        self.leads.get(first).map_or(&[], Vec::as_slice)
    }

    /// What may follow a verb and makes another one of it: `up` for `sum`.
    pub(super) fn particles(&self, verb: &str) -> &[Vec<String>] {
        self.particles.get(verb).map_or(&[], Vec::as_slice)
    }

    /// The singular, and whether the word was a plural.
    pub(super) fn singular(&self, word: &str) -> (String, bool) {
        if let Some(singular) = self.plurals.get(word) {
            return (singular.clone(), singular != word || word == "data");
        }
        let ends = |end: &[&str]| end.iter().any(|end| word.ends_with(end));
        if self.invariable.contains(word) || word.len() < 4 && word != "ids" || ends(&["ss", "us", "is"]) {
            return (word.to_owned(), false);
        }
        let cut = |by: usize| word.get(..word.len() - by).unwrap_or(word);
        if ends(&["ies"]) {
            (format!("{}y", cut(3)), true)
        } else if ends(&["sses", "shes", "ches", "xes", "zzes"]) {
            (cut(2).to_owned(), true)
        } else if ends(&["s"]) {
            (cut(1).to_owned(), true)
        } else {
            (word.to_owned(), false)
        }
    }

    pub(super) fn invariable(&self, word: &str) -> bool {
        self.invariable.contains(word)
    }

    pub(super) fn adjective(&self, word: &str) -> bool {
        self.adjectives.contains(word)
    }

    /// "agent", "workflow", "script": what is to be built.
    pub(super) fn agent(&self, head: &str) -> bool {
        self.agents.contains(head)
    }

    pub(super) fn person(&self, head: &str) -> bool {
        self.people.contains(head)
    }

    pub(super) fn subject(&self, pronoun: &str) -> bool {
        self.subjects.contains(pronoun)
    }

    pub(super) fn maker(&self, verb: &str) -> bool {
        self.makers.contains(verb)
    }

    pub(super) fn state(&self, verb: &str) -> bool {
        self.states.contains(verb)
    }

    pub(super) fn event(&self, verb: &str) -> bool {
        self.events.contains(verb)
    }

    /// Written with a capital and still not a name.
    pub(super) fn capital(&self, word: &str) -> bool {
        self.capitals.contains(word)
    }

    /// The service of this name, as [`Phrase::services`](super::Phrase::services) has it.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Service> {
        let lower = name.to_lowercase();
        let mut words = lower.split_whitespace();
        let first = words.next()?;
        let rest: Vec<&str> = words.collect();
        self.phrases(first).iter().find_map(|(words, entry)| match entry {
            Entry::Service(service) if *words == rest => Some(service),
            _ => None,
        })
    }
}
