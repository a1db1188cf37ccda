//! The words that a goal is read with: everyday English, and the names of services. Data: `data/words.json`.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::{
    Determiner,
    classes::{Class, Group},
    inflection::{Bent, Inflected, Verbs, singular, slip},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// What a sequence of words stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Entry {
    Function(Vec<Class>),
    Noun(String),
    Service(Service),
}

#[derive(Debug, Default)]
pub struct Vocabulary {
    verbs: Verbs,
    /// By the verb; the longest first.
    particles: HashMap<String, Vec<Vec<String>>>,
    /// By the first word; the longest sequence first.
    phrases: HashMap<String, Vec<(Vec<String>, Entry)>>,
    leads: HashMap<String, Vec<Vec<String>>>,
    plurals: HashMap<String, String>,
    groups: HashMap<Group, HashSet<String>>,
}

/// Entries that `|` separates, in one line or several.
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
    functions: HashMap<Class, Text>,
    determiners: BTreeMap<Determiner, Text>,
    groups: HashMap<Group, Text>,
    plurals: HashMap<String, String>,
    synonyms: BTreeMap<String, Text>,
    compounds: Text,
    services: BTreeMap<Kind, BTreeMap<String, Text>>,
    leads: Text,
}

impl Vocabulary {
    /// The words that come with the crate.
    pub fn standard() -> Result<Self, serde_json::Error> {
        crate::tables::table(include_bytes!(concat!(env!("OUT_DIR"), "/words.json.deflate"))).map(Self::from_file)
    }

    fn from_file(file: File) -> Self {
        let groups = file.groups.iter().map(|(group, text)| (*group, text.entries().into_iter().collect())).collect();
        let mut all = Self { plurals: file.plurals, groups, ..Self::default() };
        let doubled: HashSet<String> = file.doubled.words().into_iter().collect();
        for (text, bent) in
            [(&file.verbs, Bent::Verb), (&file.verbs_or_nouns, Bent::Either), (&file.nouns_or_verbs, Bent::Noun)]
        {
            for lemma in text.words() {
                all.verbs.add(&lemma, bent, doubled.contains(&lemma), file.irregular_verbs.get(&lemma));
            }
        }
        for entry in file.phrasal_verbs.entries() {
            add_sequence(&mut all.particles, &entry);
        }
        for lead in file.leads.entries() {
            add_sequence(&mut all.leads, &lead);
        }
        for (determiner, text) in &file.determiners {
            all.add_all(text, |_| Entry::Function(vec![Class::Determiner(*determiner)]));
        }
        // In one order: of several classes the first is what a word usually is.
        let order = [
            Class::Preposition,
            Class::Pronoun,
            Class::Modal,
            Class::Not,
            Class::And,
            Class::Relative,
            Class::Question,
            Class::When,
            Class::If,
            Class::Else,
            Class::Reason,
            Class::While,
            Class::Adverb,
            Class::Polite,
        ];
        for class in order {
            if let Some(text) = file.functions.get(&class) {
                all.add_all(text, |_| Entry::Function(vec![class]));
            }
        }
        for (head, spellings) in &file.synonyms {
            all.add(head, Entry::Noun(head.clone()));
            all.add_all(spellings, |_| Entry::Noun(head.clone()));
        }
        for compound in file.compounds.entries() {
            all.add(&compound, Entry::Noun(compound.clone()));
            if compound.contains("email") {
                all.add(&compound.replace("email", "mail"), Entry::Noun(compound.clone()));
            }
        }
        for (kind, services) in &file.services {
            for (name, spellings) in services {
                for spelling in std::iter::once(name.to_lowercase()).chain(spellings.entries()) {
                    let everyday = all.is(Group::Everyday, &spelling);
                    let service = Service { name: name.clone(), kind: *kind, everyday };
                    all.add(&spelling, Entry::Service(service));
                }
            }
        }
        let longest = |words: &Vec<String>| std::cmp::Reverse(words.len());
        all.particles.values_mut().chain(all.leads.values_mut()).for_each(|all| all.sort_by_key(longest));
        all.phrases.values_mut().for_each(|all| all.sort_by_key(|(words, _)| longest(words)));
        all
    }

    /// Adds the services of a catalogue that are not known yet.
    pub fn learn<'s>(&mut self, services: impl Iterator<Item = &'s str>) {
        for name in services {
            if self.service(name).is_none() {
                let everyday = self.is(Group::Everyday, &name.to_lowercase());
                self.add(
                    &name.to_lowercase(),
                    Entry::Service(Service { name: name.to_owned(), kind: Kind::Other, everyday }),
                );
            }
        }
        self.phrases.values_mut().for_each(|all| all.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
    }

    fn add_all(&mut self, text: &Text, entry: impl Fn(&str) -> Entry) {
        for spelling in text.entries() {
            self.add(&spelling, entry(&spelling));
        }
    }

    fn add(&mut self, text: &str, entry: Entry) {
        let Some((first, rest)) = sequence(text) else { return };
        let known = self.phrases.entry(first).or_default();
        match (known.iter_mut().find(|(words, _)| *words == rest), entry) {
            (Some((_, Entry::Function(classes))), Entry::Function(more)) => classes.extend(more),
            (None, entry) => known.push((rest, entry)),
            // What came first is what the word usually is; a service may still be spelled like it.
            (Some(_), entry @ Entry::Service(_)) => known.insert(0, (rest, entry)),
            (Some(_), _) => {}
        }
    }

    pub(super) fn verbs(&self) -> &Verbs {
        &self.verbs
    }

    pub(super) fn verb(&self, word: &str) -> Option<&Inflected> {
        self.verbs.get(word)
    }

    pub(super) fn phrases(&self, first: &str) -> &[(Vec<String>, Entry)] {
        self.phrases.get(first).map_or(&[], Vec::as_slice)
    }

    /// The noun or name that a word is one slip of the pen away from: letters swapped, missing or too many.
    pub(super) fn meant(&self, word: &str) -> Option<Entry> {
        let near = |known: &str| slip(word.as_bytes(), known.as_bytes()).filter(|far| *far < 2 && known.len() > 4);
        let everyday = |entry: &Entry| matches!(entry, Entry::Service(service) if service.everyday);
        let phrases = self.phrases.iter().filter_map(|(known, entries)| {
            let far = near(known)?;
            let (_, entry) = entries.iter().find(|(rest, entry)| rest.is_empty() && !everyday(entry))?;
            Some((far, known, entry.clone()))
        });
        let nouns = self.verbs.nouns().filter_map(|known| Some((near(known)?, known, Entry::Noun(known.clone()))));
        phrases.chain(nouns).min_by_key(|(far, known, _)| (*far, known.as_str())).map(|(.., entry)| entry)
    }

    /// What a single word is that holds a sentence together.
    fn classes(&self, word: &str) -> &[Class] {
        let entry = self.phrases(word).iter().find(|(rest, _)| rest.is_empty());
        match entry {
            Some((_, Entry::Function(classes))) => classes,
            _ => &[],
        }
    }

    pub(super) fn function(&self, word: &str, class: Class) -> bool {
        self.classes(word).contains(&class)
    }

    pub(super) fn determiner(&self, word: &str) -> Option<Determiner> {
        self.classes(word).iter().find_map(|class| match class {
            Class::Determiner(determiner) => Some(*determiner),
            _ => None,
        })
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
        match self.plurals.get(word) {
            Some(singular) => (singular.clone(), singular != word || word == "data"),
            None if self.is(Group::Invariable, word) => (word.to_owned(), false),
            None => singular(word),
        }
    }

    pub(super) fn is(&self, group: Group, word: &str) -> bool {
        self.groups.get(&group).is_some_and(|words| words.contains(word))
    }

    /// One form for all forms of a word: the usual word for a thing, singular, or the verb itself.
    pub(crate) fn canonical(&self, word: &str) -> String {
        let thing = |word: &str| {
            self.phrases(word).iter().find_map(|(rest, entry)| match entry {
                Entry::Noun(head) if rest.is_empty() => Some(head.clone()),
                _ => None,
            })
        };
        let lemma = self.verb(word).map(|verb| verb.lemma.clone());
        let (one, _) = self.singular(word);
        thing(word).or_else(|| thing(&one)).or_else(|| thing(lemma.as_deref()?)).or(lemma).unwrap_or(one)
    }

    /// Whether a word is a verb in the form of an order: "remove".
    pub(crate) fn orders(&self, word: &str) -> bool {
        self.verb(word).is_some_and(|verb| verb.form == super::inflection::Form::Base)
    }

    /// Whether an order is a noun too: "post", "link".
    pub(crate) fn is_noun_too(&self, word: &str) -> bool {
        self.verb(word).is_some_and(|verb| verb.bent != Bent::Verb)
    }

    /// Whether a verb stands in a form that has a subject: "rains", "failed".
    pub(crate) fn is_finite(&self, word: &str) -> bool {
        use super::inflection::Form;
        self.verb(word).is_some_and(|verb| matches!(verb.form, Form::Third | Form::Past | Form::Ed))
    }

    /// The verb of a participle: "send" for "sent".
    pub(crate) fn participle(&self, word: &str) -> Option<&str> {
        let verb = self.verb(word).filter(|verb| verb.form == super::inflection::Form::Ed);
        verb.map(|verb| verb.lemma.as_str())
    }

    /// The singular of a word that may be a noun.
    pub(crate) fn singular_of(&self, word: &str) -> String {
        self.singular(word).0
    }

    /// The service of this name, as [`Phrase::services`](super::Phrase::services) has it.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Service> {
        let (first, rest) = sequence(&name.to_lowercase())?;
        self.phrases(&first).iter().find_map(|(words, entry)| match entry {
            Entry::Service(service) if *words == rest => Some(service),
            _ => None,
        })
    }
}

fn sequence(text: &str) -> Option<(String, Vec<String>)> {
    let mut words = text.split_whitespace().map(str::to_owned);
    Some((words.next()?, words.collect()))
}

fn add_sequence(all: &mut HashMap<String, Vec<Vec<String>>>, text: &str) {
    if let Some((first, rest)) = sequence(text) {
        all.entry(first).or_default().push(rest);
    }
}
